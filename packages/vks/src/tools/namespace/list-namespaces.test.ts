import { expect, test } from 'vitest';
import { read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { listNamespaces } from './list-namespaces.js';

test('namespaces of every Supervisor are listed, with the one each is on', async () => {
  await using at = await lab();
  const { items } = await read(at, listNamespaces, {});
  expect(items.map(({ namespace, supervisor }) => `${namespace} ${supervisor}`)).toEqual([
    'dev supervisor-a',
    'edge supervisor-b',
    'prod supervisor-a',
  ]);
  expect(items[0]).toMatchObject({ config_status: 'RUNNING', memory_used_mib: 81_920 });
});

test('those of one Supervisor can be asked for', async () => {
  await using at = await lab();
  const { items } = await read(at, listNamespaces, { supervisor: 'domain-c9' });
  expect(items.map(({ namespace }) => namespace)).toEqual(['edge']);
});

test('an empty list says which of the two reasons it has', async () => {
  await using off = await lab({ supervisors: 0, namespaces: [] });
  expect(await read(off, listNamespaces, {})).toMatchObject({
    items: [],
    empty_reason: expect.stringContaining('Workload Management is off'),
  });
  await using none = await lab({ seed: 'empty' });
  expect(await read(none, listNamespaces, {})).toMatchObject({
    items: [],
    empty_reason: expect.stringContaining('No vSphere Namespace'),
  });
});
