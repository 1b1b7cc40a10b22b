import { scopeOf } from '@vmware/clients/nsx';
import { expect, test } from 'vitest';
import { ownershipBlockers, policyBlockers } from './guards.js';

const group = { id: 'g', path: '/infra/domains/default/groups/g', display_name: 'Group' };
const gm = { ...group, path: '/global-infra/domains/default/groups/g' };

test('what nobody else owns may be changed', () => {
  expect(ownershipBlockers({ ...group, _protection: 'NOT_PROTECTED' }, scopeOf())).toEqual([]);
});

test('an object of the Global Manager is changed there and nowhere else', () => {
  expect(ownershipBlockers(gm, scopeOf('default'))).toEqual([
    'Group comes from the Global Manager: change it there (nsx_scope global).',
  ]);
  expect(ownershipBlockers(gm, scopeOf('global'))).toEqual([]);
});

test('every reason is told, not only the first', () => {
  const policy = { ...gm, _system_owned: true, locked: true, marked_for_delete: true };
  expect(policyBlockers(policy, scopeOf())).toEqual([
    'Group belongs to the system.',
    'Group comes from the Global Manager: change it there (nsx_scope global).',
    'Group is being deleted.',
    'The policy Group is locked: unlock it in NSX first.',
  ]);
});
