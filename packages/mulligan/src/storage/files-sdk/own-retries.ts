/** What `acquireInitialRetryToken` of the AWS SDK gives. */
const noToken = Object.freeze({ getRetryCount: () => 0, getRetryDelay: () => 0 });

/** A strategy of the AWS SDK that never retries. What it throws is replaced by the error of the request. */
const never = Object.freeze({
  mode: 'standard',
  acquireInitialRetryToken: async () => noToken,
  refreshRetryTokenForRetry: async () => {
    throw new Error('retries are made by mulligan');
  },
  recordSuccess: () => {},
});

type Raw = Record<string, unknown>;

function field(from: unknown, name: string): unknown {
  return typeof from === 'object' && from !== null ? (from as Raw)[name] : undefined;
}

/** Clients of the AWS SDK ask their configuration for a strategy at each call; its `maxAttempts` is read too early. */
function switchOffAws(raw: unknown): boolean {
  const config = field(raw, 'config');
  if (typeof field(config, 'retryStrategy') !== 'function') return false;
  (config as Raw)['retryStrategy'] = async () => never;
  return true;
}

/** Azure's client has no public way: the policy is taken out of its pipeline. */
function switchOffAzure(raw: unknown): boolean {
  const pipeline = field(field(raw, 'pipeline'), '_corePipeline') as
    | { removePolicy?: (policy: { name: string }) => readonly unknown[] }
    | undefined;
  return (pipeline?.removePolicy?.({ name: 'storageRetryPolicy' }).length ?? 0) > 0;
}

/** Google's client reads these options at each call. */
function switchOffGoogle(raw: unknown): boolean {
  const options = field(raw, 'retryOptions');
  if (typeof field(options, 'autoRetry') !== 'boolean') return false;
  (options as Raw)['autoRetry'] = false;
  return true;
}

/** The small client of `s3Fetch`. */
function switchOffSmall(raw: unknown): boolean {
  if (typeof field(raw, 'retries') !== 'number') return false;
  (raw as Raw)['retries'] = 0;
  return true;
}

/** By the name of the adapter. Those on top of the AWS SDK are known by their client. */
const switches: Readonly<Record<string, (raw: unknown) => boolean>> = {
  azure: switchOffAzure,
  gcs: switchOffGoogle,
  'firebase-storage': switchOffGoogle,
  's3-fetch': switchOffSmall,
};

/** These make no requests. */
const withoutNetwork: ReadonlySet<string> = new Set(['memory', 'fs']);

/** Clients that are switched off already: another storage on the same client has nothing to do. */
const done = new WeakSet<object>();

/** Switches the retries of a provider's client off, so that they do not multiply with ours. Says whether it could. */
export function switchOffRetries(name: string, raw: unknown): boolean {
  if (withoutNetwork.has(name)) return true;
  if (typeof raw !== 'object' || raw === null) return false;
  if (done.has(raw)) return true;
  const isOff = (switches[name] ?? switchOffAws)(raw);
  if (isOff) done.add(raw);
  return isOff;
}
