import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { draft } from '../../test/draft.js';
import { homeAt } from '../home.js';
import { anchors } from './anchor.js';
import { lastEvents } from './query.js';
import { Store } from './store.js';
import { usageIn } from './usage.js';
import { verifyLog } from './verify.js';

const fresh = () => homeAt(mkdtempSync(join(tmpdir(), 'store-')));
const all = (home: ReturnType<typeof fresh>) => lastEvents(home, {}, 1_000_000).rows;

afterEach(() => void vi.useRealTimers());

test('rows that are appended together keep their order and chain', async () => {
  const home = fresh();
  const store = new Store(home);
  const tools = Array.from({ length: 700 }, (_, i) => `tool_${i}`);
  await Promise.all(tools.map((tool) => store.append(draft({ tool }))));
  store.close();
  expect(all(home).map(({ tool }) => tool)).toEqual(tools);
  expect(all(home).map(({ seq }) => seq)).toEqual(tools.map((_, i) => i + 1));
  expect(verifyLog(home)).toMatchObject({ verdict: 'intact', rows: 700 });
});

test('text with half of a surrogate pair is kept so that its row stays good', async () => {
  const home = fresh();
  const store = new Store(home);
  await store.append(draft({ agent: 'evil\ud800', target: '\udfff', body: { args: '\ud800' } }));
  await store.append(draft());
  store.close();
  expect(verifyLog(home)).toMatchObject({ verdict: 'intact', rows: 2 });
  const next = new Store(home);
  await next.append(draft());
  next.close();
});

test('a row appended as soon as the one before is on disk is written too', async () => {
  const home = fresh();
  const store = new Store(home);
  for (let i = 0; i < 20; i += 1) await store.append(draft());
  store.close();
  expect(all(home)).toHaveLength(20);
});

test('a nonce is good for one row, and the row it was spent for is written whole', async () => {
  const home = fresh();
  const store = new Store(home);
  const written = await Promise.all(
    Array.from({ length: 16 }, () => store.append(draft({ phase: 'intent' }), ['nonce'])),
  );
  expect(written.filter(Boolean)).toHaveLength(1);
  expect(await store.append(draft(), ['nonce'])).toBe(false);
  store.close();
  expect(all(home)).toHaveLength(1);
});

test('an operation has one outcome', async () => {
  const home = fresh();
  const store = new Store(home);
  await store.append(draft({ op_id: 'a', phase: 'outcome' }));
  await expect(store.append(draft({ op_id: 'a', phase: 'outcome' }))).rejects.toMatchObject({
    code: 'AUDIT_UNAVAILABLE',
  });
  await store.append(draft());
  store.close();
  expect(all(home)).toHaveLength(2);
});

test('a clock that was set back is a fact in the row, and the order stays', async () => {
  const home = fresh();
  const store = new Store(home);
  await store.append(draft());
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 6 * 365 * 86_400_000 });
  await store.append(draft());
  vi.setSystemTime(Date.now() + 12 * 365 * 86_400_000);
  await store.append(draft());
  store.close();
  expect(all(home).map(({ clock_regress }) => clock_regress)).toEqual([0, 1, 0]);
  expect(verifyLog(home)).toMatchObject({ verdict: 'intact', rows: 3 });
});

test('a checkpoint is signed after 60 s or 1,000 rows, and when a long-lived program ends', async () => {
  const home = fresh();
  const store = new Store(home);
  await store.append(draft());
  store.anchor();
  await store.append(draft());
  store.anchor();
  expect(anchors(home).map(({ seq }) => seq)).toEqual([1]);
  store.anchor({ always: true });
  store.anchor({ always: true });
  expect(anchors(home).map(({ seq }) => seq)).toEqual([1, 2]);
  await Promise.all(Array.from({ length: 1_000 }, () => store.append(draft())));
  store.anchor();
  store.close();
  expect(anchors(home).map(({ seq }) => seq)).toEqual([1, 2, 1_002]);
  expect(verifyLog(home)).toMatchObject({ verdict: 'intact', checkpoints: 3 });
});

test('changes of one user are counted since an instant, by the tools that count', async () => {
  const home = fresh();
  const store = new Store(home);
  const before = new Date();
  for (const [actor, tool] of [
    ['ann', 'a'],
    ['ann', 'b'],
    ['bob', 'a'],
    ['ann', 'a'],
  ] as const)
    await store.append(draft({ actor, tool, phase: 'intent' }));
  await store.append(draft({ actor: 'ann', tool: 'a', phase: 'preview' }));
  expect(usageIn(store, String).intents('ann', (tool) => tool === 'a', before)).toBe(2);
  expect(usageIn(store, String).intents('ann', () => true, new Date(Date.now() + 1_000))).toBe(0);
  store.close();
});
