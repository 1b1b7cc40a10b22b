// What the audit log costs: an intent and an outcome in raw durable inserts of the same run, 32 rows in flight, and 8
// programs that write 10,000 rows each.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import { inAuditHome, row } from './audit-home.mjs';
import { cleanEnv, interleaved } from './measure.mjs';
import { policy, policySources } from './policy-sources.mjs';

const Sqlite = createRequire(join(policy, 'package.json'))('better-sqlite3');
const programs = 8;
const each = Number(process.env.APPEND_ROWS ?? 10_000);

export async function bench() {
  const audit = await policySources('append', ['home', 'audit/store', 'audit/verify']);
  return [
    await inAuditHome(audit.homeAt, (home) => against(audit, home)),
    await inAuditHome(audit.homeAt, (home) => inFlight(audit, home)),
    ...(await inAuditHome(audit.homeAt, (home) => together(audit, home))),
  ];
}

async function against({ Store }, home) {
  const store = new Store(home);
  await store.ready();
  const raw = rawInsert(join(home.dir, 'plain.db'));
  let n = 0;
  const us = await interleaved(
    1_000,
    {
      insert: timed(async () => raw()),
      change: timed(async () => {
        n += 1;
        const op_id = `op-${n}`;
        await store.append(row({ op_id, phase: 'intent' }));
        await store.append(row({ op_id, phase: 'outcome' }));
      }),
    },
    200,
  );
  store.close();
  return {
    what: 'intent and outcome, in one raw durable insert',
    ratio: us.change / us.insert,
    target: 2.5,
    detail: `one insert takes ${us.insert.toFixed(0)} us`,
  };
}

/** Resolves to the microseconds that one run takes, from a fresh turn of the event loop. */
const timed = (work) => async () => {
  await turn();
  const start = performance.now();
  await work();
  return (performance.now() - start) * 1000;
};

function rawInsert(file) {
  const db = new Sqlite(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('CREATE TABLE plain(seq INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT');
  const insert = db.prepare('INSERT INTO plain(body) VALUES(?)');
  const body = 'x'.repeat(700);
  return () => insert.run(body);
}

async function inFlight({ Store }, home) {
  const store = new Store(home);
  await store.ready();
  const rows = 20_000;
  let left = rows;
  const line = async () => {
    while (left > 0) {
      left -= 1;
      await store.append(row());
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: 32 }, line));
  const perSecond = rows / ((performance.now() - start) / 1000);
  store.close();
  return {
    what: `5,000 rows/s in what 32 in flight reach: ${Math.round(perSecond)} rows/s`,
    ratio: 5_000 / perSecond,
    target: 1,
  };
}

async function together({ verifyLog, files }, home) {
  const program = join(home.dir, 'writer.mjs');
  writeFileSync(program, writer(files));
  const start = performance.now();
  const ends = await Promise.all(
    Array.from({ length: programs }, () => run(program, [home.dir, String(each)])),
  );
  const seconds = (performance.now() - start) / 1000;
  const took = ends.flatMap((end) => end.took).sort((a, b) => a - b);
  const refused = ends.reduce((sum, end) => sum + end.refused, 0);
  const { verdict, rows } = verifyLog(home);
  const worst = took.at(-1);
  const p99 = took[Math.floor(took.length * 0.99)];
  const detail = `${rows} of ${programs * each} rows, ${refused} refused, ${verdict}, ${Math.round(rows / seconds)} rows/s`;
  return [
    {
      what: `worst append of ${programs} programs: ${worst.toFixed(0)} ms in 2 s`,
      ratio: worst / 2_000,
      target: 1,
      detail,
    },
    { what: `99th percentile: ${p99.toFixed(0)} ms in 250 ms`, ratio: p99 / 250, target: 1 },
    { what: 'rows lost or refused', ratio: programs * each - rows + refused, target: 0 },
  ];
}

const writer = ([home, store]) => `import { homeAt } from '${home}';
import { Store } from '${store}';
const row = ${row.toString().replace('count += 1;', '')};
let count = 0;
const [dir, rows] = process.argv.slice(2);
const log = new Store(homeAt(dir));
const took = [];
let refused = 0;
for (let i = 0; i < Number(rows); i += 1) {
  count = i;
  const start = performance.now();
  await log.append(row()).catch(() => { refused += 1; });
  took.push(performance.now() - start);
}
log.close();
console.log(JSON.stringify({ took: took.map((ms) => Math.round(ms * 100) / 100), refused }));
`;

async function run(program, args) {
  const child = spawn(process.execPath, [program, ...args], {
    env: cleanEnv(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return JSON.parse(said);
}
