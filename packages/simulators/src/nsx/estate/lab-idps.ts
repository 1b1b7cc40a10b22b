import type { World } from '../world.js';
import { put } from './put.js';

const base = '/infra/settings/firewall/security/intrusion-services';
const system = { _system_owned: true };

/** Intrusion detection: on in the cluster compute-a, off in the others, with signatures that are not the latest. */
export function plantIntrusionDetection(world: World): void {
  put(world, 'IdsSettings', base, {
    ...system,
    auto_update: true,
    ids_ever_enabled: true,
    ids_events_to_syslog: false,
  });
  put(world, 'IdsSignatureStatus', `${base}/signatures/status`, {
    ...system,
    download_status: 'READY',
    signature_status: 'AVAILABLE',
    version_id: '1234',
  });
  version(world, '1234', 'ACTIVE', 'OUTDATED', 30);
  version(world, '1301', 'NOTACTIVE', 'LATEST', 1);
  for (const { id, name } of world.fabric.inventory.all('cluster'))
    put(world, 'IdsClusterConfig', `${base}/cluster-configs/${id}`, {
      ...system,
      display_name: name,
      ids_enabled: name === 'compute-a',
      cluster: {
        target_id: id,
        target_display_name: name,
        target_type: 'VC_Cluster',
        is_valid: true,
      },
    });
  put(world, 'IdsStandaloneHostConfig', `${base}/ids-standalone-host-config`, {
    ...system,
    ids_enabled: false,
  });
  put(world, 'IdsProfile', `${base}/profiles/DefaultIDSProfile`, {
    ...system,
    profile_severity: ['CRITICAL'],
    criteria: [],
    overridden_signatures: [],
  });
  put(world, 'IdsProfile', `${base}/profiles/web-critical`, {
    profile_severity: ['CRITICAL', 'HIGH'],
    criteria: [
      criterion('ATTACK_TARGET', 'Web_Server'),
      { resource_type: 'IdsProfileConjunctionOperator', operator: 'AND' },
      criterion('CVSS', 'CRITICAL'),
    ],
    overridden_signatures: [{ signature_id: '2026850', action: 'ALERT', enable: true }],
  });
}

function version(world: World, id: string, state: string, status: string, daysOld: number): void {
  put(world, 'IdsSignatureVersion', `${base}/signature-versions/${id}`, {
    ...system,
    version_id: id,
    state,
    status,
    change_log: `Signatures ${id}`,
    update_time: world.clock.now().getTime() - daysOld * 86_400_000,
    user_uploaded: false,
  });
}

const criterion = (filter_name: string, ...filter_value: string[]) => ({
  resource_type: 'IdsProfileFilterCriteria',
  filter_name,
  filter_value,
});
