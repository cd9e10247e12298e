import { type AttemptContext, isMulliganError, isTransient } from '../kernel/index.ts';
import { GitHubRateLimitError, HttpStatusError, readHint, type ResponseHint } from '../http/index.ts';
import type { Advice, BackoffFunction, ErrorPredicate } from '../retry/index.ts';
import { Patience } from './patience.ts';
import type { DownloadPlan } from './plan.ts';
import type { Source, Sources } from './source.ts';

/** Where a line of requests was when one of them failed. */
export interface Failed {
  /** How many bytes there are now. */
  readonly bytes: number;
  /** Who was asked. */
  readonly source: Source;
}

/** Decides what follows a failed attempt of one line of requests: another one, at which address, and when. */
export class Recovery {
  readonly patience: Patience;
  readonly #plan: DownloadPlan;
  readonly #sources: Sources;
  /** How many addresses have been left in a row, without a byte from any. */
  #hops = 0;

  constructor(plan: DownloadPlan, sources: Sources, bytes: number) {
    this.#plan = plan;
    this.#sources = sources;
    this.patience = new Patience(plan.attempts, bytes);
  }

  /** Waits count from the last progress on. */
  readonly backoff: BackoffFunction = (_retry, previousMs, random) => {
    const { failures } = this.patience;
    return this.#plan.backoff(Math.max(failures, 1), failures > 1 ? previousMs : undefined, random);
  };

  /** What `on` answers: there was progress or not, and there is another address or not. */
  after(error: unknown, context: AttemptContext, { bytes, source }: Failed): ReturnType<ErrorPredicate> {
    const isProgress = this.patience.failed(bytes);
    if (isProgress) this.#hops = 0;
    const answer = this.#plan.on(error, context);
    const isRetryable = answer !== false && answer !== undefined && answer !== null;
    const canLeave = this.#sources.hasOthers && blamesServer(error);
    if (this.patience.isOver) return { retry: false, ...((isRetryable || canLeave) && { reason: 'attempts' }) };
    if (canLeave && !isProgress) return this.#leave(source, !isRetryable);
    if (isRetryable && answer !== true) return answer;
    return isRetryable ? this.#follow(hintOf(error, this.#plan.world.wallNow())) : { retry: false };
  }

  /** Goes to the next address: at once, as long as there is one that has not just been tried. */
  #leave(source: Source, isSpent: boolean): Advice {
    this.#sources.leave(source, isSpent);
    this.#hops++;
    const isFresh = this.#hops % this.#plan.sources.length !== 0;
    return isFresh ? { retry: true, waitMs: 0, source: 'failover' } : { retry: true };
  }

  #follow(hint: ResponseHint | undefined): Advice {
    if (hint === undefined) return { retry: true };
    const { waitMs, source } = hint;
    if (waitMs > this.#plan.maxHintMs) return { retry: false, reason: 'hint-too-long' };
    return { retry: true, atLeastMs: waitMs, source };
  }
}

/** Whether the same request may do better at another address: not where our own disk or options are to blame. */
function blamesServer(error: unknown): boolean {
  if (isMulliganError(error, 'MULLIGAN_DOWNLOAD_FILE') || isMulliganError(error, 'MULLIGAN_INVALID_OPTION'))
    return false;
  return isTransient(error) || error instanceof TypeError || isMulliganError(error);
}

function hintOf(error: unknown, wallNowMs: number): ResponseHint | undefined {
  if (error instanceof HttpStatusError) return readHint(error.response.headers, error.status, wallNowMs);
  const isKnown = error instanceof GitHubRateLimitError && error.waitMs !== undefined;
  return isKnown ? { waitMs: error.waitMs ?? 0, source: 'rate-limit' } : undefined;
}
