export type { ApiListenOptions, RunningServer, ServerOptions } from './options.ts';
export { startServer } from './start-server.ts';
