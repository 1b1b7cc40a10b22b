import * as z from 'zod';
import { orNull } from '../../capture.js';
import { defineTool } from '../../define.js';
import { intrusionServices } from '../../intrusion-services.js';

const text = z.string().nullable();
const flag = z.boolean().nullable();

interface Settings {
  readonly auto_update?: boolean;
  readonly ids_ever_enabled?: boolean;
  readonly ids_events_to_syslog?: boolean;
}
interface SignatureStatus {
  readonly download_status?: string;
  readonly signature_status?: string;
  readonly version_id?: string;
}
interface SignatureVersion {
  readonly version_id?: string;
  readonly state?: string;
  readonly status?: string;
  readonly update_time?: number;
}
interface ClusterConfig {
  readonly ids_enabled?: boolean;
  readonly cluster?: { readonly target_id?: string; readonly target_display_name?: string };
}

export const getIdpsStatus = defineTool({
  name: 'get_idps_status',
  usage: 'idps status',
  summary: 'Where IDS/IPS is enabled, cluster by cluster, and how current its signatures are.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['auditor'],
  format: 'json',
  examples: ['idps status'],
  input: z.object({}),
  output: z.object({
    enabled: flag,
    clusters_enabled: z.int().nullable(),
    clusters_total: z.int().nullable(),
    clusters: z.array(z.object({ id: text, display_name: text, ids_enabled: flag })).nullable(),
    standalone_hosts_enabled: flag,
    signature_status: z.object({
      download_status: text,
      signature_status: text,
      version_id: text,
      active_version: text,
      active_is_latest: flag,
      active_since: text,
    }),
    settings: z.object({ auto_update: flag, ids_ever_enabled: flag, ids_events_to_syslog: flag }),
  }),
}).run(async (_input, { nsx }, { signal }) => {
  const get = <T>(path: string) => orNull(nsx.get<T>(`${intrusionServices}${path}`, { signal }));
  const list = <T>(path: string) => orNull(nsx.list<T>(`${intrusionServices}${path}`, { signal }));
  const [settings, status, versions, clusters, standalone] = await Promise.all([
    // Whether the manager has IDPS at all shows here; being refused it is an error, not "off".
    nsx.get<Settings>(intrusionServices, { signal }),
    get<SignatureStatus>('/signatures/status'),
    list<SignatureVersion>('/signature-versions'),
    list<ClusterConfig>('/cluster-configs'),
    get<{ ids_enabled?: boolean }>('/ids-standalone-host-config'),
  ]);
  const active = versions?.find(({ state }) => state === 'ACTIVE');
  const on = clusters?.filter(({ ids_enabled }) => ids_enabled).length ?? null;
  const hosts = standalone?.ids_enabled ?? null;
  return {
    enabled: on === null ? null : on > 0 || hosts === true ? true : hosts === null ? null : false,
    clusters_enabled: on,
    clusters_total: clusters?.length ?? null,
    clusters:
      clusters?.map(({ cluster, ids_enabled }) => ({
        id: cluster?.target_id ?? null,
        display_name: cluster?.target_display_name ?? null,
        ids_enabled: ids_enabled ?? null,
      })) ?? null,
    standalone_hosts_enabled: hosts,
    signature_status: {
      download_status: status?.download_status ?? null,
      signature_status: status?.signature_status ?? null,
      version_id: status?.version_id ?? null,
      active_version: active?.version_id ?? null,
      active_is_latest: active?.status === undefined ? null : active.status === 'LATEST',
      active_since: active?.update_time ? new Date(active.update_time).toISOString() : null,
    },
    settings: {
      auto_update: settings.auto_update ?? null,
      ids_ever_enabled: settings.ids_ever_enabled ?? null,
      ids_events_to_syslog: settings.ids_events_to_syslog ?? null,
    },
  };
});
