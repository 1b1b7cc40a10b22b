// Writes the published test vectors: rows with their hashes, and whole small logs with their verdicts. The verdicts
// are said here, by what was done to each log, and no verifier is asked. Run it after the format has changed.
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { policy, policySources } from '../../../bench/policy-sources.mjs';

const Sqlite = createRequire(join(policy, 'package.json'))('better-sqlite3');
const audit = await policySources('vectors', [
  'home',
  'audit/anchor',
  'audit/backup',
  'audit/event',
  'audit/prune',
  'audit/restore',
  'audit/rotate',
  'audit/store',
]);
const out = join(import.meta.dirname, 'vectors');
const base = mkdtempSync(join(tmpdir(), 'vectors-'));
const fresh = () => audit.homeAt(mkdtempSync(join(base, 'home-')));

const texts = [
  '',
  'web-01',
  'ü 漢字 👩‍👩‍👧',
  '"\\/\b\f\n\r\t\u0001\u007f\u2028',
  "<>&'`",
  '\ufffd',
];

let count = 0;
const draft = (more = {}) => {
  count += 1;
  const text = texts[count % texts.length];
  return {
    op_id: `op-${count}`,
    phase: 'read',
    skill: 'counters',
    tool: 'get_counter',
    target: text,
    environment: 'lab',
    actor: 'ann',
    agent: 'vectors/1',
    session: 'abcdef',
    risk: 'low',
    decision: 'allow',
    rule: 'default',
    rules_sha: '0'.repeat(64),
    args_sha: '1'.repeat(64),
    status: 'ok',
    duration_us: count * 7,
    body: { args: { name: text }, count },
    ...more,
  };
};

async function write(home, rows, more) {
  const store = new audit.Store(home);
  for (let i = 0; i < rows; i += 1) await store.append(draft(more));
  store.anchor({ always: true });
  store.close();
}

function sql(file, statement) {
  const db = new Sqlite(file);
  db.exec('PRAGMA journal_mode = DELETE; DROP TRIGGER IF EXISTS event_is_append_only_update');
  db.exec(`DROP TRIGGER IF EXISTS event_is_append_only_delete; ${statement}`);
  db.close();
}

const rowsOf = (home) => {
  const db = new Sqlite(home.auditDb);
  const rows = db.prepare('SELECT * FROM event ORDER BY seq').all();
  db.close();
  return rows;
};

/** Every file of a home that a verifier reads, compressed; the private key stays out. */
function files(home) {
  if (statSync(home.auditKey, { throwIfNoEntry: false })) {
    writeFileSync(audit.publicKeyFile(home), audit.pem(audit.checkingKey(home)));
    rmSync(home.auditKey);
  }
  const wanted = /^audit\.(db|anchor|pub)$|^audit-archive\/.*\.db$/;
  const names = readdirSync(home.dir, { recursive: true }).filter((name) => wanted.test(name));
  return Object.fromEntries(
    names
      .sort()
      .map((name) => [name, gzipSync(readFileSync(join(home.dir, name))).toString('base64')]),
  );
}

const archive = (home, n) =>
  join(home.dir, 'audit-archive', readdirSync(join(home.dir, 'audit-archive'))[n]);

/** Rows 1-4 and 5-9 in archives, 10-14 in audit.db; rows 6, 11, 14 and others are signed. */
async function archived() {
  const home = fresh();
  await write(home, 4);
  await audit.rotate(home);
  await write(home, 4);
  await audit.rotate(home);
  await write(home, 4);
  return home;
}

async function plain() {
  const home = fresh();
  await write(home, 6);
  return home;
}

async function restored() {
  const home = await plain();
  const copy = join(base, `backup-${count}`);
  await audit.backup(home, copy);
  await write(home, 4);
  audit.restore(home, copy);
  await write(home, 2);
  return home;
}

const logs = [];
async function log(name, verdict, first_bad_row, make) {
  const home = await make();
  // Whatever is still in a WAL belongs to the log.
  if (verdict !== 'unreadable') sql(home.auditDb, '');
  logs.push({ name, verdict, first_bad_row, files: files(home) });
}

/** The same, with something done to the log afterwards. */
const but = (make, change) => async () => {
  const home = await make();
  sql(home.auditDb, '');
  await change(home);
  return home;
};
const doing = (make, statement) => but(make, (home) => sql(home.auditDb, statement));

await log('a log of six rows', 'intact', null, plain);
await log('a log without rows', 'intact', null, async () => {
  const home = fresh();
  const store = new audit.Store(home);
  await store.ready();
  store.close();
  return home;
});
await log('two archives', 'intact', null, archived);
await log('a change without an outcome', 'incomplete', null, async () => {
  const home = await plain();
  await write(home, 1, { phase: 'intent' });
  return home;
});
await log('the first archive was pruned', 'incomplete', null, async () => {
  const home = await archived();
  const { size } = statSync(archive(home, 1));
  const may = audit.prunable(home, { keepBytes: size });
  await audit.prune(home, { keepBytes: size }, may.archives);
  return home;
});
await log('a restore that lost rows 7 to 10', 'incomplete', null, restored);
await log(
  'row 3 was edited',
  'tampered',
  3,
  doing(plain, "UPDATE event SET actor = 'bob' WHERE seq = 3"),
);
await log('row 3 is missing', 'tampered', 3, doing(plain, 'DELETE FROM event WHERE seq = 3'));
await log(
  'rows after the fourth were cut off',
  'tampered',
  5,
  doing(plain, 'DELETE FROM event WHERE seq > 4'),
);
await log('row 2 was edited, and all hashes made anew', 'tampered', 6, but(plain, rewrite));
await log(
  'the first archive is missing',
  'tampered',
  1,
  but(archived, (home) => rmSync(archive(home, 0))),
);
await log(
  'the second archive is missing',
  'tampered',
  5,
  but(archived, (home) => rmSync(archive(home, 1))),
);
await log(
  'a byte that is no row changed in the second archive',
  'tampered',
  5,
  but(archived, (home) => sql(archive(home, 1), 'PRAGMA user_version = 9')),
);
await log(
  'a row of the first archive was edited',
  'tampered',
  2,
  but(archived, (home) => sql(archive(home, 0), "UPDATE event SET actor = 'bob' WHERE seq = 2")),
);
await log(
  'a checkpoint that somebody else signed',
  'tampered',
  6,
  but(plain, (home) => {
    const line = JSON.parse(readFileSync(home.auditAnchor, 'utf8'));
    const sig = Buffer.from(line.sig, 'base64');
    sig[0] ^= 1;
    writeFileSync(
      home.auditAnchor,
      `${JSON.stringify({ ...line, sig: sig.toString('base64') })}\n`,
    );
  }),
);
await log(
  'the line of a restore was copied to void what came after',
  'tampered',
  7,
  but(restored, (home) => {
    const line = readFileSync(home.auditAnchor, 'utf8')
      .split('\n')
      .find((text) => text.includes('restore'));
    appendFileSync(home.auditAnchor, `${line}\n`);
    sql(home.auditDb, 'DELETE FROM event WHERE seq > 7');
  }),
);
await log(
  'a line of audit.anchor is garbled',
  'unreadable',
  null,
  but(plain, (home) => appendFileSync(home.auditAnchor, '{"seq":}\n')),
);
await log(
  'audit.db is garbage',
  'unreadable',
  null,
  but(plain, (home) => writeFileSync(home.auditDb, 'garbage '.repeat(100))),
);

function rewrite(home) {
  const db = new Sqlite(home.auditDb);
  let prev = audit.genesis;
  for (const row of rowsOf(home)) {
    const changed = { ...row, prev, actor: row.seq === 2 ? 'bob' : row.actor };
    prev = audit.hashOf(changed);
    db.prepare('UPDATE event SET actor = ?, prev = ?, hash = ? WHERE seq = ?').run(
      changed.actor,
      changed.prev,
      prev,
      row.seq,
    );
  }
  db.close();
}

const hex = (bytes) => Buffer.from(bytes).toString('hex');
const home = fresh();
await write(home, 12);
const rows = rowsOf(home).map((row) => ({ ...row, prev: hex(row.prev), hash: hex(row.hash) }));
const save = (name, value) => writeFileSync(join(out, name), `${JSON.stringify(value, null, 2)}\n`);
save('rows.json', rows);
save('logs.json', logs);
rmSync(base, { recursive: true });
