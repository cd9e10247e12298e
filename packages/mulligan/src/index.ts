export * from './kernel/index.ts';
export * from './breaker/index.ts';
export * from './fallback/index.ts';
export * from './hedge/index.ts';
export * from './limit/index.ts';
export * from './retry/index.ts';
export * from './timeout/index.ts';
