import { configDefaults, defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** The tests that mutants are tried on: `MUTATE=rules` takes those of the rules. */
const part = process.env['MUTATE'] ?? '{rules,consent,approvals,audit,sanitize}';
process.env['MUTATE'] = part;

export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: [
      `packages/policy/src/${part}/**/*.test.ts`,
      `packages/policy/src/tools/${part}/*.test.ts`,
      'packages/policy/src/stages/{confirm,obey,permit,sanitize}.test.ts',
      // Of the proofs those that do not take long and start no program.
      `packages/policy/test/${part}/{binding,broken,commands,windows}.test.ts`,
    ],
    // Stryker starts a worker of its own for each mutant: in it the modules are loaded once.
    isolate: false,
    maxWorkers: 1,
    exclude: configDefaults.exclude,
    setupFiles: [...(base.test?.setupFiles ?? []), './test/kit/mutant-coverage.ts'],
  },
});
