import { afterEach, expect, test, vi } from 'vitest';
import { Patience } from './patience.js';

afterEach(() => void vi.useRealTimers());

const codes = [
  { code: 'SQLITE_BUSY' },
  { code: 'SQLITE_BUSY_SNAPSHOT' },
  { code: 'SQLITE_LOCKED' },
  { code: 'ERR_SQLITE_ERROR', errcode: 5 },
  { code: 'ERR_SQLITE_ERROR', errcode: 6 },
  { code: 'ERR_SQLITE_ERROR', errcode: 5 + (2 << 8) },
];
const others = [
  {},
  { code: 'SQLITE_CORRUPT' },
  { code: 'NOT_SQLITE_BUSY' },
  { code: 'NOT_SQLITE_LOCKED' },
  { code: 'ERR_SQLITE_ERROR', errcode: 11 },
  { code: 'ERR_SQLITE_ERROR', errcode: 1 + (5 << 8) },
];

/** Work that fails as often as said, and how often it was tried. */
function failing(times: number, how: object) {
  const tried = { times: 0 };
  const work = () => {
    tried.times += 1;
    if (tried.times <= times) throw Object.assign(new Error('It failed.'), how);
    return 'done';
  };
  return { tried, work };
}

test.each(codes)(
  'work that finds the log locked with %j is tried again until it is done',
  async (how) => {
    const { tried, work } = failing(3, how);
    expect(await new Patience().wait(work)).toBe('done');
    expect(tried.times).toBe(4);
    const again = failing(3, how);
    expect(new Patience().waitSync(again.work)).toBe('done');
    expect(again.tried.times).toBe(4);
  },
);

test.each(others)('work that fails with %j fails at once', async (how) => {
  const { tried, work } = failing(3, how);
  await expect(new Patience().wait(work)).rejects.toThrow('It failed.');
  expect(() => new Patience().waitSync(work)).toThrow('It failed.');
  expect(tried.times).toBe(2);
});

/** Waits on a lock that stays taken, with half a second passing at each try: how often it tried, and what it said. */
const tries = {
  async wait(patience: Patience) {
    const { tried, work } = stuck();
    return { said: await patience.wait(work).catch((error: unknown) => error), ...tried };
  },
  async waitSync(patience: Patience) {
    const { tried, work } = stuck();
    try {
      return { said: patience.waitSync(work), ...tried };
    } catch (said) {
      return { said, ...tried };
    }
  },
};

function stuck() {
  const tried = { times: 0 };
  const work = () => {
    tried.times += 1;
    vi.advanceTimersByTime(500);
    throw Object.assign(new Error('It failed.'), { code: 'SQLITE_BUSY' });
  };
  return { tried, work };
}

test.each(['wait', 'waitSync'] as const)(
  '%s gives up after 2 s, and whoever comes within a second of that gives up sooner',
  async (how) => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const patience = new Patience();
    const first = await tries[how](patience);
    expect(first).toMatchObject({
      times: 5,
      said: {
        code: 'AUDIT_UNAVAILABLE',
        message: 'The audit log cannot be written: another process held its lock for 2 s.',
        remedy:
          'Run `vmware-audit verify` and mend what it names; calls are refused until a row can be written.',
      },
    });
    expect((await tries[how](patience)).times).toBe(1);
    vi.advanceTimersByTime(999);
    expect((await tries[how](patience)).times).toBe(1);
    vi.advanceTimersByTime(1_000);
    expect((await tries[how](patience)).times).toBe(5);
  },
);

test('whoever comes soon after somebody gave up still waits a little', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const patience = new Patience();
  await tries.wait(patience);
  const { work } = failing(3, { code: 'SQLITE_BUSY' });
  expect(await patience.wait(work)).toBe('done');
});
