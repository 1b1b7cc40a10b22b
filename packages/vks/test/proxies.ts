import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ChaosProxy, chaosProxy } from '../../../test/kit/chaos-proxy.js';
import type { Lab } from './lab.js';

/** Puts a proxy between us and the vCenter. */
export async function beforeVcenter({ sim, userHome }: Lab): Promise<ChaosProxy> {
  const proxy = await chaosProxy(sim.vcenter);
  const config = join(userHome, '.vmware-vks', 'config.yaml');
  const text = readFileSync(config, 'utf8');
  writeFileSync(
    config,
    text.replaceAll(`port: ${sim.vcenter.port}`, `port: ${proxy.endpoint.port}`),
  );
  return proxy;
}

/** Puts a proxy between us and the first Supervisor. */
export async function beforeSupervisor({ sim }: Lab): Promise<ChaosProxy> {
  const [supervisor] = sim.world.supervisors.values();
  const [api] = sim.supervisors;
  if (!supervisor || !api) throw new Error('The lab has no Supervisor');
  const proxy = await chaosProxy({ ...sim.vcenter, host: api.host, port: api.port });
  supervisor.endpoint = `127.0.0.1:${proxy.endpoint.port}`;
  return proxy;
}
