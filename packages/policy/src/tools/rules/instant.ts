import { Refusal } from '../../refusal.js';

/** The instant that `--at` names, now without one. Throws INVALID_INPUT for a text that is no time. */
export function instantOf(at: string | undefined): Date {
  const instant = at === undefined ? new Date() : new Date(at);
  if (!Number.isNaN(instant.getTime())) return instant;
  throw new Refusal('INVALID_INPUT', `"${at}" is not a time.`, 'Write --at 2026-11-28T22:30:00Z.');
}
