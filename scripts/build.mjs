// npm run build: compiles the packages, then the dashboard into the proxy's dist.
import { chmodSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle } from './bundle.mjs';
import { root, runNode } from './step.mjs';

const emittedName = /\.(?:d\.ts|js|js\.map)$/u;

/** tsc never deletes: without this a renamed file would stay in dist and be published. */
function removeOrphans() {
  for (const name of readdirSync(join(root, 'packages'))) {
    const source = join(root, 'packages', name, 'src');
    const dist = join(root, 'packages', name, 'dist');
    if (!existsSync(dist)) continue;
    for (const path of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
      const isOurs = emittedName.test(path) && !/^(?:dashboard|chunks)\b/u.test(path);
      if (isOurs && !existsSync(join(source, path.replace(emittedName, '.ts')))) rmSync(join(dist, path));
    }
  }
}

/** Builds everything; the output is that of the part that failed. */
export async function build() {
  removeOrphans();
  const packages = await runNode('node_modules/typescript/bin/tsc', '-b', 'tsconfig.build.json');
  if (!packages.ok) return packages;
  const chunks = await bundle();
  if (!chunks.ok) return chunks;
  // npm makes a package's command executable when it is installed, which here was before the build.
  chmodSync(join(root, 'packages/cli/dist/main.js'), 0o755);
  return runNode('node_modules/vite/bin/vite.js', 'build', 'apps/dashboard', '--logLevel=warn');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { ok, output } = await build();
  process.stderr.write(output);
  process.exitCode = ok ? 0 : 1;
}
