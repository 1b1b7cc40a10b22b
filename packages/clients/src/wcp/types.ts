import * as z from 'zod';

/** A value that may be missing or null: not said. */
const maybe = <T extends z.ZodType>(shape: T) =>
  shape.nullish().transform((value) => value ?? undefined);

const message = z.object({
  severity: maybe(z.string()),
  details: maybe(z.object({ default_message: maybe(z.string()) })),
});

/** Words of a list of messages, those that say something. */
export const wordsOf = (messages: readonly z.output<typeof message>[] | undefined): string[] =>
  (messages ?? []).flatMap(({ details }) =>
    details?.default_message ? [details.default_message] : [],
  );

/** `Supervisors.Summary.ListResult` (vcenter.namespace_management.supervisors). */
export const supervisorSummaries = z.object({
  items: z.array(
    z.object({
      supervisor: z.string(),
      info: z.object({
        name: z.string(),
        config_status: z.string(),
        kubernetes_status: maybe(z.string()),
        messages: maybe(z.array(message)),
      }),
    }),
  ),
});

/** `Supervisors.Topology.Info`: the zones of a Supervisor and the clusters in them. */
export const supervisorTopology = z.array(
  z.object({ zone: maybe(z.string()), clusters: z.array(z.string()) }),
);

export const cidr = z.object({ address: z.string(), prefix: z.number() });

/** `Clusters.Info`, as far as it is used. */
export const clusterInfo = z.object({
  config_status: z.string(),
  kubernetes_status: maybe(z.string()),
  api_server_cluster_endpoint: maybe(z.string()),
  tls_endpoint_certificate: maybe(z.string()),
  network_provider: maybe(z.string()),
  service_cidr: maybe(cidr),
  ncp_cluster_network_info: maybe(
    z.object({
      pod_cidrs: maybe(z.array(cidr)),
      ingress_cidrs: maybe(z.array(cidr)),
      egress_cidrs: maybe(z.array(cidr)),
    }),
  ),
  messages: maybe(z.array(message)),
});

/** `Software.Clusters.Info`: the Kubernetes version of a Supervisor. */
export const softwareInfo = z.object({
  current_version: maybe(z.string()),
  available_versions: maybe(z.array(z.string())),
  state: maybe(z.string()),
});

const stats = z.object({
  cpu_used: z.number(),
  memory_used: z.number(),
  storage_used: z.number(),
});

/** `Instances.SummaryV2`. */
export const namespaceSummaries = z.array(
  z.object({
    namespace: z.string(),
    supervisor: z.string(),
    description: maybe(z.string()),
    config_status: z.string(),
    stats: maybe(stats),
  }),
);
export type NamespaceSummary = z.output<typeof namespaceSummaries>[number];

export const storageSpec = z.object({ policy: z.string(), limit: maybe(z.number()) });
export const accessEntry = z.object({
  subject_type: z.string(),
  subject: z.string(),
  domain: z.string(),
  role: z.string(),
});

/** `Instances.InfoV2`. CPU in MHz, memory and storage in MiB. */
export const namespaceInfo = z.object({
  supervisor: z.string(),
  config_status: z.string(),
  description: maybe(z.string()),
  messages: maybe(z.array(message)),
  stats: maybe(stats),
  resource_spec: maybe(
    z.object({
      cpu_limit: maybe(z.number()),
      memory_limit: maybe(z.number()),
      storage_request_limit: maybe(z.number()),
    }),
  ),
  access_list: maybe(z.array(accessEntry)),
  storage_specs: maybe(z.array(storageSpec)),
  vm_service_spec: maybe(
    z.object({
      content_libraries: maybe(z.array(z.string())),
      vm_classes: maybe(z.array(z.string())),
    }),
  ),
  content_libraries: maybe(z.array(z.object({ content_library: z.string() }))),
  networks: maybe(z.array(z.string())),
  zones: maybe(z.array(z.object({ zone: z.string() }))),
  creator: maybe(z.object({ subject: maybe(z.string()), domain: maybe(z.string()) })),
  self_service_namespace: maybe(z.boolean()),
});
export type NamespaceInfo = z.output<typeof namespaceInfo>;

/** `StoragePolicies.Summary`. */
export const storagePolicies = z.array(
  z.object({ policy: z.string(), name: z.string(), description: maybe(z.string()) }),
);
export type StoragePolicy = z.output<typeof storagePolicies>[number];

const devices = maybe(z.array(z.unknown()));

/** `VirtualMachineClasses.Info`. Memory in MiB, reservations in percent; older releases write `memory_mb`. */
export const vmClasses = z.array(
  z
    .object({
      id: z.string(),
      cpu_count: z.number(),
      cpu_reservation: maybe(z.number()),
      memory_MB: maybe(z.number()),
      memory_mb: maybe(z.number()),
      memory_reservation: maybe(z.number()),
      description: maybe(z.string()),
      config_status: maybe(z.string()),
      devices: maybe(
        z.object({
          vgpu_devices: devices,
          dynamic_direct_path_IO_devices: devices,
          dynamic_direct_path_io_devices: devices,
          direct_path_io_devices: devices,
        }),
      ),
    })
    .transform(({ memory_MB, memory_mb, ...rest }) => ({
      ...rest,
      memory_MB: memory_MB ?? memory_mb ?? 0,
    })),
);
export type VmClass = z.output<typeof vmClasses>[number];

/** `Harbor.Summary` and `Harbor.Info`. Storage in MiB. */
export const harborRegistries = z.array(
  z.object({
    registry: z.string(),
    cluster: maybe(z.string()),
    version: maybe(z.string()),
    ui_access_url: maybe(z.string()),
  }),
);
export const harborInfo = z.object({
  storage: maybe(
    z.array(z.object({ policy: maybe(z.string()), capacity: z.number(), used: z.number() })),
  ),
  health: maybe(z.object({ status: maybe(z.string()) })),
});

/** `SupervisorServices.Summary`: what is registered in vCenter. */
export const services = z.array(
  z.object({ supervisor_service: z.string(), display_name: z.string(), state: z.string() }),
);
/** `ClusterSupervisorServices.Summary`: what is installed. The list by Supervisor came with vCenter 9 only. */
export const installedServices = z.array(
  z.object({
    supervisor_service: z.string(),
    desired_version: maybe(z.string()),
    current_version: maybe(z.string()),
    config_status: maybe(z.string()),
  }),
);

/** `LibraryModel` (content). */
export const library = z.object({ id: maybe(z.string()), name: maybe(z.string()) });

export const ids = z.array(z.string());
