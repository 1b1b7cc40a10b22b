// Modules of policy that it does not export, bundled from their sources.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'tsup';
import { root } from './home.mjs';

export const policy = join(root, 'packages', 'policy');

/** Everything these modules of policy export; `audit/verify` is src/audit/verify.ts. Resolves to their files too. */
export async function policySources(name, paths) {
  const outDir = join(policy, '.cache', `bench-${name}`);
  const entry = Object.fromEntries(paths.map((path) => [path.replaceAll('/', '-'), path]));
  await build({
    entry: Object.fromEntries(
      Object.entries(entry).map(([key, path]) => [key, join(policy, 'src', `${path}.ts`)]),
    ),
    outDir,
    format: 'esm',
    config: false,
    silent: true,
    external: ['better-sqlite3', 're2js', 'yaml', 'zod'],
    outExtension: () => ({ js: '.mjs' }),
  });
  const files = Object.keys(entry).map((key) => pathToFileURL(join(outDir, `${key}.mjs`)).href);
  const modules = await Promise.all(files.map((file) => import(file)));
  return { ...Object.assign({}, ...modules), files };
}
