import type { Cause } from '../kube-error.js';
import { isJson, type Json, type KubeObject, listAt, objectAt } from '../object.js';
import { defaulted, faultsOf, pruned, type Schema } from '../schema.js';
import { invalidField, requiredField } from './faults.js';

interface Definition {
  readonly required: boolean;
  readonly schema: Schema;
}

/** The variables of a ClusterClass by name, from its status as the real webhook reads them. */
function definitionsOf(clusterClass: KubeObject): Map<string, Definition> {
  return new Map(
    listAt(clusterClass['status'], 'variables').map((variable) => {
      const [definition = {}] = listAt(variable, 'definitions');
      const schema: Schema = objectAt(definition, 'schema', 'openAPIV3Schema');
      return [String(variable['name']), { required: definition['required'] === true, schema }];
    }),
  );
}

/** A Cluster's topology with the defaults of its variables, wherever they are set. */
export function withDefaults(topology: Json, clusterClass: KubeObject): Json {
  const definitions = definitionsOf(clusterClass);
  const filled = (variables: readonly Json[]) =>
    variables.map((variable) => {
      const schema = definitions.get(String(variable['name']))?.schema;
      return schema ? { ...variable, value: defaulted(variable['value'], schema) } : variable;
    });
  const overridden = (holder: Json): Json =>
    isJson(holder['variables'])
      ? { ...holder, variables: { overrides: filled(listAt(holder, 'variables', 'overrides')) } }
      : holder;
  const { variables, controlPlane, workers } = topology;
  return {
    ...topology,
    ...(Array.isArray(variables) && { variables: filled(listAt(topology, 'variables')) }),
    ...(isJson(controlPlane) && { controlPlane: overridden(controlPlane) }),
    ...(isJson(workers) && {
      workers: {
        ...workers,
        ...(workers['machineDeployments'] !== undefined && {
          machineDeployments: listAt(workers, 'machineDeployments').map(overridden),
        }),
      },
    }),
  };
}

/** What is wrong with the variables of a topology and with what its pools override. */
export function faultsOfVariables(topology: Json, clusterClass: KubeObject): Cause[] {
  const definitions = definitionsOf(clusterClass);
  const path = 'spec.topology.variables';
  const variables = listAt(topology, 'variables');
  const names = new Set(variables.map(({ name }) => name));
  const missing = [...definitions].flatMap(([name, { required }]) =>
    required && !names.has(name)
      ? [requiredField(path, `required variable "${name}" must be set`)]
      : [],
  );
  const pools = listAt(topology, 'workers', 'machineDeployments').flatMap((pool) =>
    faultsOfValues(
      listAt(pool, 'variables', 'overrides'),
      definitions,
      `spec.topology.workers.machineDeployments[${pool['name']}].variables.overrides`,
    ),
  );
  return [
    ...missing,
    ...faultsOfValues(variables, definitions, path),
    ...faultsOfValues(
      listAt(topology, 'controlPlane', 'variables', 'overrides'),
      definitions,
      'spec.topology.controlPlane.variables.overrides',
    ),
    ...pools,
  ];
}

function faultsOfValues(
  variables: readonly Json[],
  definitions: ReadonlyMap<string, Definition>,
  path: string,
): Cause[] {
  const found: Cause[] = [];
  const seen = new Set<unknown>();
  for (const { name, value } of variables) {
    const at = `${path}[${name}]`;
    const raw = JSON.stringify(value) ?? '';
    if (seen.has(name)) found.push(invalidField(at, raw, 'variable is set more than once'));
    seen.add(name);
    const definition = definitions.get(String(name));
    if (!definition) {
      found.push(invalidField(at, raw, 'variable is not defined'));
      continue;
    }
    const faults = faultsOf(value, definition.schema, `${at}.value`);
    found.push(...faults.map((fault) => withRaw(fault, raw)));
    if (faults.length > 0) continue;
    const unknown: string[] = [];
    pruned(value, definition.schema, '', unknown);
    const why = `failed validation: "${unknown.join(',')}" field(s) are not specified in the variable schema of variable "${name}"`;
    if (unknown.length > 0) found.push(invalidField(at, raw, why));
  }
  return found;
}

/** The real webhook names the whole value of the variable, as text. */
const withRaw = ({ message, ...fault }: Cause, raw: string): Cause => ({
  ...fault,
  message: message.replace(
    /^(Invalid|Unsupported) value: ("(?:[^"\\]|\\.)*"|[^:]*)/,
    (_, word) => `${word} value: ${JSON.stringify(raw)}`,
  ),
});
