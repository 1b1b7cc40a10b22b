import type { Options } from 'tsup';

const shared = { format: ['esm'], target: 'node20', dts: false, sourcemap: false } satisfies Options;

/** A package's library entries: dependencies stay outside. */
export const library = (entry: Record<string, string>): Options => ({ ...shared, entry, clean: true });

/**
 * A package's bins: one file each, so that starting one reads one file. What the code imports lazily is in the
 * file and not run before it is needed. Only the native SQLite binding stays outside.
 */
export const bins = (entry: Record<string, string>): Options => ({
  ...shared,
  entry,
  noExternal: [/.*/],
  external: ['better-sqlite3', '@napi-rs/keyring'],
  splitting: false,
  minifyWhitespace: true,
  minifySyntax: true,
  esbuildOptions: (options) => {
    options.conditions = ['@vmware/source', ...(options.conditions ?? [])];
    options.legalComments = 'none';
    // Bundled CommonJS asks for Node's own modules by require.
    options.banner = {
      js: "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
    };
  },
});
