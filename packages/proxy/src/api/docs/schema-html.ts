import { escapeHtml, inline } from './html.ts';

/** What is read of a schema in the document. */
export interface SchemaObject {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly items?: SchemaObject;
  readonly properties?: Readonly<Record<string, SchemaObject>>;
  readonly additionalProperties?: SchemaObject | boolean;
  readonly required?: readonly string[];
  readonly anyOf?: readonly SchemaObject[];
  readonly oneOf?: readonly SchemaObject[];
  readonly allOf?: readonly SchemaObject[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly default?: unknown;
}

/** The type of a schema in a few words; named ones are links to their tables. */
export function typeHtml(schema: SchemaObject): string {
  if (schema.$ref !== undefined) return reference(schema.$ref);
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choices !== undefined) return choices.map(typeHtml).join(' or ');
  if (schema.enum !== undefined) return schema.enum.map(valueHtml).join(' or ');
  if (schema.const !== undefined) return valueHtml(schema.const);
  return (
    [schema.type ?? 'any']
      .flat()
      .map((type) => plainType(type, schema))
      .join(' or ') + rangeText(schema)
  );
}

function plainType(type: string, { items, additionalProperties, format }: SchemaObject): string {
  if (type === 'array') return `list of ${typeHtml(items ?? {})}`;
  if (type === 'object' && typeof additionalProperties === 'object')
    return `object of ${typeHtml(additionalProperties)}`;
  if (type === 'string' && format === 'date-time') return 'moment (ISO 8601)';
  return escapeHtml(type);
}

function rangeText({ minimum, maximum, exclusiveMinimum }: SchemaObject): string {
  const isBound = (bound: number | undefined): bound is number => bound !== undefined && Math.abs(bound) < 2 ** 53 - 1;
  if (isBound(minimum) && isBound(maximum)) return `, ${minimum} to ${maximum}`;
  if (isBound(minimum)) return `, at least ${minimum}`;
  if (isBound(exclusiveMinimum)) return `, above ${exclusiveMinimum}${isBound(maximum) ? `, at most ${maximum}` : ''}`;
  return isBound(maximum) ? `, at most ${maximum}` : '';
}

function reference(ref: string): string {
  const name = escapeHtml(ref.split('/').at(-1) ?? ref);
  return `<a href="#${name}">${name}</a>`;
}

function valueHtml(value: unknown): string {
  return `<code>${escapeHtml(JSON.stringify(value))}</code>`;
}

/** The fields of an object as rows of a table; empty for anything else. */
export function fieldsHtml({ properties = {}, required = [] }: SchemaObject): string {
  const rows = Object.entries(properties).map(([name, field]) => {
    const note = [
      field.description === undefined ? '' : inline(field.description),
      field.default === undefined ? '' : `Default ${valueHtml(field.default)}`,
    ];
    const mark = required.includes(name) ? '' : ' <small>optional</small>';
    const inner = fieldsHtml(field.items?.properties === undefined ? field : field.items);
    return `<tr><td><code>${escapeHtml(name)}</code>${mark}</td><td>${typeHtml(field)}</td><td>${note.filter(Boolean).join('. ')}${inner}</td></tr>`;
  });
  return rows.length === 0 ? '' : `<table><tbody>${rows.join('')}</tbody></table>`;
}
