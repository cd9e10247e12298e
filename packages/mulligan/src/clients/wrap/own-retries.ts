/**
 * The options that switch off the retries which well-known SDKs make themselves. Spread them into the SDK's options
 * where a policy of ours is around its calls, or inside of them as its `fetch`: otherwise the two multiply.
 *
 * @example
 * const openai = new OpenAI({ ...noRetries.openai, fetch: createModelFetch() });
 */
export const noRetries = {
  /** `new OpenAI(…)`. By default it makes 2 retries. */
  openai: { maxRetries: 0 },
  /** `new Anthropic(…)`. By default it makes 2 retries. */
  anthropic: { maxRetries: 0 },
  /** `generateText`, `streamText`, `embed` and the others of the AI SDK. By default they make 2 retries. */
  aiSdk: { maxRetries: 0 },
  /** `new ChatOpenAI(…)` and the other models of LangChain. By default they make 6 retries. */
  langchain: { maxRetries: 0 },
  /** The options of `new InferenceClient(token, …)`. By default it repeats a 503 for ever, without a pause. */
  huggingFace: { retry_on_error: false },
} as const;

/** As much of a client as must be known to switch off its own retries. */
interface RetryingClient {
  readonly maxRetries?: unknown;
  readonly withOptions?: unknown;
  readonly accessToken?: unknown;
  readonly defaultOptions?: unknown;
}

/**
 * The same client without retries of its own, where we know how: OpenAI's, Anthropic's and others of their make, and
 * that of Hugging Face. The client that was given is left as it is.
 */
export function withoutOwnRetries<C extends object>(client: C): C {
  const { maxRetries, withOptions, accessToken, defaultOptions } = client as RetryingClient;
  if (typeof maxRetries === 'number' && maxRetries > 0 && typeof withOptions === 'function') {
    return Reflect.apply(withOptions, client, [{ maxRetries: 0 }]) as C;
  }
  const isHuggingFace = typeof accessToken === 'string' && isOptions(defaultOptions);
  if (!isHuggingFace || defaultOptions['retry_on_error'] === false) return client;
  const options = { ...defaultOptions, ...noRetries.huggingFace };
  return Reflect.construct(client.constructor, [accessToken, options]) as C;
}

function isOptions(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
