import type { Home } from '../home.js';
import { appendAnchor } from './anchor.js';
import { Chain, hex } from './chain.js';
import type { Database } from './driver.js';
import { metaOf, setMeta } from './meta.js';
import type { Patience } from './patience.js';

const rowsPerAnchor = 1_000;
const secondsPerAnchor = 60;

/** Signs the last row when that is due: 1,000 rows or 60 s since the last time, or `always` with new rows. */
export function checkpoint(
  home: Home,
  db: Database,
  patience: Patience,
  { always = false } = {},
): void {
  const last = new Chain(db).last();
  if (!last) return;
  const [seq = '0', ts = '1970-01-01T00:00:00.000Z'] = metaOf(db, 'anchored')?.split(' ') ?? [];
  const rows = last.seq - Number(seq);
  const seconds = (Date.parse(last.ts) - Date.parse(ts)) / 1000;
  if (rows === 0 || !(always || rows >= rowsPerAnchor || Math.abs(seconds) >= secondsPerAnchor))
    return;
  appendAnchor(home, { seq: last.seq, hash: hex(last.hash), ts: last.ts });
  patience.waitSync(() => setMeta(db, 'anchored', `${last.seq} ${last.ts}`));
}
