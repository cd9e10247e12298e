// Seed 5, §1 and §3: a method that is retried whole, by a standard decorator.
// #region decorator
import { HttpStatusError, raiseForStatus } from 'mulligan/http';
import { stamina } from 'mulligan/presets';
// #endregion
import { answering, serve } from './support/serve.ts';

// #region decorator
class Status {
  readonly #base: string;

  constructor(base: string) {
    this.#base = base;
  }

  @stamina.retry({ on: HttpStatusError, attempts: 5, timeout: '30s', waitInitial: '0.1s', waitJitter: '0.1s' })
  async doIt(code: number): Promise<Response> {
    return raiseForStatus(await fetch(`${this.#base}/status/${code}`));
  }
}
// #endregion

const server = await serve(answering(500, 502, 200));
const response = await new Status(server.url).doIt(500);
console.log(`${response.status} after two failures; still named ${Status.prototype.doIt.name}`);
await response.body?.cancel();
await server.close();
