import type { Candidate } from './candidate.ts';

/** What a request wants of the proxy that it gets. */
export interface SelectionRequest<C extends Candidate = Candidate> {
  /** Prefers proxies of this region. */
  readonly region?: string | undefined;
  /** Takes only proxies of {@link SelectionRequest.region}. @default false */
  readonly regionOnly?: boolean | undefined;
  /** Takes only proxies that have all of these tags. */
  readonly tags?: readonly string[] | undefined;
  /** Requests of one session stay with one proxy while it can be used. */
  readonly session?: string | undefined;
  /** Whether this is for a retry, which may be chosen for by another strategy. @default false */
  readonly isRetry?: boolean | undefined;
  /** Proxies that must not be chosen, such as those that were tried. */
  readonly exclude?: ReadonlySet<C> | undefined;
  /** A last word on each proxy that would be chosen. */
  readonly accepts?: ((candidate: C) => boolean) | undefined;
}
