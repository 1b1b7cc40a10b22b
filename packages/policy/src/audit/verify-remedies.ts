import type { Home } from '../home.js';
import type { Verification } from './verify.js';

/** What to do about a verdict; null where there is nothing to do. */
export function remedyFor(
  { dir }: Home,
  verdict: Verification['verdict'],
  inDoubt = 0,
): string | null {
  switch (verdict) {
    case 'intact':
      return null;
    case 'tampered':
      return `Keep a copy of ${dir} as evidence, then run \`vmware-audit restore\` with the last good backup.`;
    case 'unreadable':
      return `Keep a copy of ${dir}, mend what is named, or run \`vmware-audit restore\` with the last good backup.`;
    default:
      return inDoubt > 0
        ? 'Run `vmware-audit reconcile`, then `vmware-audit log --status in_doubt`, and look at each object.'
        : null;
  }
}

/** There is no telling, because of this. */
export const unreadable = (home: Home, problem: string): Verification => ({
  verdict: 'unreadable',
  rows: 0,
  archives: 0,
  head: null,
  checkpoints: 0,
  first_bad_row: null,
  problem,
  remedy: remedyFor(home, 'unreadable'),
  in_doubt: 0,
  lost: [],
});
