/** The policy of `createFetch` as an interceptor of undici. Node only; needs the package `undici`, 7 or 8. */
export { type InterceptorOptions, retryInterceptor } from './retry-interceptor.ts';
