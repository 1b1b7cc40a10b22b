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
import type { Home } from '../home.js';
import { keyFile } from '../key-file.js';
import { Refusal } from '../refusal.js';

/** A signed statement that the log held this row with this hash. One JSON line of `audit.anchor`. */
export interface Anchor {
  readonly origin: string;
  readonly seq: number;
  readonly hash: string;
  readonly ts: string;
  /** Ed25519 over `origin\nseq\nhash\n`, base64. */
  readonly sig: string;
}

const statement = (anchor: Pick<Anchor, 'origin' | 'seq' | 'hash'>): Buffer =>
  Buffer.from(`${anchor.origin}\n${anchor.seq}\n${anchor.hash}\n`);

/** The key that signs checkpoints, made on first use as 0600. */
export const signingKey = (home: Home): KeyObject =>
  createPrivateKey(
    keyFile(home, home.auditKey, () =>
      generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }),
    ),
  );

/** The key that checks them; undefined when it is not there, since checking makes no key. */
export const checkingKey = (home: Home): KeyObject | undefined =>
  existsSync(home.auditKey)
    ? createPublicKey(createPrivateKey(readFileSync(home.auditKey)))
    : undefined;

export function appendAnchor(
  home: Home,
  head: { seq: number; hash: string; ts: string },
  origin: string,
): void {
  const body = { origin, ...head };
  const sig = sign(null, statement(body), signingKey(home)).toString('base64');
  const end = tailOf(home);
  // A line that a crash cut short must not swallow this one.
  const fresh = end === '' || end.endsWith('\n') ? '' : '\n';
  appendFileSync(home.auditAnchor, `${fresh}${JSON.stringify({ ...body, sig })}\n`, {
    mode: 0o600,
  });
}

/** Every anchor in file order; a line that was cut short by a crash is left out. Throws AUDIT_UNREADABLE for any other. */
export function anchors(home: Home): Anchor[] {
  if (!existsSync(home.auditAnchor)) return [];
  return parse(home, readFileSync(home.auditAnchor, 'utf8'));
}

/** The last anchor, from the end of the file: it is read at every start and only grows. */
export const lastAnchor = (home: Home): Anchor | undefined => parse(home, tailOf(home)).at(-1);

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

function parse(home: Home, text: string): Anchor[] {
  const lines = text.split('\n').slice(0, -1);
  return lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as Anchor];
    } catch {
      if (!line.endsWith('}')) return [];
      throw new Refusal(
        'AUDIT_UNREADABLE',
        `${home.auditAnchor} has a line that is no checkpoint.`,
        `Keep a copy of ${home.dir}, restore audit.anchor from a backup, and run \`vmware-audit verify\`.`,
      );
    }
  });
}

export const isGenuine = (anchor: Anchor, key: KeyObject): boolean =>
  verify(null, statement(anchor), key, Buffer.from(anchor.sig, 'base64'));
