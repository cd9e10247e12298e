import { Cancellation, orAborted } from '../kernel/index.ts';
import { raiseForStatus } from '../http/index.ts';
import { DownloadBrokenError, DownloadMismatchError, DownloadStalledError } from './error.ts';
import { IdleWatch } from './idle-watch.ts';
import { type Judgement, judge } from './judge.ts';
import type { Part } from './part.ts';
import type { DownloadPlan } from './plan.ts';
import { pour } from './pour.ts';
import type { Representation } from './representation.ts';
import { askFor, type Asked, headersFor } from './request.ts';
import type { Source } from './source.ts';
import type { Span } from './span.ts';

/** What one request is for. */
export interface Errand {
  readonly plan: DownloadPlan;
  readonly part: Part;
  readonly source: Source;
  /** Which bytes are missing; the end may be `Infinity`. */
  readonly gap: Span;
  /** Whether to ask for a range although nothing is known of the file yet. */
  readonly isProbe: boolean;
  /** Whether others write other parts of the file meanwhile: then it cannot begin anew here. */
  readonly isShared: boolean;
  /** Ends it from outside. */
  readonly signal: AbortSignal;
  /** Bytes have been written. */
  readonly onBytes: () => void;
}

/** The answer belongs to another version of the file than the one of which there is a part. */
export class OtherVersionError extends DownloadBrokenError {}

/** Sends one request and writes what is answered. Ends well when all has come that the answer promised. */
export async function exchange(errand: Errand): Promise<void> {
  const { plan, source, signal } = errand;
  const cancellation = new Cancellation(signal);
  const stalled = (): void => cancellation.abort(new DownloadStalledError(source.shown, plan.idleMs));
  const watch = new IdleWatch(plan.world, plan.idleMs, stalled);
  try {
    const asked = askOf(errand);
    const response = await send(errand, asked, cancellation);
    watch.heard();
    try {
      await receive(errand, judge(response, asked), { response, cancellation, watch });
    } catch (error) {
      if (response.body?.locked === false) response.body.cancel(error).catch(() => {});
      throw error;
    }
  } finally {
    watch[Symbol.dispose]();
    cancellation.close();
  }
}

function askOf({ plan, part, source, gap, isProbe }: Errand): Asked {
  const isSameSource = part.sourceKey === source.key;
  return askFor({ known: part.representation, gap, isSameSource, hasDigest: plan.digest !== undefined, isProbe });
}

function send({ plan, source }: Errand, asked: Asked, cancellation: Cancellation): Promise<Response> {
  const headers = new Headers(plan.headers);
  for (const [name, value] of Object.entries(headersFor(asked))) headers.set(name, value);
  // `retry`: one attempt, where the fetch is one of ours. The attempts are made here.
  const init = { headers, signal: cancellation.signal, retry: false };
  return orAborted(plan.fetch(source.url, init), cancellation);
}

/** A response that is being read. */
interface Reading {
  readonly response: Response;
  readonly cancellation: Cancellation;
  readonly watch: IdleWatch;
}

async function receive(errand: Errand, judgement: Judgement, reading: Reading): Promise<void> {
  const { part, source, isShared } = errand;
  switch (judgement.kind) {
    case 'failed':
      raiseForStatus(reading.response);
      return;
    case 'useless':
      return giveUp(errand, judgement.why);
    case 'complete':
      part.end(judgement.total);
      return;
    case 'whole':
      checkSize(errand, judgement.representation);
      if (isShared) throw new OtherVersionError(source.shown, 'the whole file in place of a part');
      await part.begin(judgement.representation, source);
      return readInto(errand, { start: 0, end: judgement.representation.total ?? Number.POSITIVE_INFINITY }, reading);
    case 'part':
      checkSize(errand, judgement.representation);
      if (part.representation === undefined) await part.begin(judgement.representation, source);
      else if (judgement.representation.total !== undefined) part.end(judgement.representation.total);
      return readInto(errand, judgement.span, reading);
  }
}

/** Nothing that is there can be trusted, unless it comes from another address. */
async function giveUp({ part, source, isShared }: Errand, why: string): Promise<void> {
  if (isShared) throw new OtherVersionError(source.shown, why);
  if (part.sourceKey === source.key) await part.begin(undefined, source);
  throw new DownloadBrokenError(source.shown, why);
}

function checkSize({ plan, source }: Errand, { total }: Representation): void {
  if (plan.sizeBytes === undefined || total === undefined || total === plan.sizeBytes) return;
  throw new DownloadMismatchError(source.shown, plan.sizeBytes, total);
}

async function readInto(errand: Errand, { start, end }: Span, { response, ...flow }: Reading): Promise<void> {
  const { plan, part, source, onBytes } = errand;
  const most = Math.min(end, plan.sizeBytes ?? Number.POSITIVE_INFINITY);
  const overflow = (): Error => new DownloadBrokenError(source.shown, `more than ${most - start} bytes`);
  const write = async (bytes: Uint8Array, position: number): Promise<void> => {
    await part.write(bytes, position);
    onBytes();
  };
  const ended = await pour(response.body, { write, overflow }, { start, end: most, ...flow });
  if (end === Number.POSITIVE_INFINITY) part.end(ended);
  else if (ended < end)
    throw new DownloadBrokenError(source.shown, `${ended - start} bytes in place of ${end - start}`);
}
