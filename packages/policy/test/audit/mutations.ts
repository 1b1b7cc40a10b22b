import { type Event, hashOf } from '../../src/audit/event.js';

/** A row with another value in one column, of a kind that the column takes. */
export function altered(row: Event, column: keyof Event): Event {
  return { ...row, [column]: other(column, row[column]) };
}

function other(column: keyof Event, value: Event[keyof Event]): unknown {
  if (column === 'phase') return value === 'read' ? 'auth' : 'read';
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'string') return `${value} `;
  const bytes = Buffer.from(value);
  bytes[5] = (bytes[5] ?? 0) ^ 1;
  return bytes;
}

export const rehashed = (row: Event): Event => ({ ...row, hash: hashOf(row) });
