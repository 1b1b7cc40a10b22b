import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
} from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Home } from '../home.js';
import { keyFile } from '../key-file.js';
import { Refusal } from '../refusal.js';

/** A signed statement that the log held this row with this hash. One JSON line of `audit.anchor`. */
export interface Checkpoint {
  readonly origin: string;
  readonly seq: number;
  /** Hexadecimal. */
  readonly hash: string;
  readonly ts: string;
  /** Ed25519 over `origin\nseq\nhash\n`, base64. */
  readonly sig: string;
}

/**
 * A signed statement that the log was put back from a backup, beginning anew with this row. Checkpoints in lines
 * before, of this row or later ones, are void: those rows, up to `lost_to`, are gone.
 */
export interface Restored extends Omit<Checkpoint, 'sig'> {
  readonly kind: 'restore';
  readonly lost_to: number;
  /** Signature of the line before, so that a copy of this line elsewhere is none; empty for the first line. */
  readonly after: string;
  /** Ed25519 over `origin\nrestore\nseq\nhash\nlost_to\nafter\n`, base64. */
  readonly sig: string;
}

export type Anchor = Checkpoint | Restored;

export const isRestored = (anchor: Anchor): anchor is Restored => 'kind' in anchor;

type Unsigned = Omit<Checkpoint, 'sig'> | Omit<Restored, 'sig'>;

const statement = (anchor: Unsigned): Buffer => {
  const { origin, seq, hash } = anchor;
  const parts =
    'kind' in anchor
      ? [origin, 'restore', seq, hash, anchor.lost_to, anchor.after]
      : [origin, seq, hash];
  return Buffer.from(`${parts.join('\n')}\n`);
};

const origin = 'vmware-audit';

/** The key that signs checkpoints, made on first use as 0600. */
export const signingKey = (home: Home): KeyObject =>
  createPrivateKey(
    keyFile(home, home.auditKey, () =>
      generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }),
    ),
  );

/** The public half alone, as a backup has it: there is nothing to sign with in a backup. */
export const publicKeyFile = (home: Home): string => join(home.dir, 'audit.pub');

/** The key that checks them; undefined when it is not there, since checking makes no key. */
export function checkingKey(home: Home): KeyObject | undefined {
  const file = [home.auditKey, publicKeyFile(home)].find((path) => existsSync(path));
  return file === undefined ? undefined : createPublicKey(readFileSync(file));
}

export const pem = (key: KeyObject): string =>
  key.export({ type: 'spki', format: 'pem' }).toString();

/** SubjectPublicKeyInfo in base64: a public key on one line. */
export const der = (key: KeyObject): string =>
  key.export({ type: 'spki', format: 'der' }).toString('base64');

/** Signs a row of the log. Several programs may do so at once: a line is one write. */
export function appendAnchor(home: Home, row: Pick<Checkpoint, 'seq' | 'hash' | 'ts'>): void {
  append(home, { origin, ...row });
}

/** Signs that the log begins anew with this row, and that rows up to `lost_to` are gone. */
export function appendRestored(
  home: Home,
  row: Pick<Restored, 'seq' | 'hash' | 'ts' | 'lost_to'>,
): void {
  const after = lastAnchor(home)?.sig ?? '';
  append(home, { origin, kind: 'restore', ...row, after });
}

function append(home: Home, body: Unsigned): void {
  const sig = sign(null, statement(body), signingKey(home)).toString('base64');
  const end = tailOf(home);
  // A line that a crash cut short must not swallow this one.
  const fresh = end === '' || end.endsWith('\n') ? '' : '\n';
  appendFileSync(home.auditAnchor, `${fresh}${JSON.stringify({ ...body, sig })}\n`, {
    mode: 0o600,
  });
}

/**
 * Every anchor in file order; a line that was cut short by a crash is left out. Throws AUDIT_UNREADABLE for any
 * other line that is none.
 */
export function anchors(home: Home, file: string = home.auditAnchor): Anchor[] {
  if (file === home.auditAnchor && !existsSync(file)) return [];
  return parse(home, readFileSync(file, 'utf8'), file);
}

/** The last anchor, from the end of the file: it is read at every start and only grows. */
export const lastAnchor = (home: Home): Anchor | undefined =>
  parse(home, tailOf(home), home.auditAnchor).at(-1);

const longestTail = 4096;

/** The last whole lines of the file, and what stands after them; at most 4 KiB, which is about 20 anchors. */
function tailOf(home: Home): string {
  if (!existsSync(home.auditAnchor)) return '';
  const file = openSync(home.auditAnchor, 'r');
  try {
    const { size } = fstatSync(file);
    const start = Math.max(0, size - longestTail);
    const bytes = Buffer.alloc(size - start);
    const text = bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, start));
    return start === 0 ? text : text.slice(text.indexOf('\n') + 1);
  } finally {
    closeSync(file);
  }
}

function parse(home: Home, text: string, file: string): Anchor[] {
  const lines = text.split('\n').slice(0, -1);
  return lines.flatMap((line) => {
    const anchor = anchorIn(line);
    if (anchor) return [anchor];
    if (!line.endsWith('}')) return [];
    throw new Refusal(
      'AUDIT_UNREADABLE',
      `${file} has a line that is no checkpoint.`,
      `Keep a copy of ${home.dir}, restore audit.anchor from a backup, and run \`vmware-audit verify\`.`,
    );
  });
}

const checkpoint = z.object({
  origin: z.string().regex(/^[^\n]*$/),
  seq: z.int().min(1),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  ts: z.string(),
  sig: z.base64(),
});
const restored = checkpoint.extend({
  kind: z.literal('restore'),
  lost_to: z.int().min(0),
  after: z.base64(),
});
const anchorLine = z.union([restored.strict(), checkpoint.strict()]);

function anchorIn(line: string): Anchor | undefined {
  try {
    return anchorLine.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

export const isGenuine = (anchor: Anchor, key: KeyObject): boolean =>
  verify(null, statement(anchor), key, Buffer.from(anchor.sig, 'base64'));
