import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bodyOf, lab, labAt } from '../../test/lab.js';

const permissive = 'version: 1\ndefault: {write: permit}\n';
const freeze = `version: 1
rules:
  - id: freeze
    effect: forbid
    tools: [raise_*]
    reason: Change freeze.
  - id: small-changes
    effect: forbid
    effects: [write]
    when: {blast_radius: {min: 1}}
`;

test('a denial names its rule, file and line, and the row has them too', async () => {
  await using at = await lab({ rules: freeze });
  const outcome = await at.call(at.tools.raiseCounter, { name: 'red' }, { dryRun: false });
  expect(outcome).toMatchObject({
    status: 'refused',
    by: 'rules',
    code: 'DENIED_BY_RULE',
    rule: 'freeze',
  });
  expect(outcome).toMatchObject({ where: expect.stringMatching(/^rules\.yaml:3:\d+$/) });
  expect(outcome).toMatchObject({ message: expect.stringContaining('Change freeze.') });
  const [row] = at.audit();
  expect(row).toMatchObject({ phase: 'denied', decision: 'deny', rule: 'freeze' });
  expect(row?.rules_sha).toMatch(/^[0-9a-f]{64}$/);
  expect(bodyOf(row)).toMatchObject({
    by: 'rules',
    where: expect.stringMatching(/^rules\.yaml:3/),
  });
  expect(at.target.changes()).toEqual([]);
});

test('an edit counts for the next call of a running program', async () => {
  await using at = await lab();
  expect(await at.call(at.tools.raiseCounter, { name: 'red' })).toMatchObject({
    status: 'preview',
  });
  at.rules(freeze);
  expect(await at.call(at.tools.raiseCounter, { name: 'red' })).toMatchObject({ rule: 'freeze' });
});

const broken = `${freeze}  - id: [unclosed`;

test.each([
  ['broken', (at: { rules(text: string): void }) => at.rules(broken)],
  ['vanished', (at: { home: { rules: string } }) => rmSync(at.home.rules)],
])(
  'with a rules.yaml that is %s nothing leaves and the remedy names a command',
  async (_how, spoil) => {
    await using at = await lab({ rules: permissive });
    expect(await at.call(at.tools.raiseCounter, { name: 'red' }, { dryRun: false })).toMatchObject({
      status: 'done',
    });
    spoil(at);
    for (const [tool, how] of [
      [at.tools.raiseCounter, { dryRun: false }],
      [at.tools.resetCounter, { dryRun: false, confirmed: true }],
      [at.tools.getCounter, {}],
    ] as const) {
      const outcome = await at.call(tool, { name: 'red' }, how);
      expect(outcome).toMatchObject({ status: 'refused', code: 'RULES_UNAVAILABLE' });
      expect(outcome).toMatchObject({
        remedy: expect.stringMatching(/`vmware-audit rules (lint|show --baseline)/),
      });
    }
    expect(at.target.changes()).toHaveLength(1);
    at.rules(permissive);
    expect(await at.call(at.tools.raiseCounter, { name: 'red' }, { dryRun: false })).toMatchObject({
      status: 'done',
    });
  },
);

test('a rules.yaml that vanished is missed by a later program too', async () => {
  await using at = await lab({ rules: permissive });
  await at.call(at.tools.getCounter, { name: 'red' });
  rmSync(at.home.rules);
  await using later = labAt(at.target, at.home.dir);
  expect(await later.call(at.tools.raiseCounter, { name: 'red' }, { dryRun: false })).toMatchObject(
    {
      status: 'refused',
      code: 'RULES_UNAVAILABLE',
    },
  );
  expect(at.target.changes()).toEqual([]);
});

test('rules that come into force are a row with their digest, once for each', async () => {
  await using at = await lab({ rules: permissive });
  await at.call(at.tools.getCounter, { name: 'red' });
  await at.call(at.tools.getCounter, { name: 'red' });
  at.rules(`${permissive}# edited\n`);
  await at.call(at.tools.getCounter, { name: 'red' });
  const rows = at.everyRow();
  const loads = rows.filter(({ phase }) => phase === 'policy');
  const digests = rows.filter(({ phase }) => phase === 'read').map(({ rules_sha }) => rules_sha);
  expect(new Set(digests).size).toBe(2);
  expect(loads.map((row) => bodyOf(row)['digest'])).toEqual([digests[0], digests[2]]);
});
