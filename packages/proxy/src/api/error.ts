import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { InvalidOptionError } from 'mulligan';

/** What an error answer's `error` can be, with its status. */
export const apiErrorStatus = {
  VALIDATION_ERROR: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN_HOST: 403,
  FORBIDDEN_ORIGIN: 403,
  NOT_FOUND: 404,
  PROXY_NOT_FOUND: 404,
  REQUEST_NOT_FOUND: 404,
  PROXY_ALREADY_EXISTS: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  TOO_MANY_ATTEMPTS: 429,
  INTERNAL_ERROR: 500,
} as const satisfies Record<string, ContentfulStatusCode>;

export type ApiErrorCode = keyof typeof apiErrorStatus;

/** An answer that is not a success, thrown from anywhere below a route. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly code: ApiErrorCode;
  readonly details: Record<string, unknown>;

  constructor(code: ApiErrorCode, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/**
 * What a client may hear of an error. A bad option is the client's own value and is answered in its own sentence; of
 * everything unexpected nothing is told, since the text of a foreign error may hold an address or a credential.
 */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof InvalidOptionError) return invalid(error.option, error.message);
  if (error instanceof HTTPException) return fromStatus(error);
  return new ApiError('INTERNAL_ERROR', 'Something went wrong inside mulligan');
}

/** The answer to one field that is wrong. */
export function invalid(field: string, sentence: string): ApiError {
  return new ApiError('VALIDATION_ERROR', `Invalid body: ${field}`, { [field]: sentence });
}

function fromStatus({ status, message }: HTTPException): ApiError {
  if (status === 413) return new ApiError('PAYLOAD_TOO_LARGE', message);
  if (status === 415) return new ApiError('UNSUPPORTED_MEDIA_TYPE', 'The body must be sent as application/json');
  return new ApiError(status < 500 ? 'VALIDATION_ERROR' : 'INTERNAL_ERROR', message);
}
