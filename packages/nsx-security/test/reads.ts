import { join } from 'node:path';
import { nsxSecurity } from '../src/toolset.js';
import type { AnyTool, Input, OnSim } from './changes.js';

/** Every tool that changes nothing. */
export const reading: readonly AnyTool[] = Object.values(nsxSecurity.groups)
  .flat()
  .filter((tool) => tool.effect === 'read' && !tool.cliOnly);

/** An input for every reading tool, on objects of the estate `lab`. A trace is told apart by `trace`. */
export const readInputs = ({ userHome }: OnSim, trace: string): Readonly<Record<string, Input>> => {
  const file = join(userHome, 'taken.json');
  return {
    snapshot_dfw: { file },
    diff_dfw: { before: file },
    list_dfw_policies: {},
    get_dfw_policy: { policy_id: 'shop' },
    list_dfw_rules: { policy_id: 'shop', hits: true },
    get_dfw_rule_stats: { policy_id: 'shop', rule_id: 'web-in' },
    list_groups: {},
    get_group: { group_id: 'web-servers' },
    list_vm_tags: { vm_display_name: 'web-01' },
    find_tagged: { tag_value: 'web', tag_scope: 'tier' },
    list_dfw_exclusions: {},
    list_services: {},
    list_context_profiles: {},
    get_traceflow_result: { traceflow_id: trace },
    explain_vm_firewall: { vm: 'web-01' },
    explain_connectivity: { source: 'web-01', destination: 'app-01', port: '8443' },
    analyze_dfw_rules: {},
    find_unused_rules: {},
    list_idps_profiles: {},
    get_idps_status: {},
  };
};
