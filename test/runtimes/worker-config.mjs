import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../../scripts/step.mjs';

/** A worker of the tests and of the library as it is published, file by file, without a bundler. */
export function workerConfig() {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const dist = join(root, 'packages/mulligan/dist');
  const modules = [
    ...['worker.mjs', 'behaviour.mjs', 'harness.mjs'].map((name) =>
      moduleOf(name, readFileSync(join(here, name), 'utf8')),
    ),
    moduleOf('mulligan', `export * from './dist/index.js';`),
    moduleOf('mulligan/testing', `export * from '../dist/testing/index.js';`),
    ...readdirSync(dist, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.js'))
      .map((path) => moduleOf(`dist/${path}`, readFileSync(join(dist, path), 'utf8'))),
  ];
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [(name = "main", worker = .tests)]);
const tests :Workerd.Worker = (
  compatibilityDate = "2025-09-01",
  modules = [${modules.join(',\n')}],
);
`;
}

/** @param {string} name @param {string} source */
function moduleOf(name, source) {
  return `(name = ${JSON.stringify(name)}, esModule = ${JSON.stringify(source)})`;
}
