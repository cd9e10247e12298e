import { MulliganError } from '../../kernel/index.ts';

/** A proxy has opened no tunnel: nothing has reached the target. Its category is that of the status. */
export class ProxyRefusedError extends MulliganError {
  override name = 'ProxyRefusedError';
  readonly status: number;

  constructor(proxy: string, target: string, status: number) {
    const why = status === 407 ? ': it wants other credentials' : '';
    super('MULLIGAN_PROXY_REFUSED', `the proxy ${proxy} answered ${status} and opened no tunnel to ${target}${why}`);
    this.status = status;
  }
}
