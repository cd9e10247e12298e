import type { Duration } from '../../kernel/index.ts';
import type { ClientRetry } from '../defaults.ts';

/** One message of a conversation. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** What to generate from: a text, or a conversation. */
export type Prompt = string | readonly ChatMessage[];

/** How to generate. What is left out is left to the endpoint. */
export interface GenerationOptions {
  /** How many tokens at most. */
  readonly maxNewTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  /** Texts that end the answer. */
  readonly stop?: readonly string[];
  /** Further fields of the request, as the endpoint calls them. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** The options of one call. */
export interface GenerationCallOptions extends GenerationOptions {
  /** Ends the call: a wait at once, a running request, and the rest of a stream. */
  readonly signal?: AbortSignal;
}

/** What has been generated. */
export interface Generation {
  /** Empty where the endpoint had nothing to say. */
  readonly text: string;
  /** Why it ended, in the endpoint's words, such as `'stop'` or `'length'`. */
  readonly finishReason?: string | undefined;
  /** What the endpoint answered, unchanged. */
  readonly raw: unknown;
}

/** One request to a source. */
export interface GenerationRequest {
  readonly prompt: Prompt;
  readonly options: GenerationOptions;
  /** Ends the request. */
  readonly signal: AbortSignal;
}

/** What generates: an endpoint, or a model within this process. It makes one attempt; the generator makes the others. */
export interface GenerationSource {
  /** For logs, metrics and errors. */
  readonly name: string;
  readonly generate: (request: GenerationRequest) => Promise<Generation>;
  /** Gives the text piece by piece. Without it a stream has one piece. */
  readonly stream?: (request: GenerationRequest) => AsyncIterable<string>;
}

/** A local function in the place of a source, such as a pipeline of transformers.js. */
export type LocalGenerate = (prompt: never, options: never) => unknown;

/** The options of {@link createGenerator}. */
export interface GeneratorOptions {
  /** `openAICompatible(…)`, `huggingFace(…)`, or a function of your own that takes a prompt and options. */
  readonly source: GenerationSource | LocalGenerate;
  /**
   * How to retry: the options of `retry`, how many attempts in all, or `false` for one. Of a stream, everything until
   * its first token counts as an attempt, and its time limits end there.
   * @default 2 retries, from 2 s to 60 s; errors as `clientErrors` knows them
   */
  readonly retry?: ClientRetry;
  /** How long a stream may say nothing, from the moment it is asked for. @default '60s' */
  readonly idleTimeout?: Duration;
  /** How to generate, unless a call says otherwise. */
  readonly defaults?: GenerationOptions;
}

/** Generates text, and retries what may be retried. */
export interface Generator {
  /**
   * Generates one text.
   * @throws {GenerationError} when the endpoint refuses, or retrying has been given up
   */
  generate(prompt: Prompt, options?: GenerationCallOptions): Promise<Generation>;
  /** Generates one text for each prompt, one after the other; each is retried on its own. */
  generateAll(prompts: readonly Prompt[], options?: GenerationCallOptions): Promise<Generation[]>;
  /**
   * Generates one text, piece by piece. It is started anew until its first token has come, and never after it: nothing
   * is told twice.
   * @throws {StreamInterruptedError} when it breaks off or falls silent after its first token
   */
  stream(prompt: Prompt, options?: GenerationCallOptions): AsyncGenerator<string, void, undefined>;
}
