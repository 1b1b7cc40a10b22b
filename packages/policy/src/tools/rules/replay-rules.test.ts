import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { draft } from '../../../test/draft.js';
import { labWithTools } from '../../../test/own-tools.js';
import { canonical, type Draft } from '../../audit/event.js';
import { Store } from '../../audit/store.js';
import { keyedDigest } from '../../key-file.js';

type Lab = Awaited<ReturnType<typeof labWithTools>>;

/** Rows that a program with the installed tools would have written, after the three that a lab has. */
async function write(at: Lab, ...rows: Partial<Draft>[]): Promise<void> {
  const store = new Store(at.home);
  const digest = keyedDigest(at.home);
  for (const { body = {}, ...row } of rows) {
    const { args = { name: 'web-1' }, ...rest } = body;
    await store.append(
      draft({
        phase: 'intent',
        tool: 'delete_vm',
        actor: userInfo().username,
        args_sha: digest(canonical(args)),
        body: { args, ...rest },
        ...row,
      }),
    );
  }
  store.close();
}

const permissive = 'version: 1\ndefault: {write: permit}\n';
const rules = (text: string) => `${permissive}rules:\n  - {id: new, ${text}}\n`;
const replay = (at: Lab, text: string, input: Record<string, unknown> = {}) => {
  at.rules(text);
  return at.read('replay_rules', input);
};

test('a change that the new rules forbid is listed with what it was and what it becomes', async () => {
  await using at = await labWithTools();
  await write(at, { target: 'prod', environment: 'production' }, { target: 'lab' });
  expect(
    await replay(
      at,
      rules('effect: forbid, tools: [delete_vm], targets: {environments: ["prod*"]}'),
    ),
  ).toMatchObject({
    items: [
      {
        seq: 4,
        tool: 'delete_vm',
        target: 'prod',
        was: 'allow by default',
        becomes: 'deny by new',
        where: expect.stringMatching(/rules\.yaml:4:5$/),
      },
    ],
    replayed: 2,
    changed: 1,
    unsure: 0,
    // The three rows of the lab, one of which was refused for its input.
    unknown_tools: 2,
    hint: expect.stringContaining('1 of 2 decisions would change.'),
  });
});

test('a denial that would be allowed now is listed, and one that would be denied by another rule is not', async () => {
  await using at = await labWithTools();
  const denied = { phase: 'denied', decision: 'deny', rule: 'old', body: { by: 'rules' } } as const;
  await write(at, denied, { ...denied, tool: 'power_on_vm' });
  expect(await replay(at, rules('effect: forbid, tools: [delete_vm]'))).toMatchObject({
    items: [{ seq: 5, was: 'deny by old', becomes: 'allow by default', where: null }],
    replayed: 2,
  });
});

test('a rule that asks for a redacted argument cannot be replayed, and says so', async () => {
  await using at = await labWithTools();
  const digest = '1'.repeat(64);
  await write(
    at,
    { args_sha: digest, body: { args: { name: 'web-1', password: '***' } } },
    { body: { args: { name: 'web-1' } } },
  );
  const asksFor = (name: string) =>
    replay(at, rules(`effect: forbid, tools: [delete_vm], when: {args: {${name}: {glob: "x*"}}}`));
  expect(await asksFor('password')).toMatchObject({ unsure: 1, unsure_rows: [4], changed: 1 });
  expect(await asksFor('name')).toMatchObject({ unsure: 0, changed: 0 });
});

test('the size of the plan counts where it was written down, and not for a plan that was blocked', async () => {
  await using at = await labWithTools();
  await write(
    at,
    { body: { plan: { total: 3 } } },
    { body: { plan: { total: 30 } } },
    { phase: 'preview', body: { plan: { total: 30 }, blockers: ['It is locked.'] } },
    { phase: 'denied', decision: 'deny', rule: 'gone', body: { by: 'rules' } },
  );
  expect(
    await replay(at, rules('effect: forbid, tools: [delete_vm], when: {blast_radius: {min: 10}}')),
  ).toMatchObject({
    items: [{ seq: 5 }],
    replayed: 4,
    unsure: 1,
    unsure_rows: [7],
  });
});

test('rates count the intents of the same user up to each row', async () => {
  await using at = await labWithTools();
  await write(at, {}, {}, { actor: 'bob' }, {}, { tool: 'list_vms', phase: 'read' });
  // A minute between any two, so that which came first is beyond doubt.
  at.tamper(
    "UPDATE event SET ts = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', (seq - 60) || ' minutes')",
  );
  expect(
    await replay(
      at,
      rules('effect: forbid, tools: [delete_vm, list_vms], unless: {rate: {max: 2, per: 1d}}'),
    ),
  ).toMatchObject({ items: [{ seq: 7, becomes: 'deny by new' }, { seq: 8 }], unsure: 0 });
});

test('the level that a role gives is judged too, and a grant goes on to hold', async () => {
  await using at = await labWithTools();
  await write(at, { actor: 'bob' }, { rule: 'break-glass:0123456789ab' });
  const roles = `roles: {all: {users: [${userInfo().username}], level: full_admin}}\n`;
  expect(await replay(at, `${rules('effect: forbid, tools: [delete_vm]')}${roles}`)).toMatchObject({
    items: [{ seq: 4, user: 'bob', becomes: 'deny by roles' }],
    replayed: 2,
  });
});

test('only the last decisions are replayed, those since a time, and a bad file is refused', async () => {
  await using at = await labWithTools();
  await write(at, {}, {});
  const strict = rules('effect: forbid, tools: [delete_vm]');
  expect(await replay(at, strict, { last: 1 })).toMatchObject({ replayed: 1, unknown_tools: 0 });
  expect(await replay(at, strict, { since: '2999-01-01T00:00:00Z' })).toMatchObject({
    replayed: 0,
  });
  at.rules('version: [');
  expect(await at.ask('replay_rules')).toMatchObject({ code: 'RULES_UNAVAILABLE' });
});
