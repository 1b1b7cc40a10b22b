import { randomUUID } from 'node:crypto';
import {
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import type { Document, LineCounter } from 'yaml';
import type * as z from 'zod';
import { nearest } from '../nearest.js';
import { keepParsed, parsedBefore } from './config-cache.js';
import { TargetError } from './errors.js';
import { listed } from './listed.js';
import {
  configFile,
  type TargetConfig,
  type TargetEntry,
  targetEntry,
  toTarget,
} from './target.js';

/** What a config.yaml says. */
export interface ConfigFile {
  readonly current?: string;
  readonly targets: readonly TargetConfig[];
}

const entryKeys = Object.keys(targetEntry.shape);
const fileKeys = Object.keys(configFile.shape);

/** Reads and checks config.yaml. Absent: undefined. Errors name file:line:column. */
export async function readConfigFile(
  path: string,
  product: string,
): Promise<ConfigFile | undefined> {
  const text = textOf(path);
  if (text === undefined) return undefined;
  const known = parsedBefore(path, text);
  const fast = known === undefined ? undefined : configFile.safeParse(listed(known).value);
  if (fast?.success) return understood(path, product, fast.data, (at) => at.join('.'));

  const { document, at: placeIn } = await parse(path, text);
  const value: unknown = document.toJS() ?? {};
  const { value: list, written } = listed(value);
  const at: Place = (where, key) => placeIn(written(where), key);
  const parsed = configFile.safeParse(list);
  if (!parsed.success) throw invalid(parsed.error.issues, document, at);
  const file = understood(path, product, parsed.data, at);
  keepParsed(path, text, value);
  return file;
}

/** Checks what a schema cannot say, and fills in what follows from where the file is. */
function understood(
  path: string,
  product: string,
  { targets, default_target, current = default_target }: z.output<typeof configFile>,
  at: Place,
): ConfigFile {
  for (const [i, { name, verify_ssl, disableSslCertValidation }] of targets.entries()) {
    if (targets.findIndex((other) => other.name === name) !== i)
      throw broken(`${at(['targets', i, 'name'])}: the name ${name} is used twice`);
    if (verify_ssl !== undefined && verify_ssl === disableSslCertValidation)
      throw broken(
        `${at(['targets', i])}: verify_ssl and disableSslCertValidation contradict each other`,
      );
  }
  for (const [i, { auth, client_cert, client_key }] of targets.entries())
    if ((client_cert === undefined) !== (client_key === undefined))
      throw broken(`${at(['targets', i])}: client_cert and client_key belong together`);
    else if (auth === 'certificate' && client_cert === undefined)
      throw broken(`${at(['targets', i])}: auth: certificate needs client_cert and client_key`);
  if (current !== undefined && !targets.some(({ name }) => name === current)) {
    const key = current === default_target ? 'default_target' : 'current';
    throw broken(`${at([key])}: ${key} names ${current}, which is not one of the targets`);
  }

  const directory = dirname(path);
  const absolute = (file: string) => (isAbsolute(file) ? file : resolve(directory, file));
  return {
    ...(current !== undefined && { current }),
    targets: targets.map((entry) =>
      toTarget(
        {
          ...entry,
          ...(entry.ca_file && { ca_file: absolute(entry.ca_file) }),
          ...(entry.client_cert && { client_cert: absolute(entry.client_cert) }),
          ...(entry.client_key && { client_key: absolute(entry.client_key) }),
        },
        { product, source: 'config.yaml', directory },
      ),
    ),
  };
}

/** Writes `current:`, leaving every comment where it was. */
export async function writeCurrent(path: string, name: string): Promise<void> {
  const { document } = await parse(path, textOf(path) ?? '');
  document.set('current', name);
  replace(path, document.toString());
}

/** Adds one entry, or puts it in the place of the one with its name, making the file (0600) and its directory (0700) when there is none. */
export async function addEntry(path: string, entry: TargetEntry): Promise<void> {
  const { document } = await parse(path, textOf(path) ?? 'targets: []\n');
  const { isMap } = await import('yaml');
  const { name, ...rest } = entry;
  if (isMap(document.get('targets', true))) {
    document.setIn(['targets', name], document.createNode(rest));
  } else {
    const known = (document.toJS() as { targets?: { name: string }[] } | null)?.targets ?? [];
    const at = known.findIndex((other) => other.name === name);
    const place = ['targets', at === -1 ? known.length : at];
    document.setIn(place, document.createNode({ name, ...rest }));
  }
  const targets = document.get('targets', true);
  if (targets && typeof targets === 'object' && 'flow' in targets) targets.flow = false;
  replace(path, document.toString());
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new TargetError(
      'CONFIG_UNREADABLE',
      `${path} cannot be read (${code})`,
      `Make ${path} a file that you can read.`,
    );
  }
}

type Place = (path: readonly PropertyKey[], key?: string) => string;

/** Loads the YAML parser only here: it costs a CLI more than everything else about targets. */
async function parse(path: string, text: string): Promise<{ document: Document; at: Place }> {
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  const document: Document = yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error) {
    const [reason] = error.message.split('\n');
    throw broken(`${position(path, lines, error.pos[0])}: ${reason}`);
  }
  const at: Place = (where, key) => {
    const node: unknown = where.length ? document.getIn(where, true) : document.contents;
    if (key !== undefined && yaml.isMap(node)) {
      const pair = node.items.find((item) => yaml.isScalar(item.key) && item.key.value === key);
      if (yaml.isScalar(pair?.key)) return position(path, lines, pair.key.range?.[0] ?? 0);
    }
    if (yaml.isNode(node)) return position(path, lines, node.range?.[0] ?? 0);
    return where.length ? at(where.slice(0, -1)) : position(path, lines, 0);
  };
  return { document, at };
}

function position(path: string, lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${path}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
}

/** A misspelt key is said first: what is missing is often only its right spelling. */
function invalid(issues: readonly z.core.$ZodIssue[], document: Document, at: Place): TargetError {
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  if (!issue || document.contents === null)
    return broken(`${at([])}: the file has no targets: list`);
  if (issue.code !== 'unrecognized_keys') {
    const field = issue.path.join('.') || 'the file';
    return broken(`${at(issue.path)}: ${field}: ${issue.message}`);
  }
  const [key = ''] = issue.keys;
  const where = at(issue.path, key);
  if (/^(password|passwd|secret|token)$/i.test(key))
    return broken(
      `${where}: ${key} does not belong in this file`,
      `Remove it and put the password into the file .env beside config.yaml (chmod 600).`,
    );
  const [near] = nearest(key, issue.path.length ? entryKeys : fileKeys, 1);
  return broken(`${where}: unknown key ${key}${near ? `; did you mean ${near}?` : ''}`);
}

const broken = (message: string, remedy = 'Correct that line of config.yaml.') =>
  new TargetError('CONFIG_INVALID', message, remedy);

/** Replaces the file in one step, through a symlink if there is one. */
function replace(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  let real = path;
  let mode = 0o600;
  try {
    real = realpathSync(path);
    mode = statSync(real).mode & 0o777;
  } catch {
    // A new file.
  }
  const next = `${real}.${randomUUID()}`;
  writeFileSync(next, text, { mode, flag: 'wx' });
  renameSync(next, real);
}
