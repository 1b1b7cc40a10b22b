import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Endpoint } from './endpoint.js';
import { ApiError, codeOf } from './errors.js';

const firstPause = 60_000;
const longestPause = 15 * 60_000;

interface Refusals {
  readonly count: number;
  /** Milliseconds since 1970 before which no login is tried. */
  readonly until: number;
}

/** Only where the file cannot be written: a file that somebody removed must count as a reset here too. */
const inMemory = new Map<string, Refusals>();

type Place = Pick<Endpoint, 'name' | 'directory' | 'product'>;
const fileOf = ({ name, directory }: Place) => join(directory, `.login-${name}.json`);

/**
 * Keeps a wrong password from locking the account: after a refused login none is tried for a minute,
 * then two, up to fifteen. Shared by all processes through a 0600 file that holds a count and a time.
 */
export class LoginCircuit {
  readonly #place: Place;
  readonly #now: () => number;

  constructor(place: Place, now: () => number = Date.now) {
    this.#place = place;
    this.#now = now;
  }

  /** Throws LOGIN_PAUSED while the last refusal is too recent. */
  check(): void {
    const { count, until } = this.#refusals();
    const left = Math.ceil((until - this.#now()) / 1000);
    if (left <= 0) return;
    const { name, product } = this.#place;
    throw new ApiError(
      'LOGIN_PAUSED',
      `No login to ${name} for another ${left} s: the last ${count === 1 ? 'one was' : `${count} were`} refused, and more could lock the account`,
      {
        remedy: `Correct the password, then wait, or run vmware-${product} doctor --reset-login ${name}.`,
        retryable: true,
        details: { seconds: left, refusals: count },
      },
    );
  }

  /** Counts a refused login and returns the seconds until the next one. */
  refused(): number {
    const count = this.#refusals().count + 1;
    const pause = Math.min(firstPause * 2 ** (count - 1), longestPause);
    this.#write({ count, until: this.#now() + pause });
    return pause / 1000;
  }

  accepted(): void {
    try {
      resetLogin(this.#place);
    } catch {
      // A login that worked is not lost over a file that cannot be removed.
    }
  }

  #refusals(): Refusals {
    const path = fileOf(this.#place);
    const here = inMemory.get(path) ?? { count: 0, until: 0 };
    const there = readRefusals(path);
    const found = {
      count: Math.max(here.count, there.count),
      until: Math.max(here.until, there.until),
    };
    const latest = this.#now() + longestPause;
    if (found.until <= latest) return found;
    // The clock was set back: written down, the pause ends like any other.
    const shortened = { ...found, until: latest };
    this.#write(shortened);
    return shortened;
  }

  #write(refusals: Refusals): void {
    const path = fileOf(this.#place);
    inMemory.delete(path);
    const next = `${path}.${randomUUID()}`;
    try {
      mkdirSync(this.#place.directory, { recursive: true, mode: 0o700 });
      writeFileSync(next, JSON.stringify(refusals), { mode: 0o600, flag: 'wx' });
      renameSync(next, path);
    } catch {
      // No place for the file: this process remembers all the same.
      inMemory.set(path, refusals);
    }
  }
}

/** Closes the circuit: forgets refused logins of a target, here and on disk. */
export function resetLogin(place: Place): void {
  inMemory.delete(fileOf(place));
  rmSync(fileOf(place), { force: true });
}

/** A file that says nothing sensible counts as a refusal when it was written: unknown means no. */
function readRefusals(path: string): Refusals {
  try {
    const found: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (found && typeof found === 'object' && 'count' in found && 'until' in found) {
      const { count, until } = found;
      if (Number.isSafeInteger(count) && Number.isFinite(until))
        return { count: Number(count), until: Number(until) };
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { count: 0, until: 0 };
  }
  try {
    return { count: 1, until: statSync(path).mtimeMs + longestPause };
  } catch {
    return { count: 0, until: 0 };
  }
}
