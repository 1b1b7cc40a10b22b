import * as z from 'zod';

const text = z.string().min(1);
const thumbprint = z
  .string()
  .regex(/^([0-9a-f]{2}:?){31}[0-9a-f]{2}$/i, 'must be a SHA-256 thumbprint, 64 hex digits');

/** One entry of `targets:` in config.yaml, as the user writes it. */
export const targetEntry = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be letters, digits, dots, dashes or _'),
  host: z.string().regex(/^[^\s/@?#]+$/, 'must be a host name or address, not a URL'),
  username: text.default('administrator@vsphere.local'),
  port: z.int().min(1).max(65535).default(443),
  verify_ssl: z.boolean().optional(),
  disableSslCertValidation: z.boolean().optional(),
  environment: z.string().default(''),
  ca_file: text.optional(),
  thumbprint: thumbprint.optional(),
  datacenter: text.optional(),
  cluster: text.optional(),
  datastore: text.optional(),
  network: text.optional(),
  password_command: z.array(z.string()).min(1).optional(),
  vault: text.optional(),
});
export type TargetEntry = z.input<typeof targetEntry>;

/** config.yaml as a whole. `current` names the target that `target use` chose. */
export const configFile = z.strictObject({
  current: text.optional(),
  targets: z.array(targetEntry),
});

/** Defaults a tool may fall back to when its input names none. */
interface Placement {
  readonly datacenter?: string;
  readonly cluster?: string;
  readonly datastore?: string;
  readonly network?: string;
}

/** One endpoint and how to trust it. Holds no secret: passwords are looked up when a login needs one. */
export interface TargetConfig extends Placement {
  readonly name: string;
  /** What rules match: `prod`, `lab`. Empty when nobody said. */
  readonly environment: string;
  readonly product: string;
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly verifySsl: boolean;
  readonly caFile?: string;
  /** SHA-256 of the certificate, upper-case hex pairs with colons. */
  readonly thumbprint?: string;
  readonly passwordCommand?: readonly string[];
  /** `path#field` of a Vault KV secret. */
  readonly vault?: string;
  /** Where the entry came from: config.yaml, or the variables that start with this prefix. */
  readonly source: 'config.yaml' | 'VCENTER' | 'GOVC';
  /** Directory of config.yaml, of `.env` beside it, and of the login state. */
  readonly directory: string;
}

/** The entry as the clients use it. */
export function toTarget(
  entry: z.output<typeof targetEntry>,
  from: Pick<TargetConfig, 'product' | 'source' | 'directory'>,
): TargetConfig {
  return {
    name: entry.name,
    environment: entry.environment,
    host: entry.host,
    port: entry.port,
    username: entry.username,
    verifySsl: entry.verify_ssl ?? !(entry.disableSslCertValidation ?? false),
    ...(entry.ca_file && { caFile: entry.ca_file }),
    ...(entry.thumbprint && { thumbprint: normalizeThumbprint(entry.thumbprint) }),
    ...(entry.datacenter && { datacenter: entry.datacenter }),
    ...(entry.cluster && { cluster: entry.cluster }),
    ...(entry.datastore && { datastore: entry.datastore }),
    ...(entry.network && { network: entry.network }),
    ...(entry.password_command && { passwordCommand: entry.password_command }),
    ...(entry.vault && { vault: entry.vault }),
    ...from,
  };
}

const normalizeThumbprint = (value: string): string =>
  value.replaceAll(':', '').toUpperCase().match(/../g)?.join(':') ?? value;
