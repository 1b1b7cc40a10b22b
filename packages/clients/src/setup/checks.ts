import { connect as tcp } from 'node:net';
import { identityOf } from '../http/pem.js';
import { fetchCertificate } from '../http/tls.js';
import { credentialsOf } from '../targets/credentials.js';
import { authenticationOf, type TargetConfig } from '../targets/target.js';
import type { Check, Finding } from './check.js';

/** Logs in to a target and says as whom and to what. */
export type TryLogin = (target: TargetConfig) => Promise<Finding>;

/** In the order in which they depend on each other, so that the first failure is the cause. */
export function checksOf(target: TargetConfig, login: TryLogin | undefined): Check[] {
  const { name } = target;
  return [
    authenticationOf(target) === 'certificate'
      ? { name: `${name}: client certificate`, run: async () => identity(target) }
      : { name: `${name}: password`, run: () => password(target) },
    { name: `${name}: network`, run: () => network(target) },
    { name: `${name}: certificate`, run: () => certificate(target) },
    ...(login ? [{ name: `${name}: login`, run: () => login(target) }] : []),
  ];
}

async function password(target: TargetConfig): Promise<Finding> {
  const { username } = await credentialsOf(target);
  return { state: 'ok', detail: `found for ${username}` };
}

function identity(target: TargetConfig): Finding {
  const { subject, validTo } = identityOf(target)?.certificate ?? { subject: '', validTo: '' };
  const detail = `${subject.replaceAll('\n', ', ')}, until ${validTo}`;
  if (Date.parse(validTo) > Date.now()) return { state: 'ok', detail };
  return {
    state: 'fail',
    detail: `expired: ${detail}`,
    remedy: 'Give the principal identity a new certificate, and set client_cert: and client_key:.',
  };
}

function network({ host, port }: TargetConfig): Promise<Finding> {
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
