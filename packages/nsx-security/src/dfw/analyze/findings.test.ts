import type { Group, Rule } from '@vmware/clients/nsx';
import { describe, expect, it } from 'vitest';
import { Firewall } from '../firewall.js';
import {
  groupPath,
  ipGroup,
  machines,
  policyOf,
  snapshotOf,
  tagGroup,
  tcpService,
} from '../oracle/hand-made.js';
import type { PolicyWithRules, Snapshot } from '../snapshot.js';
import type { FindingKind } from './finding.js';
import { analyze } from './index.js';

const lab = machines(
  ['web-1', '10.0.0.1', 'tier|web'],
  ['web-2', '10.0.0.2', 'tier|web'],
  ['db-1', '10.0.0.9', 'tier|db'],
);
const groups = [
  tagGroup('web', 'tier|web'),
  tagGroup('db', 'tier|db'),
  tagGroup('nobody', 'tier|ghost'),
  ipGroup('low', '10.0.0.0/25'),
  ipGroup('high', '10.0.0.128/25'),
  ipGroup('net', '10.0.0.0/24'),
  ipGroup('six', 'fd00::/64'),
];
const services = [tcpService('mysql', '3306'), tcpService('range', '3300-3310')];
const allow = (id: string, from: string, to: string, more: Partial<Rule> = {}) => ({
  id,
  action: 'ALLOW' as const,
  source_groups: [from === 'ANY' ? from : groupPath(from)],
  destination_groups: [to === 'ANY' ? to : groupPath(to)],
  ...more,
});
const drop = (...args: Parameters<typeof allow>) => ({
  ...allow(...args),
  action: 'DROP' as const,
});
const mysql = { services: ['/infra/services/mysql'] };
const range = { services: ['/infra/services/range'] };

function find(
  kind: FindingKind,
  policies: readonly PolicyWithRules[],
  more: Partial<Snapshot> = {},
) {
  const snapshot = snapshotOf({ ...lab, groups, services, policies, ...more });
  return analyze(new Firewall(snapshot), [kind]).findings.map((finding) => ({
    id: finding.rule?.id ?? finding.object?.path.split('/').at(-1),
    because: finding.because.map((rule) => rule.id),
    severity: finding.severity,
    detail: finding.detail,
  }));
}

const app = (...rules: (Partial<Rule> & Pick<Rule, 'action'>)[]) =>
  policyOf('app', 'Application', rules);

describe('a shadowed rule', () => {
  it('is told with the one rule that takes everything, and weighs more when that acts differently', () => {
    expect(
      find('shadowed', [app(allow('wide', 'web', 'ANY', range), drop('late', 'web', 'db', mysql))]),
    ).toMatchObject([{ id: 'late', because: ['wide'], severity: 'high' }]);
    expect(
      find('shadowed', [
        app(allow('wide', 'web', 'ANY', range), allow('late', 'web', 'db', mysql)),
      ]),
    ).toMatchObject([{ id: 'late', because: ['wide'], severity: 'low' }]);
  });

  it('is told with the rules that take everything together', () => {
    const rules = [
      drop('half', 'low', 'db'),
      allow('other', 'high', 'db'),
      drop('nothing', 'six', 'db'),
      allow('late', 'net', 'db'),
    ];
    expect(find('shadowed', [app(...rules)])).toMatchObject([
      { id: 'late', because: ['half', 'other'] },
    ]);
  });

  it('is found by members, not by names', () => {
    const rules = [allow('early', 'net', 'net'), drop('late', 'web', 'db')];
    expect(find('shadowed', [app(...rules)])).toMatchObject([{ id: 'late' }]);
  });

  it.each([
    [
      'a rule with a context profile',
      allow('early', 'ANY', 'ANY', { profiles: ['/infra/context-profiles/SSH'] }),
    ],
    ['a disabled rule', allow('early', 'ANY', 'ANY', { disabled: true })],
    ['a rule for one side', allow('early', 'ANY', 'ANY', { direction: 'OUT' })],
    ['a rule applied elsewhere', allow('early', 'ANY', 'ANY', { scope: [groupPath('web')] })],
    ['a rule of the same number', allow('early', 'ANY', 'ANY', { sequence_number: 20 })],
    ['a rule for IPv6', allow('early', 'ANY', 'ANY', { ip_protocol: 'IPV6' })],
  ])('is not blamed on %s', (_, early) => {
    expect(find('shadowed', [app(early, drop('late', 'web', 'db', mysql))])).toEqual([]);
  });

  it('after a jump is not taken by what was jumped', () => {
    const jump = { id: 'jump', action: 'JUMP_TO_APPLICATION' as const };
    const wall = drop('wall', 'ANY', 'ANY');
    const late = app(allow('late', 'web', 'db'));
    expect(find('shadowed', [policyOf('env', 'Environment', [jump, wall]), late])).toMatchObject([
      { id: 'wall', because: ['jump'] },
    ]);
    expect(find('shadowed', [policyOf('env', 'Environment', [wall, jump]), late])).toMatchObject([
      { id: 'jump' },
      { id: 'late' },
    ]);
  });
});

describe('a redundant rule', () => {
  it('is one whose traffic later rules treat alike', () => {
    const rules = [
      allow('early', 'web', 'db', mysql),
      allow('wide', 'web', 'ANY', range),
      drop('default', 'ANY', 'ANY'),
    ];
    expect(find('redundant', [app(...rules)])).toMatchObject([{ id: 'early', because: ['wide'] }]);
  });

  it('is none when a rule between would act differently', () => {
    const rules = [
      allow('early', 'web', 'db', mysql),
      drop('between', 'web', 'db'),
      allow('wide', 'web', 'ANY'),
    ];
    expect(find('redundant', [app(...rules)])).toEqual([]);
  });

  it('may be a DROP before a DROP of everything', () => {
    expect(
      find('redundant', [app(drop('early', 'web', 'db'), drop('default', 'ANY', 'ANY'))]),
    ).toMatchObject([{ id: 'early', because: ['default'] }]);
  });

  it('is not claimed without a search when the later rules stand in no defined order', () => {
    const later = { sequence_number: 20 };
    const policies = [
      app(allow('early', 'web', 'db')),
      policyOf('b', 'Application', [allow('wide', 'ANY', 'ANY')], later),
      policyOf('c', 'Application', [drop('tied', 'web', 'db')], later),
    ];
    const firewall = new Firewall(snapshotOf({ ...lab, groups, services, policies }));
    const hasty = analyze(firewall, ['redundant'], { samples: 0, pairs: 0 });
    expect(hasty.findings).toEqual([]);
    expect(hasty.undecided.map((rule) => rule.id)).toContain('early');
  });
});

describe('a rule that never matches', () => {
  it.each([
    [allow('r', 'nobody', 'db'), 'Its sources have no members.'],
    [allow('r', 'db', 'nobody'), 'Its destinations have no members.'],
    [
      allow('r', 'ANY', 'ANY', { scope: [groupPath('nobody')] }),
      'It is applied to nothing: the groups in Applied To have no interfaces.',
    ],
    [allow('r', 'six', 'db'), 'Its sources and destinations have no IP version in common.'],
    [
      allow('r', 'high', 'high'),
      'No VM is among its sources or destinations, so no interface judges it.',
    ],
    [
      allow('r', 'high', 'web', { direction: 'OUT' }),
      'No VM is among its sources, so no interface judges it.',
    ],
    [
      allow('r', 'web', 'web', { scope: [groupPath('db')] }),
      'None of its sources or destinations is in Applied To.',
    ],
    [allow('r', 'ANY', 'ANY', { sources_excluded: true }), 'Its sources have no members.'],
  ])('says why: %#', (rule, detail) => {
    expect(find('never_matching', [app(rule)])).toMatchObject([{ id: 'r', detail }]);
  });

  it('is told when all its VMs are excluded, and not when membership is unknown', () => {
    const exclude_list = { members: [groupPath('web')] };
    expect(find('never_matching', [app(allow('r', 'web', 'web'))], { exclude_list })).toMatchObject(
      [{ detail: 'All VMs among its sources or destinations are on the exclude list.' }],
    );
    const unclear: Group = {
      id: 'ad',
      path: groupPath('ad'),
      extended_expression: [{ resource_type: 'IdentityGroupExpression' }],
    };
    expect(
      find('never_matching', [app(allow('r', 'ad', 'db'))], { groups: [...groups, unclear] }),
    ).toEqual([]);
  });
});

describe('other findings', () => {
  it('are rules that allow everything, however it is written', () => {
    const rules = [
      allow('any', 'ANY', 'ANY'),
      {
        id: 'written',
        action: 'ALLOW' as const,
        source_groups: ['0.0.0.0/1', '128.0.0.0/1', '::/0'],
        destination_groups: ['ANY'],
      },
      allow('narrow', 'net', 'ANY'),
      allow('applied', 'ANY', 'ANY', { scope: [groupPath('web')] }),
      allow('ports', 'ANY', 'ANY', mysql),
    ];
    expect(find('any_any_allow', [app(...rules)])).toMatchObject([
      { id: 'any', severity: 'high' },
      { id: 'written', severity: 'high' },
      { id: 'applied', severity: 'medium' },
    ]);
  });

  it('are drops that nobody hears of', () => {
    const rules = [
      drop('silent', 'ANY', 'ANY'),
      drop('loud', 'ANY', 'ANY', { logged: true }),
      drop('off', 'ANY', 'ANY', { disabled: true }),
      allow('a', 'ANY', 'ANY'),
    ];
    expect(find('unlogged_drop', [app(...rules)]).map((f) => f.id)).toEqual(['silent']);
  });

  it('are groups without members and groups without use', () => {
    const policies = [app(allow('a', 'web', 'nobody', { scope: [groupPath('db')] }))];
    expect(find('empty_group', policies)).toMatchObject([
      { id: 'nobody', severity: 'medium', because: ['a'] },
    ]);
    const parent: Group = {
      id: 'parent',
      path: groupPath('parent'),
      expression: [{ resource_type: 'PathExpression', paths: [groupPath('low')] }],
    };
    const unused = find('unused_group', policies, {
      groups: [...groups, parent],
      exclude_list: { members: [groupPath('six')] },
    });
    expect(unused.map((f) => f.id)).toEqual(['high', 'net', 'parent']);
  });

  it('are equal numbers, which weigh where the order matters', () => {
    const tied = { sequence_number: 7 };
    expect(
      find('same_sequence_number', [
        app(allow('a', 'web', 'db', tied), drop('b', 'web', 'ANY', tied)),
      ]),
    ).toMatchObject([{ id: 'app', severity: 'high', because: ['a', 'b'] }]);
    expect(
      find('same_sequence_number', [
        app(allow('a', 'web', 'db', tied), drop('b', 'db', 'web', tied)),
      ]),
    ).toMatchObject([{ severity: 'low' }]);
    const other = policyOf('other', 'Application', [drop('c', 'web', 'db')]);
    expect(find('same_sequence_number', [app(allow('a', 'web', 'db')), other])).toMatchObject([
      { severity: 'high', because: ['a', 'c'] },
    ]);
    expect(
      find('same_sequence_number', [
        app(allow('a', 'web', 'db')),
        { ...other, category: 'Emergency' },
      ]),
    ).toEqual([]);
  });

  it('are rules that say the same in another order', () => {
    const paths = [groupPath('web'), groupPath('db')];
    const rules = [
      { id: 'a', action: 'ALLOW' as const, source_groups: paths },
      {
        id: 'b',
        action: 'ALLOW' as const,
        source_groups: [...paths].reverse(),
        destination_groups: ['ANY'],
      },
      { id: 'c', action: 'ALLOW' as const, source_groups: paths, direction: 'IN' as const },
    ];
    expect(find('duplicate', [app(...rules)])).toMatchObject([{ id: 'b', because: ['a'] }]);
  });
});
