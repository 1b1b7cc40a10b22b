import type { Home } from '../home.js';
import { adminRow } from './admin.js';
import { type Broken, type FamilyRow, familyRows } from './family-log.js';
import { readLog } from './query.js';
import { record, withLog } from './write-log.js';

export interface Imported {
  /** Rows that were added. */
  readonly added: number;
  /** Rows that are in the log already. */
  readonly known: number;
  readonly broken: readonly Broken[];
}

const rowsPerCommit = 500;

/** How many rows of the Python programs' table would be added, are known, and cannot be read. */
export function planImport(home: Home, file: string): Imported {
  return readLog(home, (db) => {
    const hasTable = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'imported'").get();
    const find = !hasTable ? undefined : db.prepare('SELECT 1 FROM imported WHERE digest = ?');
    const sum = { added: 0, known: 0, broken: [] as Broken[] };
    for (const row of familyRows(file)) {
      if (!('digest' in row)) sum.broken.push(row);
      else if (find?.get(row.digest)) sum.known += 1;
      else sum.added += 1;
    }
    return sum;
  });
}

/**
 * Copies the rows into the log, each once however often it is imported, and ends with a row that counts them and
 * names those that cannot be read.
 */
export const importFamily = (home: Home, file: string): Promise<Imported> =>
  withLog(home, async (db, patience) => {
    const sum = { added: 0, known: 0, broken: [] as Broken[] };
    const note = db.prepare('INSERT OR IGNORE INTO imported(digest, seq) VALUES(?, ?)');
    const commit = (rows: readonly FamilyRow[]) =>
      record(home, db, patience, (append) => {
        let added = 0;
        for (const { digest, draft } of rows) {
          if (Number(note.run(digest, 0).changes) === 0) continue;
          const { seq } = append(draft);
          db.prepare('UPDATE imported SET seq = ? WHERE digest = ?').run(seq, digest);
          added += 1;
        }
        return added;
      });
    let batch: FamilyRow[] = [];
    const flush = async () => {
      const added = await commit(batch);
      sum.added += added;
      sum.known += batch.length - added;
      batch = [];
    };
    for (const row of familyRows(file)) {
      if (!('digest' in row)) sum.broken.push(row);
      else if (batch.push(row) >= rowsPerCommit) await flush();
    }
    await flush();
    const { added, known, broken } = sum;
    const body = { file, added, known, broken: broken.length, first_broken: broken.slice(0, 100) };
    await record(home, db, patience, (append) =>
      append(adminRow('import_audit_log', 'import', body)),
    );
    return sum;
  });
