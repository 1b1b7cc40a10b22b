import type { govern } from '@vmware/policy';

type Options = NonNullable<Parameters<typeof govern>[1]>;

/** Leave to call as often as a test likes. A program of ours has no such option. */
export const noLimits: Pick<Options, 'limits' | 'runaway'> = {
  limits: { take: () => ({ allowed: true, rule: '', reason: '', remedy: '' }) },
  runaway: { max: Number.MAX_SAFE_INTEGER, milliseconds: 1_000 },
};
