import type { PolicyObject, Scope, SecurityPolicy } from '@vmware/clients/nsx';

const nameOf = ({ display_name, id }: PolicyObject): string => display_name ?? id;

/** Why an object may not be changed by us, whatever the account may do: each is a blocker. */
export function ownershipBlockers(object: PolicyObject, { kind }: Scope): string[] {
  const name = nameOf(object);
  return [
    ...(object._system_owned ? [`${name} belongs to the system.`] : []),
    ...(object._protection === 'PROTECTED'
      ? [`${name} is protected (_protection PROTECTED): its owner changes it elsewhere.`]
      : []),
    ...(object._protection === 'REQUIRE_OVERRIDE'
      ? [`${name} is managed by another product (_protection REQUIRE_OVERRIDE).`]
      : []),
    ...(object.path.startsWith('/global-infra/') && kind !== 'global'
      ? [`${name} comes from the Global Manager: change it there (nsx_scope global).`]
      : []),
    ...(object.marked_for_delete ? [`${name} is being deleted.`] : []),
  ];
}

/** Blockers for a change of a policy or of a rule in it: ownership, and a lock somebody holds. */
export function policyBlockers(policy: SecurityPolicy, scope: Scope): string[] {
  const by = policy.lock_modified_by ? ` by ${policy.lock_modified_by}` : '';
  return [
    ...ownershipBlockers(policy, scope),
    ...(policy.locked
      ? [`The policy ${nameOf(policy)} is locked${by}: unlock it in NSX first.`]
      : []),
  ];
}
