import type { Expression, Group } from '@vmware/clients/nsx';
import type { Placed } from '../evaluation-order.js';
import type { Firewall } from '../firewall.js';
import { isEmpty } from '../members.js';
import { type RuleRef, ruleRef } from '../rule-ref.js';
import type { PolicyWithRules, Snapshot } from '../snapshot.js';
import { aboutObject, type Finding } from './finding.js';

/** Groups that surely have no effective member, with the rules that name them. */
export function emptyGroups(firewall: Firewall): Finding[] {
  const users = rulesByPath(firewall.snapshot);
  return firewall.snapshot.groups
    .filter((group) => isEmpty(firewall.membership.of(group.path)))
    .map((group) => {
      const rules = users.get(group.path) ?? [];
      const used = rules.length > 0 ? `; ${rules.length} rules name it` : '';
      return aboutObject(
        'empty_group',
        rules.length > 0 ? 'medium' : 'low',
        group,
        `It has no effective member: no VM, no port and no address${used}.`,
        rules,
      );
    });
}

/** Groups that nothing in the snapshot names. Gateway rules and other features are not in a snapshot. */
export function unusedGroups(snapshot: Snapshot): Finding[] {
  const named = new Set(rulesByPath(snapshot).keys());
  for (const path of snapshot.exclude_list?.members ?? []) named.add(path);
  for (const group of snapshot.groups)
    for (const path of pathsIn(group.expression ?? [])) named.add(path);
  return snapshot.groups
    .filter((group: Group) => !named.has(group.path) && group._system_owned !== true)
    .map((group) =>
      aboutObject(
        'unused_group',
        'low',
        group,
        'No distributed firewall rule, group or exclude list names it. Ask NSX who else does before deleting it.',
      ),
    );
}

function rulesByPath(snapshot: Snapshot): Map<string, RuleRef[]> {
  const users = new Map<string, RuleRef[]>();
  const add = (path: string, placed: Pick<Placed, 'rule' | 'policy'>) => {
    const known = users.get(path) ?? [];
    users.set(path, known);
    known.push(ruleRef(placed));
  };
  const policyUses = (policy: PolicyWithRules) =>
    (policy.scope ?? []).filter((path) => path.startsWith('/'));
  for (const policy of snapshot.policies) {
    for (const path of policyUses(policy)) if (!users.has(path)) users.set(path, []);
    for (const rule of policy.rules) {
      const { source_groups = [], destination_groups = [], scope = [] } = rule;
      const named = [...source_groups, ...destination_groups, ...scope, ...policyUses(policy)];
      for (const path of new Set(named)) if (path.startsWith('/')) add(path, { rule, policy });
    }
  }
  return users;
}

function pathsIn(expressions: readonly Expression[]): string[] {
  return expressions.flatMap((expression) =>
    Array.isArray(expression['paths']) ? expression['paths'].map(String) : [],
  );
}
