/**
 * The data of each event of a stream of server-sent events, in order (WHATWG HTML §9.2.6). Names and ids of events are
 * left out: no model's endpoint says anything there that its data do not.
 */
export async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const data: string[] = [];
  for await (const line of linesOf(body)) {
    if (line === '') {
      if (data.length > 0) yield data.splice(0).join('\n');
    } else if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
    else if (line === 'data') data.push('');
  }
  // The standard drops an event that no empty line ends; some endpoints end with one.
  if (data.length > 0) yield data.join('\n');
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      yield* lines;
      if (done) break;
    }
    if (rest !== '') yield rest.replace(/\r$/, '');
  } finally {
    // Whoever stops reading ends the connection.
    reader.cancel().catch(() => {});
  }
}
