import { describe, expect, it } from 'vitest';
import { isEmpty, isZone, minutesOf, opening, type Window } from './windows.js';

const isOpen = (window: Window, now: Date) => opening(window)(now);

const berlin: Window = { days: ['sat'], from: '22:00', to: '04:00', tz: 'Europe/Berlin' };
const gap: Window = { from: '02:15', to: '02:45', tz: 'Europe/Berlin' };
const family: Window = { from: '22:00', to: '06:00', inclusive: true };

describe('a window is open', () => {
  it.each<[string, Window, string, boolean]>([
    ['Saturday before it opens', berlin, '2026-01-10T20:59:59Z', false],
    ['as it opens', berlin, '2026-01-10T21:00:00Z', true],
    ['after midnight it is still Saturday night', berlin, '2026-01-11T02:59:59Z', true],
    ['as it closes', berlin, '2026-01-11T03:00:00Z', false],
    ['the night before does not count', berlin, '2026-01-10T01:00:00Z', false],
    ['Sunday night does not count', berlin, '2026-01-11T22:00:00Z', false],
    ['in summer it opens an hour earlier in UTC', berlin, '2026-07-11T20:00:00Z', true],
    ['in summer, a minute before', berlin, '2026-07-11T19:59:00Z', false],
    [
      'spring: 01:59 local, then 03:00; the skipped span is never open',
      gap,
      '2026-03-29T00:59:00Z',
      false,
    ],
    ['spring: right after the gap', gap, '2026-03-29T01:00:00Z', false],
    ['spring: 03:30 local', gap, '2026-03-29T01:30:00Z', false],
    ['autumn: 02:30 summer time', gap, '2026-10-25T00:30:00Z', true],
    ['autumn: 02:30 again, winter time', gap, '2026-10-25T01:30:00Z', true],
    ['autumn: 03:30', gap, '2026-10-25T02:30:00Z', false],
    ['an overnight window across the spring gap', { ...berlin }, '2026-03-29T01:59:00Z', true],
    ['and its end, 04:00 summer time', { ...berlin }, '2026-03-29T02:00:00Z', false],
    [
      'a zone with half an hour',
      { from: '09:00', to: '10:00', tz: 'Asia/Kolkata' },
      '2026-05-05T03:30:00Z',
      true,
    ],
    [
      'a zone with half an hour, before',
      { from: '09:00', to: '10:00', tz: 'Asia/Kolkata' },
      '2026-05-05T03:29:00Z',
      false,
    ],
    [
      'a day that is already tomorrow there',
      { days: ['wed'], tz: 'Pacific/Auckland' },
      '2026-06-02T12:30:00Z',
      true,
    ],
    ['and still yesterday here', { days: ['wed'] }, '2026-06-02T12:30:00Z', false],
    [
      'midnight is 00, not 24',
      { from: '00:00', to: '00:30', tz: 'America/New_York' },
      '2026-01-10T05:10:00Z',
      true,
    ],
    ['family: start', family, '2026-01-10T22:00:00Z', true],
    ['family: end is inside', family, '2026-01-10T06:00:00Z', true],
    ['family: after the end', family, '2026-01-10T06:01:00Z', false],
    ['family: noon', family, '2026-01-10T12:00:00Z', false],
    ['family: a window of one minute', { ...family, to: '22:00' }, '2026-01-10T22:00:30Z', true],
    ['family: a window of the whole day', { ...family, to: '21:59' }, '2026-01-10T12:00:00Z', true],
  ])('%s', (_, window, at, wanted) => expect(isOpen(window, new Date(at))).toBe(wanted));

  it('agrees with plain arithmetic for every minute of a week in UTC', () => {
    const start = Date.UTC(2026, 0, 5); // a Monday
    const window: Window = { days: ['tue', 'sun'], from: '23:10', to: '01:20' };
    for (let minute = 0; minute < 7 * 1_440; minute++) {
      const day = Math.floor(minute / 1_440);
      const clock = minute % 1_440;
      const evening = (day === 1 || day === 6) && clock >= 1_390;
      const morning = (day === 2 || day === 0) && clock < 80;
      expect(isOpen(window, new Date(start + minute * 60_000))).toBe(evening || morning);
    }
  });

  it('never opens at an instant that is none', () => {
    expect(isOpen({ from: '00:00', to: '23:59', tz: 'Europe/Berlin' }, new Date(0))).toBe(true);
    expect(isOpen({ from: '00:00', to: '23:59' }, new Date(Number.NaN))).toBe(false);
  });
});

describe('any window', () => {
  it.each<[Window, boolean]>([
    [{}, false],
    [{ days: [] }, true],
    [{ days: [], from: '10:00', to: '11:00' }, true],
    [{ days: ['mon'] }, false],
    [{ from: '10:00' }, false],
    [{ to: '10:00' }, false],
    [{ from: '10:00', to: '10:00' }, true],
    [{ from: '10:00', to: '10:01' }, false],
    [{ from: '10:00', to: '09:59' }, false],
    [{ from: '00:00', to: '00:00' }, true],
    [{ from: '10:00', to: '10:00', inclusive: true }, false],
    [{ from: '10:00', to: '09:59', inclusive: true }, false],
    [{ from: 'ten', to: '11:00' }, true],
    [{ from: '10:00', to: 'eleven' }, true],
  ])('%j is empty: %s', (window, wanted) => expect(isEmpty(window)).toBe(wanted));

  it.each<[Window, string, boolean]>([
    [{}, '2026-06-10T00:00:00Z', true],
    [{}, '2026-06-10T23:59:59Z', true],
    [{ days: ['wed'] }, '2026-06-10T00:00:00Z', true],
    [{ days: ['wed'] }, '2026-06-10T23:59:59Z', true],
    [{ days: ['wed'] }, '2026-06-09T23:59:59Z', false],
    [{ days: ['wed'] }, '2026-06-11T00:00:00Z', false],
    [{ days: ['wed'], from: '10:00' }, '2026-06-10T09:00:00Z', true],
    [{ days: ['wed'], to: '10:00' }, '2026-06-10T11:00:00Z', true],
    [{ days: ['wed'], from: '10:00', to: '11:00' }, '2026-06-10T09:59:59Z', false],
    [{ days: ['wed'], from: '10:00', to: '11:00' }, '2026-06-10T10:00:00Z', true],
    [{ days: ['wed'], from: '10:00', to: '11:00' }, '2026-06-10T10:59:59Z', true],
    [{ days: ['wed'], from: '10:00', to: '11:00' }, '2026-06-10T11:00:00Z', false],
    [{ days: ['wed'], from: '22:00', to: '04:00' }, '2026-06-11T03:59:59Z', true],
    [{ days: ['wed'], from: '22:00', to: '04:00' }, '2026-06-11T04:00:00Z', false],
    [{ days: ['wed'], from: '22:00', to: '04:00' }, '2026-06-10T03:59:59Z', false],
    [{ days: ['sat'], from: '22:00', to: '04:00' }, '2026-06-14T03:00:00Z', true],
    [{ days: ['sun'], from: '22:00', to: '04:00' }, '2026-06-15T03:00:00Z', true],
    [{ days: ['mon'], from: '22:00', to: '04:00' }, '2026-06-15T03:00:00Z', false],
    [{ from: '10:00', to: '10:00' }, '2026-06-10T10:00:00Z', false],
    [{ from: '10:00', to: '10:00' }, '2026-06-10T12:00:00Z', false],
    [{ from: 'ten', to: '11:00' }, '2026-06-10T10:30:00Z', false],
    [{ from: '10:00', to: 'eleven' }, '2026-06-10T10:30:00Z', false],
    [{ from: '10:00', to: '11:00', tz: 'UTC' }, '2026-06-10T10:30:00Z', true],
    [{ from: '10:00', to: '11:00', tz: 'Etc/UTC' }, '2026-06-10T10:30:00Z', true],
    [{ from: '12:15', to: '12:16', tz: 'Asia/Kathmandu' }, '2026-06-10T06:30:00Z', true],
    [{ from: '12:15', to: '12:16', tz: 'Asia/Kathmandu' }, '2026-06-10T06:31:00Z', false],
  ])('%j at %s is open: %s', (window, at, wanted) =>
    expect(isOpen(window, new Date(at))).toBe(wanted),
  );

  it('of a zone is asked about one instant after another', () => {
    const isOpenNow = opening({ from: '12:00', to: '13:00', tz: 'Europe/Berlin' });
    const asked = ['10:00', '11:00', '11:00', '10:00'].map((clock) =>
      isOpenNow(new Date(`2026-06-10T${clock}:00Z`)),
    );
    expect(asked).toEqual([true, false, false, true]);
  });

  it.each([
    ['00:00', 0],
    ['00:01', 1],
    ['09:30', 570],
    ['19:59', 1_199],
    ['20:00', 1_200],
    ['23:59', 1_439],
    ...['24:00', '12:60', '30:00', '1:00', '12:0', '12:000', '112:00', '12-00', '', 'a2:00'].map(
      (text) => [text, undefined] as const,
    ),
  ] as const)('%s is minute %s of a day', (clock, wanted) => expect(minutesOf(clock)).toBe(wanted));

  it('knows zones from words', () => {
    expect(isZone('Europe/Berlin')).toBe(true);
    for (const word of ['Europe/Bärlin', 'local', '']) expect(isZone(word)).toBe(false);
  });
});
