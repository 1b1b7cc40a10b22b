import { rotate } from '../../src/audit/rotate.js';
import { Store } from '../../src/audit/store.js';
import { homeAt } from '../../src/home.js';
import { draft } from '../draft.js';

/** What a parent may ask of a program that writes a log. One answer each. */
export type Ask =
  /** Appends so many rows, so many of them under way at any time. */
  | { readonly append: number; readonly tag: string; readonly atOnce: number }
  /** Rotates all but the newest rows, again and again, until it is killed. */
  | { readonly rotateForEver: number };

/** Milliseconds each row took to be on disk, and how often the log was refused. */
export interface Appended {
  readonly took: readonly number[];
  readonly refused: readonly string[];
}

const home = homeAt(process.argv[2] ?? '');
const store = new Store(home);

async function append({ append: rows, tag, atOnce }: Extract<Ask, { append: number }>) {
  const took: number[] = [];
  const refused: string[] = [];
  let next = 0;
  const line = async () => {
    while (next < rows) {
      const rule = `${tag}/${next}`;
      next += 1;
      const start = performance.now();
      await store.append(draft({ rule })).catch((error: Error) => refused.push(error.message));
      took.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, line));
  store.anchor({ always: true });
  return { took, refused };
}

async function rotateForEver(rows: number): Promise<never> {
  for (;;) await rotate(home, { rows });
}

process.on('message', (ask: Ask) => {
  const answer = 'append' in ask ? append(ask) : rotateForEver(ask.rotateForEver);
  void answer.then(
    (said) => process.send?.(said),
    (error: Error) => process.send?.({ took: [], refused: [error.message] }),
  );
});
process.on('disconnect', () => process.exit());
void store.ready().then(() => process.send?.('ready'));
