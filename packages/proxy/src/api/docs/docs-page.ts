import { isCommonError } from './common-errors.ts';
import type { ApiDocument } from './document.ts';
import { escapeHtml, inline, prose } from './html.ts';
import { fieldsHtml, type SchemaObject, typeHtml } from './schema-html.ts';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: SchemaObject;
}

interface Answer {
  readonly description: string;
  readonly content?: Readonly<Record<string, { readonly schema?: SchemaObject }>>;
}

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly unknown[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Pick<Answer, 'content'>;
  readonly responses: Readonly<Record<string, Answer>>;
}

interface Route {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** The document of the API as a page: plain HTML, made here, without a script. */
export function docsPage(document: ApiDocument, address: string): string {
  const routes = routesOf(document);
  const tags = (document.tags ?? []).map(({ name }) => name);
  const schemas = Object.entries((document.components?.schemas ?? {}) as Record<string, SchemaObject>);
  const groups = tags.map((tag) =>
    groupHtml(
      tag,
      routes.filter(({ operation }) => operation.tags?.includes(tag)),
      address,
    ),
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>mulligan: REST API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs.css">
</head>
<body>
<nav aria-label="Contents"><a class="home" href="./">mulligan</a>${tags.map(tagLink).join('')}<a href="#schemas">Schemas</a></nav>
<main>
<h1>REST API</h1>
<p class="muted">Version ${escapeHtml(document.info.version)} · <a href="openapi.json">OpenAPI 3.1 document</a> · <a href="metrics">Prometheus metrics</a></p>
${prose(document.info.description ?? '')}
${groups.join('\n')}
<h2 id="schemas">Schemas</h2>
${schemas.map(([name, schema]) => schemaHtml(name, schema)).join('\n')}
</main>
</body>
</html>`;
}

function routesOf({ paths = {} }: ApiDocument): Route[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Operation>).map(([method, operation]) => ({ method, path, operation })),
  );
}

const anchor = (tag: string): string => tag.toLowerCase().replaceAll(' ', '-');

const tagLink = (tag: string): string => `<a href="#${anchor(tag)}">${escapeHtml(tag)}</a>`;

function groupHtml(tag: string, routes: readonly Route[], address: string): string {
  const operations = routes.map((route) => operationHtml(route, address));
  return `<h2 id="${anchor(tag)}">${escapeHtml(tag)}</h2>${operations.join('\n')}`;
}

function operationHtml({ method, path, operation }: Route, address: string): string {
  const { summary = '', description = '', parameters = [], requestBody, security, responses } = operation;
  const body = requestBody?.content?.['application/json']?.schema;
  return `<section>
<h3><span class="method ${escapeHtml(method)}">${escapeHtml(method.toUpperCase())}</span> <code>${escapeHtml(path)}</code>${security === undefined ? '' : ' <small>needs the token</small>'}</h3>
<p>${inline(summary)}</p>
${prose(description)}
${parametersHtml(parameters)}
${body === undefined ? '' : `<p>Body: ${typeHtml(body)}</p>`}
${answersHtml(responses)}
<pre><code>${escapeHtml(curlLine(method, path, address, { hasBody: body !== undefined, isGuarded: security !== undefined }))}</code></pre>
</section>`;
}

function parametersHtml(parameters: readonly Parameter[]): string {
  if (parameters.length === 0) return '';
  const rows = parameters.map(({ name, in: place, required, description = '', schema = {} }) => {
    const initial = schema.default === undefined ? '' : ` Default ${escapeHtml(String(schema.default))}.`;
    return `<tr><td><code>${escapeHtml(name)}</code> <small>${escapeHtml(place)}${required === true ? '' : ', optional'}</small></td><td>${typeHtml(schema)}</td><td>${inline(description || (schema.description ?? ''))}${initial}</td></tr>`;
  });
  return `<table><tbody>${rows.join('')}</tbody></table>`;
}

/** What all routes have in common is said once, above them. */
function answersHtml(responses: Operation['responses']): string {
  const own = Object.entries(responses).filter(([status]) => !isCommonError(status));
  const rows = own.map(([status, { description, content = {} }]) => {
    const schema = Object.values(content)[0]?.schema;
    return `<tr><td><code>${escapeHtml(status)}</code></td><td>${schema === undefined ? '' : typeHtml(schema)}</td><td>${inline(description)}</td></tr>`;
  });
  return `<table class="answers"><tbody>${rows.join('')}</tbody></table>`;
}

interface CurlNeeds {
  readonly hasBody: boolean;
  readonly isGuarded: boolean;
}

function curlLine(method: string, path: string, address: string, { hasBody, isGuarded }: CurlNeeds): string {
  const url = `${address}${path.replace('{proxy_id}', 'proxy1.example.com:8080').replace('{request_id}', 'REQUEST_ID')}`;
  const verb = method === 'get' ? '' : ` -X ${method.toUpperCase()}`;
  const key = isGuarded ? ` -H "X-API-Key: $TOKEN"` : '';
  return `curl${verb}${key}${hasBody ? ` -H "Content-Type: application/json" -d '{…}'` : ''} ${url}`;
}

function schemaHtml(name: string, schema: SchemaObject): string {
  const fields = fieldsHtml(schema);
  return `<section id="${escapeHtml(name)}"><h3>${escapeHtml(name)}</h3>${prose(schema.description ?? '')}${fields === '' ? `<p>${typeHtml(schema)}</p>` : fields}</section>`;
}
