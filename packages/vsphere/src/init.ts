import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fetchCertificate } from '@vmware/clients/http';
import { openTargets, savePassword, type TargetEntry } from '@vmware/clients/targets';
import { Refusal } from '@vmware/policy';
import { examine, type Terminal } from '@vmware/policy/cli';
import { checksOf } from './local.js';

const product = 'vsphere';

/**
 * Asks for a target, shows its certificate to be compared, writes config.yaml and the password into `.env`
 * (0600), and tests the login. Nothing that exists is overwritten: a name in use is refused.
 */
export async function init(terminal: Terminal): Promise<void> {
  if (!terminal.isInteractive)
    throw new Refusal(
      'USAGE',
      'init asks questions, and nobody is at a terminal.',
      'Run `vmware-vsphere init` in a terminal, or set VCENTER_HOST, VCENTER_USER and VCENTER_PASSWORD.',
    );
  const entry = await askTarget(terminal);
  const trust = await askTrust(entry, terminal);
  if (!trust) return terminal.talk('Nothing was written.');
  const password = await terminal.askHidden(`Password of ${entry.username}: `);
  const targets = await openTargets({ product });
  await targets.add({ ...entry, ...trust });
  const target = (await openTargets({ product })).find(entry.name);
  const variable = savePassword(target, password);
  const file = join(target.directory, '.env');
  terminal.talk(
    `Wrote ${targets.path} and ${variable} in ${file}${existsSync(file) ? ' (0600)' : ''}.`,
  );
  const findings = await examine(checksOf(target));
  for (const { check, state, detail, remedy } of findings)
    terminal.talk(
      `${state.padEnd(5)} ${check}: ${detail}${state === 'ok' || !remedy ? '' : `\n      ${remedy}`}`,
    );
  terminal.talk(
    findings.every(({ state }) => state !== 'fail')
      ? 'Next: `vmware-vsphere vm list`, and `vmware-vsphere mcp-config --client claude-code` for an agent.'
      : `Mend what failed, then run \`vmware-vsphere doctor --target ${entry.name}\`.`,
  );
}

type Answers = TargetEntry & { readonly username: string; readonly port: number };

async function askTarget(terminal: Terminal): Promise<Answers> {
  const ask = async (question: string, otherwise: string) =>
    (await terminal.ask(`${question} [${otherwise}]: `)).trim() || otherwise;
  const host = (await terminal.ask('vCenter Server or ESXi host: ')).trim();
  if (host === '')
    throw new Refusal(
      'USAGE',
      'A target needs a host name or address.',
      'Run `vmware-vsphere init` again.',
    );
  return {
    name: await ask('Name for this target', 'default'),
    host,
    port: Number(await ask('Port', '443')),
    username: await ask('User', 'administrator@vsphere.local'),
    environment: await ask('Environment (rules match it: prod, staging, lab)', 'prod'),
  };
}

/** How the certificate will be trusted, or undefined when the person does not recognise it. */
async function askTrust(
  { host, port }: Answers,
  terminal: Terminal,
): Promise<Pick<TargetEntry, 'thumbprint'> | undefined> {
  const { subject, issuer, validTo, thumbprint, problem } = await fetchCertificate(host, port);
  if (!problem) return {};
  terminal.talk(
    [
      `This computer does not trust the certificate of ${host} (${problem}):`,
      `  subject  ${subject}`,
      `  issuer   ${issuer}`,
      `  until    ${validTo}`,
      `  SHA-256  ${thumbprint}`,
      'Compare the SHA-256 with the one the vCenter administrator sees.',
    ].join('\n'),
  );
  const answer = (await terminal.ask('Trust exactly this certificate from now on? [y/N] ')).trim();
  return /^y(es)?$/i.test(answer) ? { thumbprint } : undefined;
}
