import type { Problem } from '../../call.js';

/** An error as a person reads it: what is wrong, what may have been meant, by which rule, and what to do. */
export function said(problem: Problem & { rule?: string; where?: string }): string {
  const { code, message, remedy, rule, where, details = {} } = problem;
  const by = rule ? `\n  rule: ${rule}${where ? ` (${where})` : ''}` : '';
  return `Error: ${message}${choices(details, remedy)}${by}\n${remedy} [${code}]`;
}

/** Names that an error has besides its words: `candidates` that all fit, and the `nearest` where none does. */
function choices(details: Readonly<Record<string, unknown>>, remedy: string): string {
  const { candidates, nearest } = details;
  const all = Array.isArray(candidates) ? candidates.map(lineOf) : [];
  const near = (Array.isArray(nearest) ? nearest : [nearest])
    .filter((name) => typeof name === 'string')
    .filter((name) => !remedy.includes(name));
  const asked =
    near.length > 0
      ? `\n  Did you mean ${near.length > 1 ? 'one of ' : ''}${near.join(', ')}?`
      : '';
  return all.map((line) => `\n  ${line}`).join('') + asked;
}

const lineOf = (candidate: unknown): string =>
  typeof candidate === 'object' && candidate !== null
    ? Object.values(candidate).join('  ')
    : String(candidate);
