import { onTestFinished } from 'vitest';
import { type VirtualWorld, virtualWorld } from 'mulligan/testing';
import { type ApiOptions, createApi } from '../../packages/proxy/src/api/index.ts';
import { AttemptFailure } from '../../packages/proxy/src/failure/index.ts';
import { type FailoverAttempt, ProxyRotator, type RotatorOptions } from '../../packages/proxy/src/rotator/index.ts';
import { type ApiDocument, checkAnswer } from './api-document.ts';

/** The token of every API of a test. */
export const testToken = 'a-token-of-the-tests-0123456789';

/** What an API answered. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- what is expected of it says what it is
  readonly body: any;
}

/** How a request to an API differs from a plain one. */
export interface AskOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly body?: string;
  /** Whether to send the token. Default: whether it is a write. */
  readonly withToken?: boolean;
  /** The address that the request comes from. */
  readonly from?: string;
}

/** An API of a test on virtual time. */
export interface TestApi {
  readonly rotator: ProxyRotator;
  readonly world: VirtualWorld;
  /** The document of the API. */
  readonly document: () => Promise<ApiDocument>;
  /** Asks, and checks the answer against the document of the API. */
  readonly ask: (method: string, path: string, options?: AskOptions) => Promise<ApiAnswer>;
  /** Asks without that check. */
  readonly send: (method: string, path: string, options?: AskOptions) => Promise<Response>;
  /** Makes one request, whose attempts end with these statuses; a status from 500 on fails by the proxy's fault. */
  readonly request: (...statuses: number[]) => Promise<void>;
}

/** Makes an API that ends with the test. */
export function testApi(options: Partial<ApiOptions> = {}, rotatorOptions: RotatorOptions = {}): TestApi {
  const world = virtualWorld();
  const rotator = new ProxyRotator({ proxies: ['http://a.test:1', 'http://b.test:2'], world, ...rotatorOptions });
  const addresses = () => ({ gateway: 'http://127.0.0.1:8080', api: 'http://127.0.0.1:8000' });
  const api = createApi({ rotator, addresses, token: testToken, world, ...options });
  onTestFinished(() => api.close());
  const send: TestApi['send'] = async (
    method,
    path,
    { headers, json, body, withToken = method !== 'GET', from } = {},
  ) => {
    const init = {
      method,
      body: json === undefined ? (body ?? null) : JSON.stringify(json),
      headers: {
        host: '127.0.0.1:8000',
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...(withToken ? { 'x-api-key': testToken } : {}),
        ...headers,
      },
    };
    return api.app.request(path, init, { incoming: { socket: { remoteAddress: from } } });
  };
  const document = async () =>
    (described ??= (await (await send('GET', '/openapi.json', { withToken: true })).json()) as ApiDocument);
  return {
    rotator,
    world,
    send,
    document,
    async ask(method, path, given) {
      const response = await send(method, path, given);
      const text = await response.text();
      const type = response.headers.get('content-type');
      const body: unknown = type?.startsWith('application/json') === true ? JSON.parse(text) : undefined;
      checkAnswer(await document(), { method, path, status: response.status, type, text });
      return { status: response.status, headers: response.headers, text, body };
    },
    async request(...statuses) {
      const id = `request-${++requestsMade}`;
      const work = endingWith(statuses);
      await world.run(rotator.failover({ id, method: 'GET', target: 'target.test:80' }, work).catch(() => {}));
    },
  };
}

// Every API has the same one.
let described: ApiDocument | undefined;

let requestsMade = 0;

/** Work whose attempts end with these statuses, one after the other; then all succeed. */
function endingWith(statuses: number[]): (attempt: FailoverAttempt) => Promise<void> {
  return async (attempt) => {
    const status = statuses.shift() ?? 200;
    attempt.answered({ status });
    if (status < 500) return;
    const details = { fault: 'proxy', mayFailOver: true, phase: 'head', status } as const;
    throw new AttemptFailure(`the response was ${status}`, details);
  };
}
