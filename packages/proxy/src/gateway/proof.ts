import type { Flight } from './client-hello.ts';

/** What is known about a tunnel that was granted, but has not shown yet that it leads to its target. */
export interface TunnelEvidence {
  /** What the client has sent through it. */
  readonly flight: Flight | 'empty';
  /** What came back: nothing, the beginning of a TLS record, a whole ServerHello, or anything else. */
  readonly returned: 'nothing' | 'partial' | 'hello' | 'other';
  readonly isClosed: boolean;
  /** Nothing decisive has happened for as long as one waits. */
  readonly isOverdue: boolean;
  /** No other proxy will be tried. */
  readonly isLast: boolean;
}

/**
 * Whether to wait, to hand the tunnel over to the client for good, or to try another proxy. Another may only be tried
 * while no byte has gone to the client, and while all that the client sent is a ClientHello or less, on which no
 * server has acted yet.
 */
export function judgeTunnel({
  flight,
  returned,
  isClosed,
  isOverdue,
  isLast,
}: TunnelEvidence): 'wait' | 'commit' | 'fail' {
  if (flight === 'other' || returned === 'hello') return 'commit';
  // Before the client has said what it speaks: most targets that speak first are waited for a moment only.
  if (flight !== 'hello' && returned !== 'nothing') return isOverdue ? 'commit' : 'wait';
  // An alert, or something that is not TLS at all: perhaps the target's, so the last attempt passes it on.
  if (returned === 'other') return isLast ? 'commit' : 'fail';
  if (isClosed) return 'fail';
  if (!isOverdue) return 'wait';
  return flight === 'empty' || isLast ? 'commit' : 'fail';
}
