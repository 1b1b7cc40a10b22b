import type { Group, Rule, Tag, VirtualMachine } from '@vmware/clients/nsx';
import type { PolicyWithRules, Snapshot } from '../snapshot.js';

/** A small snapshot of which a test says only what matters. */
export function snapshotOf(parts: Partial<Snapshot> = {}): Snapshot {
  return {
    format: 'vmware-nsx-security/snapshot',
    version: 1,
    taken_at: '2026-01-01T00:00:00Z',
    manager: { name: 'lab', host: 'nsx.lab', product_version: '4.2.0' },
    nsx_scope: 'default',
    firewall: { enable_firewall: true },
    exclude_list: { members: [] },
    policies: [],
    groups: [],
    services: [],
    context_profiles: [],
    virtual_machines: [],
    vifs: [],
    segments: [],
    segment_ports: [],
    ...parts,
  };
}

export const groupPath = (id: string) => `/infra/domains/default/groups/${id}`;

/** `["web", "10.0.0.1", "tier|web"]`: name, address, tags. */
export function machines(...list: readonly (readonly [string, string, ...string[]])[]) {
  const virtual_machines: VirtualMachine[] = list.map(([name, , ...tags]) => ({
    external_id: name,
    display_name: name,
    tags: tags.map((text): Tag => {
      const [scope = '', tag = ''] = text.split('|');
      return { scope, tag };
    }),
  }));
  const vifs = list.map(([name, ip]) => ({
    external_id: `vif-${name}`,
    owner_vm_id: name,
    lport_attachment_id: `att-${name}`,
    ip_address_info: [{ ip_addresses: ip === '' ? [] : [ip] }],
  }));
  return { virtual_machines, vifs };
}

export const tagGroup = (id: string, value: string): Group => ({
  id,
  path: groupPath(id),
  expression: [
    {
      resource_type: 'Condition',
      member_type: 'VirtualMachine',
      key: 'Tag',
      operator: 'EQUALS',
      value,
    },
  ],
});

export const ipGroup = (id: string, ...ip_addresses: string[]): Group => ({
  id,
  path: groupPath(id),
  expression: [{ resource_type: 'IPAddressExpression', ip_addresses }],
});

/** Rules are numbered 10, 20, … unless they say otherwise. */
export function policyOf(
  id: string,
  category: string,
  rules: readonly (Partial<Rule> & Pick<Rule, 'action'>)[],
  more: Partial<PolicyWithRules> = {},
): PolicyWithRules {
  const path = `/infra/domains/default/security-policies/${id}`;
  return {
    id,
    path,
    category,
    sequence_number: 10,
    rules: rules.map((rule, i) => {
      const own = rule.id ?? `${id}-${i + 1}`;
      return { id: own, path: `${path}/rules/${own}`, sequence_number: (i + 1) * 10, ...rule };
    }),
    ...more,
  };
}

export const tcpService = (id: string, ...destination_ports: string[]) => ({
  id,
  path: `/infra/services/${id}`,
  service_entries: [
    { resource_type: 'L4PortSetServiceEntry', l4_protocol: 'TCP', destination_ports },
  ],
});
