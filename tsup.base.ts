import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type { Options } from 'tsup';

const shared = { target: 'node20', dts: false, sourcemap: false } satisfies Options;
type Plugin = NonNullable<Options['esbuildPlugins']>[number];

/** Finds the libraries that are parts of their own. */
const { resolve: libraryFile } = createRequire(
  new URL('packages/policy/package.json', import.meta.url),
);
const isLibrary = (part: string): boolean => !part.includes('/');

/** A package's library entries: dependencies stay outside. */
export const library = (entry: Record<string, string>): Options => ({
  ...shared,
  format: ['esm'],
  entry,
  clean: true,
});

/**
 * A package's bins: one bundled CommonJS file each, and one for each part that only some commands need. Reading
 * and compiling a file that is not needed is what a start costs most (docs/adr/0005). A part is a module or a
 * library that is only imported dynamically; it must not share state with the bin. The native SQLite binding
 * stays outside.
 */
export const bins = (
  entry: Record<string, string>,
  parts: Record<string, string> = {},
): Options => ({
  ...shared,
  format: ['cjs'],
  entry: {
    ...entry,
    ...Object.fromEntries(
      Object.entries(parts).map(([name, part]) => [
        name,
        isLibrary(part) ? libraryFile(part) : part,
      ]),
    ),
  },
  noExternal: [/.*/],
  external: ['better-sqlite3', '@napi-rs/keyring'],
  splitting: false,
  minifyWhitespace: true,
  minifySyntax: true,
  esbuildPlugins: [partsApart(parts), lateChildProcess],
  esbuildOptions: (options) => {
    options.conditions = ['@vmware/source', ...(options.conditions ?? [])];
    options.legalComments = 'none';
    options.supported = { ...options.supported, 'dynamic-import': false };
    options.define = { ...options.define, 'import.meta.url': '__moduleUrl' };
    options.banner = {
      js: "const __moduleUrl = require('node:url').pathToFileURL(__filename).href;",
    };
  },
});

/** Makes a dynamic import of a part a require of the file beside the bin. */
function partsApart(parts: Record<string, string>): Plugin {
  const files = new Map(
    Object.entries(parts).map(([name, part]) => [
      isLibrary(part) ? part : resolve(part),
      `./${name.replace(/^bin\//, '')}.cjs`,
    ]),
  );
  return {
    name: 'parts-apart',
    setup(build) {
      build.onResolve(
        { filter: /.*/ },
        async ({ path, kind, resolveDir, importer, pluginData }) => {
          if (kind !== 'dynamic-import' || pluginData === 'resolving') return undefined;
          const found = await build.resolve(path, {
            kind,
            resolveDir,
            importer,
            pluginData: 'resolving',
          });
          const file = files.get(path) ?? files.get(found.path);
          return file === undefined ? found : { path: file, external: true };
        },
      );
    },
  };
}

/**
 * commander loads child_process for subcommands that are programs of their own. We have none, and loading it
 * takes a sixth of `--help`.
 */
const lateChildProcess: Plugin = {
  name: 'late-child-process',
  setup(build) {
    build.onResolve({ filter: /^(node:)?child_process$/ }, ({ path, importer }) =>
      /[\\/]commander[\\/]/.test(importer) ? { path, namespace: 'late' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'late' }, () => ({
      contents: "exports.spawn = (...args) => require('node:child_process').spawn(...args);",
    }));
  },
};
