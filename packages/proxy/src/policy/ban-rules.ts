import { checkKeys, checkNumber, InvalidOptionError, show } from 'mulligan';

/** How a target shows that it does not want a proxy. Everything that a rule names must be so. */
export interface BanRule {
  readonly status?: number | readonly number[];
  /** A field of the head, and what its value holds. */
  readonly header?: { readonly name: string; readonly matches: string | RegExp };
  /** What the first 64 KiB of the body hold. */
  readonly body?: string | RegExp;
  /** The targets that this is said of. @default all */
  readonly hosts?: readonly string[];
}

/** What a rule is held against. */
export interface ResponseHead {
  /** The target's name. */
  readonly host: string;
  readonly status: number;
  header(name: string): string | undefined;
}

/** Whether a response is a ban, as far as its head tells. `'body'`: the body decides. */
export type BanVerdict = 'banned' | 'body' | 'welcome';

/** Tells bans from answers. */
export class BanRules {
  readonly #rules: readonly BanRule[];

  /** @throws {InvalidOptionError} in a sentence */
  constructor(rules: readonly BanRule[] = []) {
    for (const rule of rules) checkRule(rule);
    this.#rules = rules;
  }

  /** What the head of a response tells. */
  ofHead(head: ResponseHead): BanVerdict {
    const fitting = this.#rules.filter((rule) => fitsHead(rule, head));
    if (fitting.some(({ body }) => body === undefined)) return 'banned';
    return fitting.length > 0 ? 'body' : 'welcome';
  }

  /** Whether a response is a ban, given the beginning of its body. */
  isBan(head: ResponseHead, body: string): boolean {
    return this.#rules.some((rule) => fitsHead(rule, head) && (rule.body === undefined || holds(body, rule.body)));
  }
}

function fitsHead({ status, header, hosts }: BanRule, head: ResponseHead): boolean {
  if (status !== undefined && ![status].flat().includes(head.status)) return false;
  if (hosts !== undefined && !hosts.includes(head.host)) return false;
  return header === undefined || holds(head.header(header.name) ?? '', header.matches);
}

function holds(text: string, pattern: string | RegExp): boolean {
  // An expression that is global or sticky begins where it left off: a search does not.
  return typeof pattern === 'string' ? text.includes(pattern) : text.search(pattern) >= 0;
}

function checkRule(rule: BanRule): void {
  checkKeys('a ban rule', rule, ['status', 'header', 'body', 'hosts']);
  const { status, header, body } = rule;
  for (const one of [status ?? []].flat()) checkNumber('status', one, { min: 100, max: 599, whole: true });
  if (header !== undefined) checkPattern('header.matches', header.matches);
  if (body !== undefined) checkPattern('body', body);
  if (status === undefined && header === undefined && body === undefined) {
    throw new InvalidOptionError(
      'bans',
      rule,
      'a ban rule must name a status, a header or a body, or everything is a ban',
    );
  }
}

function checkPattern(option: string, pattern: unknown): void {
  const isPattern = (typeof pattern === 'string' && pattern !== '') || pattern instanceof RegExp;
  if (isPattern) return;
  throw new InvalidOptionError(option, pattern, `${option} must be text or a regular expression, got ${show(pattern)}`);
}
