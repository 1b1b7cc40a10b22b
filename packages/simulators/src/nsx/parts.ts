import type { Fields } from './new-object.js';
import type { PolicyObject } from './store.js';

/** Type -> the field that holds its parts. */
const partsOf: Readonly<Record<string, string>> = {
  Group: 'expression',
  Service: 'service_entries',
};

/** The segment of a part's path. */
const segments: Readonly<Record<string, string>> = {
  Condition: 'condition-expressions',
  ConjunctionOperator: 'conjunction-expressions',
  NestedExpression: 'nested-expressions',
  IPAddressExpression: 'ip-address-expressions',
  MACAddressExpression: 'mac-address-expressions',
  ExternalIDExpression: 'external-id-expressions',
  PathExpression: 'path-expressions',
  IdentityGroupExpression: 'identity-group-expressions',
};

/** Expressions and service entries are objects too: each has an id and a path below its owner. */
export function withParts(object: PolicyObject): PolicyObject {
  const name = partsOf[object.resource_type];
  const list = name === undefined ? undefined : object[name];
  if (name === undefined || !Array.isArray(list)) return object;
  return {
    ...object,
    [name]: (list as readonly Fields[]).map((part, at) => {
      const id = typeof part['id'] === 'string' ? part['id'] : `${object.id}-${at + 1}`;
      const segment = segments[String(part['resource_type'])] ?? 'service-entries';
      return {
        ...part,
        id,
        path: `${object.path}/${segment}/${id}`,
        parent_path: object.path,
        relative_path: id,
        marked_for_delete: false,
        overridden: false,
      };
    }),
  };
}
