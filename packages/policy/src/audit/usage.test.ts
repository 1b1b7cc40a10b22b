import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshHome } from '../../test/audit/log-lab.js';
import { draft } from '../../test/draft.js';
import { countersAt } from '../../test/toolset.js';
import type { Call } from '../call.js';
import type { Draft } from './event.js';
import { rotate } from './rotate.js';
import { Store } from './store.js';
import { usageIn } from './usage.js';

const ever = new Date(0);
const digest = (text: string) => `digest of ${text}`;
let store: Store;
let usage: ReturnType<typeof usageIn>;

const change = (op_id: string, total: number, more: Partial<Draft> = {}) => [
  draft({
    op_id,
    phase: 'intent',
    tool: 'raise',
    duration_us: 0,
    body: { plan: { total } },
    ...more,
  }),
  draft({ op_id, phase: 'outcome', tool: 'raise', duration_us: 500_000, ...more }),
];

/** Each of these in an archive, and again in the log. */
const rows = (part: string): Draft[] => [
  draft({ duration_us: 1_000_000, args_sha: digest('{"name":"red"}') }),
  draft({ phase: 'preview', duration_us: 250_000, args_sha: digest('{"name":"red"}') }),
  draft({ phase: 'denied', duration_us: 0, args_sha: digest('{"name":"red"}') }),
  draft({ phase: 'auth', duration_us: 0, args_sha: digest('{"name":"red"}') }),
  ...change(`${part}-1`, 3),
  ...change(`${part}-2`, 4, { tool: 'delete' }),
  ...change(`${part}-3`, 100, { actor: 'bob' }),
  draft({ target: 'prod', duration_us: 0, args_sha: digest('{"name":"red"}') }),
  draft({ tool: 'list_counters', duration_us: 0, args_sha: digest('{"name":"red"}') }),
  draft({ actor: 'bob', duration_us: 0, args_sha: digest('{"name":"red"}') }),
];

beforeAll(async () => {
  const home = freshHome();
  store = new Store(home);
  usage = usageIn(store, digest);
  for (const part of ['archived', 'live']) {
    if (part === 'live') await rotate(home);
    for (const row of rows(part)) await store.append(row);
  }
});
afterAll(() => store.close());

test('answers, changes, the objects they touch and seconds are summed over archives and log', () => {
  expect(usage.used('ann', ever)).toEqual({ calls: 12, changes: 4, objects: 14, seconds: 4.5 });
  expect(usage.used('bob', ever)).toEqual({ calls: 4, changes: 2, objects: 200, seconds: 1 });
});

test('whoever did nothing, or nothing since then, used up nothing', () => {
  const nothing = { calls: 0, changes: 0, objects: 0, seconds: 0 };
  expect(usage.used('eve', ever)).toEqual(nothing);
  expect(usage.used('ann', new Date(Date.now() + 60_000))).toEqual(nothing);
});

test('the same rows are counted again as they are by then', async () => {
  const before = usage.used('cid', ever);
  await store.append(draft({ actor: 'cid', duration_us: 0 }));
  expect(before.calls).toBe(0);
  expect(usage.used('cid', ever).calls).toBe(1);
});

test.each<[string, (tool: string) => boolean, number]>([
  ['ann', () => true, 4],
  ['ann', (tool) => tool === 'delete', 2],
  ['ann', () => false, 0],
  ['bob', () => true, 2],
  ['eve', () => true, 0],
])('changes that %s intended are counted by tool', (user, counts, n) => {
  expect(usage.intents(user, counts, ever)).toBe(n);
});

test.each<
  [string, { tool?: string; target?: string; input?: Call['input']; user?: string }, number]
>([
  ['the very call', {}, 4],
  ['another user', { user: 'bob' }, 2],
  ['another tool', { tool: 'list_counters' }, 2],
  ['another target', { target: 'prod' }, 2],
  ['another input', { input: { name: 'blue' } }, 0],
])('of %s the answers are counted, and nothing that was refused', (_what, other, n) => {
  const { tools } = countersAt('http://127.0.0.1:1');
  const call = {
    tool: other.tool === undefined ? tools.getCounter : tools.listCounters,
    target: { name: other.target ?? 'lab', environment: 'lab' },
    input: other.input ?? { name: 'red' },
  } as unknown as Call;
  expect(usage.repeats(call, other.user ?? 'ann', ever)).toBe(n);
  expect(usage.repeats(call, other.user ?? 'ann', new Date(Date.now() + 60_000))).toBe(0);
});
