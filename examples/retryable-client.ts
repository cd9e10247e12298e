// Seed 2, example 4: a client whose methods retry with one configuration.
// #region client
import { isTransient, RetryableClient } from 'mulligan';
import { raiseForStatus } from 'mulligan/http';
import { client } from 'mulligan/presets';
// #endregion
import { answering, serve } from './support/serve.ts';

// #region client
class MyApiClient extends RetryableClient {
  readonly #baseUrl: string;

  constructor(baseUrl: string) {
    super(client.retryConfig({ maxRetries: 5, initialDelay: '0.2s', retryableExceptions: isTransient }));
    this.#baseUrl = baseUrl;
  }

  getData(endpoint: string): Promise<unknown> {
    const fetchData = this.withAsyncRetry(async () => {
      const response = await fetch(`${this.#baseUrl}/${endpoint}`);
      return raiseForStatus(response).json();
    });
    return fetchData();
  }
}
// #endregion

const server = await serve(answering(503, 502, 200));
const api = new MyApiClient(server.url);
console.log(`users: ${JSON.stringify(await api.getData('users'))}`);
await server.close();
