import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createCertificates } from './support/certificates.ts';
import { start, startGateway } from './support/gateway.ts';
import { startOrigin } from './support/origin.ts';
import { describeWithProgram } from './support/program.ts';
import { root } from './support/root.ts';

const run = promisify(execFile);
const page = readFileSync(join(root, 'docs/gateway.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\\n\`\`\``, 'gu'))].map(([, code = '']) => code);

/** A gateway, and how to make the words of the page mean it and servers of this test. */
async function gatewayForPage() {
  const { ca: _, ...certificates } = createCertificates(['localhost', '127.0.0.1'], Date.now());
  const [origin, secure] = [await start(startOrigin()), await start(startOrigin({ certificates }))];
  const { port } = await startGateway();
  return (code: string): string =>
    code
      .replaceAll('127.0.0.1:8080', `127.0.0.1:${port}`)
      .replaceAll('https://example.com', secure.url)
      .replaceAll('http://example.com', origin.url);
}

describeWithProgram('curl', 'docs/gateway.md', () => {
  const commands = blocks('sh').flatMap((block) => block.split('\n'));
  test.each(commands)('%s', async (command) => {
    const here = await gatewayForPage();
    const { stdout } = await run('sh', ['-c', here(command).replace('curl ', 'curl -qsk ')]);
    expect(stdout).toBe('hello ');
  });
});

describeWithProgram('python3', 'docs/gateway.md in Python', () => {
  test.each(blocks('python'))('program %#', async (program) => {
    const here = await gatewayForPage();
    const { stdout } = await run('python3', ['-c', here(program)]);
    expect(stdout).toBe('hello \n');
  });
});
