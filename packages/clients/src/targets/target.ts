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
  username: text.optional(),
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
  auth: z.enum(['session', 'basic', 'certificate']).optional(),
  client_cert: text.optional(),
  client_key: text.optional(),
  supervisor_login: z
    .string()
    .regex(/^[^\s/@?#]+$/, 'must be vcenter, or a host name or address with or without a port')
    .optional(),
  supervisor_port: z.int().min(1).max(65535).optional(),
});
export type TargetEntry = z.input<typeof targetEntry>;

/** config.yaml as a whole. `current` names the target that `context use` chose; `default_target` is its older name. */
export const configFile = z.strictObject({
  current: text.optional(),
  default_target: text.optional(),
  targets: z.array(targetEntry),
});

/** The account a product's own installer makes, for a target that names none. */
const defaultUser: Readonly<Record<string, string>> = { 'nsx-security': 'admin' };

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
  /** How NSX is told who is asking; a session when absent, a certificate when one is given. */
  readonly auth?: 'session' | 'basic' | 'certificate';
  /** PEM files of a client certificate and its key, shown to the server. */
  readonly clientCert?: string;
  readonly clientKey?: string;
  /** Where Supervisors are logged in to: `vcenter`, or a host with or without a port; their own address when absent. */
  readonly supervisorLogin?: string;
  /** Port of the Kubernetes API of Supervisors; 6443 when absent. */
  readonly supervisorPort?: number;
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
    username: entry.username ?? defaultUser[from.product] ?? 'administrator@vsphere.local',
    verifySsl: entry.verify_ssl ?? !(entry.disableSslCertValidation ?? false),
    ...(entry.ca_file && { caFile: entry.ca_file }),
    ...(entry.thumbprint && { thumbprint: normalizeThumbprint(entry.thumbprint) }),
    ...(entry.datacenter && { datacenter: entry.datacenter }),
    ...(entry.cluster && { cluster: entry.cluster }),
    ...(entry.datastore && { datastore: entry.datastore }),
    ...(entry.network && { network: entry.network }),
    ...(entry.password_command && { passwordCommand: entry.password_command }),
    ...(entry.vault && { vault: entry.vault }),
    ...(entry.auth && { auth: entry.auth }),
    ...(entry.client_cert && { clientCert: entry.client_cert }),
    ...(entry.client_key && { clientKey: entry.client_key }),
    ...(entry.supervisor_login && { supervisorLogin: entry.supervisor_login }),
    ...(entry.supervisor_port && { supervisorPort: entry.supervisor_port }),
    ...from,
  };
}

/**
 * How a target is told who is asking. Only NSX knows more than a session; there a client certificate that is
 * configured is also what is shown, unless `auth:` says otherwise.
 */
export const authenticationOf = ({
  product,
  auth,
  clientCert,
}: Pick<TargetConfig, 'product' | 'auth' | 'clientCert'>): NonNullable<TargetConfig['auth']> =>
  product === 'nsx-security' ? (auth ?? (clientCert ? 'certificate' : 'session')) : 'session';

const normalizeThumbprint = (value: string): string =>
  value.replaceAll(':', '').toUpperCase().match(/../g)?.join(':') ?? value;
