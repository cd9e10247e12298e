import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answerParent } from './answer-parent.ts';
import { createCertificates } from './certificates.ts';
import { loopback, startListening } from './listening.ts';
import { answerAsOrigin } from './origin.ts';

/** What the process answers. */
export interface OriginReady {
  readonly httpPort: number;
  readonly httpsPort: number;
  /** The authority that signed the certificate, as PEM. */
  readonly ca: string;
  /** Path of a file that holds it, for as long as the process runs. */
  readonly caPath: string;
}

answerParent(async (): Promise<OriginReady> => {
  // The private key stays in this process.
  const { ca, cert, key } = createCertificates(['localhost', loopback], Date.now());
  const folder = mkdtempSync(join(tmpdir(), 'mulligan-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const caPath = join(folder, 'ca.pem');
  writeFileSync(caPath, ca, { mode: 0o644 });
  return {
    httpPort: await startListening(createServer(answerAsOrigin)),
    httpsPort: await startListening(createSecureServer({ cert, key }, answerAsOrigin)),
    ca,
    caPath,
  };
});
