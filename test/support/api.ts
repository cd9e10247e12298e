import { expect, onTestFinished } from 'vitest';
import { z } from 'zod';
import { type VirtualWorld, virtualWorld } from 'mulligan/testing';
import { type ApiOptions, createApi } from '../../packages/proxy/src/api/index.ts';
import { AttemptFailure } from '../../packages/proxy/src/failure/index.ts';
import { type FailoverAttempt, ProxyRotator, type RotatorOptions } from '../../packages/proxy/src/rotator/index.ts';

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
}

/** An API of a test on virtual time. */
export interface TestApi {
  readonly rotator: ProxyRotator;
  readonly world: VirtualWorld;
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
  const send: TestApi['send'] = async (method, path, { headers, json, body, withToken = method !== 'GET' } = {}) =>
    api.app.request(path, {
      method,
      body: json === undefined ? (body ?? null) : JSON.stringify(json),
      headers: {
        host: '127.0.0.1:8000',
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...(withToken ? { 'x-api-key': testToken } : {}),
        ...headers,
      },
    });
  let document: OpenApiDocument | undefined;
  return {
    rotator,
    world,
    send,
    async ask(method, path, given) {
      const response = await send(method, path, given);
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
      const body: unknown = isJson ? JSON.parse(text) : undefined;
      document ??= (await (await send('GET', '/openapi.json', { withToken: true })).json()) as OpenApiDocument;
      if (isJson && path !== '/openapi.json') checkAnswer(document, { method, path, status: response.status, body });
      return { status: response.status, headers: response.headers, text, body };
    },
    async request(...statuses) {
      const id = `request-${++requestsMade}`;
      const work = async (attempt: FailoverAttempt): Promise<void> => {
        const status = statuses.shift() ?? 200;
        attempt.answered({ status });
        if (status >= 500)
          throw new AttemptFailure(`the response was ${status}`, {
            fault: 'proxy',
            mayFailOver: true,
            phase: 'head',
            status,
          });
      };
      await world.run(rotator.failover({ id, method: 'GET', target: 'target.test:80' }, work).catch(() => {}));
    },
  };
}

let requestsMade = 0;

interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { responses: Record<string, DescribedAnswer> }>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

interface DescribedAnswer {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

interface GivenAnswer {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body: unknown;
}

/** Holds an answer against what the document says about it; errors of no route have the schema of all errors. */
function checkAnswer({ paths, components }: OpenApiDocument, { method, path, status, body }: GivenAnswer): void {
  const [pathname = ''] = path.split('?');
  const route = Object.keys(paths).find((template) => matches(template, pathname));
  const described = route === undefined ? undefined : paths[route]?.[method.toLowerCase()]?.responses[status];
  const schema = described?.content?.['application/json']?.schema ?? { $ref: '#/components/schemas/Error' };
  if (status < 400) expect(described, `${method} ${path} with ${status} is not in the document`).toBeDefined();
  const text = JSON.stringify({ ...schema, $defs: components.schemas }).replaceAll('#/components/schemas/', '#/$defs/');
  const result = z.fromJSONSchema(JSON.parse(text) as Parameters<typeof z.fromJSONSchema>[0]).safeParse(body);
  expect(result.error?.issues, `${method} ${path} answered ${JSON.stringify(body)}`).toBeUndefined();
}

function matches(template: string, path: string): boolean {
  const [wanted, given] = [template.split('/'), path.split('/')];
  return wanted.length === given.length && wanted.every((part, at) => part.startsWith('{') || part === given[at]);
}
