import { call, program } from './agent.mjs';
import { chapter, expect, quiet, say } from './tell.mjs';

/** Previews a change, shows its plan, and does exactly that. */
async function change(client, name, args) {
  const preview = await call(client, name, args);
  expect(preview.body.action === 'preview', `${name} shows its plan first`);
  say(preview.body.plan.summary);
  for (const line of preview.body.plan.changes) say(`  - ${line}`);
  const done = await call(client, name, {
    ...args,
    dry_run: false,
    consent: preview.body.consent,
    ...(/^(delete|restore|apply|tag|remove)_/.test(name) &&
      name !== 'apply_vm_tag' && { confirmed: true }),
  });
  expect(!done.isError, `${name} is done: ${done.text}`);
  return done.body;
}

const may = async (client, source, destination, port) =>
  (await call(client, 'explain_connectivity', { source, destination, port })).body;

export async function theEstate(client) {
  chapter('An agent connects, and looks at the firewall');
  const { tools } = await client.listTools();
  const { body } = await call(client, 'list_dfw_policies', {});
  for (const row of body.rows) say(row.map((cell) => String(cell ?? '-')).join('  '));
  quiet(`${tools.length} tools; ${body.total} policies in evaluation order.`);
  const { body: vm } = await call(client, 'explain_vm_firewall', { vm: 'appliance-01' });
  say(`appliance-01: excluded ${vm.excluded}, protected ${vm.protected}`);
  expect(vm.protected === 'no', 'an excluded VM is not called protected');
}

export async function theSnapshot(client) {
  chapter('Before anything else: a way back');
  const { body } = await call(client, 'snapshot_dfw', { file: 'before' });
  say(`${body.policies} policies, ${body.rules} rules, ${body.groups} groups in ${body.file}`);
  quiet(`sha256 ${body.sha256}`);
}

export async function theSegmentation(client) {
  chapter('Microsegment an application: who may talk to the CI runners');
  const names = ['ci-runner-01', 'ci-runner-02'];
  const tagged = await change(client, 'tag_vms', { tag_scope: 'app', tag_value: 'ci', add: names });
  expect(tagged.tagged === 2, 'both VMs are tagged');
  await change(client, 'create_group', {
    group_id: 'ci',
    display_name: 'CI runners',
    tag_scope: 'app',
    tag_value: 'ci',
  });
  const { body: group } = await call(client, 'get_group', { group_id: 'ci' });
  say(
    `the group has ${group.member_count} members: ${group.members.map((one) => one.display_name).join(', ')}`,
  );
  expect(group.member_count === 2, 'the group has both VMs');
  await change(client, 'create_dfw_policy', {
    policy_id: 'ci',
    display_name: 'CI',
    sequence_number: 12,
  });
  const rule = { policy_id: 'ci', destinations: ['ci'], scope: ['ci'] };
  await change(client, 'create_dfw_rule', {
    ...rule,
    rule_id: 'ssh-from-jump',
    display_name: 'SSH from jump hosts',
    sources: ['jump-hosts'],
    services: ['SSH'],
    sequence_number: 10,
  });
  await change(client, 'create_dfw_rule', {
    ...rule,
    rule_id: 'deny-rest',
    display_name: 'Nothing else',
    action: 'DROP',
    logged: true,
    sequence_number: 20,
  });
  const jump = await may(client, 'win-jump', 'group:ci', '22');
  const web = await may(client, 'web-01', 'group:ci', '22');
  say(jump.summary);
  say(web.summary);
  expect(jump.verdict === 'allowed' && web.verdict === 'blocked', 'only the jump host gets in');
}

export async function theDrop(client) {
  chapter('Why does a packet drop');
  const asked = await may(client, 'web-01', 'db-02', '3306');
  say(asked.summary);
  for (const line of asked.parts[0].changes) quiet(line);
  const traced = await change(client, 'run_traceflow', {
    src_vm: 'web-01',
    dst_vm: 'db-02',
    dst_port: 3306,
  });
  const last = traced.dfw_hits.at(-1);
  say(`a real packet: ${traced.verdict} by rule ${last.rule} of ${last.policy}`);
  expect(
    asked.verdict === 'blocked' && traced.verdict === 'dropped' && last.rule === 'deny-shop',
    'what was read and what was traced agree',
  );
}

export async function theCleanup(client) {
  chapter('Clean up rules that do nothing');
  const { body } = await call(client, 'analyze_dfw_rules', {
    kinds: ['shadowed', 'never_matching'],
  });
  const [kind, rule, policy] = ['kind', 'rule', 'policy'].map((name) => body.columns.indexOf(name));
  for (const row of body.rows) say(`${row[kind]}: ${row[rule]} of ${row[policy]}`);
  const shadowed = body.rows.find((row) => row[kind] === 'shadowed');
  expect(shadowed?.[rule] === 'web-in-again', 'the shadowed rule is found');
  await change(client, 'delete_dfw_rule', { policy_id: 'shop', rule_id: 'web-in-again' });
  const still = await may(client, '192.168.7.7', 'web-01', '443');
  say(`after it: ${still.summary}`);
  expect(still.verdict === 'allowed', 'nothing is decided otherwise than before');
}

export async function theRefusals(client) {
  chapter('What is refused, and why');
  const group = await call(client, 'delete_group', {
    group_id: 'web-servers',
    dry_run: false,
    confirmed: true,
  });
  say(`delete web-servers: ${group.body.error.message.slice(0, 160)}…`);
  const locked = await call(client, 'update_dfw_policy', {
    policy_id: 'pci-locked',
    sequence_number: 1,
    dry_run: false,
  });
  say(`move pci-locked: ${locked.body.error.message}`);
  const prod = await call(client, 'delete_dfw_rule', {
    target: 'prod',
    policy_id: 'shop',
    rule_id: 'web-in',
    dry_run: false,
    confirmed: true,
  });
  say(`delete web-in in production: ${prod.body.error.message} (${prod.body.error.where})`);
  expect(
    group.isError && locked.isError && prod.body.error.rule === 'no-deletes-in-production',
    'a group in use, a locked policy and a rule of the organisation each refuse',
  );
}

export async function theRestore(client) {
  chapter('Back to the snapshot, with nothing touched that need not be');
  const { body: differences } = await call(client, 'diff_dfw', { before: 'before' });
  for (const row of differences.rows) say(row.slice(0, 3).join('  '));
  const restored = await change(client, 'restore_dfw', { snapshot: 'before' });
  expect(restored.differences_left === 0, 'nothing is left');
  const { body: none } = await call(client, 'diff_dfw', { before: 'before' });
  expect(none.total === 0, 'the firewall is as it was');
}

export async function theRecord(home) {
  chapter('What was recorded');
  const { text } = await program(home, 'vmware-audit', 'log', '--last', '12');
  for (const line of text.trimEnd().split('\n')) say(line.slice(0, 150));
  expect(
    /restore_dfw +lab +pending/.test(text) && /restore_dfw +lab +ok/.test(text),
    'intent and outcome',
  );
  const { code, text: verified } = await program(home, 'vmware-audit', 'verify');
  say(verified.trimEnd());
  expect(code === 0, 'the log verifies');
}
