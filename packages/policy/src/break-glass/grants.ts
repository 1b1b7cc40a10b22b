import { randomBytes, sign, verify } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkingKey, signingKey } from '../audit/anchor.js';
import { canonical } from '../audit/event.js';
import { type Approval, type Call, consentLevels, type Verdict } from '../call.js';
import { type Home, prepareHome } from '../home.js';
import { anyGlob } from '../rules/match.js';

/**
 * Leave to do what a rule forbids, for a while. It sets aside what rules forbid and nothing else: not the caller's
 * level, not consent, not limits, not the audit log, and not rules that cannot be read.
 */
export interface Grant {
  readonly v: 1;
  readonly id: string;
  readonly user: string;
  /** Globs. */
  readonly tools: readonly string[];
  readonly targets: readonly string[];
  readonly reason: string;
  readonly approved: readonly Approval[];
  readonly issued_at: string;
  readonly expires_at: string;
}

interface Signed {
  readonly grant: Grant;
  /** Ed25519 by the audit key over `vmware-grant/1\n` and the canonical grant, base64. */
  readonly sig: string;
}

const statement = (grant: Grant): Buffer => Buffer.from(`vmware-grant/1\n${canonical(grant)}`);

const name = /^[a-f0-9]{12}\.json$/;

export const newGrantId = (): string => randomBytes(6).toString('hex');

/** Signs a grant and keeps it; it holds from here on. */
export function issueGrant(home: Home, grant: Grant): void {
  prepareHome(home);
  mkdirSync(home.grants, { recursive: true, mode: 0o700 });
  const sig = sign(null, statement(grant), signingKey(home)).toString('base64');
  const text = `${JSON.stringify({ grant, sig } satisfies Signed, null, 2)}\n`;
  writeFileSync(join(home.grants, `${grant.id}.json`), text, { mode: 0o600, flag: 'wx' });
}

/** Takes a grant away. False: there is none with this id. */
export function revokeGrant(home: Home, id: string): boolean {
  if (!grants(home).some((grant) => grant.id === id)) return false;
  rmSync(join(home.grants, `${id}.json`), { force: true });
  return true;
}

/** Every grant with a genuine signature, over or not. */
export function grants(home: Home): Grant[] {
  let files: string[];
  try {
    files = readdirSync(home.grants).filter((file) => name.test(file));
  } catch {
    return [];
  }
  const key = files.length > 0 ? checkingKey(home) : undefined;
  if (!key) return [];
  return files.sort().flatMap((file) => {
    try {
      const { grant, sig } = JSON.parse(readFileSync(join(home.grants, file), 'utf8')) as Signed;
      const isGenuine = verify(null, statement(grant), key, Buffer.from(sig, 'base64'));
      return isGenuine && file === `${grant.id}.json` ? [grant] : [];
    } catch {
      return [];
    }
  });
}

/** Whether a grant holds at an instant. A clock that went back makes it void. */
export const holdsAt = ({ issued_at, expires_at }: Grant, now: number): boolean =>
  Date.parse(issued_at) <= now && now < Date.parse(expires_at);

/** The grant that covers a call now. */
export const grantFor = (home: Home, call: Call, now: number): Grant | undefined =>
  grants(home).find(
    (grant) =>
      holdsAt(grant, now) &&
      grant.user === call.caller?.user &&
      anyGlob(grant.tools)(call.tool.name.normalize('NFC')) &&
      anyGlob(grant.targets)(call.target.name.normalize('NFC')),
  );

/** The verdict under a grant: what was forbidden is allowed, and needs a preview at least. */
export const underGrant = (verdict: Verdict, grant: Grant): Verdict => ({
  ...verdict,
  allowed: true,
  rule: `break-glass:${grant.id}`,
  reason: `Rule ${verdict.rule} forbids it, and ${grant.user} broke the glass until ${grant.expires_at}: ${grant.reason}`,
  consent:
    consentLevels[
      Math.max(
        consentLevels.indexOf('seal'),
        consentLevels.indexOf(verdict.consent ?? 'second_person'),
      )
    ] ?? 'second_person',
  details: { ...verdict.details, break_glass: grant.id, overruled: verdict.rule },
});
