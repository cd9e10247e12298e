import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { answerParent } from './answer-parent.ts';
import type { Certificates } from './certificates.ts';
import { startListening } from './listening.ts';
import { answerAsOrigin } from './origin.ts';

/** What the process is told. */
export type OriginSettings = Pick<Certificates, 'cert' | 'key'>;

/** What it answers. */
export interface OriginReady {
  readonly httpPort: number;
  readonly httpsPort: number;
}

answerParent(async (settings: OriginSettings): Promise<OriginReady> => ({
  httpPort: await startListening(createServer(answerAsOrigin)),
  httpsPort: await startListening(createSecureServer(settings, answerAsOrigin)),
}));
