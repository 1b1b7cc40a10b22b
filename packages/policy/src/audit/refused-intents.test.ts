import { expect, test } from 'vitest';
import { freshHome } from '../../test/audit/log-lab.js';
import { draft } from '../../test/draft.js';
import { openDatabase } from './driver.js';
import { RefusedIntents } from './refused-intents.js';
import { Store } from './store.js';

/** A log in which these changes are pending, and how to settle one. */
async function pending(...ids: string[]) {
  const home = freshHome();
  const store = new Store(home);
  for (const op_id of ids) await store.append(draft({ op_id, phase: 'intent' }));
  store.close();
  const { db } = openDatabase(home.auditDb);
  return {
    settle: db.prepare('DELETE FROM pending WHERE op_id = ?'),
    left: () => db.prepare('SELECT op_id FROM pending ORDER BY op_id').all(),
    [Symbol.dispose]: () => db.close(),
  };
}

test('an intent that was refused and is in the log after all gets the outcome that nothing was sent', async () => {
  using log = await pending('found', 'other', 'read');
  const refused = new RefusedIntents();
  const intent = draft({ op_id: 'found', phase: 'intent', status: 'pending', tool: 'raise' });
  refused.add(intent);
  refused.add(draft({ op_id: 'lost', phase: 'intent' }));
  refused.add(draft({ op_id: 'read', phase: 'read' }));
  expect(refused.outcomes(log.settle)).toEqual([
    {
      ...intent,
      phase: 'outcome',
      status: 'failed',
      body: {
        error: {
          code: 'AUDIT_UNAVAILABLE',
          message: 'The intent could not be made durable. Nothing was sent.',
          remedy: 'Run `vmware-audit verify`, then preview again and repeat the change.',
        },
      },
    },
  ]);
  expect(log.left()).toEqual([{ op_id: 'other' }, { op_id: 'read' }]);
  expect(refused.outcomes(log.settle)).toEqual([]);
});

test('what was told is not told again', async () => {
  using log = await pending('found');
  const refused = new RefusedIntents();
  refused.add(draft({ op_id: 'found', phase: 'intent' }));
  refused.clear();
  expect(refused.outcomes(log.settle)).toEqual([]);
  expect(log.left()).toEqual([{ op_id: 'found' }]);
});
