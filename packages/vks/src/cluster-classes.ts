import { ApiError } from '@vmware/clients/http';
import { compareVersions, type Kube, type KubeObject } from '@vmware/clients/kube';
import { nearest } from '@vmware/clients/wcp';
import { Refusal } from '@vmware/policy';
import { conditionsOf, isTrue } from './condition.js';
import { flagAt, listAt, textAt, valueAt } from './field.js';
import { kinds, served } from './known-resource.js';

/** Where vSphere Kubernetes Service 3.2 and newer keeps the classes that every namespace may use. */
const publicNamespace = 'vmware-system-vks-public';

export interface ClassVariable {
  readonly name: string;
  readonly required: boolean;
  readonly type: string | undefined;
}

/** A ClusterClass: what a cluster can be made like. */
export interface ClusterClass {
  readonly name: string;
  readonly namespace: string;
  /** Classes of workers. */
  readonly workers: readonly string[];
  readonly variables: readonly ClassVariable[];
  /** Undefined: it does not say. */
  readonly ready: boolean | undefined;
}

/** Classes that a namespace may use: its own, and the public ones. */
export async function classesOf(
  kube: Kube,
  namespace: string,
  signal: AbortSignal,
): Promise<ClusterClass[]> {
  const resource = await served(kube, kinds.clusterclasses, signal);
  const [own, shared] = await Promise.all([
    kube.all(resource, { namespace, signal }),
    kube.all(resource, { namespace: publicNamespace, signal }).catch((error: unknown) => {
      // Older Supervisors have no such namespace, and say so in either way.
      const isAbsent =
        error instanceof ApiError && ['NOT_FOUND', 'NO_PERMISSION'].includes(error.code);
      if (!isAbsent) throw error;
      return { items: [] };
    }),
  ]);
  return [...own.items, ...shared.items].map(classOf);
}

function classOf(object: KubeObject): ClusterClass {
  const stated = listAt(object, 'status', 'variables');
  const variables = stated.length > 0 ? stated : listAt(object, 'spec', 'variables');
  return {
    name: object.metadata.name,
    namespace: object.metadata.namespace ?? '',
    workers: listAt(object, 'spec', 'workers', 'machineDeployments').flatMap(
      (one) => textAt(one, 'class') ?? [],
    ),
    variables: variables.flatMap((one) => {
      const name = textAt(one, 'name');
      if (name === undefined) return [];
      const [definition = one] = listAt(one, 'definitions');
      return {
        name,
        required: flagAt(definition, 'required') ?? false,
        type: textAt(valueAt(definition, 'schema'), 'openAPIV3Schema', 'type'),
      };
    }),
    ready: isTrue(conditionsOf(object), 'VariablesReady', 'VariablesReconciled'),
  };
}

const generic = /^builtin-generic-(v\d+\.\d+\.\d+)$/;

/**
 * The class of that name; without one the newest `builtin-generic`, else `tanzukubernetescluster`, else the only one.
 * Throws INVALID_INPUT with the nearest names.
 */
export function classFor(
  classes: readonly ClusterClass[],
  wanted: string | undefined,
): ClusterClass {
  const [usual] = classes
    .filter(({ name, ready }) => generic.test(name) && ready !== false)
    .sort((a, b) => compareVersions(versionIn(b), versionIn(a)));
  const found =
    wanted === undefined
      ? (usual ??
        classes.find(({ name }) => name === 'tanzukubernetescluster') ??
        (classes.length === 1 ? classes[0] : undefined))
      : classes.find(({ name }) => name === wanted);
  if (found) return found;
  const names = classes.map(({ name }) => name);
  const near = wanted === undefined ? [] : nearest(wanted, names, 3);
  throw new Refusal(
    'INVALID_INPUT',
    wanted === undefined
      ? `No ClusterClass is the usual one: there are ${names.join(', ') || 'none'}.`
      : `There is no ClusterClass ${wanted}${near.length > 0 ? `; near it: ${near.join(', ')}` : ''}.`,
    'Run `vmware-vks tkc classes -n <namespace>` and give cluster_class.',
  );
}

const versionIn = ({ name }: ClusterClass): string => generic.exec(name)?.[1] ?? '';
