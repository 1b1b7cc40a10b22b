import type { World } from '../world.js';
import { type Fields, put } from './put.js';

/**
 * Services that every NSX Manager has, by id: a name where it is not the id, then its entries. An entry is
 * `TCP 443`, `UDP 53`, `ICMPv4 8 0` (type, code), `IGMP`, `ALG FTP 21` or `SERVICE /infra/services/NTP`.
 */
const defaults: Readonly<Record<string, readonly [name: string, ...entries: string[]]>> = {
  HTTP: ['HTTP', 'TCP 80'],
  HTTPS: ['HTTPS', 'TCP 443'],
  SSH: ['SSH', 'TCP 22'],
  RDP: ['RDP', 'TCP 3389'],
  DNS: ['DNS-TCP', 'TCP 53'],
  'DNS-UDP': ['DNS-UDP', 'UDP 53'],
  'DNS-IN': ['DNS IN', 'TCP 53', 'UDP 53'],
  NTP: ['NTP', 'UDP 123'],
  'DHCP-Client': ['DHCP-Client', 'UDP 68'],
  'DHCP-Server': ['DHCP-Server', 'UDP 67'],
  DHCPv6_Client: ['DHCPv6 Client', 'UDP 546'],
  DHCPv6_Server: ['DHCPv6 Server', 'UDP 547'],
  FTP: ['FTP', 'ALG FTP 21'],
  TFTP: ['TFTP', 'ALG TFTP 69'],
  MS_RPC_TCP: ['MS_RPC_TCP', 'ALG MS_RPC_TCP 135'],
  MS_RPC_UDP: ['MS_RPC_UDP', 'ALG MS_RPC_UDP 135'],
  SMTP: ['SMTP', 'TCP 25'],
  SMTP_TLS: ['SMTP_TLS', 'TCP 587'],
  IMAP: ['IMAP', 'TCP 143'],
  IMAP_SSL: ['IMAP_SSL', 'TCP 993'],
  POP3: ['POP3', 'TCP 110'],
  LDAP: ['LDAP', 'TCP 389'],
  'LDAP-UDP': ['LDAP-UDP', 'UDP 389'],
  'LDAP-over-SSL': ['LDAP-over-SSL', 'TCP 636'],
  'KERBEROS-TCP': ['KERBEROS-TCP', 'TCP 88'],
  'KERBEROS-UDP': ['KERBEROS-UDP', 'UDP 88'],
  SMB: ['SMB', 'TCP 445'],
  SNMP: ['SNMP', 'UDP 161'],
  'SNMP-Send': ['SNMP-Send', 'UDP 162'],
  'Syslog_(TCP)': ['Syslog (TCP)', 'TCP 514'],
  'Syslog_(UDP)': ['Syslog (UDP)', 'UDP 514'],
  MySQL: ['MySQL', 'TCP 3306'],
  PostgreSQL: ['PostgreSQL', 'TCP 5432'],
  'MS-SQL-S': ['MS-SQL-S', 'TCP 1433'],
  'NFS_(TCP)': ['NFS (TCP)', 'TCP 2049'],
  'HTTPS,_net.tcp_binding': ['HTTPS, net.tcp binding', 'TCP 32843,32844,32845'],
  Microsoft_Active_Directory_V1: [
    'Microsoft Active Directory V1',
    'UDP 138',
    'UDP 389',
    'TCP 4915',
  ],
  'ICMP-ALL': ['ICMP ALL', 'ICMPv6', 'ICMPv4'],
  'ICMPv4-ALL': ['ICMPv4-ALL', 'ICMPv4'],
  ICMP_Echo_Request: ['ICMP Echo Request', 'ICMPv4 8 0'],
  ICMP_Echo_Reply: ['ICMP Echo Reply', 'ICMPv4 0 0'],
  ICMP_Redirect: ['ICMP Redirect', 'ICMPv4 5'],
  'IPv6-ICMP_Echo_Request': ['IPv6-ICMP Echo Request', 'ICMPv6 128'],
  'IPv6-ICMP_Neighbor_Advertisement': ['IPv6-ICMP Neighbor Advertisement', 'ICMPv6 136'],
  'IPv6-ICMP_Neighbor_Solicitation': ['IPv6-ICMP Neighbor Solicitation', 'ICMPv6 135'],
  IGMP_Membership_Query: ['IGMP Membership Query', 'IGMP'],
};

/** Plants the default services below a base: `/infra` or `/global-infra`. */
export function plantDefaultServices(world: World, base: string): void {
  for (const [id, [name, ...entries]] of Object.entries(defaults))
    plantService(world, `${base}/services/${id}`, entries, {
      display_name: name,
      description: name,
      is_default: true,
      _system_owned: true,
    });
}

/** Plants a service whose entries are written as in the table above. */
export function plantService(
  world: World,
  path: string,
  entries: readonly string[],
  fields: Fields = {},
): void {
  const id = path.slice(path.lastIndexOf('/') + 1);
  put(world, 'Service', path, {
    is_default: false,
    service_type: 'NON_ETHER',
    ...fields,
    service_entries: entries.map((entry, at) => {
      const entryId = entries.length === 1 ? id : `${id}-${at + 1}`;
      return {
        id: entryId,
        display_name: entryId,
        path: `${path}/service-entries/${entryId}`,
        parent_path: path,
        relative_path: entryId,
        marked_for_delete: false,
        overridden: false,
        ...written(entry),
      };
    }),
  });
}

function written(entry: string): Fields {
  const [kind = '', first = '', second = ''] = entry.split(' ');
  const ports = (text: string) => ({
    source_ports: [],
    destination_ports: text.split(','),
  });
  switch (kind) {
    case 'TCP':
    case 'UDP':
      return { resource_type: 'L4PortSetServiceEntry', l4_protocol: kind, ...ports(first) };
    case 'ALG':
      return { resource_type: 'ALGTypeServiceEntry', alg: first, ...ports(second) };
    case 'IGMP':
      return { resource_type: 'IGMPTypeServiceEntry' };
    case 'SERVICE':
      return { resource_type: 'NestedServiceServiceEntry', nested_service_path: first };
    default:
      return {
        resource_type: 'ICMPTypeServiceEntry',
        protocol: kind,
        ...(first ? { icmp_type: Number(first) } : {}),
        ...(second ? { icmp_code: Number(second) } : {}),
      };
  }
}
