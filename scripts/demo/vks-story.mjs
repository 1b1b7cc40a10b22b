import { call, program } from './agent.mjs';
import { chapter, expect, quiet, say } from './tell.mjs';

/** Previews a change, shows its plan, and does exactly that. */
async function change(client, name, args) {
  const preview = await call(client, name, args);
  expect(preview.body.action === 'preview', `${name} shows its plan first: ${preview.text}`);
  say(preview.body.plan.summary);
  for (const line of preview.body.plan.changes) say(`  - ${line}`);
  const done = await call(client, name, { ...args, dry_run: false, consent: preview.body.consent });
  expect(!done.isError, `${name} is done: ${done.text}`);
  return done.body;
}

const rowsOf = ({ columns, rows }) =>
  rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]])));

export async function theEstate(client) {
  chapter('An agent connects, and looks at what there is');
  const { tools } = await client.listTools();
  const { body: able } = await call(client, 'check_vks_compatibility', {});
  say(
    `vCenter ${able.vcenter_version}: ${able.wcp_clusters.map((one) => `${one.cluster} ${one.status}`).join(', ')}`,
  );
  expect(able.compatible, 'a Supervisor runs');
  const { body } = await call(client, 'list_tkc_clusters', {});
  for (const row of rowsOf(body))
    say(`${row.namespace}/${row.name}  ${row.phase}  ${row.k8s_version}`);
  quiet(`${tools.length} tools; ${body.total} clusters on every Supervisor.`);
}

export async function theNamespace(client) {
  chapter('A namespace for a team: storage, classes, limits and people in one go');
  const made = await change(client, 'create_namespace', {
    name: 'team-a',
    cluster_id: 'supervisor-a',
    storage_policy: 'gold',
    memory_limit_mib: 65_536,
    vm_classes: ['best-effort-medium', 'best-effort-large'],
    editors: ['group:developers@vsphere.local'],
  });
  say(made.hint);
  let state;
  for (let looked = 0; state !== 'RUNNING' && looked < 50; looked += 1) {
    await new Promise((later) => setTimeout(later, 100));
    const { body } = await call(client, 'get_namespace', { name: 'team-a' });
    state = body.config_status;
  }
  expect(state === 'RUNNING', 'the namespace is configured');
}

const web = { name: 'web', namespace: 'team-a' };

export async function theCluster(client) {
  chapter('A cluster: what is wrong is said before anything is made');
  const wrong = await call(client, 'create_tkc_cluster', {
    ...web,
    k8s_version: 'v1.32',
    vm_class: 'best-effort-xlarge',
    worker_count: 40,
  });
  for (const line of wrong.body.plan.blockers) say(`blocked: ${line}`);
  expect(wrong.body.plan.blockers.length > 0, 'a class that the namespace has not is a blocker');
  const made = await change(client, 'create_tkc_cluster', {
    ...web,
    k8s_version: 'v1.32',
    vm_class: 'best-effort-medium',
    worker_count: 2,
  });
  quiet(`${made.k8s_version} with ${made.cluster_class}`);
  const { body } = await call(client, 'wait_tkc_cluster', web);
  say(`${body.state}: ${body.machines_ready} of ${body.machines_wanted} machines ready`);
  expect(body.state === 'available', 'the cluster becomes available');
}

export async function theScaleUp(client) {
  chapter('More workers, and the arithmetic when there is no room for them');
  const scaled = await change(client, 'scale_tkc_cluster', { ...web, worker_count: 3 });
  await call(client, 'wait_tkc_cluster', web);
  const { body } = await call(client, 'list_node_pools', { cluster: 'web', namespace: 'team-a' });
  const [pool] = rowsOf(body);
  say(`pool ${pool.name}: ${pool.ready} of ${pool.replicas} ready`);
  expect(scaled.status === 'scaling' && pool.ready === 3, 'the pool has three workers');
  const tooMany = await call(client, 'scale_tkc_cluster', { ...web, worker_count: 60 });
  say(`60 workers: ${tooMany.body.plan.blockers[0]}`);
  expect(
    /too little/.test(tooMany.body.plan.blockers[0]),
    'the limit of the namespace is told with numbers',
  );
}

export async function theRefusedDelete(client) {
  chapter('A delete that is refused, with what would be lost');
  const shop = { name: 'shop', namespace: 'prod' };
  const refused = await call(client, 'delete_tkc_cluster', {
    ...shop,
    dry_run: false,
    confirmed: true,
  });
  say(`delete prod/shop: ${refused.body.error.message}`);
  expect(
    refused.isError && /Deployment/.test(refused.body.error.message),
    'workloads stand in the way',
  );
  const namespace = await call(client, 'delete_namespace', {
    name: 'team-a',
    dry_run: false,
    confirmed: true,
  });
  say(`delete team-a: ${namespace.body.error.message}`);
  expect(
    namespace.isError && /web/.test(namespace.body.error.message),
    'the cluster in it stands in the way',
  );
  const prod = await call(client, 'delete_tkc_cluster', {
    target: 'prod',
    ...shop,
    dry_run: false,
    confirmed: true,
  });
  say(`the same in production: ${prod.body.error.message} (${prod.body.error.where})`);
  expect(
    prod.body.error.rule === 'no-deletes-in-production',
    "the organisation's rule refuses too",
  );
}

export async function theUpgradePlan(client) {
  chapter('An upgrade, planned: one minor version at a time');
  const { body } = await call(client, 'plan_tkc_upgrade', { name: 'shop', namespace: 'prod' });
  say(`${body.current_version} to ${body.target_version}`);
  for (const step of body.path) say(`  - ${step.version}`);
  for (const line of body.blockers) say(`blocked: ${line}`);
  if (body.next) say(body.next);
  expect(body.path.length > 0, 'there is a way to a newer version');
  const { body: health } = await call(client, 'get_cluster_health', web);
  say(
    `web is ${health.healthy ? 'well' : health.problems.join('; ')}: ${health.machines.ready} machines, ${health.nodes?.length} nodes`,
  );
}

export async function theRecord(home) {
  chapter('What was recorded');
  const { text } = await program(home, 'vmware-audit', 'log', '--last', '14');
  for (const line of text.trimEnd().split('\n')) say(line.slice(0, 150));
  expect(
    /scale_tkc_cluster +lab +pending/.test(text) && /scale_tkc_cluster +lab +ok/.test(text),
    'intent and outcome',
  );
  const { code, text: verified } = await program(home, 'vmware-audit', 'verify');
  say(verified.trimEnd());
  expect(code === 0, 'the log verifies');
}
