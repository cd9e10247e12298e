import type { DownloadProgress } from './options.ts';
import type { DownloadPlan } from './plan.ts';
import { nextRate, type Rate, remainingMs, startRate } from './rate.ts';

/** What a report is made of, at any moment. */
export interface ProgressView {
  readonly url: string;
  readonly bytes: number;
  readonly totalBytes: number | undefined;
  readonly attempts: number;
}

/** Tells how far a download is, but not more often than anybody wants to know. */
export class ProgressReporter {
  readonly #plan: DownloadPlan;
  readonly #view: () => ProgressView;
  readonly #resumedFromBytes: number;
  #rate: Rate;

  constructor(plan: DownloadPlan, resumedFromBytes: number, view: () => ProgressView) {
    this.#plan = plan;
    this.#view = view;
    this.#resumedFromBytes = resumedFromBytes;
    this.#rate = startRate(resumedFromBytes, plan.world.now());
  }

  /** Something has come. */
  look(): void {
    const { onProgress, progressMs, world } = this.#plan;
    if (onProgress !== undefined && world.now() - this.#rate.atMs >= progressMs) this.tell();
  }

  /** Tells it now. What the listener throws never reaches the download. */
  tell(): void {
    const { onProgress, world } = this.#plan;
    if (onProgress === undefined) return;
    const view = this.#view();
    this.#rate = nextRate(this.#rate, view.bytes, world.now());
    const progress: DownloadProgress = {
      ...view,
      bytesPerSecond: this.#rate.bytesPerSecond,
      remainingMs: remainingMs(this.#rate, view.totalBytes),
      resumedFromBytes: this.#resumedFromBytes,
    };
    try {
      onProgress(progress);
    } catch (error) {
      console.warn('mulligan: onProgress threw; the download goes on', error);
    }
  }
}
