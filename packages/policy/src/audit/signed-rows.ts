import type { KeyObject } from 'node:crypto';
import { type Anchor, isGenuine, isRestored, type Restored } from './anchor.js';

/** What was signed of a row, or what is wrong with the line that says so. */
export interface Signed {
  readonly hash: string;
  readonly fault?: string;
}

export interface Lost {
  readonly from: number;
  readonly to: number;
}

export interface SignedRows {
  /** By the row's seq, what must be true of it. */
  readonly rows: ReadonlyMap<number, readonly Signed[]>;
  readonly restores: readonly Restored[];
  /** Rows that a restored backup did not have, as its signed line declares. */
  readonly lost: readonly Lost[];
}

/** Rows that must be in the log, and the restores that are known where that was noted. */
export interface Demands {
  readonly rows: ReadonlyMap<number, readonly Signed[]>;
  readonly restores: readonly Restored[];
  readonly knownRestores: ReadonlySet<string>;
}

/** What the lines of an anchor file demand of the log. */
export function demandsOf(lines: readonly Anchor[], key: KeyObject): Demands {
  const rows = new Map<number, readonly Signed[]>();
  const restores: Restored[] = [];
  let before = '';
  for (const line of lines) {
    const fault = faultOf(line, key, before);
    if (isRestored(line) && fault === undefined) {
      voidFrom(rows, line.seq);
      restores.push(line);
    }
    const signed = { hash: line.hash, ...(fault === undefined ? {} : { fault }) };
    rows.set(line.seq, [...(rows.get(line.seq) ?? []), signed]);
    before = line.sig;
  }
  return { rows, restores, knownRestores: new Set(restores.map(({ sig }) => sig)) };
}

/** What was demanded of a log when it had so many rows. */
export const upTo = ({ rows, restores, knownRestores }: Demands, seq: number): Demands => ({
  rows: new Map([...rows].filter(([row]) => row <= seq)),
  restores: restores.filter((line) => line.seq <= seq),
  knownRestores,
});

/**
 * All demands together. One that was noted elsewhere may be older than the log: a restore that was not known
 * there voids what it says of later rows.
 */
export function together(all: readonly Demands[]): SignedRows {
  const restores = [
    ...new Map(all.flatMap((one) => one.restores).map((line) => [line.sig, line])).values(),
  ];
  const rows = new Map<number, readonly Signed[]>();
  for (const { rows: demanded, knownRestores } of all) {
    const left = new Map(demanded);
    for (const line of restores) if (!knownRestores.has(line.sig)) voidFrom(left, line.seq);
    for (const [seq, signed] of left) rows.set(seq, [...(rows.get(seq) ?? []), ...signed]);
  }
  return {
    rows,
    restores,
    lost: restores
      .filter(({ seq, lost_to }) => lost_to >= seq)
      .map(({ seq, lost_to }) => ({ from: seq, to: lost_to })),
  };
}

function faultOf(line: Anchor, key: KeyObject, before: string): string | undefined {
  if (!isGenuine(line, key)) return 'has a false signature';
  return isRestored(line) && line.after !== before ? 'was copied from elsewhere' : undefined;
}

function voidFrom(demanded: Map<number, readonly Signed[]>, from: number): void {
  for (const seq of demanded.keys()) if (seq >= from) demanded.delete(seq);
}
