import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.ts';

/** What stands between `// #region name` and `// #endregion`. A region may have several parts, imports among them. */
export function regionOf(file: string, name: string): string {
  const text = readFileSync(join(root, file), 'utf8');
  const parts = [...text.matchAll(/^\/\/ #region (?<name>\S+)\n(?<code>[^]*?)\n\/\/ #endregion$/gmu)]
    .filter(({ groups }) => groups?.['name'] === name)
    .map(({ groups }) => groups?.['code'] ?? '');
  if (parts.length === 0) throw new Error(`${file} has no region ${name}`);
  return parts.reduce((above, part) => `${above}${part.startsWith('import ') ? '\n' : '\n\n'}${part}`);
}
