import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { sha256Hex } from '../audit/event.js';
import { Refusal } from '../refusal.js';
import type { ApprovalRequest, Decision } from './request.js';

/** Where people of one machine agree to each other's changes. An administrator makes it. */
export const sharedSpool = '/var/lib/vmware-approvals';

/** A file with the user that the kernel says it belongs to. */
export interface Filed<T> {
  readonly value: T;
  readonly uid: number;
  readonly sha: string;
}

const maxBytes = 1024 * 1024;

/** A folder of requests and decisions. Who wrote a file is who owns it: nobody can give a file to somebody else. */
export class Spool {
  readonly dir: string;
  readonly isShared: boolean;

  /** Throws APPROVALS_UNSAFE for a folder in which files could be put in other people's names. */
  constructor(dir: string) {
    const found = lstatSync(dir, { throwIfNoEntry: false });
    if (!found?.isDirectory())
      throw unsafe(dir, 'is no folder', `Run \`sudo install -d -m 1777 ${dir}\`.`);
    const me = process.getuid?.() ?? -1;
    if (found.uid !== 0 && found.uid !== me)
      throw unsafe(dir, 'belongs to another user', `Run \`sudo chown root ${dir}\`.`);
    this.isShared = (found.mode & 0o022) !== 0;
    if (this.isShared && (found.mode & 0o1000) === 0)
      throw unsafe(dir, 'lets others remove files', `Run \`sudo chmod +t ${dir}\`.`);
    this.dir = dir;
  }

  requests(): Filed<ApprovalRequest>[] {
    return this.#read<ApprovalRequest>(/^[a-z0-9]{16}\.request\.json$/, isRequest);
  }

  request(id: string): Filed<ApprovalRequest> | undefined {
    return this.requests().find(({ value }) => value.id === id);
  }

  /** Every decision about a request, one for each user at most. */
  decisions(id: string): Filed<Decision>[] {
    const found = this.#read<Decision>(/^[a-z0-9]{16}\.by-\d+\.json$/, isDecision);
    const about = found.filter(({ value }) => value.id === id);
    return about.filter(({ uid }, i) => about.findIndex((one) => one.uid === uid) === i);
  }

  file(request: ApprovalRequest): Filed<ApprovalRequest> {
    return this.#write(`${request.id}.request.json`, request);
  }

  decide(decision: Decision): string {
    const name = `${decision.id}.by-${process.getuid?.() ?? 0}.json`;
    this.#write(name, decision);
    return join(this.dir, name);
  }

  /** Takes away what this user wrote about a request. Whoever decided takes away their own. */
  clear(id: string): void {
    for (const name of [`${id}.request.json`, `${id}.by-${process.getuid?.() ?? 0}.json`])
      rmSync(join(this.dir, name), { force: true });
  }

  #write<T>(name: string, value: T): Filed<T> {
    const text = `${JSON.stringify(value, null, 2)}\n`;
    const draft = join(this.dir, `.${name}.${randomBytes(6).toString('hex')}`);
    // Others must be able to read what they are to agree to; the folder decides who the others are.
    writeFileSync(draft, text, { mode: this.isShared ? 0o644 : 0o600, flag: 'wx' });
    renameSync(draft, join(this.dir, name));
    return { value, uid: process.getuid?.() ?? 0, sha: sha256Hex(text) };
  }

  /** Files that cannot be trusted are passed over: they belong to whoever put them there. */
  #read<T>(name: RegExp, isIt: (value: unknown) => boolean): Filed<T>[] {
    return readdirSync(this.dir)
      .filter((entry) => name.test(entry))
      .sort()
      .flatMap((entry) => {
        const filed = readOwned(join(this.dir, entry));
        return filed && isIt(filed.value) ? [filed as Filed<T>] : [];
      });
  }
}

/** The folder to use: the one the rules name, the machine's if there is one, or this user's own. */
export function spoolAt(named: string | undefined, own: string): Spool {
  if (named !== undefined) return new Spool(named);
  if (lstatSync(sharedSpool, { throwIfNoEntry: false })) return new Spool(sharedSpool);
  mkdirSync(own, { recursive: true, mode: 0o700 });
  return new Spool(own);
}

function readOwned(path: string): Filed<unknown> | undefined {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    const facts = fstatSync(file);
    const isSafe = facts.isFile() && facts.nlink === 1 && (facts.mode & 0o022) === 0;
    if (!isSafe || facts.size > maxBytes) return undefined;
    const text = readFileSync(file, 'utf8');
    return { value: JSON.parse(text) as unknown, uid: facts.uid, sha: sha256Hex(text) };
  } catch {
    return undefined;
  } finally {
    closeSync(file);
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isRequest = (value: unknown): boolean =>
  isRecord(value) &&
  value['v'] === 1 &&
  typeof value['id'] === 'string' &&
  !Number.isNaN(Date.parse(String(value['requested_at']))) &&
  !Number.isNaN(Date.parse(String(value['expires_at']))) &&
  isRecord(value['subject']) &&
  isRecord(value['subject']['plan']);

const isDecision = (value: unknown): boolean =>
  isRecord(value) &&
  value['v'] === 1 &&
  typeof value['id'] === 'string' &&
  typeof value['request_sha'] === 'string' &&
  (value['decision'] === 'approved' || value['decision'] === 'rejected');

const unsafe = (dir: string, what: string, remedy: string) =>
  new Refusal('APPROVALS_UNSAFE', `${dir}, the folder of approvals, ${what}.`, remedy);
