import { type AttemptContext, Cancellation } from '../kernel/index.ts';
import { retry } from '../retry/index.ts';
import { type Errand, exchange, OtherVersionError } from './exchange.ts';
import { lineListener } from './log.ts';
import type { Part } from './part.ts';
import { mostAttempts } from './patience.ts';
import type { DownloadPlan } from './plan.ts';
import { Recovery } from './recovery.ts';
import type { Source, Sources } from './source.ts';
import { addSpan, nextGap, type Span, type Spans } from './span.ts';

/** What the requests of a download have in common. */
export interface TransferContext {
  readonly plan: DownloadPlan;
  readonly part: Part;
  readonly sources: Sources;
  readonly signal: AbortSignal;
  /** A request is about to be sent. */
  readonly onAttempt: () => void;
  readonly onBytes: () => void;
}

/** The sizes of parallel ranges: small enough to be shared out evenly, large enough to be worth a request. */
const pieceBytes = { least: 1024 * 1024, most: 16 * 1024 * 1024 };

const everything: Span = { start: 0, end: Number.POSITIVE_INFINITY };

/** Gets all bytes that are missing: by one request after the other, or by several ranges at once. */
export async function transfer(context: TransferContext): Promise<void> {
  const { plan, part, sources } = context;
  const line = new Line(context);
  if (plan.parallel > 1) {
    try {
      // Whether the server can do ranges, and how much there is, is known after the first one.
      if (part.representation === undefined) await line.fetch({ start: 0, end: pieceBytes.least }, 'probe');
      if (canShare(part)) await inParallel(context);
    } catch (error) {
      if (!(error instanceof OtherVersionError)) throw error;
      await part.begin(undefined, sources.current);
    }
  }
  await line.fetch(everything, 'alone');
}

function canShare({ representation }: Part): boolean {
  return representation?.validator !== undefined && representation.total !== undefined;
}

/** Several lines, each of which takes a piece after the other. The first one that fails ends them all. */
async function inParallel(context: TransferContext): Promise<void> {
  const { plan, part } = context;
  const total = part.representation?.total ?? 0;
  const share = Math.ceil(total / plan.parallel / 4);
  const size = Math.min(Math.max(share, pieceBytes.least), pieceBytes.most);
  const cancellation = new Cancellation(context.signal);
  let taken: Spans = part.done;
  const run = async (line: Line): Promise<void> => {
    for (let piece = nextGap(taken, total, size); piece !== undefined; piece = nextGap(taken, total, size)) {
      taken = addSpan(taken, piece);
      await line.fetch(piece, 'shared');
    }
  };
  let failure: { readonly error: unknown } | undefined;
  const lines = Array.from({ length: plan.parallel }, () => new Line({ ...context, signal: cancellation.signal }));
  const runs = lines.map((line) =>
    run(line).catch((error: unknown) => {
      failure ??= { error };
      cancellation.abort(error);
    }),
  );
  await Promise.all(runs);
  cancellation.close();
  if (failure !== undefined) throw failure.error;
}

/** How a piece is fetched: to see what there is, on its own, or beside others. */
type Manner = 'probe' | 'alone' | 'shared';

/** One request after the other, each of them retried. */
class Line {
  readonly #context: TransferContext;
  readonly #recovery: Recovery;
  /** Who was asked last. */
  #source: Source;

  constructor(context: TransferContext) {
    const { plan, sources, part } = context;
    this.#context = context;
    this.#recovery = new Recovery(plan, sources, part.bytes);
    this.#source = sources.current;
  }

  /** Gets what is missing of a piece. */
  async fetch(piece: Span, manner: Manner): Promise<void> {
    const { plan, signal } = this.#context;
    const recovery = this.#recovery;
    const onEvent = lineListener(plan, recovery);
    const options = {
      ...plan.retry,
      attempts: Math.max(mostAttempts, plan.attempts),
      on: (error: unknown, attempt: AttemptContext) => this.#after(error, attempt),
      backoff: recovery.backoff,
      name: plan.sources[0].shown,
      signal,
      world: plan.world,
      ...(onEvent && { onEvent }),
    };
    while (this.#gapIn(piece) !== undefined) {
      let running: Promise<void> | undefined;
      try {
        await retry(() => (running = this.#request(piece, manner)), options);
      } finally {
        // An abort ends the call at once: the request is still writing down what has come.
        await running?.catch(() => {});
      }
      if (manner === 'probe') return;
    }
  }

  async #request(piece: Span, manner: Manner): Promise<void> {
    const { sources, onAttempt, ...context } = this.#context;
    const gap = this.#gapIn(piece);
    if (gap === undefined) return;
    this.#source = sources.current;
    onAttempt();
    // A first range that was refused is not asked for a second time.
    const isProbe = manner === 'probe' && this.#recovery.patience.failures === 0;
    const errand: Errand = { ...context, source: this.#source, gap, isProbe, isShared: manner === 'shared' };
    await exchange(errand);
  }

  #after(error: unknown, attempt: AttemptContext): ReturnType<Recovery['after']> {
    if (error instanceof OtherVersionError) return false;
    const { part } = this.#context;
    return this.#recovery.after(error, attempt, { bytes: part.bytes, source: this.#source });
  }

  #gapIn({ start, end }: Span): Span | undefined {
    const { done, representation } = this.#context.part;
    const total = Math.min(end, representation?.total ?? Number.POSITIVE_INFINITY);
    const ahead = start === 0 ? done : addSpan(done, { start: 0, end: start });
    return nextGap(ahead, total);
  }
}
