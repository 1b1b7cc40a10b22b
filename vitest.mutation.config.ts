import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** The tests that mutants are tried on: `MUTATE=rules` takes those beside the rules. */
const part = process.env['MUTATE'] ?? '{rules,consent,approvals,audit,sanitize}';
process.env['MUTATE'] = part;

export default defineConfig({
  ...base,
  test: { ...base.test, include: [`packages/policy/src/${part}/**/*.test.ts`] },
});
