import { pageOf } from '@vmware/policy';
import * as z from 'zod';
import { classesOf, classFor } from '../../cluster-classes.js';
import { defineTool } from '../../define.js';
import { listInput, rowsPage } from '../../rows.js';
import { namespaceFlag, namespaceName } from '../../schema.js';

export const listClusterClasses = defineTool({
  name: 'list_cluster_classes',
  usage: 'tkc classes',
  summary: 'List the ClusterClasses a namespace may use, with their worker classes and variables.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['Namespaces.Manage', 'VIEW'],
  columns: ['name', 'namespace', 'usual', 'workers', 'required_variables'],
  flags: namespaceFlag,
  examples: ['tkc classes -n dev'],
  input: z.object({ namespace: namespaceName, ...listInput }),
  output: pageOf(
    z.object({
      name: z.string(),
      namespace: z.string(),
      usual: z.boolean(),
      ready: z.boolean().nullable(),
      workers: z.array(z.string()),
      required_variables: z.array(z.string()),
      variables: z.array(z.string()),
    }),
  ),
}).run(async ({ namespace, ...wanted }, { supervisors }, { signal }) => {
  const kube = await supervisors.kubeOf(namespace, { signal });
  const classes = await classesOf(kube, namespace, signal);
  const usual = classes.length === 0 ? undefined : classFor(classes, undefined);
  return rowsPage(
    classes.map((one) => ({
      name: one.name,
      namespace: one.namespace,
      usual: one === usual,
      ready: one.ready ?? null,
      workers: [...one.workers],
      required_variables: one.variables.filter(({ required }) => required).map(({ name }) => name),
      variables: one.variables.map(({ name, type }) => (type ? `${name}: ${type}` : name)),
    })),
    wanted,
    ({ name, namespace: where }) => `${name}\u0000${where}`,
  );
});
