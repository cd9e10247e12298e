import { type ClientRequest, type IncomingMessage, request as sendRequest } from 'node:http';
import type { Socket } from 'node:net';
import { basicCredentials, dialProxy, type DialOptions, dialThrough } from '../dial/index.ts';
import { AttemptFailure } from '../failure/index.ts';
import type { FailoverAttempt } from '../rotator/index.ts';
import type { PlainMessage } from './plain-message.ts';
import { dialOptionsFor, type GatewayServices } from './services.ts';

/**
 * Sends a request once and waits for the head of its response.
 * @throws {AttemptFailure} which says whether it may be sent again; the signal's reason when the attempt is aborted
 */
export async function sendPlain(
  services: GatewayServices,
  attempt: FailoverAttempt,
  message: PlainMessage,
): Promise<IncomingMessage> {
  const way = wayOf(services, attempt, message);
  // What cannot be repeated must not meet a kept connection that is about to be closed.
  if (!message.isIdempotent) return exchangeHeads(services, attempt, message, { ...way, agent: services.single });
  try {
    return await exchangeHeads(services, attempt, message, { ...way, agent: services.pooled });
  } catch (error) {
    if (!(error instanceof StaleConnection) || !message.body.isReplayable) throw error;
    // The connection was closed just as it was used again: nobody's fault, and no attempt is lost.
    return exchangeHeads(services, attempt, message, { ...way, agent: services.single });
  }
}

/** Whether a request goes to the proxy with its absolute URI; if not, the target itself is spoken to. */
export function isForwarding(attempt: FailoverAttempt): boolean {
  const protocol = attempt.proxy?.address.protocol;
  return protocol === 'http' || protocol === 'https';
}

interface Way {
  readonly key: string;
  readonly dial: () => Promise<Socket>;
  readonly path: string;
  readonly headers: readonly string[];
}

function wayOf(services: GatewayServices, attempt: FailoverAttempt, { target, headers, body }: PlainMessage): Way {
  const address = attempt.proxy?.address;
  const { place, authority, path } = target;
  const options = (): DialOptions => dialOptionsFor(services, attempt, place);
  if (address === undefined || !isForwarding(attempt)) {
    const key = `${attempt.proxy?.id ?? 'direct'} ${authority}`;
    return { key, dial: () => dialThrough(address, place, options()), path, headers: [...headers, ...body.framing] };
  }
  const credentials = basicCredentials(address);
  const own = credentials === undefined ? [] : ['Proxy-Authorization', credentials];
  return {
    key: `${attempt.proxy?.id} ${address.toString()}`,
    dial: () => dialProxy(address, options()),
    path: `http://${authority}${path}`,
    headers: [...headers, ...own, ...body.framing],
  };
}

function exchangeHeads(
  { plan }: GatewayServices,
  attempt: FailoverAttempt,
  message: PlainMessage,
  way: Way & { agent: GatewayServices['pooled'] },
): Promise<IncomingMessage> {
  const { method, body } = message;
  return new Promise((resolve, reject) => {
    let isSent = false;
    let abortReason: unknown;
    const { agent, path, headers, ...route } = way;
    const options = { agent, method, path, headers, setHost: false, maxHeaderSize: plan.headerBytes, route };
    const request = sendRequest(options);
    const isTimed = message.isIdempotent && body.isReplayable && !attempt.isLast;
    const timer = isTimed ? plan.world.setTimer(() => request.destroy(timedOut()), plan.responseMs) : undefined;
    const listening = attempt.onAbort((reason) => {
      abortReason = asError(reason);
      request.destroy(asError(reason));
    });
    const leave = (): void => {
      timer?.cancel();
      listening();
    };
    request.once('socket', () => {
      isSent = true;
    });
    request.once('response', (response) => {
      leave();
      resolve(response);
    });
    request.on('error', (error) => {
      leave();
      reject(abortReason ?? failureOf(error, request, { isSent, attempt, message }));
    });
    body.sendTo(request);
  });
}

interface SendingState {
  readonly isSent: boolean;
  readonly attempt: FailoverAttempt;
  readonly message: PlainMessage;
}

function failureOf(error: Error, request: ClientRequest, { isSent, attempt, message }: SendingState): AttemptFailure {
  // What the dialler says is complete; nothing of the request has gone anywhere.
  if (error instanceof AttemptFailure) return error;
  const { code = '' } = error as NodeJS.ErrnoException;
  const isBroken = code.startsWith('HPE_');
  const mayFailOver = !isSent || (message.isIdempotent && message.body.isReplayable);
  const isStale = request.reusedSocket && (code === 'ECONNRESET' || code === 'EPIPE');
  return new (isStale ? StaleConnection : AttemptFailure)(sentenceFor(code, isBroken), {
    fault: attempt.proxy === undefined ? 'target' : 'proxy',
    isAmbiguous: !isBroken,
    mayFailOver,
    phase: 'head',
    cause: error,
  });
}

/** A connection that had been used before was closed before anything came back. */
class StaleConnection extends AttemptFailure {}

function sentenceFor(code: string, isBroken: boolean): string {
  if (isBroken) return 'the response is not HTTP';
  return code === 'ETIMEDOUT' ? 'no response in time' : 'the connection was closed before a response came';
}

function timedOut(): Error {
  return Object.assign(new Error('no response in time'), { code: 'ETIMEDOUT' });
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
