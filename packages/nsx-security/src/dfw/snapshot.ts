import type {
  ContextProfile,
  ExcludeList,
  FirewallConfiguration,
  Group,
  Rule,
  SecurityPolicy,
  Segment,
  SegmentPort,
  Service,
  Vif,
  VirtualMachine,
} from '@vmware/clients/nsx';

/** A policy with its rules, in no particular order. */
export interface PolicyWithRules extends SecurityPolicy {
  readonly rules: readonly Rule[];
}

/**
 * The distributed firewall of one scope at one moment: NSX objects as the API returns them. What could not be
 * read is null, never empty. `snapshot_dfw` writes it to a file, and the analyses read it, live or from there.
 */
export interface Snapshot {
  readonly format: 'vmware-nsx-security/snapshot';
  readonly version: 1;
  readonly taken_at: string;
  readonly manager: {
    readonly name: string;
    readonly host: string;
    readonly product_version: string | null;
  };
  readonly nsx_scope: string;
  /** Scopes whose rules are judged beside these at the same machines, and are not in here. */
  readonly beyond?: readonly string[];
  /** Projects of the manager, whose machines have rules of their own; in a snapshot of the default scope. */
  readonly projects?: readonly string[];
  readonly firewall: FirewallConfiguration | null;
  /** System-owned members included. */
  readonly exclude_list: ExcludeList | null;
  readonly policies: readonly PolicyWithRules[];
  readonly groups: readonly Group[];
  readonly services: readonly Service[];
  readonly context_profiles: readonly ContextProfile[];
  readonly virtual_machines: readonly VirtualMachine[] | null;
  readonly vifs: readonly Vif[] | null;
  readonly segments: readonly Segment[] | null;
  readonly segment_ports: readonly SegmentPort[] | null;
}
