import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { nearest } from '../nearest.js';
import { addEntry, type ConfigFile, readConfigFile, writeCurrent } from './config-file.js';
import { type Environment, targetFromEnvironment } from './environment.js';
import { TargetError } from './errors.js';
import { type TargetConfig, type TargetEntry, targetEntry } from './target.js';

/** The configured targets of one product. */
export interface TargetBook {
  /** The config.yaml that was read, or would be written. */
  readonly path: string;
  list(): readonly TargetConfig[];
  /**
   * The target of that name; without one the default: VMWARE_TARGET, else `current:`, else the first.
   * Throws UNKNOWN_TARGET or NO_TARGETS.
   */
  find(name?: string): TargetConfig;
  /** Makes `name` the default by writing `current:`; comments stay. */
  use(name: string): Promise<void>;
  /** Adds a target to config.yaml. Throws TARGET_EXISTS for a name already there, unless it is to be replaced. */
  add(entry: TargetEntry, options?: { readonly replace?: boolean }): Promise<void>;
}

export interface OpenTargets {
  /** `vsphere`, `vks`, `nsx-security`: part of the directory's and the variables' names. */
  readonly product: string;
  readonly home?: string;
  readonly env?: Environment;
}

/** The config.yaml of a product: the file VMWARE_<PRODUCT>_CONFIG names, or that in `~/.vmware-<product>`. */
export function configPath({ product, home = homedir(), env = process.env }: OpenTargets): string {
  const configured = env[`VMWARE_${product.toUpperCase().replaceAll('-', '_')}_CONFIG`];
  return configured
    ? resolve(configured.replace(/^~(?=\/|$)/, home))
    : join(home, `.vmware-${product}`, 'config.yaml');
}

/**
 * Reads `~/.vmware-<product>/config.yaml` (or the file VMWARE_<PRODUCT>_CONFIG names); without a file,
 * the VCENTER_* or GOVC_* variables. Throws CONFIG_INVALID naming file:line:column.
 */
export async function openTargets({
  product,
  home = homedir(),
  env = process.env,
}: OpenTargets): Promise<TargetBook> {
  const path = configPath({ product, home, env });
  let file = await readConfigFile(path, product);
  const single =
    file || product !== 'vsphere' ? undefined : targetFromEnvironment(env, product, dirname(path));

  const list = () => file?.targets ?? (single ? [single] : []);
  const named = (name: string, because = '') => {
    const targets = list();
    const found = targets.find((target) => target.name === name);
    return found ?? unknown(name, targets, because);
  };
  const reload = async () => {
    file = await readConfigFile(path, product);
  };

  return {
    path,
    list,
    find(name) {
      const [first] = list();
      if (!first) throw nothing(product, path);
      if (name !== undefined) return named(name);
      if (env['VMWARE_TARGET']) return named(env['VMWARE_TARGET'], ' (from VMWARE_TARGET)');
      return file?.current ? named(file.current) : first;
    },
    async use(name) {
      named(name);
      if (!file) throw nothing(product, path);
      await writeCurrent(path, name);
      await reload();
    },
    async add(entry, { replace = false } = {}) {
      const { name } = targetEntry.parse(entry);
      const known = (file satisfies ConfigFile | undefined)?.targets ?? [];
      if (!replace && known.some((target) => target.name === name))
        throw new TargetError(
          'TARGET_EXISTS',
          `${path} already has a target named ${name}`,
          `Choose another name, or edit ${path}.`,
        );
      await addEntry(path, entry);
      await reload();
    },
  };
}

function unknown(name: string, targets: readonly TargetConfig[], because: string): never {
  const known = targets.map((target) => target.name);
  const [near] = nearest(name, known, 1);
  throw new TargetError(
    'UNKNOWN_TARGET',
    `There is no target named ${name}${because}; known: ${known.join(', ')}`,
    near ? `Use the target ${near}.` : `Use one of the targets ${known.join(', ')}.`,
    { known, ...(near && { nearest: near }) },
  );
}

const nothing = (product: string, path: string) =>
  new TargetError(
    'NO_TARGETS',
    `No target is configured: ${path} does not exist or lists none${
      product === 'vsphere' ? ', and VCENTER_HOST and GOVC_URL are not set' : ''
    }`,
    `Run vmware-${product} init.`,
  );
