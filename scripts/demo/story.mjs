import { describe, listingTokens } from '@vmware/policy/docs';
import { openDatabase } from '@vmware/policy/testing';
import { vsphere } from '@vmware/vsphere';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { call, program } from './agent.mjs';
import { rules } from './stage.mjs';
import { chapter, expect, quiet, say } from './tell.mjs';

export async function theTools(client) {
  chapter('An agent connects, and asks what it can do');
  const { tools } = await client.listTools();
  const costs = listingTokens(describe(vsphere), (text) => encode(text).length);
  const total = costs.reduce((sum, { input }) => sum + input, 0);
  say(
    tools
      .map(
        ({ name, annotations }) => `${name}${annotations.destructiveHint ? ' (destructive)' : ''}`,
      )
      .join(', '),
  );
  quiet(
    `${tools.length} tools; listing them costs a model about ${total} tokens, ${Math.round(total / tools.length)} a tool.`,
  );
  expect(tools.length === 15, 'fifteen tools are listed');
}

export async function theInventory(client) {
  chapter('It looks around');
  const { body } = await call(client, 'list_vms', { limit: 6 });
  for (const row of body.rows) say(row.map((cell) => String(cell ?? '-')).join('  '));
  quiet(`${body.returned} of ${body.total} VMs; every read is a row in the audit log.`);
  expect(body.rows.length === 6 && body.truncated, 'six of several VMs are listed');
  const all = await call(client, 'list_vms', {
    power_state: 'poweredOn',
    fields: ['name', 'id'],
    limit: 1000,
  });
  const victim = all.body.rows.map(([name]) => name).find((name) => /^[a-z]+-\d+$/.test(name));
  expect(victim !== undefined, 'there is a running VM to practise on');
  return victim;
}

export async function theRefusal(client, victim) {
  chapter('It is told to delete a production VM');
  const { isError, body } = await call(client, 'delete_vm', {
    target: 'prod',
    name: victim,
    dry_run: false,
    confirmed: true,
  });
  const { code, message, rule, where } = body.error;
  say(`${code}: ${message}`);
  quiet(`rule ${rule} at ${where}: "${rules.split('\n')[Number(where.split(':')[1]) - 1].trim()}"`);
  expect(
    isError && rule === 'no-deletes-in-production' && where === 'rules.yaml:2:5',
    'a rule refuses it, by file and line',
  );
}

export async function thePreview(client, victim) {
  chapter('In the lab it may. First it sees exactly what would happen');
  const { body } = await call(client, 'delete_vm', { target: 'lab', name: victim });
  say(body.plan.summary);
  for (const change of body.plan.changes) say(`  - ${change}`);
  say(
    `  touches ${body.plan.blast_radius.total} object; ${body.plan.blast_radius.reversible ? 'can' : 'cannot'} be undone`,
  );
  quiet(`would send: ${body.plan.requests.join(', ')}`);
  quiet(
    `consent ${body.consent.slice(0, 16)}… good for this plan, this caller and this target until ${body.expires_at}`,
  );
  const { body: still } = await call(client, 'get_vm_info', { name: victim });
  expect(
    body.action === 'preview' && still.power_state === 'poweredOn',
    'the preview changed nothing',
  );
  return body.consent;
}

export async function theChange(client, victim, consent) {
  chapter('Somebody agreed to that plan, so it is done, once');
  const agreed = { target: 'lab', name: victim, dry_run: false, confirmed: true, consent };
  const done = await call(client, 'delete_vm', agreed);
  say(`${done.body.name} is ${done.body.state} (${done.body.task_id})`);
  expect(!done.isError && done.body.state === 'deleted', 'the change is made');

  const other = await call(client, 'list_vms', { fields: ['name'], limit: 1 });
  const again = await call(client, 'delete_vm', { ...agreed, name: other.body.rows[0][0] });
  say(
    `The same consent for ${other.body.rows[0][0]}: ${again.body.hint ?? again.body.error.message}`,
  );
  expect(again.isError || again.body.action === 'preview', 'a consent is not good for another VM');
}

export async function theReplay(client) {
  chapter('A consent cannot be used twice');
  const { body: vms } = await call(client, 'list_vms', {
    power_state: 'poweredOn',
    fields: ['name', 'id'],
    limit: 2,
  });
  const name = vms.rows[1][1];
  const { body } = await call(client, 'create_snapshot', {
    name,
    snapshot_name: 'demo',
    memory: false,
  });
  const agreed = {
    name,
    snapshot_name: 'demo',
    memory: false,
    dry_run: false,
    consent: body.consent,
  };
  const first = await call(client, 'create_snapshot', agreed);
  expect(!first.isError, 'the snapshot is taken');
  const second = await call(client, 'create_snapshot', agreed);
  say(`First time: snapshot ${first.body.id} is taken.`);
  say(`Second time: ${second.body.error?.code}: ${second.body.error?.message}`);
  expect(second.body.error?.code === 'CONSENT_SPENT', 'the second use is refused');
  const { body: kept } = await call(client, 'list_snapshots', { name });
  const taken = kept.rows.filter((row) => row.includes('demo')).length;
  expect(taken === 1, `one snapshot was taken, not ${taken}`);
}

export async function theHostileName(client) {
  chapter('A VM whose name attacks whoever reads it');
  const { text, body } = await call(client, 'list_vms', {
    filter: '*ignore previous*',
    fields: ['name'],
    limit: 1,
  });
  const name = body.rows[0]?.[0] ?? '';
  say(`arrives as: ${name}`);
  quiet(
    'no escape codes, no reversed or invisible characters, no forged end of the fence, and inside a fence with a nonce',
  );
  expect(name !== '', 'the hostile VM is found');
  expect(!/[\p{Cc}\p{Cf}]/u.test(name), 'control, invisible and bidi characters are gone');
  expect(text.match(/untrusted-output/g).length === 2, 'only the fence itself names the fence');
}

export async function theAuditLog(home) {
  chapter('What was recorded');
  const { text } = await program(home, 'vmware-audit', 'log', '--last', '30');
  for (const line of text.trimEnd().split('\n')) say(line.slice(0, 150));
  expect(/delete_vm +prod +denied/.test(text), 'the refusal is in the log');
  expect(
    /delete_vm +lab +pending/.test(text) && /delete_vm +lab +ok/.test(text),
    'intent and outcome are in the log',
  );
  quiet('pending is the intent: it was on disk before the first byte of the change left.');
}

export async function theVerification(home) {
  chapter('Nobody changed the log. Then somebody does');
  const before = await program(home, 'vmware-audit', 'verify');
  say(before.text.trimEnd());
  expect(before.code === 0 && before.text.includes('intact'), 'the log verifies');

  const { db } = openDatabase(`${home.policy}/audit.db`);
  db.exec('DROP TRIGGER event_is_append_only_update');
  const { seq } = db.prepare("SELECT seq FROM event WHERE status = 'denied' LIMIT 1").get();
  db.prepare("UPDATE event SET actor = 'somebody-else' WHERE seq = ?").run(seq);
  db.close();
  say(`(row ${seq} now says that somebody else asked)`);
  const after = await program(home, 'vmware-audit', 'verify');
  say(after.text.trimEnd());
  expect(
    after.code === 1 && after.text.includes(`Row ${seq} `),
    'the edited row is found and named',
  );
}
