import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, InMemoryTransport } from '@modelcontextprotocol/client';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { homeAt } from '../../src/home.js';
import { govern } from '../../src/index.js';
import { openLimits } from '../../src/limits/buckets.js';
import { describe as surfaceOf } from '../../src/surfaces/docs/describe.js';
import { mcpServer } from '../../src/surfaces/mcp/server.js';
import { openTarget, type Target } from '../target.js';
import { countersAt } from '../toolset.js';

/** Nobody may raise; resetting takes a person who agrees; deleting takes the seal of a preview. */
const rules = `version: 1
default: {write: permit}
rules:
  - {id: no-raise, effect: forbid, tools: [raise_counter]}
  - {id: ask, effect: require, tools: [reset_counter], obligations: {consent: human}}
`;

const plenty = { perMinute: 1e9, burst: 1e9 };

/** A program with these variables in its environment, and a client of it that cannot ask a person. */
async function programWith(target: Target, env: Record<string, string>) {
  const home = homeAt(mkdtempSync(join(tmpdir(), 'bypass-')));
  writeFileSync(home.rules, rules, { mode: 0o600 });
  const { toolset } = countersAt(target.url);
  const before = { ...process.env };
  Object.assign(process.env, env);
  const limits = openLimits({ perCaller: plenty, perTarget: plenty });
  const governed = govern(toolset, { home, env: { ...process.env, ...env }, limits });
  const { server } = mcpServer(surfaceOf(toolset), async () => governed);
  const [near, far] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: 'test', version: '0' });
  await server.connect(far);
  await client.connect(near);
  return {
    call: async (name: string, args: Record<string, unknown>) =>
      client.callTool({ name, arguments: args }),
    async [Symbol.asyncDispose]() {
      await client.close();
      await governed.close();
      for (const name of Object.keys(env))
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
    },
  };
}

const changing = ['raise_counter', 'reset_counter', 'delete_counter'] as const;

/** The whole of what a caller can say for a change, short of consent. */
const willing = (tool: (typeof changing)[number]) => ({
  name: 'red',
  dry_run: false,
  ...(tool === 'raise_counter' ? {} : { confirmed: true }),
});
/** What each is answered: a denial, a request to be approved, and a preview. */
const answers = {
  raise_counter: 'DENIED_BY_RULE',
  reset_counter: 'AWAITING_APPROVAL',
  delete_counter: 'preview',
};

const switches = [
  'VMWARE_POLICY_DISABLED',
  'VMWARE_POLICY',
  'VMWARE_SKIP_POLICY',
  'VMWARE_RULES',
  'VMWARE_RULES_FILE',
  'VMWARE_POLICY_RULES',
  'VMWARE_AUDIT_DISABLED',
  'VMWARE_AUDIT_APPROVED_BY',
  'VMWARE_AUDIT_RATIONALE',
  'VMWARE_READ_ONLY',
  'VMWARE_DRY_RUN',
  'VMWARE_CONFIRM',
  'OPS_POLICY_DISABLED',
  'OPS_POLICY_RULES',
  'OPS_NO_AUDIT',
  'POLICY_DISABLED',
  'DISABLE_POLICY',
  'MCP_AUTO_APPROVE',
  'CI',
  'DEBUG',
  'NODE_ENV',
  'FORCE',
  'YES',
] as const;

test.each(['1', '0', 'true', 'false', 'yes', 'admin', ''])(
  'no variable of the environment set to "%s" lets a change through that the rules do not',
  async (value) => {
    await using target = await openTarget();
    const env = Object.fromEntries(switches.map((name) => [name, value]));
    await using program = await programWith(target, env);
    for (const name of changing)
      expect(JSON.stringify(await program.call(name, willing(name)))).toContain(answers[name]);
    expect(target.changes()).toEqual([]);
  },
);

test('300 variables whose names are made of the words of such switches do not either', async () => {
  const word = fc.constantFrom(
    ...['VMWARE', 'OPS', 'POLICY', 'RULES', 'AUDIT', 'CONSENT', 'CONFIRM', 'APPROVE', 'SKIP', 'NO'],
    ...[
      'DISABLE',
      'DISABLED',
      'BYPASS',
      'OFF',
      'ALLOW',
      'FORCE',
      'UNSAFE',
      'ADMIN',
      'ROLE',
      'LEVEL',
    ],
  );
  const name = fc
    .array(word, { minLength: 2, maxLength: 4 })
    .map((words) => words.join('_'))
    .filter((one) => one !== 'OPS_HOME');
  await using target = await openTarget();
  for (let round = 0; round < 10; round++) {
    const env = Object.fromEntries(fc.sample(name, 30).map((one) => [one, '1']));
    await using program = await programWith(target, env);
    for (const tool of changing) await program.call(tool, willing(tool));
    expect(target.changes(), Object.keys(env).join(' ')).toEqual([]);
  }
});

/** Inputs that look as if they were consent, or as if they switched something off. */
const extras = fc.dictionary(
  fc.oneof(
    fc.constantFrom(
      ...['dry_run', 'confirmed', 'consent', 'target', 'ticket'],
      ...['confirm', 'force', 'yes', 'dryRun', 'dry-run', 'approved', 'approved_by', 'by', 'human'],
      ...['role', 'level', 'user', 'caller', 'rules', 'policy', 'bypass', 'canAsk', 'surface'],
      ...['__proto__', 'constructor', 'prototype', 'toString', '_meta', 'problem', 'verdict'],
    ),
    fc.string({ maxLength: 8 }),
  ),
  fc.oneof(
    fc.constantFrom('true', 'false', 'yes', '1', 1, 0, -1, true, false, null, [], [false], {}),
    fc.constantFrom('c1.', 'c1.AAAA', 'human', 'prod', 'lab', { agree: true }, { by: 'human' }),
    fc.jsonValue({ maxDepth: 2 }),
  ),
  { maxKeys: 6 },
);

test('1,000 inputs with what no tool asks for change nothing that the rules do not let through', async () => {
  await using target = await openTarget();
  await using program = await programWith(target, {});
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...changing), extras, async (tool, more) => {
      const answer = await program.call(tool, { ...willing(tool), ...more, name: 'red' });
      if (answer.isError) refused += 1;
      expect(target.changed, JSON.stringify(answer)).toBe(0);
    }),
    { numRuns: 1_000 },
  );
  expect(refused).toBeGreaterThan(300);
});

test.each<[string, Record<string, unknown>]>([
  ['confirmed as text', { dry_run: false, confirmed: 'true' }],
  ['dry_run as a number', { dry_run: 0, confirmed: true }],
  ['dry_run as text', { dry_run: 'false', confirmed: true }],
  ['dry_run as null', { dry_run: null, confirmed: true }],
  ['consent as a flag', { dry_run: false, confirmed: true, consent: true }],
  ['a target as a list', { dry_run: false, confirmed: true, target: ['lab'] }],
  ['an input that no tool has', { dry_run: false, confirmed: true, policy: 'off' }],
  ['the camel-case of a reserved input', { dryRun: false, dry_run: false, confirmed: true }],
])('%s is refused as an input, even where the rules permit the change', async (_, more) => {
  await using target = await openTarget();
  const home = homeAt(mkdtempSync(join(tmpdir(), 'bypass-')));
  writeFileSync(home.rules, 'version: 1\ndefault: {write: permit}\n', { mode: 0o600 });
  const { toolset } = countersAt(target.url);
  const governed = govern(toolset, { home, env: {} });
  const { server } = mcpServer(surfaceOf(toolset), async () => governed);
  const [near, far] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: 'test', version: '0' });
  await server.connect(far);
  await client.connect(near);
  const answer = await client.callTool({
    name: 'raise_counter',
    arguments: { ...more, name: 'red' },
  });
  expect(JSON.stringify(answer)).toContain('INVALID_INPUT');
  expect(target.changes()).toEqual([]);
  const good = { name: 'red', dry_run: false, confirmed: true };
  expect(await client.callTool({ name: 'reset_counter', arguments: good })).not.toMatchObject({
    isError: true,
  });
  expect(target.changes()).toHaveLength(1);
  await client.close();
  await governed.close();
});
