import { publicNamespace } from './accounts.js';
import {
  flatVariables,
  nestedVariables,
  newestVariables,
  type Variable,
} from './cluster-variables.js';
import type { Json } from './object.js';
import { stamp } from './store.js';
import { capi, plant, type World } from './world.js';

/** The class that is in every vSphere Namespace. */
export const ownClass = 'tanzukubernetescluster';

const builtIn: Readonly<Record<string, readonly Variable[]>> = {
  'builtin-generic-v3.1.0': flatVariables,
  'builtin-generic-v3.2.0': nestedVariables,
  'builtin-generic-v3.3.0': newestVariables,
};

const infrastructure = 'vmware.infrastructure.cluster.x-k8s.io/v1beta1';
const template = (kind: string, apiVersion: string, name: string) => ({
  templateRef: { apiVersion, kind, name },
});

const conditions = [{ type: 'VariablesReady', status: 'True', reason: 'VariablesReady' }];

/** Spec and status by name, made once: every namespace shows the same. */
const shapes = new Map<string, Json>();

function shapeOf(name: string, variables: readonly Variable[], since: string): Json {
  const known = shapes.get(name);
  if (known) return { spec: known['spec'], status: statusOf(variables, since) };
  const machines = template('VSphereMachineTemplate', infrastructure, `${name}-machine`);
  const spec = {
    infrastructure: template('VSphereClusterTemplate', infrastructure, `${name}-cluster`),
    controlPlane: {
      ...template(
        'KubeadmControlPlaneTemplate',
        'controlplane.cluster.x-k8s.io/v1beta2',
        `${name}-control-plane`,
      ),
      machineInfrastructure: machines,
      healthCheck: healthCheck,
    },
    workers: {
      machineDeployments: [
        {
          class: 'node-pool',
          bootstrap: template(
            'KubeadmConfigTemplate',
            'bootstrap.cluster.x-k8s.io/v1beta2',
            `${name}-bootstrap`,
          ),
          infrastructure: machines,
          healthCheck: healthCheck,
        },
      ],
    },
    variables,
  };
  shapes.set(name, { spec });
  return { spec, status: statusOf(variables, since) };
}

const healthCheck = {
  checks: {
    nodeStartupTimeoutSeconds: 7200,
    unhealthyNodeConditions: [
      { type: 'Ready', status: 'Unknown', timeoutSeconds: 300 },
      { type: 'Ready', status: 'False', timeoutSeconds: 720 },
    ],
  },
};

const statusOf = (variables: readonly Variable[], since: string): Json => ({
  observedGeneration: 1,
  conditions: conditions.map((condition) => ({
    ...condition,
    message: '',
    lastTransitionTime: since,
  })),
  variables: variables.map(({ name, required, schema }) => ({
    name,
    definitionsConflict: false,
    definitions: [{ from: 'inline', required, schema }],
  })),
});

/** Makes the classes that come with VKS, in the namespace that every other may use. */
export function plantPublicClasses(world: World): void {
  const creationTimestamp = stamp(new Date(world.clock.now().getTime() - 60 * 86_400_000));
  for (const [name, variables] of Object.entries(builtIn)) {
    const labels = { 'kubernetes.vmware.com/version': name.replace('builtin-generic-', '') };
    plant(
      world,
      ['clusterclasses', capi],
      { name, namespace: publicNamespace, labels, creationTimestamp },
      shapeOf(name, variables, creationTimestamp),
    );
  }
}

/** Makes the class that a namespace has of its own. */
export function plantOwnClass(world: World, namespace: string): void {
  const creationTimestamp = stamp(world.clock.now());
  plant(
    world,
    ['clusterclasses', capi],
    { name: ownClass, namespace, creationTimestamp },
    shapeOf(ownClass, flatVariables, creationTimestamp),
  );
}
