import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { regionOf } from './support/regions.ts';
import { root } from './support/root.ts';

const run = promisify(execFile);
const node = (...args: string[]) => run(process.execPath, args, { cwd: root });

/** What each example prints. */
const printed: Record<string, string> = {
  'backoff-hook': `waiting for exactly 1000 ms, as the server asks
welcome
404: 1 attempt, given up as not-retryable`,
  'basic-retry': `fetched {"answer":42} over connection 3
read {"colour":"blue"}`,
  'custom-configuration': `given up after 6 attempts: attempts
every wait within its bound: true`,
  'custom-exceptions': `after a rate limit: {"status":200,"requests":3}
Invalid credentials, after 1 request`,
  'custom-timing': `processed after 20 s of virtual time
waits of 5000, 15000, 45000 ms; a RangeError is retried: false`,
  decorator: `200 after two failures; still named doIt`,
  'download-session': `Request failed for http://…/pkg-1.0.tar.gz: terminated: other side closed. Retrying in … seconds (attempt 1/5)
saved …/pkg-1.0.tar.gz
Error: somebody had enough`,
  download: `pkg-1.0+local.tar.gz 4000000 3 requests
4000000 of 4000000 bytes, … kB/s, 0 s left, request 1
kept for the next one: 1500000
the next one began at 1500000
data.zip true
false true`,
  'environment-session': `DEBUG GITHUB_TOKEN is set
DEBUG Retry configuration: 4 retries, backoff factor 0.1, timeout 120s, statuses 408 429 500 502 503 504, methods GET HEAD OPTIONS PUT DELETE POST
WARNING Request failed with status 504 for http://…/repos/owner/repo/tags. Retrying in … seconds (attempt 1/5)
DEBUG http://… is not asked for … seconds
WARNING GitHub API rate limit hit for http://…/repos/owner/repo/tags. Waiting … seconds until reset.
[ 'v1.0' ] 3 requests with the token: true
ERROR Request failed after 1 attempts for http://…/repos/owner/limited/tags: GitHub API rate limit exceeded for http://…/repos/owner/limited/tags. Reset in …s. Set GITHUB_TOKEN environment variable to increase the rate limit from 60 to 5000 requests/hour.
until then more than two minutes`,
  'fetch-repo-docs': `ada/engine: # The engine (readme)
ada/notes: # One, # Two (files)
ada/secret: /repos/ada/secret/readme was answered with 403
2 × /repos/ada/engine/readme
2 × /repos/ada/notes/contents/
1 × /repos/ada/notes/contents/one.md
2 × /repos/ada/notes/contents/two.md
1 × /repos/ada/notes/readme
1 × /repos/ada/secret/readme`,
  gateway: `shop: GET, 200 after 2 attempt(s)
200 data`,
  generation: `The sky is blue. 2 requests
piece: The
piece:  sky
it broke off after: The sky
2 requests
The sky is blue, The sea is blue`,
  'http-clients': `OpenAI: 3 requests
Anthropic: 3 requests
AI SDK: 3 requests
ky: 3 requests
ofetch: 3 requests
axios: 3 requests`,
  'http-fetch': `200 request 2
{"name":"Ada"}, {"name":"Ada"}, a large file, a large file, a stream, a stream
2 payments, 1 key
503 after 3 attempts: attempts
attempt 1: retry backoff
attempt 2: retry backoff
attempt 3: attempts`,
  'http-hints': `200 and 200, 3 requests
not before 30 s: true, not after 33 s: true
503 after 1 request: hint-too-long
retry-after: 10 days`,
  'http-proxy': `proxy: GET /by-option for Basic YWRhOnMzY3JldA==
proxy: GET /by-environment for undefined
proxy: GET /by-fetch for undefined`,
  'http-session': `Request failed with status 502 for http://…/v1/users. Retrying in … seconds (attempt 1/5)
404: {}
{ method: 'GET', url: '/v1/users?page=2', accept: 'application/json' } 200
{ authorization: 'Bearer s3cret' } undefined function`,
  'http-undici': `200 {"status":200,"requests":3}`,
  'model-fetch': `waiting for room
The sky is blue. 1 message
3 requests
piece: The
piece:  sky
piece:  is
piece:  blue.
2 requests`,
  'proxy-backoff': `exponential: 1.0, 2.0, 4.0, 5.0 s
linear: 1.0, 2.0, 3.0, 4.0 s
fixed: 1.0, 1.0, 1.0, 1.0 s
with jitter at least half of the first wait: true
and never above the cap: true`,
  'proxy-basic-retry': `200 data
1 request, 1 retry`,
  'proxy-breaker-reset': `503 Service Temporarily Unavailable - All proxies are currently failing. Please wait for circuit breakers to recover.
200 data
0 proxies removed, 1 left`,
  'proxy-breaker-states': `WARNING: 66.7% of proxies have open circuits
one: open, 2/2 failures
  next test within 30 s
two: open, 2/2 failures
  next test within 30 s
working: closed, 0/2 failures`,
  'proxy-custom-policy': `200 data
2 attempts, 200 ms, then ×1, ×2 …`,
  'proxy-health': `welcome
one: 1 requests
other: 1 requests
one works: true`,
  'proxy-lists': `2 added
line 4: the host of a proxy must be a name or an IP address, got "not a proxy"
http://proxy1.example.com:8080
socks5://proxy2.example.com:1080
https://proxy4.example.com:443
http://proxy5.example.com:3128
http://proxy6.example.com:8080
2 came, 1 went`,
  'proxy-log': `attempt 1 through proxy1: failure (Status code 503)
attempt 2 through proxy2: success
Making GET request to http://…/data
Received retryable status 503 from proxy proxy1
Retry attempt 2/3 after 1.00s delay
Request succeeded on attempt 2 using proxy proxy2
Request successful: GET http://…/data`,
  'proxy-metrics': `5 requests, 3 retries
success by attempt: {"0":3,"1":1,"2":1}
:00:00.000Z: 5 requests, 62.5 %
proxy1: 5 of 8 attempts succeeded`,
  'proxy-non-idempotent': `not-idempotent after 1 attempt
200 data`,
  'proxy-per-request': `ProxyConnectionError: Request failed after 4 attempts: Status code 503
503 without retries; 5 attempts in all`,
  'proxy-profiles': `highVolume: 5 attempts, waits of 0.5, 1, 2, 4 s
rateLimited: 3 attempts, waits of 5, 10 s
critical: 2 attempts, waits of 1 s
latency: 2 attempts, waits of 0.5 s
success: 5 attempts, waits of 1, 2, 4, 8 s`,
  'proxy-regions': `us-1: failure
us-2: success
200 data
eu: passed-over, score 0.65
us-1: passed-over, score 0.33
us-2: chosen, score 1.00`,
  'proxy-selection': `b a a a
ProxyPoolEmptyError: 503 Service Temporarily Unavailable - No proxy in the region ASIA can be used now.
lowest-cost a lacks-tags, b passed-over, c chosen
200 by by-recent-success`,
  'proxy-timeouts': `deadline: Request timeout after 0.30s
deadline: Request failed after 1 attempt (the time is over, or the next wait does not fit into what is left of it): Status code 503
deadline: Request failed after 1 attempt (the time is over, or the next wait does not fit into what is left of it): no response within 100 ms
TimeoutError`,
  'retry-context': `attempt 2, next wait at least 200 ms
attempt 3, next wait at least 400 ms
{"status":200,"requests":3}
21.5 °C at attempt 2`,
  'retry-hooks': `made the hook
retry 1 of fetchUser, caused by Error: 503
the wait is over
retry 2 of fetchUser, caused by Error: 502
the wait is over
Ada
log: fetchUser: attempt 1 of 3 failed (503); trying again in 10 ms
log: fetchUser: attempt 2 of 3 failed (502); trying again in 20 ms
Ada`,
  'retry-metrics': `similarity_search: Attempt 1/4 failed: Connection refused. Retrying in 1.00s...
similarity_search: Attempt 2/4 failed: Connection refused. Retrying in 2.00s...
similarity_search: Succeeded on attempt 3
similarity_search: Attempt 1/4 failed: Connection refused. Retrying in 1.00s...
similarity_search: Attempt 2/4 failed: Connection refused. Retrying in 2.00s...
similarity_search: Attempt 3/4 failed: Connection refused. Retrying in 4.00s...
similarity_search: Max retries (3) exceeded
similarity_search: All retry attempts failed. Last exception: Connection refused
retry rate 0.67, success after retry 0.33
exhausted 1, average retries 1.67, waited 10000 ms`,
  'retry-session': `/api/data at request 2
/metadata at request 2
Request failed with status 504 for http://…/api/data. Retrying in … seconds (attempt 1/6)`,
  'retryable-client': `users: {"status":200,"requests":3}`,
  'retrying-caller': `{"status":200,"requests":2} with 42
{"status":200,"requests":4} with 43`,
  'storage-backend': `✓ what is put is read back, byte by byte
✓ text is stored as UTF-8
✓ an empty body is an object, too
✓ a body is of any kind
✓ type and metadata are kept
✓ put replaces all that was there
✓ keys may have odd characters
✓ keys that not every backend keeps are refused
✓ a body that breaks leaves what was there
✓ what is aborted is not written
✓ writers of one key do not mix
✓ readers see the old or the new, and nothing between
✓ a long body arrives whole, and tells how far it is
✓ an object is read as a stream, with all that is known of it
✓ a stream can be left
✓ a piece of an object is read
✓ what is missing is said to be missing
✓ what is deleted is gone, and deleting it again is fine
✓ a list has what begins with the prefix, page by page
✓ a list can be left
✓ a copy is the same, and leaves the original
✓ what is moved is there, and only there
✓ an address, or a sentence why there is none`,
  'storage-backoff': `attempt 1: 1 s
attempt 2: 2 s
attempt 3: 4 s
attempt 4: 8 s
attempt 5: 16 s
attempt 6: 32 s
attempt 7: 60 s
Retry attempt 1/3 for upload_file after 0.88s: Connection timed out
Retry attempt 2/3 for upload_file after 1.54s: Connection timed out
Retry attempt 3/3 for upload_file after 4.32s: Connection timed out
All 3 retries exhausted for upload_file
thrown: Connection timed out`,
  'storage-multipart': `videos/talk.mp4: 0 %
videos/talk.mp4: 40 %
videos/talk.mp4: 80 %
videos/talk.mp4: 100 %
parts sent: 1 2 2 3
a stream has no length, and is read once`,
  'storage-practices': `true after 3 attempts
{ retryRate: 0.5, successAfterRetryRate: 0.5, exhausted: 0 }`,
  'storage-with-retry': `stored at attempt 4
[ 'b.txt', 'c.txt' ]`,
  'storage-wrapped': `notes/today.txt string true
remember the milk · remember text/plain 8 { author: 'ada' }
archive/today.txt 17
false
File not found: notes/yesterday.txt MULLIGAN_STORAGE_FILE_NOT_FOUND
a storage in a folder has no addresses: give \`baseUrl\`, the address under which a web server shows the folder`,
  storage: `avatars/ada.jpg after 3 attempts
a rate limit took 2 attempts`,
  'testing-switches': `switched off: 1 attempt
testing: 2 attempts
capped: 3 of 10, 1 of 1
testing again: 2 attempts
active: true, testing: false`,
  'vector-store': `The sky is blue. (page 1), 2 searches
stored 1, 2; still to add: 3, 4`,
  'wrap-client': `0 points after 4 requests
The sky is blue. 200 after 3 requests`,
};

const files = readdirSync(join(root, 'examples')).filter((file) => file.endsWith('.ts'));

describe('every example runs, as a program of its own', () => {
  beforeAll(() => node('node_modules/typescript/bin/tsc', '-p', 'examples/tsconfig.json'));

  it('and none is forgotten', () => {
    expect(files).toEqual(Object.keys(printed).map((name) => `${name}.ts`));
    const listed = readFileSync(join(root, 'examples/README.md'), 'utf8').matchAll(
      /\[`(?<name>[^`]+)`\]\(\k<name>\.ts\)/gu,
    );
    expect([...listed].map(({ groups }) => `${groups!['name']}.ts`).sort()).toEqual(files);
  });

  it.concurrent.each(Object.entries(printed))('%s', async (name, expected) => {
    const { stdout, stderr } = await node(`examples/dist/${name}.js`);
    expect({ stdout: stdout.trimEnd(), stderr }).toEqual({ stdout: expected, stderr: '' });
  });
});

describe.each([
  'docs/five-systems.md',
  'docs/rotator.md',
  'docs/clients.md',
  'docs/http.md',
  'docs/download.md',
  'docs/storage.md',
  'docs/gateway.md',
])('%s shows what the examples run', (file) => {
  const page = readFileSync(join(root, file), 'utf8');
  const shown = [...page.matchAll(/```ts (?<file>(?:examples|test)\/\S+)#(?<region>\S+)\n(?<code>[^]*?)\n```/gu)];

  it.each(shown.map(({ groups }) => groups as { file: string; region: string; code: string }))(
    '$file#$region',
    ({ file, region, code }) => {
      expect(code).toBe(regionOf(file, region));
    },
  );

  it('and nothing in TypeScript besides', () => {
    expect(shown.length).toBeGreaterThan(0);
    expect([...page.matchAll(/```(?:ts|typescript)\b/gu)]).toHaveLength(shown.length);
  });
});
