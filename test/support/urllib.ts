import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const script = `
import json, ssl, sys, urllib.request as u, urllib.error as e
from concurrent.futures import ThreadPoolExecutor
context = ssl._create_unverified_context()
opener = u.build_opener(u.ProxyHandler({'http': sys.argv[1], 'https': sys.argv[1]}), u.HTTPSHandler(context=context))
def ask(url, method):
    data = url.encode() if method == 'POST' else None
    try:
        with opener.open(u.Request(url, data=data, method=method), timeout=30) as r: return '%d %d' % (r.status, len(r.read()))
    except e.HTTPError as error: return '%d %d' % (error.code, len(error.read()))
    except Exception as error: return '0 ' + repr(error)
with ThreadPoolExecutor(10) as pool:
    for line in sys.stdin:
        urls, method = json.loads(line)
        print(json.dumps(list(pool.map(lambda url: ask(url, method), urls))), flush=True)`;

/** Python's urllib, in a process of its own that is started once. */
export class Urllib {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  /** @param proxy the URL of the proxy that it uses */
  constructor(proxy: string) {
    const child = spawn('python3', ['-c', script, proxy], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#process = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** Asks for URLs, several at the same time. Gives status and length of each answer. A POST sends its URL as body. */
  async ask(urls: readonly string[], method = 'GET'): Promise<string[]> {
    this.#process.stdin?.write(`${JSON.stringify([urls, method])}\n`);
    const { value } = (await this.#lines.next()) as { value: string };
    return JSON.parse(value) as string[];
  }

  close(): void {
    this.#process.kill();
  }
}
