import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Surface } from '../../surface.js';
import { wordsOf } from '../command-words.js';
import { nameSource } from './name-source.js';

const packages = join(import.meta.dirname, '../../../../..');
const surfaceOf = (name: string): Surface =>
  JSON.parse(readFileSync(join(packages, name, 'surface.json'), 'utf8')) as Surface;

const given = { name: 'a', namespace: 'b', policy_id: 'c', cluster: 'd' };

/** The list and the column that an input of a command is completed from. */
function sourceOf(surface: Surface, command: string, input: string, said: object = given) {
  const tool = surface.tools.find((one) => wordsOf(one).join(' ') === command);
  if (!tool) throw new Error(`There is no ${command}.`);
  const source = nameSource(surface, tool, input, { ...said });
  return source && `${wordsOf(source.tool).join(' ')}: ${source.column}`;
}

test.each([
  ['vsphere', 'vm info', 'name', 'vm list: name'],
  ['vsphere', 'vm rename', 'new_name', undefined],
  ['vsphere', 'snapshot list', 'name', 'vm list: name'],
  ['vsphere', 'snapshot create', 'snapshot_name', undefined],
  ['vsphere', 'snapshot revert', 'snapshot_name', 'snapshot list: name'],
  ['vsphere', 'vm list', 'limit', undefined],
  ['nsx-security', 'policy get', 'policy_id', 'policy list: id'],
  ['nsx-security', 'policy create', 'policy_id', undefined],
  ['nsx-security', 'rule list', 'policy_id', 'policy list: id'],
  ['nsx-security', 'rule stats', 'rule_id', 'rule list: id'],
  ['nsx-security', 'rule move', 'anchor', 'rule list: id'],
  ['nsx-security', 'exclusion add', 'group_id', 'group list: id'],
  ['nsx-security', 'group update', 'add_groups', 'group list: id'],
  ['nsx-security', 'group create', 'segment_paths', undefined],
  ['vks', 'namespace get', 'name', 'namespace list: namespace'],
  ['vks', 'namespace create', 'name', undefined],
  ['vks', 'tkc get', 'name', 'tkc list: name'],
  ['vks', 'tkc get', 'namespace', 'namespace list: namespace'],
  ['vks', 'tkc create', 'vm_class', 'namespace vm-classes: id'],
  ['vks', 'tkc create', 'pools', undefined],
  ['vks', 'namespace update', 'add_vm_classes', 'namespace vm-classes: id'],
  ['vks', 'pool list', 'cluster', 'tkc list: name'],
  ['vks', 'pool remove', 'pool_name', 'pool list: name'],
  ['vks', 'kubeconfig get', 'name', 'tkc list: name'],
  ['vks', 'supervisor status', 'cluster_id', undefined],
])('%s: %s %s comes from %s', (program, command, input, from) => {
  expect(sourceOf(surfaceOf(program), command, input)).toBe(from);
});

test('a list that needs what was not given yet is not asked', () => {
  const vsphere = surfaceOf('vsphere');
  expect(sourceOf(vsphere, 'snapshot revert', 'snapshot_name', {})).toBeUndefined();
});

test('a list gets what it needs, what narrows it, and only the columns that are shown', () => {
  const vks = surfaceOf('vks');
  const tool = vks.tools.find(({ usage }) => usage.startsWith('tkc get'));
  const source = tool && nameSource(vks, tool, 'name', { namespace: 'dev' });
  expect(source?.input).toEqual({ namespace: 'dev', limit: 1000 });
  const vsphere = surfaceOf('vsphere');
  const info = vsphere.tools.find(({ usage }) => usage.startsWith('vm info'));
  const names = info && nameSource(vsphere, info, 'name', {});
  expect(names?.input).toEqual({ limit: 1000, fields: ['name', 'power_state'] });
});
