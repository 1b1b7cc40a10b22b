import { nearest } from '@vmware/clients/wcp';
import { Refusal } from '@vmware/policy';
import { quoted } from './quoted.js';

interface Named {
  readonly id: string;
  readonly name?: string | undefined;
}

/** The thing of that id or name. Throws INVALID_INPUT with the nearest one and the command that lists them. */
export function named<T extends Named>(
  kind: string,
  all: readonly T[],
  word: string,
  list: string,
): T {
  const found = all.find(({ id }) => id === word) ?? all.find(({ name }) => name === word);
  if (found) return found;
  const known = all.flatMap(({ id, name }) => name ?? id);
  const near = nearest(word, known, 3);
  throw new Refusal(
    'INVALID_INPUT',
    `There is no ${kind} ${quoted(word)}${near.length > 0 ? `; near it: ${near.join(', ')}` : ''}.`,
    `Run \`vmware-vks ${list}\` to see them.`,
  );
}
