import { connect as tcp } from 'node:net';
import { fetchCertificate, resetLogin } from '@vmware/clients/http';
import { credentialsOf, openTargets, type TargetConfig } from '@vmware/clients/targets';
import { Vim } from '@vmware/clients/vim';
import type { Check, Finding, Local } from '@vmware/policy/cli';
import { init } from './init.js';

const product = 'vsphere';
const book = () => openTargets({ product });

/** What vmware-vsphere can do on this machine: doctor's checks, contexts, init. */
export const local: Local = {
  async checks(target) {
    const targets = await book();
    const wanted = target === undefined ? targets.list() : [targets.find(target)];
    return [
      {
        name: 'Configuration',
        run: async () => {
          targets.find(target);
          return { state: 'ok', detail: `${targets.list().length} targets (${targets.path})` };
        },
      },
      ...wanted.flatMap((one) => checksOf(one)),
    ];
  },
  async contexts() {
    const targets = await book();
    const current = targets.find().name;
    return targets.list().map(({ name, environment, host }) => ({
      name,
      environment,
      host,
      current: name === current,
    }));
  },
  use: async (name) => (await book()).use(name),
  resetLogin: async (name) => {
    resetLogin((await book()).find(name));
  },
  init,
};

/** In the order in which they depend on each other, so that the first failure is the cause. */
export function checksOf(target: TargetConfig): Check[] {
  const { name, host, port } = target;
  return [
    { name: `${name}: password`, run: () => password(target) },
    { name: `${name}: network`, run: () => network(host, port) },
    { name: `${name}: certificate`, run: () => certificate(target) },
    { name: `${name}: login`, run: () => login(target) },
  ];
}

async function password(target: TargetConfig): Promise<Finding> {
  const { username } = await credentialsOf(target);
  return { state: 'ok', detail: `found for ${username}` };
}

function network(host: string, port: number): Promise<Finding> {
  return new Promise((resolve) => {
    const socket = tcp({ host, port, timeout: 5_000 });
    const end = (finding: Finding) => {
      socket.destroy();
      resolve(finding);
    };
    const fail = (why: string) =>
      end({
        state: 'fail',
        detail: `${host}:${port} ${why}`,
        remedy: 'Check host: and port: in config.yaml, and the firewall between here and there.',
      });
    socket.once('connect', () => end({ state: 'ok', detail: `${host}:${port} answers` }));
    socket.once('timeout', () => fail('does not answer within 5 s'));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      fail(`cannot be reached (${error.code})`),
    );
  });
}

async function certificate({ host, port, verifySsl, thumbprint }: TargetConfig): Promise<Finding> {
  const { subject, validTo, thumbprint: shown, problem } = await fetchCertificate(host, port);
  const detail = `${subject}, SHA-256 ${shown}, until ${validTo}`;
  if (!verifySsl && !thumbprint)
    return {
      state: 'warn',
      detail: `verify_ssl is false: anybody on the network can pose as this target. ${detail}`,
      remedy: `Set thumbprint: ${shown} in config.yaml and remove verify_ssl: false.`,
    };
  if (problem && thumbprint === undefined)
    return {
      state: 'fail',
      detail: `not trusted (${problem}): ${detail}`,
      remedy:
        'Compare the thumbprint with the server, then set thumbprint: or ca_file: in config.yaml.',
    };
  return { state: 'ok', detail };
}

async function login(target: TargetConfig): Promise<Finding> {
  await using vim = Vim.open(target, { credentials: () => credentialsOf(target) });
  const signal = AbortSignal.timeout(20_000);
  const [{ about }, { userName }] = [await vim.content({ signal }), await vim.identity({ signal })];
  return { state: 'ok', detail: `${userName} on ${about.fullName}` };
}
