/** What a failed attempt says of itself: thrown by the dialer and the gateway, read by the rotator. */
export { AttemptFailure, type AttemptFailureDetails, type FailurePhase, type Fault } from './attempt-failure.ts';
