import { hash } from 'node:crypto';

export const phases = [
  'intent',
  'outcome',
  'denied',
  'preview',
  'read',
  'auth',
  'policy',
  'admin',
  'seal',
  'checkpoint',
  'in_doubt',
] as const;
export type Phase = (typeof phases)[number];

/** What a writer says; the store adds seq, ts, process and hashes. */
export interface Draft {
  readonly op_id: string;
  readonly phase: Phase;
  readonly skill: string;
  readonly tool: string;
  readonly target: string;
  readonly environment: string;
  readonly actor: string;
  readonly agent: string;
  readonly session: string;
  readonly risk: string;
  readonly decision: string;
  readonly rule: string;
  readonly rules_sha: string;
  readonly args_sha: string;
  readonly status: string;
  readonly duration_us: number;
  /** Redacted already. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** One row as stored. `body` is canonical JSON text. */
export interface Event extends Omit<Draft, 'body'> {
  readonly seq: number;
  readonly event_id: string;
  readonly ts: string;
  readonly clock_regress: number;
  readonly boot: string;
  readonly pid: number;
  readonly body: string;
  readonly prev: Uint8Array;
  readonly hash: Uint8Array;
}

/** Columns in table order; the hashed ones are all but body (hashed apart), prev and hash. */
export const columns = [
  'seq',
  'event_id',
  'op_id',
  'phase',
  'ts',
  'clock_regress',
  'boot',
  'pid',
  'skill',
  'tool',
  'target',
  'environment',
  'actor',
  'agent',
  'session',
  'risk',
  'decision',
  'rule',
  'rules_sha',
  'args_sha',
  'status',
  'duration_us',
  'body',
  'prev',
  'hash',
] as const;

const hashed = columns.slice(0, -3) as readonly Exclude<keyof Event, 'body' | 'prev' | 'hash'>[];

export const sha256Hex = (data: string | Uint8Array): string => hash('sha256', data, 'hex');

/**
 * SHA-256 over "vmaudit/1", the previous hash, and the row as a JSON array whose last element is the
 * SHA-256 of the body, so that an archived body can be dropped without breaking the chain.
 */
export const hashOf = (event: Omit<Event, 'hash'>): Buffer => {
  const row: unknown[] = hashed.map((column) => event[column]);
  row.push(sha256Hex(event.body));
  const text = JSON.stringify(row);
  const bytes = Buffer.allocUnsafe(prefix.length + event.prev.length + Buffer.byteLength(text));
  bytes.set(prefix);
  bytes.set(event.prev, prefix.length);
  bytes.write(text, prefix.length + event.prev.length);
  return hash('sha256', bytes, 'buffer');
};

const prefix = Buffer.from('vmaudit/1');

/** What stands before the first row. */
export const genesis: Uint8Array = new Uint8Array(32);

/** RFC 8785 for the JSON that is written here: sorted keys, no spaces, undefined left out. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item)).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const record = value as Record<string, unknown>;
    const pairs = Object.keys(record)
      .filter((key) => record[key] !== undefined)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonical(record[key])}`);
    return `{${pairs.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
