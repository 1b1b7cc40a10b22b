import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'tsup';

/** A file that Node runs, until it is disposed of. */
export interface Bundle extends Disposable {
  readonly file: string;
}

/**
 * Bundles a test program from its TypeScript source, sources of our packages included. It is put below the
 * `node_modules` of a package, so that the native SQLite binding is found from there, and any user may read it.
 */
export async function bundle(entry: string, packageDir: string): Promise<Bundle> {
  const cache = join(packageDir, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const name = basename(entry, '.ts');
  const outDir = mkdtempSync(join(cache, `${name}-`));
  chmodSync(outDir, 0o755);
  await build({
    entry: { [name]: entry },
    outDir,
    format: 'cjs',
    target: 'node20',
    config: false,
    silent: true,
    dts: false,
    noExternal: [/.*/],
    external: ['better-sqlite3'],
    esbuildOptions: (options) => {
      options.conditions = ['@vmware/source'];
      options.define = { 'import.meta.url': '__moduleUrl' };
      options.banner = {
        js: "const __moduleUrl = require('node:url').pathToFileURL(__filename).href;",
      };
    },
  });
  return {
    file: join(outDir, `${name}.cjs`),
    [Symbol.dispose]: () => rmSync(outDir, { recursive: true, force: true }),
  };
}
