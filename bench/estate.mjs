// A snapshot as a large site has it: applications of four tiers by tag, shared services, address groups, overlapping
// services, a deny at the end of each application. Deterministic.

const path = (kind, id) => `/infra/${kind === 'service' ? '' : 'domains/default/'}${kind}s/${id}`;
const tiers = ['web', 'app', 'db', 'cache'];

/** Small and quick; the same numbers each time. */
function generator(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % below;
  };
}

function service(id, ...ports) {
  const entry = {
    resource_type: 'L4PortSetServiceEntry',
    l4_protocol: 'TCP',
    destination_ports: ports,
  };
  return { id, path: path('service', id), display_name: id, service_entries: [entry] };
}

const condition = (value) => ({
  resource_type: 'Condition',
  member_type: 'VirtualMachine',
  key: 'Tag',
  operator: 'EQUALS',
  value,
});

export function estate({ vms, applications, rules: rulesEach }) {
  const random = generator(20261122);
  const machines = [];
  const vifs = [];
  for (let i = 0; i < vms; i++) {
    const app = i % applications;
    const tier = tiers[Math.floor(i / applications) % tiers.length];
    const external_id = `vm-${i}`;
    machines.push({
      external_id,
      display_name: `app${app}-${tier}-${i}`,
      power_state: 'VM_RUNNING',
      tags: [
        { scope: 'app', tag: `app${app}` },
        { scope: 'tier', tag: `app${app}-${tier}` },
        { scope: 'env', tag: ['prod', 'test', 'dev'][app % 3] },
      ],
    });
    vifs.push({
      external_id: `vif-${i}`,
      owner_vm_id: external_id,
      ip_address_info: [{ ip_addresses: [`10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`] }],
    });
  }
  const groups = [];
  const group = (id, ...expression) =>
    groups.push({ id, path: path('group', id), display_name: id, expression });
  for (let a = 0; a < applications; a++)
    for (const tier of tiers.slice(0, 3))
      group(`app${a}-${tier}`, condition(`tier|app${a}-${tier}`));
  for (let a = 0; a < applications; a++) group(`app${a}`, condition(`app|app${a}`));
  for (const env of ['prod', 'test', 'dev']) group(`env-${env}`, condition(`env|${env}`));
  for (let n = 0; n < 40; n++)
    group(`net-${n}`, {
      resource_type: 'IPAddressExpression',
      ip_addresses: [`172.16.${n * 4}.0/22`, `192.168.${n}.10-192.168.${n}.90`],
    });
  const services = [
    service('https', '443'),
    service('http', '80'),
    service('web', '80', '443', '8080-8090'),
    service('app', '8443', '9000-9010'),
    service('mysql', '3306'),
    service('db', '1433', '3306', '5432'),
    service('ssh', '22'),
    service('admin', '22', '3389', '5985-5986'),
    service('monitor', '9090-9100', '10050'),
    service('high', '1024-65535'),
  ];
  const policies = [];
  const policy = (id, category, sequence_number, rules) =>
    policies.push({
      id,
      path: path('security-policie', id),
      display_name: id,
      category,
      sequence_number,
      rules: rules.map((rule, at) => ({
        id: `r${at}`,
        path: `${path('security-policie', id)}/rules/r${at}`,
        display_name: `${id}-r${at}`,
        action: 'ALLOW',
        source_groups: ['ANY'],
        destination_groups: ['ANY'],
        services: ['ANY'],
        scope: ['ANY'],
        sequence_number: at,
        ...rule,
      })),
    });
  const groupPath = (id) => [path('group', id)];
  const named = (...ids) => ids.map((id) => path('service', id));
  policy('shared', 'Infrastructure', 1, [
    { source_groups: groupPath('net-0'), services: named('admin') },
    { source_groups: groupPath('net-1'), services: named('monitor') },
  ]);
  policy('environments', 'Environment', 1, [
    {
      source_groups: groupPath('env-dev'),
      destination_groups: groupPath('env-prod'),
      action: 'DROP',
    },
    {
      source_groups: groupPath('env-test'),
      destination_groups: groupPath('env-prod'),
      action: 'DROP',
    },
  ]);
  for (let a = 0; a < applications; a++) {
    const tier = (name) => groupPath(`app${a}-${name}`);
    const rules = [
      { destination_groups: tier('web'), services: named('https') },
      { source_groups: tier('web'), destination_groups: tier('app'), services: named('app') },
      { source_groups: tier('app'), destination_groups: tier('db'), services: named('mysql') },
    ];
    while (rules.length < rulesEach - 1) {
      const other = random(applications);
      const kind = random(6);
      rules.push({
        source_groups:
          random(3) === 0
            ? groupPath(`net-${random(40)}`)
            : groupPath(`app${other}-${tiers[random(3)]}`),
        destination_groups: tier(tiers[random(3)]),
        services: [path('service', ['https', 'web', 'app', 'db', 'admin', 'high'][kind])],
      });
    }
    rules.push({ destination_groups: groupPath(`app${a}`), action: 'DROP', logged: true });
    policy(`app${a}`, 'Application', a + 1, rules);
  }
  policy('default', 'Application', 1_000_000, [{}]);
  return {
    format: 'vmware-nsx-security/snapshot',
    version: 1,
    taken_at: '2026-11-22T00:00:00.000Z',
    manager: { name: 'bench', host: 'none', product_version: null },
    nsx_scope: 'default',
    firewall: { enable_firewall: true },
    exclude_list: { members: [] },
    policies,
    groups,
    services,
    context_profiles: [],
    virtual_machines: machines,
    vifs,
    segments: null,
    segment_ports: null,
  };
}
