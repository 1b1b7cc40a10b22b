import { expect, test } from 'vitest';
import { lab, story } from '../../test/lab.js';
import { govern } from '../open.js';
import { records } from '../tools/toolset.js';

test('each attempt ends in one row, a change in two', async () => {
  await using at = await lab();
  await at.call(at.tools.getCounter, { name: 'red' });
  await at.call(at.tools.raiseCounter, { name: 'red' });
  await at.call(at.tools.raiseCounter, { name: 'red' }, { dryRun: false });
  await at.call(at.tools.raiseCounter, {} as never);
  const rows = at.audit();
  expect(story(rows)).toEqual([
    'read ok',
    'preview preview',
    'intent pending',
    'outcome ok',
    'denied denied',
  ]);
  expect(rows[2]?.op_id).toBe(rows[3]?.op_id);
  expect(new Set(rows.map(({ op_id }) => op_id)).size).toBe(4);
});

test('tools that find out what is wrong answer without leaving a row', async () => {
  await using at = await lab();
  await at.call(at.tools.getCounter, { name: 'red' });
  const own = govern(records(at.home), { home: at.home, env: {} });
  expect(await own.answer('verify_audit_log', {}, { surface: 'cli' })).toMatchObject({
    status: 'done',
  });
  await own.close();
  expect(at.audit()).toHaveLength(1);
});
