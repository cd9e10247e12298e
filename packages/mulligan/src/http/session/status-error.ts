import { MulliganError } from '../../kernel/index.ts';

/** A response has a status of 400 or more. Its category is that of the status; see `categorize`. */
export class HttpStatusError extends MulliganError {
  override name = 'HttpStatusError';
  readonly status: number;
  /** The address that answered, without credentials and query. */
  readonly url: string;
  /** What was answered; its body can be read. */
  readonly response: Response;

  constructor(response: Response) {
    const { status, statusText } = response;
    const url = response.url.replace(/[?#].*$/s, '');
    const whose = status < 500 ? 'Client' : 'Server';
    super('MULLIGAN_HTTP_STATUS', `${status} ${whose} Error: ${statusText} for url: ${url}`);
    this.status = status;
    this.url = url;
    this.response = response;
  }
}

/**
 * Returns a response that is no failure.
 * @throws {HttpStatusError} for a status of 400 or more
 */
export function raiseForStatus(response: Response): Response {
  if (response.status >= 400) throw new HttpStatusError(response);
  return response;
}
