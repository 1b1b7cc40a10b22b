import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { days, opening, type Window } from '../../src/rules/windows.js';

/** Half and quarter hours, a change at midnight, a change of half an hour, a day that never was, none at all. */
const zones = [
  'Africa/Casablanca',
  'America/New_York',
  'America/Santiago',
  'America/Sao_Paulo',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Asia/Tehran',
  'Australia/Lord_Howe',
  'Europe/Berlin',
  'Europe/London',
  'Pacific/Apia',
  'Pacific/Chatham',
  'UTC',
];

const windows: readonly Window[] = [
  { from: '02:15', to: '02:45' },
  { from: '00:00', to: '00:30' },
  { from: '23:45', to: '00:15' },
  { from: '22:00', to: '04:00' },
  { from: '03:00', to: '02:00' },
  { from: '00:00', to: '23:59' },
  { days: ['sun'] },
  { days: ['fri', 'sat'], from: '22:00', to: '03:00' },
  { days: ['sat'], from: '23:59', to: '00:01' },
  { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '01:30', to: '02:30' },
  { days: ['sun', 'thu'], from: '02:00', to: '01:59' },
  { days: [], from: '00:00', to: '23:59' },
];

/** Minutes from a change of the clocks. */
const around = [-1_441, -90, -61, -60, -31, -1, 0, 1, 29, 30, 60, 1_440];

/** The five changes of a zone's clocks from late 2011 on, or days of no note in a zone that has none. */
function changesOf(zone: string): Temporal.Instant[] {
  const found: Temporal.Instant[] = [];
  let at = Temporal.ZonedDateTime.from(`2011-12-25T00:00[${zone}]`);
  while (found.length < 5) {
    at = at.getTimeZoneTransition('next') ?? at.add({ days: 73 });
    found.push(at.toInstant());
  }
  return found;
}

/** The definition in Temporal's words: the wall's time is inside, counted from the day on which it opened. */
function isOpenByTemporal({ from, to, days: named, tz = 'UTC' }: Window, at: Temporal.Instant) {
  const wall = at.toZonedDateTimeISO(tz);
  const opensOn = (day: Temporal.PlainDate) =>
    named?.some((name) => days.indexOf(name) === day.dayOfWeek % 7) ?? true;
  const today = opensOn(wall.toPlainDate());
  if (from === undefined || to === undefined) return today;
  const yesterday = opensOn(wall.toPlainDate().subtract({ days: 1 }));
  const [opens, closes] = [Temporal.PlainTime.from(from), Temporal.PlainTime.from(to)];
  const time = wall.toPlainTime();
  const hasOpened = Temporal.PlainTime.compare(time, opens) >= 0;
  const isBeforeEnd = Temporal.PlainTime.compare(time, closes) < 0;
  return Temporal.PlainTime.compare(opens, closes) < 0
    ? today && hasOpened && isBeforeEnd
    : (today && hasOpened) || (yesterday && isBeforeEnd);
}

test.each(zones)('around 60 instants of %s every window is as open as Temporal says', (tz) => {
  const instants = changesOf(tz).flatMap((change) =>
    around.map((minutes) => change.add({ minutes })),
  );
  expect(instants).toHaveLength(60);
  const seen = new Set<boolean>();
  for (const window of windows.map((one) => ({ ...one, tz }))) {
    const isOpen = opening(window);
    for (const at of instants) {
      const said = isOpen(new Date(at.epochMilliseconds));
      expect(said, `${JSON.stringify(window)} at ${at}`).toBe(isOpenByTemporal(window, at));
      seen.add(said);
    }
  }
  expect(seen).toEqual(new Set([true, false]));
});

/** For how many minutes a window is open from three hours before an instant to three after. */
const minutesOpen = (window: Window, at: string): number =>
  Array.from({ length: 360 }, (_, minute) =>
    opening(window)(new Date(Date.parse(at) + (minute - 180) * 60_000)),
  ).filter(Boolean).length;

test.each<[string, Window, string, number]>([
  ['an hour', { from: '02:00', to: '03:00', tz: 'Europe/Berlin' }, '2026-03-29T01:00:00Z', 0],
  [
    'half an hour',
    { from: '02:00', to: '02:30', tz: 'Australia/Lord_Howe' },
    '2026-10-03T15:30:00Z',
    0,
  ],
  ['a part of it', { from: '01:30', to: '02:30', tz: 'Europe/Berlin' }, '2026-03-29T01:00:00Z', 30],
])(
  'a window over %s that the clocks skip is open for the rest of it only',
  (_, window, at, wanted) => expect(minutesOpen(window, at)).toBe(wanted),
);

test.each<[string, Window, string, number]>([
  ['an hour', { from: '02:00', to: '03:00', tz: 'Europe/Berlin' }, '2026-10-25T01:00:00Z', 120],
  [
    'half an hour',
    { from: '01:30', to: '02:00', tz: 'Australia/Lord_Howe' },
    '2026-04-04T15:00:00Z',
    60,
  ],
])('a window over %s that the clocks repeat is open twice', (_, window, at, wanted) =>
  expect(minutesOpen(window, at)).toBe(wanted),
);
