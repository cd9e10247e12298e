import {
  checkDuration,
  checkFunction,
  checkKeys,
  checkNumber,
  checkOneOf,
  type EventListener,
  InvalidOptionError,
  isTransient,
  resolveErrorFilter,
  show,
  systemWorld,
  type World,
} from '../kernel/index.ts';
import { type Backoff, type BackoffFunction, type ErrorPredicate, exponential, retry } from '../retry/index.ts';
import { createSession, type FetchFunction, type SessionLogger } from '../http/index.ts';
import { type Digest, parseIntegrity } from './digest.ts';
import {
  downloadDefaults,
  type DownloadOptions,
  type DownloadRetryOptions,
  type DownloadSource,
  type Existing,
} from './options.ts';
import { readSource, type Source } from './source.ts';

/** {@link DownloadOptions}, checked once and in one fixed shape. */
export interface DownloadPlan {
  readonly sources: readonly [Source, ...Source[]];
  readonly existing: Existing;
  readonly digest: Digest | undefined;
  readonly sizeBytes: number | undefined;
  readonly parallel: number;
  readonly mode: number | undefined;
  readonly nameFrom: 'url' | 'content-disposition';
  readonly isResumable: boolean;
  readonly attempts: number;
  readonly on: ErrorPredicate;
  readonly backoff: Backoff | BackoffFunction;
  /** What else there is for `retry`. */
  readonly retry: Pick<DownloadRetryOptions, 'unless' | 'budget' | 'onRetry' | 'onExhausted'>;
  readonly timeoutMs: number | undefined;
  readonly idleMs: number;
  readonly maxHintMs: number;
  readonly headers: Headers;
  readonly fetch: FetchFunction;
  readonly onProgress: DownloadOptions['onProgress'];
  readonly progressMs: number;
  readonly log: SessionLogger | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onEvent: EventListener | undefined;
  readonly world: World;
}

const known = Object.keys({
  existing: true,
  integrity: true,
  sizeBytes: true,
  parallel: true,
  mode: true,
  nameFrom: true,
  resume: true,
  retry: true,
  timeout: true,
  idleTimeout: true,
  maxHintWait: true,
  headers: true,
  fetch: true,
  onProgress: true,
  progressEvery: true,
  log: true,
  signal: true,
  onEvent: true,
  world: true,
} satisfies Record<keyof DownloadOptions, true>);

const defaultBackoff = exponential({ initial: '1s', max: '2m' });

/** Checks the options and answers what is wrong with them in sentences. */
export function planDownload(source: DownloadSource, options: DownloadOptions = {}): DownloadPlan {
  checkKeys('download', options, known);
  const { world = systemWorld, integrity, sizeBytes, mode, onProgress } = options;
  const sources = planSources(source);
  return {
    sources,
    existing: checkOneOf('existing', options.existing ?? 'keep', ['keep', 'overwrite', 'error']),
    digest: integrity === undefined ? undefined : parseIntegrity(integrity),
    sizeBytes: sizeBytes === undefined ? undefined : checkNumber('sizeBytes', sizeBytes, { min: 0, whole: true }),
    parallel: checkNumber('parallel', options.parallel ?? 1, { min: 1, max: 64, whole: true }),
    mode: mode === undefined ? undefined : checkNumber('mode', mode, { min: 0, max: 0o7777, whole: true }),
    nameFrom: checkOneOf('nameFrom', options.nameFrom ?? 'url', ['url', 'content-disposition']),
    isResumable: options.resume ?? true,
    ...planRetry(options, sources.length),
    ...planTimes(options),
    ...planFetch(options, world),
    onProgress: onProgress && checkFunction('onProgress', onProgress),
    log: options.log,
    signal: options.signal,
    onEvent: options.onEvent,
    world,
  };
}

function planSources(source: DownloadSource): DownloadPlan['sources'] {
  const isList = typeof source === 'object' && !(source instanceof URL);
  if (isList) checkKeys('download', source, ['urls']);
  const [first, ...others] = isList ? source.urls.map(readSource) : [readSource(source)];
  if (first !== undefined) return [first, ...others];
  throw new InvalidOptionError('urls', source, 'urls must name at least one address');
}

/** With several addresses, each of them has at least one attempt. */
function planRetry(
  { retry: given = {} }: DownloadOptions,
  sources: number,
): Pick<DownloadPlan, 'attempts' | 'on' | 'backoff' | 'retry'> {
  const options = typeof given === 'object' ? given : { attempts: given === false ? 1 : given };
  checkKeys('retry', options, ['attempts', 'backoff', 'on', 'unless', 'budget', 'onRetry', 'onExhausted']);
  // The engine checks what is its own.
  retry(options);
  const { attempts = downloadDefaults.attempts, backoff = defaultBackoff, on, ...rest } = options;
  return {
    attempts: Math.max(attempts, sources),
    on: on === undefined ? isTransient : resolveErrorFilter('on', on),
    backoff,
    retry: rest,
  };
}

function planTimes(options: DownloadOptions): Pick<DownloadPlan, 'timeoutMs' | 'idleMs' | 'maxHintMs' | 'progressMs'> {
  const { timeout, idleTimeout = downloadDefaults.idleMs, maxHintWait = downloadDefaults.maxHintMs } = options;
  return {
    timeoutMs: timeout === undefined ? undefined : checkDuration('timeout', timeout, 1),
    idleMs: checkDuration('idleTimeout', idleTimeout, 1),
    maxHintMs: checkDuration('maxHintWait', maxHintWait),
    progressMs: checkDuration('progressEvery', options.progressEvery ?? downloadDefaults.progressMs),
  };
}

/** Headers are given to a session, which does not carry them to where a request is redirected. */
function planFetch({ fetch, headers }: DownloadOptions, world: World): Pick<DownloadPlan, 'fetch' | 'headers'> {
  const given = new Headers(headers);
  for (const name of ['range', 'if-range', 'accept-encoding']) {
    if (!given.has(name)) continue;
    throw new InvalidOptionError(
      'headers',
      undefined,
      `headers must leave ${name} to the download, got ${show(given.get(name))}`,
    );
  }
  if (fetch !== undefined) return { fetch: checkFunction('fetch', fetch), headers: given };
  return { fetch: createSession({ headers: given, budget: false, world }).fetch, headers: new Headers() };
}
