import { expect } from 'vitest';
import { z } from 'zod';

/** What is read of the document of the API. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedRoute>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

interface DescribedRoute {
  readonly operationId?: string;
  readonly responses: Readonly<Record<string, DescribedAnswer>>;
}

interface DescribedAnswer {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

/** An answer to be held against the document. */
export interface GivenAnswer {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Its `Content-Type`; `null` for none. */
  readonly type: string | null;
  readonly text: string;
}

/** The route of the document that a path belongs to, such as `/api/v1/proxies/{proxy_id}`. */
export function routeOf({ paths }: ApiDocument, path: string): string | undefined {
  const [pathname = ''] = path.split('?');
  if (pathname in paths) return pathname;
  return Object.keys(paths).find((template) => isOf(template.split('/'), pathname.split('/')));
}

function isOf(template: readonly string[], parts: readonly string[]): boolean {
  return template.length === parts.length && template.every((part, at) => part.startsWith('{') || part === parts[at]);
}

/**
 * Holds an answer against what the document says about it: its status, its type and its body. Where nothing is
 * described there are only errors, and they have the form of all errors, but for the pages.
 */
export function checkAnswer(document: ApiDocument, answer: GivenAnswer): void {
  const { method, path, status, text } = answer;
  const name = `${method} ${path} with ${status}`;
  const responses = responsesOf(document, method, path);
  const [type = ''] = (answer.type ?? '').split(';');
  if (responses === undefined) {
    if (type !== 'application/json' || path === '/openapi.json') return;
    expect(status, `${name} is not in the document`).toBeGreaterThanOrEqual(400);
    return checkJson(document, '#/components/schemas/Error', JSON.parse(text), name);
  }
  expect(responses[status], `${name} is not in the document`).toBeDefined();
  const content = responses[status]?.content ?? {};
  expect(Object.keys(content).join(), name).toBe(type);
  const schema = content[type]?.schema;
  if (schema === undefined || method === 'HEAD') expect(text, name).toBe('');
  else if (type === 'application/json') checkJson(document, schema, JSON.parse(text), name);
}

/** A HEAD is described where the GET is. */
function responsesOf(document: ApiDocument, method: string, path: string): DescribedRoute['responses'] | undefined {
  const route = routeOf(document, path);
  return route === undefined
    ? undefined
    : document.paths[route]?.[method.toLowerCase().replace('head', 'get')]?.responses;
}

/** Holds the data of a server-sent event against the document. */
export function checkEvent(document: ApiDocument, type: string, data: unknown): void {
  checkJson(document, '#/components/schemas/Events', { [type]: data }, `the event ${type}`);
}

const compiled = new WeakMap<ApiDocument, Map<string, z.ZodType>>();

function compile(document: ApiDocument, schema: object): z.ZodType {
  const known = compiled.get(document) ?? new Map<string, z.ZodType>();
  compiled.set(document, known);
  const key = JSON.stringify(schema);
  const text = JSON.stringify({ ...schema, $defs: document.components.schemas });
  const local = text.replaceAll('#/components/schemas/', '#/$defs/');
  const made = known.get(key) ?? z.fromJSONSchema(JSON.parse(local) as Parameters<typeof z.fromJSONSchema>[0]);
  known.set(key, made);
  return made;
}

function checkJson(document: ApiDocument, schema: object | string, body: unknown, name: string): void {
  const wanted = typeof schema === 'string' ? { $ref: schema } : schema;
  const result = compile(document, wanted).safeParse(body);
  expect(result.error?.issues, `${name} answered ${JSON.stringify(body)}`).toBeUndefined();
}
