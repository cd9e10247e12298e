/** What is shown of a request: nothing that is secret. */
export interface RequestShown {
  readonly method: string;
  /** The address without its query; empty for what no request can be sent to. */
  readonly url: string;
}

const requests = new WeakMap<object, RequestShown>();

/**
 * The request that a failure belongs to: an error or a response with a status of 400 or more, from a fetch that
 * `createFetch` made. The platform's errors do not say so themselves.
 */
export function requestOf(errorOrResponse: unknown): RequestShown | undefined {
  return isObject(errorOrResponse) ? requests.get(errorOrResponse) : undefined;
}

export function rememberRequest(errorOrResponse: unknown, request: RequestShown): void {
  if (isObject(errorOrResponse)) requests.set(errorOrResponse, request);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
