import { defineConfig } from 'vitest/config';

// Live types: tests read the packages' sources, no build needed first.
const conditions = ['@vmware/source', 'node', 'import', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/**/*.test.ts', 'test/**/*.test.ts'],
    setupFiles: ['./test/own-home.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // All of them: most of a test's time is waiting for another process.
    maxWorkers: '100%',
  },
});
