import type { Home } from '../home.js';
import { Chain, inTransaction } from './chain.js';
import { checkpoint } from './checkpoint.js';
import type { Database } from './driver.js';
import type { Draft, Event } from './event.js';
import { openLogFile } from './file.js';
import { Patience } from './patience.js';

/** Opens the log for work that is not a call: on its archives, its holds, itself. */
export async function withLog<T>(
  home: Home,
  work: (db: Database, patience: Patience) => Promise<T>,
): Promise<T> {
  const patience = new Patience();
  const { db } = await patience.wait(() => openLogFile(home));
  try {
    return await work(db, patience);
  } finally {
    db.close();
  }
}

/** Changes working state of the log and says so in rows, in one transaction; the last row is signed. */
export const record = <T>(
  home: Home,
  db: Database,
  patience: Patience,
  work: (append: (draft: Draft) => Event) => T,
): Promise<T> =>
  patience
    .wait(() =>
      inTransaction(db, () => {
        const chain = new Chain(db);
        return work((draft) => chain.append(draft, chain.last()));
      }),
    )
    .then((result) => {
      checkpoint(home, db, patience, { always: true });
      return result;
    });
