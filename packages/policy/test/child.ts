import { openDatabase } from '../src/audit/driver.js';
import { homeAt } from '../src/home.js';
import { govern, type Outcome } from '../src/index.js';
import { openLimits } from '../src/limits/buckets.js';
import type { How } from '../src/request.js';
import { countersAt } from './toolset.js';

interface Asked {
  readonly call: string;
  readonly input: Record<string, unknown>;
  readonly how?: Partial<How>;
}

/** An outcome, and the milliseconds until it was there by the program's own monotonic clock. */
export interface Timed {
  readonly outcome: Outcome;
  readonly took: number;
}

/** What a parent may ask of a program of its own. One answer each, in order. */
export type Ask =
  | Asked
  /** The same, with how long it took. */
  | { readonly timed: Asked }
  /** Changes without end, `atOnce` under way at any time. */
  | { readonly loop: string; readonly atOnce: number }
  | { readonly rows: number }
  /** Holds the write lock of the log. */
  | { readonly lock: boolean };

const [dir = '', url = ''] = process.argv.slice(2);
const home = homeAt(dir);
const plenty = { perMinute: 1e9, burst: 1e9 };
const governed = govern(countersAt(url).toolset, {
  home,
  env: {},
  agent: () => 'test',
  limits: openLimits({ perCaller: plenty, perTarget: plenty, inFlight: 1_000 }),
  runaway: { max: 1e9, milliseconds: 1 },
});
let lock: ReturnType<typeof openDatabase> | undefined;

const call = (
  name: string,
  input: Record<string, unknown>,
  how: Partial<How> = {},
): Promise<Outcome> =>
  governed.answer(name, input, { surface: 'mcp', ...how }) ??
  Promise.reject(new Error(`No ${name}`));

const change = (tag: string) => call('raise_counter', { name: 'red', tag }, { dryRun: false });

async function answer(ask: Ask): Promise<unknown> {
  if ('call' in ask) return call(ask.call, ask.input, ask.how);
  if ('timed' in ask) {
    const start = performance.now();
    const outcome = await call(ask.timed.call, ask.timed.input, ask.timed.how);
    return { outcome, took: performance.now() - start } satisfies Timed;
  }
  if ('loop' in ask) {
    for (let i = 0; ; i += ask.atOnce)
      await Promise.all(
        Array.from({ length: ask.atOnce }, (_, j) => change(`${ask.loop}/${i + j}`)),
      );
  }
  if ('rows' in ask) {
    const ends = await Promise.all(
      Array.from({ length: ask.rows }, () => call('get_counter', { name: 'red' })),
    );
    return ends.map(({ status }) => status);
  }
  if (ask.lock) {
    lock = openDatabase(home.auditDb);
    lock.db.exec('BEGIN IMMEDIATE');
  } else {
    lock?.db.exec('ROLLBACK');
    lock?.db.close();
  }
  return ask.lock;
}

const failed = (error: unknown) => ({ status: 'threw', error: String(error) });

process.on(
  'message',
  (ask: Ask) =>
    void answer(ask)
      .catch(failed)
      .then((said) => process.send?.(said)),
);
process.on('disconnect', () => process.exit());
void governed
  .reconcile()
  .catch(() => 0)
  .then(() => process.send?.('ready'));
