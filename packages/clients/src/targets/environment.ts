import { TargetError } from './errors.js';
import { type TargetConfig, targetEntry, toTarget } from './target.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Whether a variable like VCENTER_INSECURE says yes. */
const isOn = (value: string | undefined) => /^(true|1|yes|on)$/i.test(value ?? '');

/**
 * The one target that VCENTER_* or else GOVC_* variables describe, named `default`.
 * GOVC_URL may be a host, `user:password@host`, or a URL ending in /sdk.
 */
export function targetFromEnvironment(
  env: Environment,
  product: string,
  directory: string,
): TargetConfig | undefined {
  const from = env['VCENTER_HOST'] ? 'VCENTER' : env['GOVC_URL'] ? 'GOVC' : undefined;
  if (!from) return undefined;
  const variable = from === 'VCENTER' ? 'VCENTER_HOST' : 'GOVC_URL';
  const url = address(env[variable] ?? '', variable);
  const username =
    (from === 'VCENTER' ? env['VCENTER_USER'] : env['GOVC_USERNAME']) ||
    decodeURIComponent(url.username) ||
    undefined;
  const parsed = targetEntry.safeParse({
    name: 'default',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || 443),
    ...(username && { username }),
    verify_ssl: !isOn(env[`${from}_INSECURE`]),
    ...placement(env, from),
  });
  if (!parsed.success) throw misread(variable);
  return toTarget(parsed.data, { product, source: from, directory });
}

/** The password inside GOVC_URL, if there is one. */
export function passwordInGovcUrl(env: Environment): string | undefined {
  if (!env['GOVC_URL']) return undefined;
  return decodeURIComponent(address(env['GOVC_URL'], 'GOVC_URL').password) || undefined;
}

function address(value: string, variable: string): URL {
  const text = value.trim();
  if (/^http:/i.test(text))
    throw new TargetError(
      'CONFIG_INVALID',
      `${variable} asks for plain http, which would send the password in clear text`,
      `Write ${variable} with https:// or as a host name.`,
    );
  try {
    return new URL(/^https:/i.test(text) ? text : `https://${text}`);
  } catch {
    throw misread(variable);
  }
}

const misread = (variable: string) =>
  new TargetError(
    'CONFIG_INVALID',
    `${variable} is not a host name, address or https URL`,
    `Set ${variable} to the host name of the vCenter Server.`,
  );

function placement(env: Environment, prefix: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const key of ['datacenter', 'cluster', 'datastore', 'network']) {
    const value = env[`${prefix}_${key.toUpperCase()}`];
    if (value) found[key] = value;
  }
  return found;
}
