import {
  checkDuration,
  checkKeys,
  InvalidOptionError,
  type Policy,
  show,
  systemWorld,
  type World,
} from '../../kernel/index.ts';
import { retry } from '../../retry/index.ts';
import { languageModelRetry, retryOptionsOf } from '../defaults.ts';
import { StreamInterruptedError } from './error.ts';
import { type LiveStream, untilFirstToken } from './first-token.ts';
import { localSource } from './local.ts';
import type {
  GenerationCallOptions,
  GenerationOptions,
  GenerationRequest,
  GenerationSource,
  Generator,
  GeneratorOptions,
  Prompt,
} from './options.ts';

/**
 * Makes a generator of text: an endpoint or a local model, with retries. Source: seed 2's generation client.
 *
 * @example
 * const generator = createGenerator({ source: openAICompatible({ baseUrl, model: 'llama' }), retry: { attempts: 3 } });
 * const { text } = await generator.generate('Why is the sky blue?');
 * for await (const token of generator.stream('And at night?')) process.stdout.write(token);
 *
 * @throws {InvalidOptionError}
 */
export function createGenerator(options: GeneratorOptions): Generator {
  const plan = planGenerator(options);
  const generate: Generator['generate'] = async (prompt, call = {}) => {
    const { request, signal } = requestOf(plan, prompt, call);
    const { policy, source } = plan;
    return policy.execute((attempt) => source.generate({ ...request, signal: attempt.signal }), {
      name: source.name,
      ...(signal === undefined ? {} : { signal }),
    });
  };
  return {
    generate,
    async generateAll(prompts, call) {
      const generations = [];
      for (const prompt of prompts) generations.push(await generate(prompt, call));
      return generations;
    },
    stream: (prompt, call = {}) => streamOf(plan, prompt, call),
  };
}

interface GeneratorPlan {
  readonly source: GenerationSource;
  readonly policy: Policy;
  readonly idleMs: number;
  readonly defaults: GenerationOptions;
  readonly world: World;
}

function planGenerator(options: GeneratorOptions): GeneratorPlan {
  checkKeys('createGenerator', options, ['source', 'retry', 'idleTimeout', 'defaults']);
  const { source, idleTimeout = '60s', defaults = {} } = options;
  const retryOptions = retryOptionsOf(options.retry, languageModelRetry);
  return {
    source: typeof source === 'function' ? localSource(source) : checkSource(source),
    policy: retry(retryOptions),
    idleMs: checkDuration('idleTimeout', idleTimeout, 1),
    defaults,
    world: retryOptions.world ?? systemWorld,
  };
}

function checkSource(source: GenerationSource): GenerationSource {
  if (typeof (source as GenerationSource | undefined)?.generate === 'function') return source;
  const forms = 'a source such as openAICompatible({ model }), or a function that generates';
  throw new InvalidOptionError('source', source, `source must be ${forms}, got ${show(source)}`);
}

interface PlannedRequest {
  readonly request: Omit<GenerationRequest, 'signal'>;
  readonly signal: AbortSignal | undefined;
}

function requestOf({ defaults }: GeneratorPlan, prompt: Prompt, call: GenerationCallOptions): PlannedRequest {
  const { signal, ...options } = call;
  return { request: { prompt, options: { ...defaults, ...options } }, signal };
}

async function* streamOf(
  plan: GeneratorPlan,
  prompt: Prompt,
  call: GenerationCallOptions,
): AsyncGenerator<string, void, undefined> {
  const { source, idleMs, world } = plan;
  const { request, signal } = requestOf(plan, prompt, call);
  const live = await untilFirstToken(plan.policy, {
    name: source.name,
    open: (signal) => piecesOf(source, { ...request, signal }),
    isToken: () => true,
    idleMs,
    signal,
    world,
  });
  yield* told(source.name, live, signal);
}

async function* piecesOf(
  source: GenerationSource,
  request: GenerationRequest,
): AsyncGenerator<string, void, undefined> {
  if (source.stream !== undefined) yield* source.stream(request);
  else yield (await source.generate(request)).text;
}

/** Hands on what comes, and says how far it came when it breaks off. */
async function* told(
  name: string,
  live: LiveStream<string>,
  signal: AbortSignal | undefined,
): AsyncGenerator<string, void, undefined> {
  let text = '';
  try {
    for (const piece of live.begun) {
      text += piece;
      yield piece;
    }
    for (let item = await next(); item.done !== true; item = await next()) {
      text += item.value;
      yield item.value;
    }
  } finally {
    live.end();
  }

  async function next(): Promise<IteratorResult<string, unknown>> {
    try {
      return await live.next();
    } catch (error) {
      if (signal?.aborted === true) throw error;
      throw new StreamInterruptedError(name, text, error);
    }
  }
}
