import { createRequire, isBuiltin } from 'node:module';
import { expect, test } from 'vitest';
import { type Database, isSafeEngine, openDatabase } from './driver.js';

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

const require = createRequire(import.meta.url);

/** Runs with an add-on that Node does not load: what another version of Node finds after an upgrade. */
function withoutBinary<T>(run: () => T): T {
  const file = require.resolve('better-sqlite3/build/Release/better_sqlite3.node');
  const load = require.extensions['.node'];
  const loaded = require.cache[file];
  delete require.cache[file];
  require.extensions['.node'] = () => {
    throw new Error('The module was compiled against a different Node.js version');
  };
  try {
    return run();
  } finally {
    require.extensions['.node'] = load;
    require.cache[file] = loaded;
  }
}

test('without a binary Node itself is the driver, or what to do is said where it has none', () => {
  const warn = process.emitWarning;
  withoutBinary(() => {
    if (isBuiltin('node:sqlite')) {
      const { db, driver, version } = openDatabase(':memory:');
      expect(driver).toBe('node:sqlite');
      expect(db.prepare('SELECT sqlite_version() AS v').get()).toEqual({ v: version });
      db.close();
      return;
    }
    expect(() => openDatabase(':memory:')).toThrow(
      expect.objectContaining({
        code: 'NO_SQLITE_DRIVER',
        message:
          'No SQLite driver: better-sqlite3 has no binary for this Node, and this Node has no node:sqlite.',
        remedy:
          'Run `npm rebuild better-sqlite3` in the folder of this installation, or use Node 22.13 or newer.',
      }),
    );
  });
  expect(process.emitWarning).toBe(warn);
  const { db, driver } = openDatabase(':memory:');
  expect(driver).toBe('better-sqlite3');
  db.close();
});

type Sqlite = new (
  file: string,
  options: object,
) => Database & {
  function(name: string, answer: () => string): void;
};

test('an engine that can corrupt a log is refused with its version, and the file is closed', () => {
  const Real = require('better-sqlite3') as Sqlite;
  const opened: Database[] = [];
  class Old extends Real {
    constructor(file: string, options: object) {
      super(file, options);
      this.function('sqlite_version', () => '3.50.6');
      opened.push(this);
    }
  }
  const module = require.cache[require.resolve('better-sqlite3')];
  if (!module) throw new Error('not loaded');
  module.exports = Old;
  try {
    expect(() => openDatabase(':memory:')).toThrow(
      expect.objectContaining({
        code: 'SQLITE_TOO_OLD',
        message: 'SQLite 3.50.6 can corrupt a log that several processes write.',
        remedy:
          'Run `npm rebuild better-sqlite3`, or use a Node whose process.versions.sqlite is 3.51.3 or newer.',
      }),
    );
  } finally {
    module.exports = Real;
  }
  for (const db of opened) expect(() => db.prepare('SELECT 1')).toThrow('not open');
  expect(opened).toHaveLength(2);
});
