import { checkDuration, checkKeys, type Duration, type Policy, systemWorld, type World } from '../../kernel/index.ts';
import { retry } from '../../retry/index.ts';
import { type ClientRetry, languageModelRetry, retryOptionsOf } from '../defaults.ts';
import { errorOf, type GenerationError } from '../generate/error.ts';
import { type LiveStream, untilFirstToken } from '../generate/first-token.ts';

/** The options of {@link retryLanguageModel} and {@link retryEmbeddingModel}. */
export interface ModelMiddlewareOptions {
  /**
   * How to retry: the options of `retry`, how many attempts in all, or `false` for one.
   * @default 2 retries, from 2 s to 60 s; errors as `clientErrors` knows them
   */
  readonly retry?: ClientRetry;
  /** How long a stream may say nothing before it is given up. @default '60s' */
  readonly idleTimeout?: Duration;
}

interface Params {
  readonly abortSignal?: AbortSignal;
}

interface StreamResult<Part> {
  readonly stream: ReadableStream<Part>;
}

/** What `wrapLanguageModel` takes as `middleware`. */
export interface LanguageModelMiddleware {
  readonly specificationVersion: 'v3';
  readonly wrapGenerate: <P extends object, R>(call: {
    params: P;
    model: { readonly modelId: string; doGenerate(params: P): PromiseLike<R> };
  }) => Promise<R>;
  readonly wrapStream: <
    P extends object,
    Part extends { readonly type: string },
    R extends { stream: ReadableStream<Part> },
  >(call: {
    params: P;
    model: { readonly modelId: string; doStream(params: P): PromiseLike<R> };
  }) => Promise<R>;
}

/** What `wrapEmbeddingModel` takes as `middleware`. */
export interface EmbeddingModelMiddleware {
  readonly specificationVersion: 'v3';
  readonly wrapEmbed: <P extends object, R>(call: {
    params: P;
    model: { readonly modelId: string; doEmbed(params: P): PromiseLike<R> };
  }) => Promise<R>;
}

/**
 * Retries the calls of a language model of the AI SDK: `wrapLanguageModel({ model, middleware: retryLanguageModel() })`.
 * A stream is started anew until its first token, also after an error within it, and never later. The error of a call
 * that was given up says that it is not to be retried, so that the AI SDK does not begin again.
 */
export function retryLanguageModel(options: ModelMiddlewareOptions = {}): LanguageModelMiddleware {
  const plan = planMiddleware('retryLanguageModel', options);
  return {
    specificationVersion: 'v3',
    wrapGenerate: ({ params, model }) => run(plan, model.modelId, params, (own) => model.doGenerate(own)),
    wrapStream: ({ params, model }) => runStream(plan, model.modelId, params, (own) => model.doStream(own)),
  };
}

/** Retries the calls of an embedding model of the AI SDK; see {@link retryLanguageModel}. */
export function retryEmbeddingModel(
  options: Omit<ModelMiddlewareOptions, 'idleTimeout'> = {},
): EmbeddingModelMiddleware {
  const plan = planMiddleware('retryEmbeddingModel', options);
  return {
    specificationVersion: 'v3',
    wrapEmbed: ({ params, model }) => run(plan, model.modelId, params, (own) => model.doEmbed(own)),
  };
}

interface MiddlewarePlan {
  readonly policy: Policy;
  readonly idleMs: number;
  readonly world: World;
}

function planMiddleware(owner: string, options: ModelMiddlewareOptions): MiddlewarePlan {
  checkKeys(owner, options, ['retry', 'idleTimeout']);
  const retryOptions = retryOptionsOf(options.retry, languageModelRetry);
  return {
    policy: retry(retryOptions),
    idleMs: checkDuration('idleTimeout', options.idleTimeout ?? '60s', 1),
    world: retryOptions.world ?? systemWorld,
  };
}

async function run<P extends object, R>(
  { policy }: MiddlewarePlan,
  name: string,
  params: P,
  call: (params: P) => PromiseLike<R>,
): Promise<R> {
  const { abortSignal: signal } = params as Params;
  try {
    return await policy.execute((attempt) => call({ ...params, abortSignal: attempt.signal }), {
      name,
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    throw stopOuterRetries(error);
  }
}

/** What comes before a stream has said anything. */
const preamble: ReadonlySet<string> = new Set([
  'stream-start',
  'response-metadata',
  'text-start',
  'reasoning-start',
  'raw',
]);

async function runStream<P extends object, Part extends { readonly type: string }, R extends StreamResult<Part>>(
  { policy, idleMs, world }: MiddlewarePlan,
  name: string,
  params: P,
  call: (params: P) => PromiseLike<R>,
): Promise<R> {
  const { abortSignal: signal } = params as Params;
  let result: R | undefined;
  try {
    const live = await untilFirstToken<Part>(policy, {
      name,
      async open(signal) {
        result = await call({ ...params, abortSignal: signal });
        return partsOf(name, result.stream);
      },
      isToken: ({ type }) => !preamble.has(type),
      idleMs,
      signal,
      world,
    });
    return { ...(result as R), stream: streamOf(live) };
  } catch (error) {
    throw stopOuterRetries(error);
  }
}

/** An error before the first token comes as a part: here it is thrown, so that it can be retried. */
async function* partsOf<Part extends { readonly type: string }>(
  name: string,
  stream: ReadableStream<Part>,
): AsyncGenerator<Part, void, undefined> {
  const reader = stream.getReader();
  let hasBegun = false;
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      const part = read.value;
      if (part.type === 'error' && !hasBegun) throw asError(name, (part as { error?: unknown }).error);
      hasBegun ||= !preamble.has(part.type);
      yield part;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** Providers hand on what the endpoint said as an error of theirs, as a text, or as it came. */
function asError(name: string, told: unknown): Error {
  if (told instanceof Error) return told;
  return errorOf(name, { error: told ?? 'an error without a message' }) as GenerationError;
}

function streamOf<Part>({ begun, next, end }: LiveStream<Part>): ReadableStream<Part> {
  const waiting = [...begun];
  return new ReadableStream<Part>({
    async pull(controller) {
      const part = waiting.shift();
      if (part !== undefined) {
        controller.enqueue(part);
        return;
      }
      const item = await next();
      if (item.done === true) controller.close();
      else controller.enqueue(item.value);
    },
    cancel: (reason) => end(reason),
  });
}

/** The AI SDK retries what says that it may be retried. */
function stopOuterRetries(error: unknown): unknown {
  if (typeof error === 'object' && error !== null && 'isRetryable' in error && !Object.isFrozen(error)) {
    Object.defineProperty(error, 'isRetryable', { value: false, configurable: true, writable: true });
  }
  return error;
}
