export * from './kernel/index.ts';
export * from './retry/index.ts';
