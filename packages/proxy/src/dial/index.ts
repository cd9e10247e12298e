/** Dialling: a connection to a target through any kind of proxy, or a failure that says whose fault it is. */
export { banFailure } from './ban-failure.ts';
export { blameFor, retryAfterOf } from './connect-answer.ts';
export { basicCredentials, formatPlace } from './http-connect.ts';
export { type DialOptions, type DialTimers, dialTimers, type DialTls, type Place } from './options.ts';
export { pipePooled } from './pooled-reads.ts';
export { dialProxy, dialThrough } from './through.ts';
