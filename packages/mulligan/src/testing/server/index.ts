/** Real servers that misbehave, and a kit that holds any `fetch` against them. Node only. */
export { type CaseResult, checkFetch, type CheckFetchOptions } from './conformance.ts';
export { type Answer, FaultServer, type SeenRequest, withFaultServer } from './fault-server.ts';
export { type FetchCase, fetchCases } from './fetch-cases.ts';
