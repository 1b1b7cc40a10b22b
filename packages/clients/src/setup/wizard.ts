import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fetchCertificate } from '../http/tls.js';
import { openTargets } from '../targets/book.js';
import { TargetError } from '../targets/errors.js';
import { savePassword } from '../targets/save-password.js';
import type { TargetConfig, TargetEntry } from '../targets/target.js';
import type { Terminal } from './check.js';
import { checksOf, type TryLogin } from './checks.js';

/** What a product's `init` asks for and says. */
export interface Wizard {
  readonly product: string;
  /** `vCenter Server or ESXi host`. */
  readonly machine: string;
  readonly targetName: string;
  readonly username: string;
  /** How to go without asking, for one that nobody answers. */
  readonly instead: string;
  /** A command to try afterwards. */
  readonly next: string;
  readonly login: TryLogin;
}

export interface WizardOptions {
  readonly force: boolean;
  readonly skipTest: boolean;
}

/**
 * Asks for a target, shows its certificate to be compared, writes config.yaml and the password into `.env`
 * (0600), and tests the login. A name in use is refused, unless `force` replaces it.
 */
export async function runWizard(
  wizard: Wizard,
  terminal: Terminal,
  { force, skipTest }: WizardOptions,
): Promise<void> {
  const { product, instead, login, next } = wizard;
  if (!terminal.isInteractive)
    throw new TargetError(
      'USAGE',
      'init asks questions, and nobody is at a terminal.',
      `Run \`vmware-${product} init\` in a terminal, or ${instead}.`,
    );
  const entry = await askTarget(wizard, terminal);
  const trust = await askTrust(entry, wizard.machine, terminal);
  if (!trust) return terminal.talk('Nothing was written.');
  const password = await terminal.askHidden(`Password of ${entry.username}: `);
  const targets = await openTargets({ product });
  await targets.add({ ...entry, ...trust }, { replace: force });
  const target = (await openTargets({ product })).find(entry.name);
  const variable = savePassword(target, password);
  const file = join(target.directory, '.env');
  terminal.talk(
    `Wrote ${targets.path} and ${variable} in ${file}${existsSync(file) ? ' (0600)' : ''}.`,
  );
  const fine = skipTest || (await test(target, login, terminal));
  terminal.talk(
    fine
      ? `Next: \`vmware-${product} ${next}\`, and \`vmware-${product} mcp-config --client claude-code\` for an agent.`
      : `Mend what failed, then run \`vmware-${product} doctor --target ${entry.name}\`.`,
  );
}

async function test(target: TargetConfig, login: TryLogin, terminal: Terminal): Promise<boolean> {
  for (const { name, run } of checksOf(target, login)) {
    try {
      const { state, detail } = await run();
      terminal.talk(`${state.padEnd(5)} ${name}: ${detail}`);
      if (state === 'fail') return false;
    } catch (error) {
      const { message, remedy = '' } = error as Error & { remedy?: string };
      terminal.talk(`fail  ${name}: ${message}\n      ${remedy}`);
      return false;
    }
  }
  return true;
}

type Answers = TargetEntry & { readonly username: string; readonly port: number };

async function askTarget(wizard: Wizard, terminal: Terminal): Promise<Answers> {
  const ask = async (question: string, otherwise: string) =>
    (await terminal.ask(`${question} [${otherwise}]: `)).trim() || otherwise;
  const host = (await terminal.ask(`${wizard.machine}: `)).trim();
  if (host === '')
    throw new TargetError(
      'USAGE',
      'A target needs a host name or address.',
      `Run \`vmware-${wizard.product} init\` again.`,
    );
  return {
    name: await ask('Name for this target', wizard.targetName),
    host,
    port: Number(await ask('Port', '443')),
    username: await ask('User', wizard.username),
    environment: await ask('Environment (rules match it: prod, staging, lab)', 'prod'),
  };
}

/** How the certificate will be trusted, or undefined when the person does not recognise it. */
async function askTrust(
  { host, port }: Answers,
  machine: string,
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
      `Compare the SHA-256 with the one the administrator of this ${machine} sees.`,
    ].join('\n'),
  );
  const answer = (await terminal.ask('Trust exactly this certificate from now on? [y/N] ')).trim();
  return /^y(es)?$/i.test(answer) ? { thumbprint } : undefined;
}
