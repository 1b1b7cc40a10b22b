import { describe, expect, it } from 'vitest';
import { diffSnapshots } from './diff.js';
import { ipGroup, machines, policyOf, snapshotOf, tagGroup } from './oracle/hand-made.js';

const before = snapshotOf({
  ...machines(['web-1', '10.0.0.1', 'tier|web']),
  groups: [tagGroup('web', 'tier|web'), ipGroup('net', '10.0.0.1', '10.0.0.2')],
  policies: [
    policyOf('p', 'Application', [
      { id: 'a', action: 'ALLOW', source_groups: ['/g/1', '/g/2'] },
      { id: 'b', action: 'DROP' },
    ]),
  ],
});

describe('the difference of two snapshots', () => {
  it('is nothing where only NSX wrote, or only the order of a set is another', () => {
    const after = snapshotOf({
      ...before,
      taken_at: '2026-02-02T00:00:00Z',
      groups: [
        {
          ...ipGroup('net', '10.0.0.2', '10.0.0.1'),
          _revision: 9,
          _last_modified_time: 5,
          unique_id: 'u',
        },
        tagGroup('web', 'tier|web'),
      ],
      policies: before.policies.map((policy) => ({
        ...policy,
        _revision: 3,
        rule_count: 2,
        rules: policy.rules.map((rule) => ({
          ...rule,
          rule_id: 1007,
          ...(rule.source_groups && { source_groups: [...rule.source_groups].reverse() }),
        })),
      })),
      virtual_machines: (before.virtual_machines ?? []).map((vm) => ({
        ...vm,
        power_state: 'VM_STOPPED',
      })),
    });
    expect(diffSnapshots(before, after)).toEqual({ changes: [], not_compared: [] });
  });

  it('names the fields, and of sets only what one side has', () => {
    const [policy] = before.policies;
    if (!policy) throw new Error('no policy');
    const after = snapshotOf({
      ...before,
      firewall: { enable_firewall: false },
      exclude_list: { members: ['/g/web'] },
      groups: [tagGroup('web', 'tier|app')],
      policies: [
        policyOf(
          'p',
          'Application',
          [
            { id: 'a', action: 'DROP', source_groups: ['/g/2', '/g/3'] },
            { id: 'c', action: 'ALLOW' },
          ],
          { sequence_number: 20 },
        ),
      ],
      virtual_machines: [
        { external_id: 'web-1', display_name: 'web-1', tags: [{ scope: 'tier', tag: 'app' }] },
      ],
    });
    const { changes } = diffSnapshots(before, after);
    expect(changes.map((c) => `${c.type} ${c.path.split('/').at(-1)} ${c.change}`)).toEqual([
      'firewall  changed',
      'exclude_list  changed',
      'policy p changed',
      'rule a changed',
      'rule b removed',
      'rule c added',
      'group net removed',
      'group web changed',
      'virtual_machine web-1 changed',
    ]);
    expect(changes.flatMap((c) => c.fields)).toEqual([
      { field: 'enable_firewall', before: true, after: false },
      { field: 'members', before: [], after: ['/g/web'] },
      { field: 'sequence_number', before: 10, after: 20 },
      { field: 'action', before: 'ALLOW', after: 'DROP' },
      { field: 'source_groups', before: ['/g/1'], after: ['/g/3'] },
      { field: 'expression[0].value', before: 'tier|web', after: 'tier|app' },
      {
        field: 'tags',
        before: [{ scope: 'tier', tag: 'web' }],
        after: [{ scope: 'tier', tag: 'app' }],
      },
    ]);
  });

  it('says nothing about what was not read', () => {
    const after = snapshotOf({ ...before, exclude_list: null, virtual_machines: null });
    expect(diffSnapshots(before, after)).toEqual({
      changes: [],
      not_compared: ['exclude_list', 'virtual_machines'],
    });
  });
});
