import { localOf } from '@vmware/clients/setup';
import { openTargets, type TargetConfig } from '@vmware/clients/targets';
import type { Check, Finding, Local } from '@vmware/policy/cli';
import { openVks } from './connect.js';
import { counted } from './counted.js';
import { isAtLeast, needed } from './vcenter-version.js';

const patience = 30_000;

const machine = localOf({
  product: 'vks',
  machine: 'vCenter Server',
  targetName: 'prod-vcenter',
  username: 'administrator@vsphere.local',
  instead: 'write ~/.vmware-vks/config.yaml',
  next: 'namespace list',
  async login(target) {
    await using vks = opened(target);
    const signal = AbortSignal.timeout(patience);
    const { version } = await vks.clients.about(signal);
    await vks.clients.wcp.namespaces({ signal });
    return { state: 'ok', detail: `${target.username} on vCenter ${version}` };
  },
});

/** What vmware-vks can do on this machine: doctor's checks, every login tried, contexts, init. */
export const local: Local = {
  ...machine,
  async checks(wanted, skipAuth) {
    const first = await machine.checks(wanted, skipAuth);
    if (skipAuth) return first;
    return [...first, ...(await targets(wanted)).flatMap(workloadChecks)];
  },
  preflight: async (wanted) => (await targets(wanted)).flatMap(loginChecks),
};

/** Without a configuration that parses there are none: another check says so. */
async function targets(wanted: string | undefined): Promise<readonly TargetConfig[]> {
  const book = await openTargets({ product: 'vks' });
  return wanted === undefined ? book.list() : [book.find(wanted)];
}

function workloadChecks(target: TargetConfig): Check[] {
  const at = (name: string) => `${target.name}: ${name}`;
  return [
    { name: at('vCenter version'), run: () => vcenterVersion(target) },
    { name: at('Supervisors'), run: () => supervisorStates(target) },
  ];
}

async function vcenterVersion(target: TargetConfig): Promise<Finding> {
  await using vks = opened(target);
  const { version } = await vks.clients.about(AbortSignal.timeout(patience));
  if (isAtLeast(version, needed)) return { state: 'ok', detail: version };
  return {
    state: 'fail',
    detail: `${version}; ${needed} or newer is needed`,
    remedy: 'Upgrade the vCenter Server.',
  };
}

async function supervisorStates(target: TargetConfig): Promise<Finding> {
  await using vks = opened(target);
  const all = await vks.clients.supervisors.list({ signal: AbortSignal.timeout(patience) });
  const detail = all.map(({ name, configStatus }) => `${name} ${configStatus}`).join(', ');
  if (all.some(({ configStatus }) => configStatus === 'RUNNING'))
    return {
      state: all.every(({ configStatus }) => configStatus === 'RUNNING') ? 'ok' : 'warn',
      detail,
    };
  return all.length === 0
    ? {
        state: 'fail',
        detail: 'Workload Management is off: there is none',
        remedy: 'Enable a Supervisor in the vSphere Client.',
      }
    : { state: 'fail', detail, remedy: 'Run `vmware-vks supervisor check` until one is RUNNING.' };
}

/** The vCenter first, then each Supervisor: the login service, and a request that only a valid token gets answered. */
function loginChecks(target: TargetConfig): Check[] {
  return [
    { name: `${target.name}: vCenter`, run: () => vcenterLogin(target) },
    { name: `${target.name}: Supervisors`, run: () => supervisorLogins(target) },
  ];
}

async function vcenterLogin(target: TargetConfig): Promise<Finding> {
  await using vks = opened(target);
  const all = await vks.clients.supervisors.list({ signal: AbortSignal.timeout(patience) });
  return {
    state: 'ok',
    detail: `${target.username} logged in; ${counted(all.length, 'Supervisor')}`,
  };
}

async function supervisorLogins(target: TargetConfig): Promise<Finding> {
  await using vks = opened(target);
  const signal = AbortSignal.timeout(patience);
  const { supervisors } = vks.clients;
  const all = await supervisors.list({ signal });
  if (all.length === 0)
    return {
      state: 'fail',
      detail: 'there is no Supervisor to log in to',
      remedy: 'Enable a Supervisor in the vSphere Client.',
    };
  // One account, so one after the other: a refused password must not be tried everywhere at once.
  for (const supervisor of all) await supervisors.kube(supervisor).apis({ signal });
  return {
    state: 'ok',
    detail: `${target.username} logged in to ${all.map(({ name }) => name).join(', ')}`,
  };
}

function opened(target: TargetConfig) {
  const vks = openVks(target);
  return { ...vks, [Symbol.asyncDispose]: async () => vks.close() };
}
