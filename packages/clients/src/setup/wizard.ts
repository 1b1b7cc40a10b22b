import { dirname, join } from 'node:path';
import * as z from 'zod';
import { resetLogin } from '../http/login-circuit.js';
import { fetchCertificate } from '../http/tls.js';
import { openTargets } from '../targets/book.js';
import { readEnvFile } from '../targets/env-file.js';
import { TargetError } from '../targets/errors.js';
import { savePassword } from '../targets/save-password.js';
import { type TargetConfig, type TargetEntry, targetEntry } from '../targets/target.js';
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
  // Read first: a file that is broken or open to others is found out before anybody has answered anything.
  const targets = await openTargets({ product });
  const file = join(dirname(targets.path), '.env');
  readEnvFile(file);
  const taken = force ? [] : targets.list().map(({ name }) => name);
  const entry = await askTarget(wizard, terminal, taken);
  const trust = await askTrust(entry, wizard.machine, terminal);
  if (!trust) return terminal.talk('Nothing was written.');
  const password = await askPassword(wizard, entry, terminal);
  await targets.add({ ...entry, ...trust }, { replace: force });
  const target = targets.find(entry.name);
  // Whoever types a password wants it tried, whatever was refused before.
  resetLogin(target);
  const variable = savePassword(target, password);
  terminal.talk(`Wrote ${targets.path} and ${variable} in ${file} (0600).`);
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

async function askTarget(
  wizard: Wizard,
  terminal: Terminal,
  taken: readonly string[],
): Promise<Answers> {
  const { name, host, username, environment } = targetEntry.shape;
  const free = name.refine((word) => !taken.includes(word), 'is in use; --force replaces it');
  const ask = <T>(what: string, otherwise: string | undefined, schema: z.ZodType<T>) =>
    answer(wizard, terminal, { what, otherwise, schema });
  return {
    host: await ask(wizard.machine, undefined, host),
    name: await ask('Name for this target', wizard.targetName, free),
    port: await ask('Port', '443', portText),
    username: await ask('User', wizard.username, username.unwrap()),
    environment: await ask('Environment (rules match it: prod, staging, lab)', 'prod', environment),
  };
}

const portText = z
  .string()
  .transform(Number)
  .refine((port) => Number.isInteger(port) && port >= 1 && port <= 65_535, 'is no port number');

interface Asked<T> {
  readonly what: string;
  /** What an empty answer stands for. */
  readonly otherwise: string | undefined;
  readonly schema: z.ZodType<T>;
}

const mostTries = 3;

/** Asks until the answer is a good one, three times at most: the end of input answers nothing for ever. */
async function answer<T>(
  wizard: Wizard,
  terminal: Terminal,
  { what, otherwise, schema }: Asked<T>,
): Promise<T> {
  const question = otherwise === undefined ? `${what}: ` : `${what} [${otherwise}]: `;
  let why = '';
  for (let tries = 0; tries < mostTries; tries += 1) {
    const text = (await terminal.ask(question)).trim() || (otherwise ?? '');
    const parsed = schema.safeParse(text);
    if (parsed.success) return parsed.data;
    why = `"${text}" ${parsed.error.issues[0]?.message ?? 'is no answer'}`;
    terminal.talk(`${why}.`);
  }
  throw givenUp(wizard, `${what}: ${why}`);
}

async function askPassword(
  wizard: Wizard,
  { username }: Answers,
  terminal: Terminal,
): Promise<string> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const password = await terminal.askHidden(`Password of ${username}: `);
    if (password !== '') return password;
  }
  throw givenUp(wizard, 'No password was given');
}

const givenUp = ({ product }: Wizard, why: string) =>
  new TargetError('USAGE', `${why}. Nothing was written.`, `Run \`vmware-${product} init\` again.`);

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
