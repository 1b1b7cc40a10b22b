import { join } from 'node:path';
import { keepSecret } from '../http/secrets.js';
import { readEnvFile } from './env-file.js';
import { type Environment, passwordInGovcUrl } from './environment.js';
import { TargetError } from './errors.js';
import { fromKeyring } from './keyring.js';
import { contentOf, outputOf, revealed } from './secret-value.js';
import type { TargetConfig } from './target.js';
import { fromVault } from './vault.js';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/**
 * User and password of a target, looked up together so that a rotating secret cannot split the pair.
 * Order: the real environment, `.env` beside config.yaml, `password_command`, `vault`, the OS keyring.
 * Call it when a login needs them and keep nothing. Throws NO_PASSWORD naming every place it looked.
 */
export async function credentialsOf(
  target: TargetConfig,
  env: Environment = process.env,
): Promise<Credentials> {
  const file = join(target.directory, '.env');
  const kept = readEnvFile(file);
  const names = variables(target);
  const username = first(names.username, env) ?? first(names.username, kept) ?? target.username;
  const password =
    (await fromVariables(names.password, env, '')) ??
    govcUrlPassword(target, env) ??
    (await fromVariables(names.password, kept, ` in ${file}`)) ??
    (target.passwordCommand && (await outputOf(target.passwordCommand, 'password_command'))) ??
    (target.vault && (await fromVault(target.vault, env))) ??
    (await fromKeyring(target.product, target.name));
  if (!password) throw missing(target, names.password, file);
  keepSecret(password);
  return { username, password };
}

/** The variables that may hold this target's user and password, most specific first. */
function variables({ product, name, source }: TargetConfig) {
  const shout = (word: string) => word.toUpperCase().replace(/[^A-Z0-9]/g, '_');
  const prefixes = [`VMWARE_${shout(product)}_${shout(name)}`, `VMWARE_${shout(name)}`];
  const also = source === 'config.yaml' ? [] : [`${source}_PASSWORD`];
  return {
    username: prefixes.map((prefix) => `${prefix}_USERNAME`),
    password: [...prefixes.map((prefix) => `${prefix}_PASSWORD`), ...also],
  };
}

const first = (names: readonly string[], env: Environment): string | undefined =>
  names.map((name) => env[name]).find(Boolean);

async function fromVariables(names: readonly string[], env: Environment, where: string) {
  for (const name of names) {
    const value = env[name];
    if (value) return revealed(value, `${name}${where}`);
    const path = env[`${name}_FILE`];
    if (path) return revealed(contentOf(path, `${name}_FILE${where}`), `${name}_FILE${where}`);
  }
  return undefined;
}

const govcUrlPassword = ({ source }: TargetConfig, env: Environment) =>
  source === 'GOVC' ? passwordInGovcUrl(env) : undefined;

function missing(target: TargetConfig, names: readonly string[], file: string): TargetError {
  const looked = [
    ...names.map((name) => `${name} and ${name}_FILE`),
    file,
    target.passwordCommand ? undefined : 'password_command (not set)',
    target.vault ? 'Vault (VAULT_ADDR or VAULT_TOKEN not set)' : 'vault (not set)',
    `the OS keyring (service vmware-${target.product}, account ${target.name})`,
  ].filter((place) => place !== undefined);
  return new TargetError(
    'NO_PASSWORD',
    `No password for the target ${target.name}. Looked in: ${looked.join('; ')}`,
    `Set ${names[0]} in the environment or in ${file} (chmod 600).`,
    { looked },
  );
}
