import type { Rule } from '@vmware/clients/nsx';
import { expect, test } from 'vitest';
import { ruleBlockers, ruleSentence } from './rule-fields.js';

const groups = '/infra/domains/default/groups';
const rule: Rule = { id: 'r', path: '/r', action: 'DROP' };

test('a rule in one line: groups by id, addresses whole, what is left out as ANY', () => {
  expect(ruleSentence(rule)).toBe('DROP ANY → ANY : ANY');
  expect(
    ruleSentence({
      ...rule,
      source_groups: [`${groups}/web`, '10.0.0.0/8', '2001:db8::/32'],
      destination_groups: [`${groups}/app`],
      services: ['/infra/services/HTTPS', '/infra/services/DNS'],
    }),
  ).toBe('DROP web, 10.0.0.0/8, 2001:db8::/32 → app : HTTPS, DNS');
});

test('a negated side says so, or it would read as its opposite', () => {
  const negated = { ...rule, sources_excluded: true, source_groups: [`${groups}/web`] };
  expect(ruleSentence(negated)).toBe('DROP not web → ANY : ANY');
  expect(ruleSentence({ ...negated, destinations_excluded: true })).toContain('→ not ANY');
});

test('what a category does not take is a blocker, and nothing else is', () => {
  const policy = (category: string) => ({ id: 'p', path: '/p', category });
  expect(ruleBlockers({ action: 'JUMP_TO_APPLICATION' }, policy('Environment'))).toEqual([]);
  expect(ruleBlockers({ action: 'JUMP_TO_APPLICATION' }, policy('Emergency'))).toHaveLength(1);
  expect(ruleBlockers({ action: 'REJECT' }, policy('Ethernet'))).toHaveLength(1);
  expect(ruleBlockers({ action: 'DROP' }, policy('Ethernet'))).toEqual([]);
  expect(ruleBlockers({ action: 'DROP', ip_protocol: 'IPV4' }, policy('Ethernet'))).toHaveLength(1);
});
