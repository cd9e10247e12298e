// Seed 2, example 4: a client whose methods retry with one configuration.
// #region client
import { RetryableClient } from 'mulligan';
import { raiseForStatus } from 'mulligan/http';
import { client } from 'mulligan/presets';

class MyApiClient extends RetryableClient {
  readonly baseUrl: string;

  constructor(baseUrl: string) {
    super({ ...client.retryConfig({ maxRetries: 5, initialDelay: '0.1s' }), on: isTransient });
    this.baseUrl = baseUrl;
  }

  getData(endpoint: string): Promise<unknown> {
    const fetchData = this.withAsyncRetry(async () => {
      const response = await fetch(`${this.baseUrl}/${endpoint}`);
      return raiseForStatus(response).json();
    });
    return fetchData();
  }
}
// #endregion
import { isTransient } from 'mulligan';
import { answering, serve } from './support/serve.ts';

const server = await serve(answering(503, 502, 200));
const api = new MyApiClient(server.url);
console.log(`users: ${JSON.stringify(await api.getData('users'))}`);
await server.close();
