import { Writable } from 'node:stream';
import { createConsola } from 'consola';
import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import winston from 'winston';
import { onEvent } from '../kernel/index.ts';
import { retry } from '../retry/index.ts';
import { script, virtualWorld } from '../testing/index.ts';
import { describe } from './describe.ts';
import { type Logger, logEvents, logListener } from './log.ts';

const reset = (): Error => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

async function failOnce(logger: Logger, level: 'debug' | 'info' | 'warn' = 'info'): Promise<void> {
  const world = virtualWorld();
  const operation = script([reset(), 'ok']);
  const onLog = logListener(logger, { level });
  await world.run(retry(operation, { name: 'fetchUser', world, backoff: () => 1500, onEvent: onLog }));
}

function lines(): { stream: Writable; read: () => Record<string, unknown>[] } {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk.toString());
      done();
    },
  });
  const read = (): Record<string, unknown>[] =>
    chunks
      .join('')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { stream, read };
}

const scheduled = 'fetchUser: attempt 1 of 3 failed (socket hang up); trying again in 1.5 s';

test('pino gets the fields first and the sentence as its message', async () => {
  const { stream, read } = lines();
  await failOnce(pino({}, stream));
  const [first, second] = read();
  expect(first).toMatchObject({
    level: 40,
    msg: scheduled,
    name: 'fetchUser',
    wait_for: 1.5,
    error_type: 'ECONNRESET',
  });
  expect(second).toMatchObject({ level: 30, msg: 'fetchUser: Succeeded on attempt 2', attempts: 2 });
});

test('winston gets the sentence first and the fields as its metadata', async () => {
  const { stream, read } = lines();
  const logger = winston.createLogger({ transports: [new winston.transports.Stream({ stream })] });
  await failOnce(logger);
  expect(read()[0]).toMatchObject({ level: 'warn', message: scheduled, wait_for: 1.5 });
});

test('consola writes the sentence', async () => {
  const written: unknown[] = [];
  const logger = createConsola({
    level: 3,
    reporters: [{ log: ({ type, args }) => void written.push([type, args[0]]) }],
  });
  await failOnce(logger);
  expect(written).toEqual([
    ['warn', scheduled],
    ['info', 'fetchUser: Succeeded on attempt 2'],
  ]);
});

test('an object that has only warn hears of retries and failures, and of nothing less', async () => {
  const warn = vi.fn();
  const world = virtualWorld();
  const call = retry(() => Promise.reject(reset()), {
    name: 'save',
    world,
    attempts: 2,
    onEvent: logListener({ warn }),
  });
  await expect(world.run(call)).rejects.toThrow('socket hang up');
  const written = warn.mock.calls.map(([message]) => String(message));
  expect(written[0]).toMatch(/^save: attempt 1 of 2 failed \(socket hang up\); trying again in /);
  expect(written[1]).toBe('save: given up after 2 attempts (socket hang up): all attempts are used up');
});

test('a level of warn leaves successes out', async () => {
  const logger = { warn: vi.fn(), info: vi.fn() };
  await failOnce(logger, 'warn');
  expect(logger.warn).toHaveBeenCalledOnce();
  expect(logger.info).not.toHaveBeenCalled();
});

test('logEvents writes what happens anywhere in the process until it is told to stop', async () => {
  const logger = { warn: vi.fn() };
  const stop = logEvents(logger);
  const world = virtualWorld();
  await world.run(retry(script([reset(), 'ok']), { world }));
  stop();
  await world.run(retry(script([reset(), 'ok']), { world }));
  expect(logger.warn).toHaveBeenCalledOnce();
});

test('the arguments of a call, which may be secret, are in no line', async () => {
  const seen: string[] = [];
  const stop = onEvent((event) => seen.push(JSON.stringify(describe(event))));
  const login = retry({ on: Error, backoff: () => 0 })(async (secret: string) => {
    if (seen.length === 0) throw new Error(`no luck, ${secret.length} letters`);
  });
  await login('hunter2').finally(stop);
  expect(seen).toHaveLength(2);
  expect(seen.join()).not.toContain('hunter2');
});
