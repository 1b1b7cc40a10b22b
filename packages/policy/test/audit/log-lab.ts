import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/audit/driver.js';
import type { Draft } from '../../src/audit/event.js';
import { lastEvents } from '../../src/audit/query.js';
import { Store } from '../../src/audit/store.js';
import type { Outcome } from '../../src/call.js';
import { type Home, homeAt } from '../../src/home.js';
import { govern } from '../../src/open.js';
import type { How } from '../../src/request.js';
import { records } from '../../src/tools/toolset.js';
import { draft } from '../draft.js';
import { as } from '../lab.js';

export const freshHome = (dir = tmpdir()): Home => homeAt(mkdtempSync(join(dir, 'audit-')));

/** In memory where there is such a folder: for many logs whose durability is not the question. */
export const quickHome = (): Home => freshHome(existsSync('/dev/shm') ? '/dev/shm' : tmpdir());

/** Appends rows that the real writer writes, and signs the last one. */
export async function fill(home: Home, rows: number, more: Partial<Draft> = {}): Promise<void> {
  const store = new Store(home);
  await Promise.all(
    Array.from({ length: rows }, (_, i) => store.append(draft({ rule: `rule-${i}`, ...more }))),
  );
  store.anchor({ always: true });
  store.close();
}

/** Does to a log or an archive what only somebody with the file in hands can do. */
export function tamper(file: string, sql: string): void {
  const { db } = openDatabase(file);
  db.exec(
    `DROP TRIGGER IF EXISTS event_is_append_only_update; DROP TRIGGER IF EXISTS event_is_append_only_delete; ${sql}`,
  );
  db.close();
}

/** Policy's own tools on a log with so many rows. */
export async function logLab(rows = 0) {
  const home = freshHome();
  await fill(home, rows);
  const own = govern(records(home), { home, env: {} });
  const answer = async (
    tool: string,
    input: Record<string, unknown>,
    how: Partial<How> = {},
  ): Promise<Outcome> =>
    (await own.answer(tool, input, { surface: 'cli', ...how })) ??
    Promise.reject(new Error(`No ${tool}`));
  return {
    home,
    ask: answer,
    read: async (tool: string, input: Record<string, unknown> = {}) =>
      as('done', await answer(tool, input)).output,
    plan: async (tool: string, input: Record<string, unknown> = {}) =>
      as('preview', await answer(tool, input)).plan,
    change: async (tool: string, input: Record<string, unknown> = {}) =>
      as('done', await answer(tool, input, { dryRun: false, confirmed: true })).output,
    rows: () => lastEvents(home, {}, 1_000_000).rows,
    async [Symbol.asyncDispose]() {
      await own.close();
      rmSync(home.dir, { recursive: true, force: true });
    },
  };
}
