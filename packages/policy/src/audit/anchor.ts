import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Home } from '../home.js';

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
export function signingKey(home: Home): KeyObject {
  if (!existsSync(home.auditKey)) {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
    try {
      writeFileSync(home.auditKey, pem, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  return createPrivateKey(readFileSync(home.auditKey));
}

export function appendAnchor(
  home: Home,
  head: { seq: number; hash: string; ts: string },
  origin: string,
): void {
  const body = { origin, ...head };
  const sig = sign(null, statement(body), signingKey(home)).toString('base64');
  appendFileSync(home.auditAnchor, `${JSON.stringify({ ...body, sig })}\n`, { mode: 0o600 });
}

/** Every anchor in file order. A last line without a line end was being written and is left out. */
export function anchors(home: Home): Anchor[] {
  if (!existsSync(home.auditAnchor)) return [];
  return readFileSync(home.auditAnchor, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Anchor);
}

export const lastAnchor = (home: Home): Anchor | undefined => anchors(home).at(-1);

export const isGenuine = (anchor: Anchor, key: KeyObject): boolean =>
  verify(null, statement(anchor), createPublicKey(key), Buffer.from(anchor.sig, 'base64'));
