import { configDefaults, defineConfig } from 'vitest/config';

// Live types: tests read the packages' sources, no build needed first.
const conditions = ['@vmware/source', 'node', 'import', 'default'];

/** What breaks under, into and around every tool: `npm run proofs`. It takes longer than anybody waits for a test. */
const proofs = [
  'packages/policy/test/{attack,audit,rules}/**/*.test.ts',
  'packages/policy/test/{crash,faults-*}.test.ts',
  'packages/*/test/{attack,faults}-*.test.ts',
  'packages/*/test/cut-on-the-wire.test.ts',
  'packages/vks/test/concurrent-editors.test.ts',
];
const isProving = process.env['PROOFS'] === '1';

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: isProving ? proofs : ['packages/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: isProving ? configDefaults.exclude : [...configDefaults.exclude, ...proofs],
    setupFiles: ['./test/own-home.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // All of them: most of a test's time is waiting for another process.
    maxWorkers: '100%',
  },
});
