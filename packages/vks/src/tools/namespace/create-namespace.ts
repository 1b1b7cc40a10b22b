import { target } from '@vmware/clients/wcp';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { resolveParts, subjectOf, subjectWord } from '../../namespace-parts.js';
import { requestOf, sendPlanned } from '../../planned-request.js';
import {
  description,
  mhz,
  mib,
  namespaceName,
  policyWord,
  supervisorWord,
  words,
} from '../../schema.js';
import { withoutNamespace } from '../../undo/namespaces.js';
import { isAtLeast } from '../../vcenter-version.js';

const people = words.describe('user@domain or group:name@domain.');

/** The first vCenter Server whose namespaces can have zones of their own. */
const withZones = '9.0.0';

export const createNamespace = defineTool({
  name: 'create_namespace',
  usage: 'namespace create <name>',
  summary:
    'Create a vSphere Namespace with storage, limits, VM classes, libraries and permissions.',
  effect: 'write',
  risk: 'medium',
  level: 'vm_lifecycle',
  privileges: ['Namespaces.Configure', 'Namespaces.Manage'],
  flags: {
    cluster_id: 'cluster',
    cpu_limit: 'cpu',
    memory_limit_mib: 'memory',
    storage_limit_mib: 'storage',
  },
  examples: [
    'namespace create team-a --cluster domain-c8 --storage-policy gold --vm-classes best-effort-medium --editors group:team-a@corp.local',
    'namespace create team-a --cluster supervisor-a --storage-policy gold --memory 65536 --dry-run',
  ],
  input: z.object({
    name: namespaceName,
    cluster_id: supervisorWord,
    storage_policy: policyWord,
    cpu_limit: mhz.optional().describe('MHz.'),
    memory_limit_mib: mib.optional().describe('MiB.'),
    storage_limit_mib: mib.optional().describe('MiB of this policy.'),
    description: description.default(''),
    vm_classes: words.optional().describe('VM classes; clusters need one.'),
    content_libraries: words.optional().describe('Names or ids.'),
    owners: people.optional(),
    editors: people.optional(),
    viewers: people.optional(),
    networks: words.optional().describe('Workload networks.'),
    zones: words.optional().describe('vSphere Zones.'),
  }),
  output: z.object({
    namespace: z.string(),
    status: z.literal('created'),
    supervisor: z.string(),
    cluster: z.string().nullable(),
    hint: z.string(),
  }),
})
  .plan(async (input, { wcp, supervisors, about }, { signal }) => {
    const [supervisor, parts, existing] = await Promise.all([
      supervisors.find(input.cluster_id, { signal }),
      resolveParts(
        wcp,
        {
          storagePolicies: [input.storage_policy],
          vmClasses: input.vm_classes ?? [],
          contentLibraries: input.content_libraries ?? [],
        },
        signal,
      ),
      wcp.namespaces({ signal }),
    ]);
    const access = [
      ...(input.owners ?? []).map((word) => ({ ...subjectOf(word), role: 'OWNER' })),
      ...(input.editors ?? []).map((word) => ({ ...subjectOf(word), role: 'EDIT' })),
      ...(input.viewers ?? []).map((word) => ({ ...subjectOf(word), role: 'VIEW' })),
    ];
    const { name, cpu_limit, memory_limit_mib, storage_limit_mib, networks, zones } = input;
    const limits = {
      ...(cpu_limit !== undefined && { cpu_limit }),
      ...(memory_limit_mib !== undefined && { memory_limit: memory_limit_mib }),
    };
    const vmService = {
      ...(parts.vmClasses.length > 0 && { vm_classes: parts.vmClasses.map(({ id }) => id) }),
      ...(parts.contentLibraries.length > 0 && {
        content_libraries: parts.contentLibraries.map(({ id }) => id),
      }),
    };
    const body = {
      namespace: name,
      supervisor: supervisor.id,
      description: input.description,
      storage_specs: parts.storagePolicies.map(({ id }) => ({
        policy: id,
        ...(storage_limit_mib !== undefined && { limit: storage_limit_mib }),
      })),
      ...(Object.keys(limits).length > 0 && { resource_spec: limits }),
      ...(Object.keys(vmService).length > 0 && { vm_service_spec: vmService }),
      ...(access.length > 0 && { access_list: access }),
      ...(networks && { networks }),
      ...(zones && { zones: zones.map((zone) => ({ name: zone })) }),
    };
    const { version } = zones ? await about(signal) : { version: withZones };
    const there = existing.find(({ namespace }) => namespace === name);
    return {
      summary: `Create the vSphere Namespace ${name} on the Supervisor ${supervisor.name}`,
      changes: [
        `storage policy ${parts.storagePolicies.map((one) => one.name).join(', ')}${storage_limit_mib === undefined ? ', no limit' : `, at most ${storage_limit_mib} MiB`}`,
        cpu_limit === undefined ? 'no CPU limit' : `CPU at most ${cpu_limit} MHz`,
        memory_limit_mib === undefined
          ? 'no memory limit'
          : `memory at most ${memory_limit_mib} MiB`,
        parts.vmClasses.length > 0
          ? `VM classes ${parts.vmClasses.map(({ id }) => id).join(', ')}`
          : 'no VM class: no cluster or VM can be made in it until it has one',
        ...parts.contentLibraries.map((one) => `content library ${one.name}`),
        ...access.map((entry) => `${entry.role.toLowerCase()}: ${subjectWord(entry)}`),
        ...(zones ?? []).map((zone) => `zone ${zone}`),
        ...(networks ?? []).map((network) => `network ${network}`),
      ],
      requests: [
        requestOf({ method: 'POST', target: target`/api/vcenter/namespaces/instances/v2`, body }),
      ],
      blast_radius: {
        total: 1,
        objects: [{ type: 'Namespace', id: name, name }],
        reversible: true,
      },
      blockers: [
        ...(there
          ? [
              `There is a vSphere Namespace ${name} already, on ${there.supervisor === supervisor.id ? 'this' : 'another'} Supervisor.`,
            ]
          : []),
        ...(supervisor.configStatus === 'RUNNING'
          ? []
          : [`The Supervisor ${supervisor.name} is ${supervisor.configStatus}, not RUNNING.`]),
        ...(isAtLeast(version, withZones)
          ? []
          : [`vCenter ${version} gives namespaces no zones of their own: ${withZones} does.`]),
        ...(zones ?? []).flatMap((zone) =>
          supervisor.zones.includes(zone)
            ? []
            : [
                `The Supervisor ${supervisor.name} has no zone ${zone}; it has ${supervisor.zones.join(', ') || 'none'}.`,
              ],
        ),
      ],
      unmeasured: [],
      undo: withoutNamespace(body),
    };
  })
  .run(async ({ name, cluster_id }, { wcp, supervisors }, context) => {
    const supervisor = await supervisors.find(cluster_id, context);
    await sendPlanned(wcp, context, `vmware-vks namespace get ${name}`);
    return {
      namespace: name,
      status: 'created' as const,
      supervisor: supervisor.id,
      cluster: supervisor.clusters[0] ?? null,
      hint: `It is configured in the background: \`vmware-vks namespace get ${name}\` says when it is RUNNING.`,
    };
  });
