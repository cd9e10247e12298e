import { MulliganError } from '../../kernel/index.ts';

/** What an endpoint says of an error of its own. */
export interface GenerationErrorDetails {
  readonly status: number;
  /** Such as `insufficient_quota`. */
  readonly type?: string | undefined;
  /** How long it asks to wait. */
  readonly retryAfterMs?: number | undefined;
}

/** The endpoint of a language model answered with an error: by its status, or within a good answer. */
export class GenerationError extends MulliganError {
  override name = 'GenerationError';
  /** The status of the answer; for an error within a good answer the status that means the same. */
  readonly status: number;
  /** What the provider calls it. */
  readonly type: string | undefined;
  /** How long the provider asks to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, { status, type, retryAfterMs }: GenerationErrorDetails) {
    super('MULLIGAN_GENERATION', message);
    this.status = status;
    this.type = type;
    this.retryAfterMs = retryAfterMs;
  }
}

/** A stream broke off after its first token. It is not started again, because that would repeat what has been told. */
export class StreamInterruptedError extends MulliganError {
  override name = 'StreamInterruptedError';
  /** All that had come until then. */
  readonly text: string;

  constructor(name: string, text: string, cause: unknown) {
    super('MULLIGAN_STREAM_INTERRUPTED', `${name}: the stream broke off after ${text.length} characters`, { cause });
    this.text = text;
  }
}

/** What the providers' words for errors within an answer mean as a status. */
const statusOfType: Readonly<Record<string, number>> = {
  overloaded_error: 529,
  overloaded: 503,
  rate_limit_error: 429,
  rate_limit_exceeded: 429,
  insufficient_quota: 429,
  requests: 429,
  tokens: 429,
  timeout_error: 504,
  api_error: 500,
  server_error: 500,
  generation: 500,
  incomplete_generation: 500,
  invalid_request_error: 400,
  validation: 422,
  authentication_error: 401,
  authentication: 401,
  permission_error: 403,
  not_found_error: 404,
};

interface ErrorBody {
  readonly error?: unknown;
  readonly error_type?: unknown;
  readonly message?: unknown;
  readonly estimated_time?: unknown;
}

/**
 * The error that a body holds, of an answer or of an event within a stream; `undefined` for one that holds none.
 * @param status of the answer, where it is a bad one
 */
export function errorOf(name: string, body: unknown, status?: number): GenerationError | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { error, error_type: errorType, message, estimated_time: seconds } = body as ErrorBody;
  if (error === undefined || error === null) return undefined;
  const inner = (typeof error === 'object' ? error : {}) as Record<string, unknown>;
  const names = [inner['code'], inner['type'], errorType].filter((word) => typeof word === 'string');
  const told = [inner['status'], inner['code']].find((value) => typeof value === 'number' && value >= 400);
  const meant = names.map((word) => statusOfType[word]).find((value) => value !== undefined);
  const text = [error, inner['message'], message].find((value) => typeof value === 'string') ?? 'no message';
  return new GenerationError(`${name}: ${text}`, {
    status: status ?? (told as number | undefined) ?? meant ?? 500,
    type: names[0],
    // What Hugging Face says while a model is being loaded.
    retryAfterMs: typeof seconds === 'number' ? seconds * 1000 : undefined,
  });
}
