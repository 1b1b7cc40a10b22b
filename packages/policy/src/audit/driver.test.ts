import { expect, test } from 'vitest';
import { isSafeEngine, openDatabase } from './driver.js';

test.each(['3.51.3', '3.51.4', '3.52.0', '3.53.2', '3.50.7', '3.44.6', '4.0.0'])(
  'SQLite %s has no WAL-reset bug',
  (version) => {
    expect(isSafeEngine(version)).toBe(true);
  },
);

test.each([
  '3.51.2',
  '3.51.0',
  '3.50.6',
  '3.49.9',
  '3.44.5',
  '3.45.7',
  '3.40.1',
  '3.7.0',
  '2.9.9',
  '',
])('SQLite "%s" is refused', (version) => {
  expect(isSafeEngine(version)).toBe(false);
});

test('the driver that is installed here is safe and works', () => {
  const { db, version } = openDatabase(':memory:');
  expect(isSafeEngine(version)).toBe(true);
  expect(db.prepare('SELECT 1 + 1 AS two').get()).toEqual({ two: 2 });
  db.close();
});
