import { systemWorld } from '../../kernel/index.ts';
import { type FetchFunction, readHint } from '../../http/index.ts';
import { createModelFetch } from '../model-fetch.ts';
import { errorOf, GenerationError } from './error.ts';
import { eventsOf } from './event-stream.ts';

/** What all endpoints take. */
export interface EndpointOptions {
  /** Further headers of each request. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * What sends the requests. It must not retry, because the generator does.
   * @default one `createModelFetch({ retry: false })` for all, which waits for the limits that the endpoints tell of
   */
  readonly fetch?: FetchFunction;
}

/** Whoever asks the same endpoint shares its limits. Made when it is first needed. */
let sharedFetch: FetchFunction | undefined;

/** An endpoint that is asked by POST, and answers in JSON or in a stream of events with JSON in them. */
export class Endpoint {
  readonly name: string;
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #fetch: FetchFunction;

  constructor(name: string, url: string, token: string | undefined, { headers, fetch }: EndpointOptions) {
    this.name = name;
    this.#url = url;
    this.#headers = {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    };
    this.#fetch = fetch ?? (sharedFetch ??= createModelFetch({ retry: false }));
  }

  /** Asks for one answer. */
  async ask(body: object, signal: AbortSignal): Promise<unknown> {
    return this.#readJson(await this.#send(body, signal));
  }

  /** Asks for a stream; gives the JSON of each event, and of an answer that is none the only one. */
  async *events(body: object, signal: AbortSignal): AsyncGenerator<unknown, void, undefined> {
    const response = await this.#send(body, signal);
    const isStream = response.headers.get('content-type')?.includes('event-stream') === true;
    if (!isStream || response.body === null) {
      yield await this.#readJson(response);
      return;
    }
    for await (const data of eventsOf(response.body)) {
      if (data === '[DONE]') {
        yield done;
        return;
      }
      yield this.#parse(data, response.status);
    }
  }

  async #send(body: object, signal: AbortSignal): Promise<Response> {
    const init = { method: 'POST', headers: this.#headers, body: JSON.stringify(body), signal };
    const response = await this.#fetch(this.#url, init);
    if (response.ok) return response;
    throw await this.#refusal(response);
  }

  async #readJson(response: Response): Promise<unknown> {
    return this.#parse(await response.text(), response.status);
  }

  /** An error may stand in a good answer, too. */
  #parse(text: string, status: number): unknown {
    const value = parseJson(text);
    if (value === undefined) {
      const message = `${this.name}: answered ${status} with something that is no JSON`;
      throw new GenerationError(message, { status: 502 });
    }
    const error = errorOf(this.name, value);
    if (error !== undefined) throw error;
    return value;
  }

  async #refusal(response: Response): Promise<GenerationError> {
    const { status, headers } = response;
    const text = await response.text().catch(() => '');
    const told = errorOf(this.name, parseJson(text), status);
    const hintMs = readHint(headers, status, systemWorld.wallNow())?.waitMs;
    return new GenerationError(told?.message ?? `${this.name}: answered ${status}`, {
      status,
      type: told?.type,
      retryAfterMs: hintMs ?? told?.retryAfterMs,
    });
  }
}

/** The end of a stream, where the endpoint says so. */
export const done: unique symbol = Symbol('done');

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
