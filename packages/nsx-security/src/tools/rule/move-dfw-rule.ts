import type { Rule } from '@vmware/clients/nsx';
import { withQuery } from '@vmware/clients/nsx';
import { Refusal } from '@vmware/policy';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { inOrder } from '../../evaluation.js';
import { ownershipBlockers, policyBlockers } from '../../guards.js';
import {
  placeOf,
  quoted,
  readPolicy,
  readRule,
  readRules,
  rulePath,
  targetOf,
  writable,
} from '../../objects.js';
import { checkIn, lookBack, requestOf, sendPlanned } from '../../planned-request.js';
import { rowOf, ruleRow } from '../../rule-row.js';
import { nsxScope, policyId, ruleId } from '../../schema.js';
import { backToPlace } from '../../undo/rules.js';

const positions = {
  top: 'insert_top',
  bottom: 'insert_bottom',
  before: 'insert_before',
  after: 'insert_after',
} as const;

export const moveDfwRule = defineTool({
  name: 'move_dfw_rule',
  usage: 'rule move <policy_id> <rule_id>',
  summary: 'Move a rule to the top or bottom of its policy, or before or after another rule of it.',
  effect: 'write',
  risk: 'medium',
  level: 'vm_lifecycle',
  privileges: ['security_engineer'],
  flags: { nsx_scope: 'scope' },
  examples: [
    'rule move shop deny-rest --position bottom',
    'rule move shop web-in --position before --anchor old-ftp',
  ],
  input: z.object({
    policy_id: policyId,
    rule_id: ruleId,
    position: z.enum(['top', 'bottom', 'before', 'after']).describe('Where to.'),
    anchor: z.string().min(1).max(255).optional().describe('Rule that before and after are about.'),
    nsx_scope: nsxScope,
  }),
  output: ruleRow,
})
  .plan(async ({ policy_id, rule_id, position, anchor, nsx_scope }, { nsx }, context) => {
    const needsAnchor = position === 'before' || position === 'after';
    if (needsAnchor !== (anchor !== undefined))
      throw new Refusal(
        'INVALID_INPUT',
        needsAnchor
          ? `position ${position} needs an anchor.`
          : `position ${position} takes no anchor.`,
        'Use --position before or after with --anchor <rule>, or top or bottom without.',
      );
    const place = placeOf(nsx, nsx_scope, context);
    const policy = await readPolicy(place, policy_id);
    const rule = await readRule(place, policy_id, rule_id);
    const beside = anchor === undefined ? undefined : await readRule(place, policy_id, anchor);
    const rules = inOrder(await readRules(place, policy_id));
    const others = rules.filter(({ id }) => id !== rule.id);
    const undo = backToPlace(
      { policy_id, rule_id: rule.id, nsx_scope },
      rules,
      moved(others, rule, position, beside),
    );
    const name = rule.display_name ?? rule.id;
    const target = withQuery(
      `${targetOf(place, rulePath(place, policy_id, rule_id))}?action=revise`,
      {
        operation: positions[position],
        anchor_path: beside?.path,
      },
    );
    return {
      summary: `Move the rule ${name} (${rule.id}) ${beside ? `${position} ${beside.display_name ?? beside.id}` : `to the ${position} of ${policy.display_name ?? policy.id}`}`,
      changes: [
        `it is evaluated ${position === 'top' ? 'before all' : position === 'bottom' ? 'after all' : `right ${position} ${beside?.id}`}${needsAnchor ? '' : ` ${others.length} other rules of the policy`}`,
        'sequence numbers of rules beside it may change',
      ],
      requests: [requestOf({ method: 'POST', target, body: writable(rule) })],
      blast_radius: {
        total: 1,
        objects: [{ type: 'Rule', id: rule.id, name }],
        reversible: undo !== undefined,
      },
      blockers: [
        ...policyBlockers(policy, place.scope),
        ...ownershipBlockers(rule, place.scope),
        ...(beside?.id === rule.id ? ['A rule cannot be moved beside itself.'] : []),
        ...(rule.is_default ? [`${name} is a default rule of NSX and stays last.`] : []),
      ],
      unmeasured: [],
      ...(undo && { undo }),
    };
  })
  .run(async ({ policy_id, rule_id, nsx_scope }, { nsx }, context) => {
    const check = checkIn(nsx_scope, `rule list ${quoted(policy_id)}`);
    await sendPlanned<Rule>(nsx, context, check);
    const place = placeOf(nsx, nsx_scope, context);
    return rowOf(await lookBack(context, check, () => readRule(place, policy_id, rule_id)));
  });

/** The rules of the policy in the order that the move makes; default rules stay last. */
function moved(
  others: readonly Rule[],
  rule: Rule,
  position: keyof typeof positions,
  beside: Rule | undefined,
): Rule[] {
  const ends = { top: 0, bottom: others.filter(({ is_default }) => !is_default).length };
  const anchor = others.findIndex(({ id }) => id === beside?.id);
  const at = { ...ends, before: anchor, after: anchor + 1 }[position];
  return others.toSpliced(at, 0, rule);
}
