import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Served, serve } from './serve.ts';

/** What goes wrong with one request. */
export type ModelTrouble = 'busy' | 'reset' | 'error in the stream' | 'breaks off';

/** A server like those of language models: it speaks as OpenAI, Anthropic and Hugging Face do. */
export interface ModelLike extends Served {
  readonly requests: number;
}

/**
 * Answers every question with "The sky is blue."
 * @param troubles what goes wrong with the first requests, in order
 * @param headers of all answers
 */
export async function serveModel(
  troubles: readonly ModelTrouble[] = [],
  headers: Readonly<Record<string, string>> = {},
): Promise<ModelLike> {
  let requests = 0;
  const server = await serve((request, reply) => {
    const trouble = troubles[requests++];
    for (const [name, value] of Object.entries(headers)) reply.setHeader(name, value);
    void read(request).then((body) => {
      if (trouble === 'reset') reply.destroy();
      else if (trouble === 'busy') json(reply, 503, { error: { message: 'busy', type: 'overloaded_error' } });
      else if (body.stream === true) stream(reply, trouble);
      else json(reply, 200, answerTo(request.url ?? '', body));
    });
  });
  return {
    ...server,
    get requests() {
      return requests;
    },
  };
}

interface Question {
  readonly stream?: boolean;
  readonly inputs?: string;
}

async function read(request: IncomingMessage): Promise<Question> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString() || '{}') as Question;
}

function json(reply: ServerResponse, status: number, value: object): void {
  reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

const words = ['The', ' sky', ' is', ' blue.'];

function answerTo(path: string, { inputs }: Question): object {
  const text = words.join('');
  if (path.endsWith('/messages')) return { type: 'message', role: 'assistant', content: [{ type: 'text', text }] };
  if (inputs !== undefined) return [{ generated_text: text }];
  return { choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: text } }] };
}

function stream(reply: ServerResponse, trouble: ModelTrouble | undefined): void {
  reply.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (data: object): void => void reply.write(`data: ${JSON.stringify(data)}\n\n`);
  if (trouble === 'error in the stream') {
    send({ error: { message: 'overloaded', type: 'overloaded_error' } });
    reply.end();
    return;
  }
  const told = trouble === 'breaks off' ? words.slice(0, 2) : words;
  for (const content of told) send({ id: '1', choices: [{ index: 0, delta: { content } }] });
  if (trouble !== 'breaks off') send({ id: '1', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
  reply.end();
}
