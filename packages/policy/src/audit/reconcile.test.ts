import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { draft } from '../../test/draft.js';
import { bodyOf, story } from '../../test/lab.js';
import { homeAt } from '../home.js';
import { openDatabase } from './driver.js';
import { lastEvents } from './query.js';
import { reconcile } from './reconcile.js';
import { Store } from './store.js';
import { verifyLog } from './verify.js';

test('every change whose writer is gone becomes in doubt, once, however many programs start; those of the living are left alone', async () => {
  const home = homeAt(mkdtempSync(join(tmpdir(), 'reconcile-')));
  const store = new Store(home);
  for (const op_id of ['dead-1', 'dead-2', 'dead-3', 'alive', 'done'])
    await store.append(
      draft({ op_id, phase: 'intent', status: 'pending', body: { args: { tag: op_id } } }),
    );
  await store.append(draft({ op_id: 'done', phase: 'outcome' }));
  const { db } = openDatabase(home.auditDb);
  db.exec("UPDATE pending SET owner = 'another-boot/1/1' WHERE op_id LIKE 'dead%'");
  db.close();

  const other = new Store(home);
  const marked = await Promise.all([reconcile(store), reconcile(other)]);
  expect(marked.reduce((sum, n) => sum + n)).toBe(3);
  other.close();
  expect(await reconcile(store)).toBe(0);
  store.close();
  const { rows } = lastEvents(home, {}, 100);
  expect(story(rows.slice(6))).toEqual([
    'in_doubt in_doubt',
    'in_doubt in_doubt',
    'in_doubt in_doubt',
  ]);
  expect(rows.slice(6).map(({ op_id }) => op_id)).toEqual(['dead-1', 'dead-2', 'dead-3']);
  expect(bodyOf(rows[6])).toMatchObject({
    intent: 1,
    args: { tag: 'dead-1' },
    check: expect.stringContaining('Look at the object'),
  });
  expect(verifyLog(home)).toMatchObject({ verdict: 'incomplete', in_doubt: 4 });
});
