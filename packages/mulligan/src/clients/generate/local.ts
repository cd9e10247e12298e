import type { GenerationSource, LocalGenerate } from './options.ts';

/** Makes a source of a function of the caller's, such as a pipeline of transformers.js. */
export function localSource(generate: LocalGenerate): GenerationSource {
  const run = generate as (prompt: unknown, options: unknown) => unknown;
  return {
    name: generate.name === '' ? 'generate' : generate.name,
    async generate({ prompt, options, signal }) {
      const raw = await run(prompt, { ...snakeCase(options), signal });
      return { text: textOfLocal(raw), raw };
    },
  };
}

/** What pipelines call the options: `max_new_tokens`, `top_k`. */
function snakeCase({ extra, ...options }: object & { readonly extra?: object }): object {
  const entries = Object.entries(options).map(([name, value]) => [
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    value,
  ]);
  return { ...Object.fromEntries(entries), ...extra };
}

/** The text of what pipelines give: a text, `{ generated_text }`, or a list of these. Empty where there is none. */
export function textOfLocal(output: unknown): string {
  const first: unknown = Array.isArray(output) ? output[0] : output;
  if (typeof first === 'string') return first;
  if (typeof first !== 'object' || first === null) return '';
  const { generated_text: generated, text } = first as { generated_text?: unknown; text?: unknown };
  const last: unknown = Array.isArray(generated) ? (generated.at(-1) as { content?: unknown })?.content : generated;
  return [last, text].find((value) => typeof value === 'string') ?? '';
}
