import { scopeOf } from '@vmware/clients/nsx';
import { expect, test } from 'vitest';
import { childOf, hierarchical } from './hierarchy.js';

const group = childOf('Group', { id: 'g', path: '/p', display_name: 'G' });
const service = childOf('Service', { id: 's', path: '/s' }, { remove: true });

test('objects are wrapped by type, and one to be deleted says so', () => {
  expect(group).toEqual({
    resource_type: 'ChildGroup',
    Group: { resource_type: 'Group', id: 'g', path: '/p', display_name: 'G' },
  });
  expect(service).toMatchObject({ resource_type: 'ChildService', marked_for_delete: true });
});

test.each([
  ['default', '/policy/api/v1/infra'],
  ['project:p 1', '/policy/api/v1/orgs/default/projects/p%201/infra'],
  ['global', '/global-manager/api/v1/global-infra'],
])('a change of %s is one PATCH of %s in which revisions count', (scope, target) => {
  expect(hierarchical(scopeOf(scope), { domain: [group], infra: [service] })).toEqual({
    method: 'PATCH',
    target: `${target}?enforce_revision_check=true`,
    body: {
      resource_type: 'Infra',
      children: [
        service,
        {
          resource_type: 'ChildResourceReference',
          id: 'default',
          target_type: 'Domain',
          children: [group],
        },
      ],
    },
  });
});

test('a domain that nothing changes in is not named', () => {
  const { body } = hierarchical(scopeOf(), { domain: [], infra: [service] });
  expect(body).toEqual({ resource_type: 'Infra', children: [service] });
});

test('a VPC is reached from the root, down its org and project', () => {
  const { target, body } = hierarchical(scopeOf('vpc:p 1/v'), { domain: [group] });
  expect(target).toBe('/policy/api/v1/org-root?enforce_revision_check=true');
  const down = { resource_type: 'ChildResourceReference' };
  expect(body).toEqual({
    resource_type: 'OrgRoot',
    children: [
      {
        ...down,
        id: 'default',
        target_type: 'Org',
        children: [
          {
            ...down,
            id: 'p 1',
            target_type: 'Project',
            children: [{ ...down, id: 'v', target_type: 'Vpc', children: [group] }],
          },
        ],
      },
    ],
  });
});
