import { afterAll } from 'vitest';

interface Instrumented {
  readonly mutantCoverage?: unknown;
  readonly hitCount?: number;
}

/**
 * Hands Stryker what a test file covered. Vitest 4.1 gives a hook its suite as the second argument; Stryker 9.0 still writes to
 * the first, and the release that does not needs Node 22. Without this each mutant is tried on every test.
 */
// biome-ignore lint/correctness/noEmptyPattern: Vitest reads from the pattern which fixtures a hook wants.
afterAll(({}, suite) => {
  const { __stryker__: seen } = globalThis as { __stryker__?: Instrumented };
  Object.assign(suite.meta, { mutantCoverage: seen?.mutantCoverage, hitCount: seen?.hitCount });
});
