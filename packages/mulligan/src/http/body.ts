import { type OneShotBody, Spool } from './spool.ts';

/** What `fetch` takes as its first argument. */
export type FetchInput = Parameters<typeof globalThis.fetch>[0];

/** What `fetch` takes as a body. */
export type Body = NonNullable<RequestInit['body']>;

/** Makes a body, once for each attempt. */
export type BodyFactory = () => Body | Promise<Body>;

/** What `createFetch` takes as `init`: what `fetch` takes, and a function in the place of a body. */
export interface FetchInit extends Omit<RequestInit, 'body'> {
  /** A function is called once for each attempt. */
  readonly body?: Body | BodyFactory | null;
  /** See `buffer` of `createFetch`, for this call alone. */
  readonly buffer?: boolean;
  /** `false`: one attempt for this call alone, for callers that have a retry of their own around it. */
  readonly retry?: false;
  /** What the platform wants to see beside a streamed body. */
  readonly duplex?: 'half';
}

/** The arguments of the platform's `fetch`. */
export type FetchArguments = readonly [input: FetchInput, init: RequestInit];

/** The arguments of a request, fresh for each attempt. */
export interface Payload {
  /** Whether the body can be sent once more. */
  readonly canResend: boolean;
  /** @param attempt from 1, in order */
  readonly forAttempt: (attempt: number) => FetchArguments | Promise<FetchArguments>;
  /** The call has failed: lets go of what the body was made of. */
  readonly cancel?: (reason: unknown) => void;
}

/** How a call may repeat its body. */
export interface PayloadRules {
  readonly attempts: number;
  /** How much of a stream is kept; 0: nothing. */
  readonly spoolBytes: number;
}

/** Finds out how a request can be sent again. Nothing is read and nothing is copied before it is needed. */
export function payloadOf(input: FetchInput, init: FetchInit, rules: PayloadRules): Payload {
  const body = init.body ?? undefined;
  if (body === undefined) return isRequest(input) ? ofRequest(input, init, rules.attempts) : same(input, init, true);
  if (typeof body === 'function') return made(input, init, body);
  if (!isOneShot(body)) return same(input, init, true);
  return rules.spoolBytes > 0 ? spooled(input, init, new Spool(body, rules.spoolBytes)) : same(input, init, false);
}

/** Whether an argument is a `Request`, also one of another implementation. */
export function isRequest(input: FetchInput): input is Request {
  return typeof input === 'object' && 'method' in input && 'headers' in input;
}

/** Streams of the platform and of Node, and generators. Everything else that `fetch` takes can be read again. */
function isOneShot(body: unknown): body is OneShotBody {
  return typeof body === 'object' && body !== null && ('getReader' in body || Symbol.asyncIterator in body);
}

function same(input: FetchInput, init: FetchInit, canResend: boolean): Payload {
  const args = [input, init as RequestInit] as const;
  return { canResend, forAttempt: () => args };
}

function made(input: FetchInput, init: FetchInit, make: BodyFactory): Payload {
  return {
    canResend: true,
    async forAttempt() {
      const body = await make();
      return [input, { ...init, body, ...(isOneShot(body) ? halfDuplex : {}) }];
    },
  };
}

function spooled(input: FetchInput, init: FetchInit, spool: Spool): Payload {
  return {
    get canResend() {
      return spool.canReplay;
    },
    forAttempt: () => [input, { ...init, body: spool.stream(), ...halfDuplex }],
    cancel: (reason) => void spool.cancel(reason),
  };
}

const halfDuplex = { duplex: 'half' };

/**
 * A `Request` does not say what its body was made of. It is sent itself, as `fetch` would; what further attempts send
 * is cloned from it before, which for text and bytes is free.
 */
function ofRequest(input: Request, init: FetchInit, attempts: number): Payload {
  const isRepeatable = input.body === null || attempts === 1 || input.bodyUsed;
  if (isRepeatable) return same(input, init, true);
  const spare = input.clone();
  return {
    canResend: true,
    forAttempt(attempt) {
      if (attempt === 1) return [input, init as RequestInit];
      return [attempt === attempts ? spare : spare.clone(), init as RequestInit];
    },
  };
}
