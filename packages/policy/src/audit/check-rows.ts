import { hex } from './chain.js';
import { type Event, genesis, hashOf } from './event.js';
import { prunedIn, type Seal, sealIn } from './seals.js';
import type { Signed } from './signed-rows.js';

/** The first row there should be, and the hash of the row before it; without one, what its `prev` says. */
export interface Start {
  readonly seq: number;
  readonly prev?: Uint8Array;
}

export const beginning: Start = { seq: 1, prev: genesis };

export interface Bad {
  readonly seq: number;
  readonly problem: string;
}

/** What a run over rows found. Everything is about the rows before `bad`. */
export interface Findings {
  readonly rows: number;
  /** The row that is next, which is the first bad one if any is bad. */
  readonly next: number;
  /** Hash of the last good row. */
  readonly head: Uint8Array | undefined;
  /** What the first row says was before it. */
  readonly before: Uint8Array | undefined;
  readonly checkpoints: number;
  /** Changes whose outcome is not known: dangling intents, and those marked in doubt. */
  readonly in_doubt: number;
  readonly seals: readonly Seal[];
  readonly pruned: readonly Seal[];
  readonly bad: Bad | undefined;
}

/** Recomputes every hash in one pass. It holds one row at a time, and the changes that have no outcome yet. */
export class RowCheck {
  readonly #start: Start;
  readonly #signed: ReadonlyMap<number, readonly Signed[]>;
  readonly #undecided = new Set<string>();
  readonly #seals: Seal[] = [];
  readonly #pruned: Seal[] = [];
  #rows = 0;
  #checkpoints = 0;
  #head: Uint8Array | undefined;
  #before: Uint8Array | undefined;
  #bad: Bad | undefined;

  constructor(start: Start, signed: ReadonlyMap<number, readonly Signed[]>) {
    this.#start = start;
    this.#signed = signed;
  }

  /** Takes rows up to the first bad one, and says whether all were good. */
  takeAll(rows: Iterable<Event>): boolean {
    for (const row of rows) if (!this.take(row)) return false;
    return true;
  }

  take(row: Event): boolean {
    const problem = this.#problemWith(row);
    if (problem !== undefined) {
      this.#bad = { seq: this.#next(), problem };
      return false;
    }
    this.#before ??= row.prev;
    this.#head = row.hash;
    this.#rows += 1;
    return true;
  }

  findings(): Findings {
    return {
      rows: this.#rows,
      next: this.#next(),
      head: this.#head,
      before: this.#before,
      checkpoints: this.#checkpoints,
      in_doubt: this.#undecided.size,
      seals: this.#seals,
      pruned: this.#pruned,
      bad: this.#bad,
    };
  }

  #next(): number {
    return this.#start.seq + this.#rows;
  }

  #problemWith(row: Event): string | undefined {
    const seq = this.#next();
    if (row.seq !== seq)
      return row.seq > seq
        ? `Row ${seq} is missing: the next one is ${row.seq}.`
        : `Row ${row.seq} comes again after row ${seq - 1}.`;
    const { prev, hash } = row;
    if (!isHash(prev) || !isHash(hash)) return `Row ${seq} has no hash.`;
    const before = this.#head ?? this.#start.prev ?? prev;
    if (Buffer.compare(prev, before) !== 0) return `Row ${seq} does not follow the row before it.`;
    if (Buffer.compare(hashOf(row), hash) !== 0)
      return `Row ${seq} does not match its hash: it was changed.`;
    return this.#againstSigned(seq, hash) ?? this.#againstStory(row);
  }

  #againstSigned(seq: number, hash: Uint8Array): string | undefined {
    for (const signed of this.#signed.get(seq) ?? []) {
      if (signed.fault !== undefined) return `The checkpoint at row ${seq} ${signed.fault}.`;
      if (signed.hash !== hex(hash))
        return `Row ${seq} is not the row that was signed: the log was rewritten.`;
      this.#checkpoints += 1;
    }
    return undefined;
  }

  /** Every intent has one outcome at most, and every outcome an intent, as far as the rows before are there. */
  #againstStory(row: Event): string | undefined {
    switch (row.phase) {
      case 'intent':
      case 'in_doubt':
        this.#undecided.add(row.op_id);
        return undefined;
      case 'outcome':
        return this.#undecided.delete(row.op_id) || this.#start.seq > 1
          ? undefined
          : `Row ${row.seq} is the outcome of a change that has one already or was never intended.`;
      case 'seal': {
        const seal = sealIn(row);
        if (!seal) return `Row ${row.seq} seals no archive that can be told.`;
        this.#seals.push(seal);
        return undefined;
      }
      case 'admin':
        this.#pruned.push(...prunedIn(row));
        return undefined;
      default:
        return undefined;
    }
  }
}

const isHash = (value: unknown): boolean => value instanceof Uint8Array && value.length === 32;
