import type { WindowData } from './rules-data.js';

const names = ['thu', 'fri', 'sat', 'sun', 'mon', 'tue', 'wed'];
const dayLength = 86_400_000;

/**
 * Whether a window in UTC is open: some day's opening lies at or before the instant and its closing after it.
 * Counted in days since 1970-01-01, a Thursday, and without the clocks that the engine reads.
 */
export function isOpenInUtc({ days, from, to }: WindowData, at: Date): boolean {
  const today = Math.floor(at.getTime() / dayLength);
  return [today - 1, today].some((day) => {
    if (days && !days.includes(names[day % 7] ?? '')) return false;
    const opens = day * dayLength + milliseconds(from ?? '00:00');
    const wholeDay = from === undefined ? dayLength : 0;
    const closes = day * dayLength + milliseconds(to ?? '00:00') + wholeDay;
    const end = closes < opens ? closes + dayLength : closes;
    return opens <= at.getTime() && at.getTime() < end;
  });
}

function milliseconds(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return (hours * 60 + minutes) * 60_000;
}
