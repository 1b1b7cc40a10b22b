import type { Outcome } from '@vmware/policy';
import { simulateNsx } from '@vmware/simulators';
import { expect, test } from 'vitest';
import { addDfwExclusion } from '../src/tools/exclusion/add-dfw-exclusion.js';
import { removeDfwExclusion } from '../src/tools/exclusion/remove-dfw-exclusion.js';
import { updateGroup } from '../src/tools/group/update-group.js';
import { updateDfwPolicy } from '../src/tools/policy/update-dfw-policy.js';
import { updateDfwRule } from '../src/tools/rule/update-dfw-rule.js';
import type { AnyTool, Input } from './changes.js';
import { type Lab, labOn } from './lab.js';
import { objectAt } from './refusals.js';

interface Edit {
  readonly tool: AnyTool;
  readonly input: Input;
}

const domain = '/infra/domains/default';
const rules = ['web-in', 'web-to-app', 'app-to-db'];
const groups = ['corporate', 'dns-servers'];
/** Each editor has a field of every rule and of the policy to himself, and puts one group on the exclude list. */
const own = ['quarantine', 'test-machines', 'jump-hosts', 'web-segment'];
const editors = 4;
const edits = 250;

/** Numbers as a linear congruential generator makes them: every run edits in the same order. */
function numbers(seed: number): (below: number) => number {
  let at = seed;
  return (below) => {
    at = (at * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((at / 2 ** 31) * below);
  };
}

const addressOf = (editor: number, n: number): string => `203.${editor}.${n >> 8}.${n & 255}`;

/** What an editor does with one field of his: the nth value, another each time. */
const ruleValue = (editor: number, n: number): Input =>
  [
    { display_name: `named ${n}` },
    { description: `described ${n}` },
    { sequence_number: 1_000 + n },
    { logged: n % 2 === 0 },
  ][editor] ?? {};

const policyValue = (editor: number, n: number): Input =>
  [
    { display_name: `policy ${n}` },
    { description: `described ${n}` },
    { sequence_number: 100 + n },
    { stateful: n % 2 === 0 },
  ][editor] ?? {};

/** Previews and agrees until it is done, as a person does who is told that somebody was quicker. */
async function persist(nsx: Lab, { tool, input }: Edit, seen: Map<string, number>): Promise<void> {
  for (;;) {
    const outcome: Outcome = await nsx.change(tool, input as never);
    const what = 'code' in outcome ? outcome.code : outcome.status;
    seen.set(what, (seen.get(what) ?? 0) + 1);
    if (outcome.status === 'done') return;
    // A plan that changed since it was shown is shown again; a stale revision is a conflict. Nothing else.
    expect(['preview', 'CONFLICT']).toContain(what);
  }
}

test('a thousand interleaved edits of the same objects by four people lose nothing', async () => {
  // Each has an account: NSX counts requests by account, and so does the client.
  const users = Array.from({ length: editors }, (_, editor) => ({
    username: `editor-${editor}`,
    password: 'Simulated-NSX-4!',
    role: 'security_engineer' as const,
  }));
  await using sim = await simulateNsx({ users });
  const labs = users.map((credentials) => labOn({ ...sim, credentials }));
  const seen = new Map<string, number>();
  const last = new Map<string, unknown>();
  const added: Record<string, string[]> = { corporate: [], 'dns-servers': [] };
  const excluded = new Map<string, boolean>();

  const edit = async (editor: number, nsx: Lab): Promise<void> => {
    const random = numbers(editor + 1);
    for (let n = 0; n < edits; n += 1) {
      const kind = random(10);
      if (kind < 4) {
        const rule_id = rules[random(rules.length)] ?? '';
        const value = ruleValue(editor, n);
        await persist(
          nsx,
          { tool: updateDfwRule, input: { policy_id: 'shop', rule_id, ...value } },
          seen,
        );
        for (const [field, to] of Object.entries(value))
          last.set(`shop/rules/${rule_id} ${field}`, to);
      } else if (kind < 7) {
        const group_id = groups[random(groups.length)] ?? '';
        const address = addressOf(editor, n);
        await persist(
          nsx,
          { tool: updateGroup, input: { group_id, add_ip_addresses: [address] } },
          seen,
        );
        added[group_id]?.push(address);
      } else if (kind < 9) {
        const value = policyValue(editor, n);
        await persist(nsx, { tool: updateDfwPolicy, input: { policy_id: 'shop', ...value } }, seen);
        for (const [field, to] of Object.entries(value)) last.set(`shop ${field}`, to);
      } else {
        const group_id = own[editor] ?? '';
        const on = !excluded.get(group_id);
        await persist(
          nsx,
          { tool: on ? addDfwExclusion : removeDfwExclusion, input: { group_id } },
          seen,
        );
        excluded.set(group_id, on);
      }
    }
  };
  try {
    await Promise.all(labs.map((nsx, editor) => edit(editor, nsx)));
  } finally {
    for (const nsx of labs) await nsx[Symbol.asyncDispose]();
  }

  const policies = `${domain}/security-policies`;
  for (const [where, value] of last) {
    const [path, field = ''] = where.split(' ');
    expect([where, objectAt({ sim }, `${policies}/${path}`)[field]]).toEqual([where, value]);
  }
  for (const [id, addresses] of Object.entries(added)) {
    const { expression } = objectAt({ sim }, `${domain}/groups/${id}`);
    const [{ ip_addresses }] = expression as [{ ip_addresses: string[] }];
    expect(ip_addresses).toEqual(expect.arrayContaining(addresses));
    expect(ip_addresses.filter((ip) => ip.startsWith('203.'))).toHaveLength(addresses.length);
  }
  const { members } = objectAt({ sim }, '/infra/settings/firewall/security/exclude-list');
  const wanted = own.filter((id) => excluded.get(id)).map((id) => `${domain}/groups/${id}`);
  expect([...(members as string[])].sort()).toEqual(
    [`${domain}/groups/excluded-appliances`, ...wanted].sort(),
  );
  // They did get in each other's way; otherwise this would show nothing.
  expect(seen.get('done')).toBe(editors * edits);
  expect((seen.get('CONFLICT') ?? 0) + (seen.get('preview') ?? 0)).toBeGreaterThan(50);
}, 120_000);
