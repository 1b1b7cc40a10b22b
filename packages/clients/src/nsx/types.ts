/** NSX Policy API objects, as far as they are used. Fields are those of the API; every list may be absent. */

export interface Tag {
  readonly scope?: string;
  readonly tag?: string;
}

/** What every policy object carries. `_revision` goes back with a PUT. */
export interface PolicyObject {
  readonly id: string;
  readonly path: string;
  readonly display_name?: string;
  readonly description?: string;
  readonly resource_type?: string;
  readonly parent_path?: string;
  readonly relative_path?: string;
  readonly unique_id?: string;
  readonly tags?: readonly Tag[];
  readonly marked_for_delete?: boolean;
  readonly origin_site_id?: string;
  readonly _revision?: number;
  readonly _system_owned?: boolean;
  readonly _protection?: string;
  readonly _create_user?: string;
  /** Milliseconds since 1970. */
  readonly _create_time?: number;
  readonly _last_modified_user?: string;
  readonly _last_modified_time?: number;
}

export type Category = 'Ethernet' | 'Emergency' | 'Infrastructure' | 'Environment' | 'Application';
export type Action = 'ALLOW' | 'DROP' | 'REJECT' | 'JUMP_TO_APPLICATION';
export type Direction = 'IN' | 'OUT' | 'IN_OUT';
export type IpProtocol = 'IPV4' | 'IPV6' | 'IPV4_IPV6';

/** `source_groups` and `destination_groups` hold paths, addresses, prefixes and ranges, or the one word ANY. */
export interface Rule extends PolicyObject {
  readonly action: Action;
  readonly source_groups?: readonly string[];
  readonly destination_groups?: readonly string[];
  readonly sources_excluded?: boolean;
  readonly destinations_excluded?: boolean;
  readonly services?: readonly string[];
  readonly service_entries?: readonly ServiceEntry[];
  readonly profiles?: readonly string[];
  readonly scope?: readonly string[];
  readonly direction?: Direction;
  readonly ip_protocol?: IpProtocol;
  readonly disabled?: boolean;
  readonly logged?: boolean;
  readonly sequence_number?: number;
  /** The number in firewall logs and trace observations. */
  readonly rule_id?: number;
  readonly is_default?: boolean;
  readonly notes?: string;
  readonly tag?: string;
}

export interface SecurityPolicy extends PolicyObject {
  /** Absent: evaluated after every category. */
  readonly category?: string;
  readonly sequence_number?: number;
  readonly internal_sequence_number?: number;
  readonly stateful?: boolean;
  readonly tcp_strict?: boolean;
  readonly scope?: readonly string[];
  readonly rules?: readonly Rule[];
  readonly rule_count?: number;
  readonly is_default?: boolean;
  readonly default_rule_id?: number;
  readonly locked?: boolean;
  readonly lock_modified_by?: string;
  readonly comments?: string;
  readonly scheduler_path?: string;
  readonly connectivity_preference?: string;
}

/** An element of a group's expression; `resource_type` tells which. */
export interface Expression {
  readonly resource_type: string;
  readonly [field: string]: unknown;
}

export interface Group extends PolicyObject {
  readonly expression?: readonly Expression[];
  readonly extended_expression?: readonly Expression[];
  readonly group_type?: readonly string[];
  readonly state?: string;
}

export interface ServiceEntry {
  readonly resource_type: string;
  readonly id?: string;
  readonly display_name?: string;
  readonly [field: string]: unknown;
}

export interface Service extends PolicyObject {
  readonly service_entries?: readonly ServiceEntry[];
  readonly is_default?: boolean;
}

export interface ContextProfile extends PolicyObject {
  readonly attributes?: readonly {
    readonly key?: string;
    readonly value?: readonly string[];
    readonly datatype?: string;
  }[];
}

/** GET /infra/realized-state/virtual-machines, GET /api/v1/fabric/virtual-machines. */
export interface VirtualMachine {
  readonly external_id: string;
  readonly display_name: string;
  readonly power_state?: string;
  readonly type?: string;
  readonly host_id?: string;
  readonly tags?: readonly Tag[];
  readonly guest_info?: { readonly os_name?: string; readonly computer_name?: string };
  readonly compute_ids?: readonly string[];
}

/** GET /api/v1/fabric/vifs. */
export interface Vif {
  readonly external_id: string;
  readonly owner_vm_id: string;
  readonly display_name?: string;
  readonly device_name?: string;
  readonly mac_address?: string;
  readonly lport_attachment_id?: string;
  readonly ip_address_info?: readonly {
    readonly source?: string;
    readonly ip_addresses?: readonly string[];
  }[];
}

export interface Segment extends PolicyObject {
  readonly type?: string;
  readonly vlan_ids?: readonly string[];
  readonly connectivity_path?: string;
  readonly transport_zone_path?: string;
  readonly subnets?: readonly { readonly gateway_address?: string; readonly network?: string }[];
}

export interface SegmentPort extends PolicyObject {
  readonly attachment?: { readonly id?: string; readonly type?: string };
  readonly address_bindings?: readonly {
    readonly ip_address?: string;
    readonly mac_address?: string;
  }[];
}

/** GET /infra/settings/firewall/security. `enable_firewall: false`: no rule is enforced anywhere. */
export interface FirewallConfiguration {
  readonly enable_firewall?: boolean;
  readonly disable_auto_drafts?: boolean;
  readonly idfw_enabled?: boolean;
  readonly _revision?: number;
}

/** Members of the exclude list are group paths. */
export interface ExcludeList {
  readonly members: readonly string[];
  readonly _revision?: number;
}

/** One place that names an object: a rule, a policy, a parent group. */
export interface Reference {
  readonly path?: string;
  readonly target_id?: string;
  readonly target_display_name?: string;
  readonly target_type?: string;
}

export interface RuleStatistics {
  readonly rule?: string;
  readonly internal_rule_id?: string;
  readonly hit_count?: number;
  readonly packet_count?: number;
  readonly byte_count?: number;
  readonly session_count?: number;
  readonly total_session_count?: number;
  readonly max_session_count?: number;
  readonly popularity_index?: number;
  readonly max_popularity_index?: number;
}
