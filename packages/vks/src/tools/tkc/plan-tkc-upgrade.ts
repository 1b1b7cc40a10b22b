import { compareVersions } from '@vmware/clients/kube';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { againstChange } from '../../pool-patch.js';
import { readCluster } from '../../read-cluster.js';
import { isUsable, type Release, releaseFor, releasesOf } from '../../releases.js';
import { clusterName, k8sVersion, namespaceFlag, namespaceName } from '../../schema.js';
import { upgradePath } from '../../upgrade-path.js';
import { againstUpgrade } from '../../upgrade-readiness.js';

export const planTkcUpgrade = defineTool({
  name: 'plan_tkc_upgrade',
  usage: 'tkc upgrade-plan <name>',
  summary: 'Which versions a cluster can be upgraded to, step by step, and what stands in the way.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['Namespaces.Manage', 'VIEW'],
  format: 'json',
  flags: { ...namespaceFlag, k8s_version: 'version' },
  examples: ['tkc upgrade-plan web -n dev', 'tkc upgrade-plan web -n dev --version v1.33'],
  input: z.object({
    name: clusterName,
    namespace: namespaceName,
    k8s_version: k8sVersion.optional().describe('Where to; the newest release if absent.'),
  }),
  output: z.object({
    name: z.string(),
    namespace: z.string(),
    current_version: z.string().nullable(),
    target_version: z.string().nullable(),
    path: z.array(z.object({ version: z.string(), release: z.string() })),
    blockers: z.array(z.string()),
    ready: z.boolean(),
    next: z.string().nullable(),
    hint: z.string().nullable(),
  }),
}).run(async ({ name, namespace, k8s_version }, clients, { signal }) => {
  const found = await readCluster(clients, { name, namespace }, signal);
  const [releases, busy] = await Promise.all([
    releasesOf(found.kube, signal),
    againstUpgrade(found, signal),
  ]);
  const current = found.cluster.version ?? null;
  const target =
    k8s_version === undefined ? newest(releases) : releaseFor(releases, k8s_version, namespace);
  if (current === null || !target)
    return {
      name,
      namespace,
      current_version: current,
      target_version: null,
      path: [],
      blockers: [
        ...againstChange(found),
        ...(target ? [] : ['The Supervisor has no usable release.']),
      ],
      ready: false,
      next: null,
      hint: null,
    };
  const { steps, blockers } = upgradePath(current, target, releases);
  const all =
    steps.length === 0 && blockers.length === 0
      ? []
      : [...againstChange(found), ...busy, ...blockers];
  const [first] = steps;
  return {
    name,
    namespace,
    current_version: current,
    target_version: target.version,
    path: steps.map(({ version, name: release }) => ({ version, release })),
    blockers: all,
    ready: all.length === 0 && first !== undefined,
    next:
      all.length === 0 && first
        ? `vmware-vks tkc upgrade ${name} -n ${namespace} --version ${first.version}`
        : null,
    hint: first === undefined && all.length === 0 ? `It is ${current} already.` : null,
  };
});

const newest = (releases: readonly Release[]): Release | undefined =>
  releases.filter(isUsable).toSorted((a, b) => compareVersions(b.version, a.version))[0];
