/** Day names in the order of `Date.getUTCDay`. */
export const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Day = (typeof days)[number];

/** A repeating span of wall-clock time. `from` is inside, `to` is not. Without both: the whole day. */
export interface Window {
  /** The days on which the window opens. A window over midnight stays open into the next day. */
  readonly days?: readonly Day[] | undefined;
  /** `HH:MM`. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** IANA zone; UTC when absent. */
  readonly tz?: string | undefined;
  /** The minute `to` is inside too. The family form reads its window like that. */
  readonly inclusive?: boolean;
}

const minutesPerDay = 24 * 60;

/** Minutes after midnight of `HH:MM`, or undefined when it is no time of day. */
export function minutesOf(clock: string): number | undefined {
  const found = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(clock);
  return found ? Number(found[1]) * 60 + Number(found[2]) : undefined;
}

/** Whether this machine knows the zone. */
export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

interface WallClock {
  readonly day: number;
  readonly minute: number;
}

interface Zone {
  readonly format: Intl.DateTimeFormat;
  instant: number;
  reading: WallClock;
}

const zones = new Map<string, Zone>();

/** What the clocks on the wall say. Daylight saving comes from the zone data of the runtime. */
function wallClock(zone: string, now: Date): WallClock {
  if (zone === 'UTC')
    return { day: now.getUTCDay(), minute: now.getUTCHours() * 60 + now.getUTCMinutes() };
  const instant = now.getTime();
  const known = zones.get(zone);
  if (known?.instant === instant) return known.reading;
  const format =
    known?.format ??
    new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
  const parts = new Map(format.formatToParts(now).map(({ type, value }) => [type, value]));
  const reading = {
    day: (days as readonly string[]).indexOf(parts.get('weekday')?.toLowerCase() ?? ''),
    minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
  };
  zones.set(zone, { format, instant, reading });
  return reading;
}

/** Start and end in minutes; an end before the start lies on the next day. Undefined: the whole day. */
function span(window: Window): { start: number; end: number } | undefined {
  if (window.from === undefined || window.to === undefined) return undefined;
  const start = minutesOf(window.from) ?? Number.NaN;
  const last = (minutesOf(window.to) ?? Number.NaN) + (window.inclusive ? 1 : 0);
  const overnight = window.inclusive ? last <= start : last < start;
  return { start, end: overnight ? last + minutesPerDay : last };
}

/** A window that is never open: no days, or it ends when it starts. */
export function isEmpty(window: Window): boolean {
  if (window.days?.length === 0) return true;
  const { start, end } = span(window) ?? { start: 0, end: minutesPerDay };
  return !(start < end);
}

/** Tells whether the window is open at an instant. Prepared once, since every call asks every window. */
export function opening(window: Window): (now: Date) => boolean {
  const { start, end } = span(window) ?? { start: 0, end: minutesPerDay };
  const opensOn = days.map((name) => window.days?.includes(name) ?? true);
  const zone = window.tz ?? 'UTC';
  return (now) => {
    const { day, minute } = wallClock(zone, now);
    const sinceYesterday = minute + minutesPerDay;
    return (
      (opensOn[day] === true && start <= minute && minute < end) ||
      (opensOn[(day + 6) % 7] === true && start <= sinceYesterday && sinceYesterday < end)
    );
  };
}
