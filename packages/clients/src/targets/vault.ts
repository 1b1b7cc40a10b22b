import type { Environment } from './environment.js';
import { TargetError } from './errors.js';

/** `vault: path#field` of a target; the field is `password` when absent. */
const split = (reference: string) => {
  const [path = '', field = 'password'] = reference.split('#');
  return { path: path.replace(/^\/+|\/+$/g, ''), field };
};

/**
 * One field of a Vault KV secret, version 1 or 2, with VAULT_ADDR, VAULT_TOKEN and VAULT_NAMESPACE.
 * Undefined when Vault is not set up here. Throws VAULT_FAILED; the token is never part of an error.
 * Source: https://developer.hashicorp.com/vault/api-docs/secret/kv
 */
export async function fromVault(reference: string, env: Environment): Promise<string | undefined> {
  const { VAULT_ADDR: address, VAULT_TOKEN: token, VAULT_NAMESPACE: namespace } = env;
  if (!address || !token) return undefined;
  const { path, field } = split(reference);
  const root = rootOf(address);
  const headers = { 'X-Vault-Token': token, ...(namespace && { 'X-Vault-Namespace': namespace }) };
  const [mount = '', ...rest] = path.split('/');
  // Version 2 keeps secrets under <mount>/data/; users write either form.
  const forms = [path, ...(rest[0] === 'data' ? [] : [[mount, 'data', ...rest].join('/')])];
  let status = 'no answer';
  for (const form of forms) {
    try {
      const url = `${root}/v1/${form.split('/').map(encodeURIComponent).join('/')}`;
      const signal = AbortSignal.timeout(10_000);
      const answer = await fetch(url, { headers, signal, redirect: 'error' });
      status = `HTTP ${answer.status}`;
      if (answer.status === 404) continue;
      if (!answer.ok) break;
      const value = fieldOf(await answer.json(), field);
      if (value !== undefined) return value;
      status = `the secret has no field ${field}`;
    } catch {
      status = 'no answer';
      break;
    }
  }
  throw new TargetError(
    'VAULT_FAILED',
    `Vault at ${root} did not give the secret ${path}: ${status}`,
    'Correct vault: in config.yaml, VAULT_ADDR or VAULT_TOKEN.',
  );
}

function rootOf(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(url?.hostname ?? '');
  if (url && (url.protocol === 'https:' || (url.protocol === 'http:' && loopback)))
    return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  throw new TargetError(
    'VAULT_FAILED',
    'VAULT_ADDR is not an https URL; a token is not sent in clear text',
    'Set VAULT_ADDR to an https URL.',
  );
}

function fieldOf(answer: unknown, field: string): string | undefined {
  const data = entry(answer, 'data');
  const versioned = entry(data, 'metadata') === undefined ? data : entry(data, 'data');
  const value = entry(versioned, field);
  return typeof value === 'string' && value ? value : undefined;
}

const entry = (value: unknown, key: string): unknown =>
  value !== null && typeof value === 'object' && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
