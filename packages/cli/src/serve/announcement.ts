import type { RunningServer } from '@mulligan/proxy';
import type { Demonstration } from '../demo/demonstration.ts';
import { readVersion } from '../version.ts';
import type { ServePlan } from './plan.ts';

interface Running extends Pick<RunningServer, 'gateway' | 'api' | 'token'> {
  /** How many proxies there are. */
  readonly proxies: number;
}

type DemoAddresses = Pick<Demonstration, 'http' | 'https' | 'caPath'>;

/** What is printed once everything runs: one line of JSON, or a short block for a person. */
export function announcement(plan: ServePlan, server: Running, demo: DemoAddresses | undefined): string {
  return plan.isJson ? jsonLine(server, demo) : textBlock(plan, server, demo);
}

function jsonLine({ gateway, api, token }: Running, demo: DemoAddresses | undefined): string {
  const shown = demo && { http: demo.http, https: demo.https, ca: demo.caPath };
  return `${JSON.stringify({ gateway, api, token: token ?? null, demo: shown })}\n`;
}

function textBlock(plan: ServePlan, server: Running, demo: DemoAddresses | undefined): string {
  const { gateway, api, token } = server;
  return `
mulligan ${readVersion()}, ${wayInWords(plan, server)}

  Gateway    ${gateway}
  REST API   ${api}/api/v1
  Dashboard  ${api}/${fragment(plan, token)}

  Try it     curl ${curlOptions(plan, demo)}-x ${gateway} ${targets(demo)}

`;
}

/** Of a user only the name is told: curl asks for the password. */
function curlOptions({ gateway }: ServePlan, demo: DemoAddresses | undefined): string {
  const [user] = gateway.auth ?? [];
  const trust = demo === undefined ? '' : `--cacert ${quoted(demo.caPath)} `;
  return user === undefined ? trust : `${trust}-U ${quoted(user.username)} `;
}

function targets(demo: DemoAddresses | undefined): string {
  return demo === undefined ? 'https://example.com/' : `${demo.http}/json ${demo.https}/json`;
}

function quoted(word: string): string {
  return /^[\w./:\\+@-]+$/u.test(word) ? word : `"${word}"`;
}

/** A token that the user has set is theirs to keep: only one that was made here is printed. */
function fragment({ api }: ServePlan, token: string | undefined): string {
  if (token === undefined) return '';
  return `#token=${api.token === undefined ? token : '$MULLIGAN_API_KEY'}`;
}

function wayInWords({ way }: ServePlan, { proxies: count }: Running): string {
  if (way === 'demo') return 'a demonstration with local proxies, most of them faulty';
  if (way === 'direct') return 'without proxies';
  return `through ${count} ${count === 1 ? 'proxy' : 'proxies'}`;
}
