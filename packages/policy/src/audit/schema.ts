export const applicationId = 0x564d4155; // 'VMAU'

/** `event` is the log. The other tables are working state, not evidence. */
const first = `
CREATE TABLE event(
  seq INTEGER PRIMARY KEY,
  event_id TEXT NOT NULL UNIQUE,
  op_id TEXT NOT NULL,
  phase TEXT NOT NULL CHECK(phase IN
    ('intent','outcome','denied','preview','read','auth','policy','admin','seal','checkpoint','in_doubt')),
  ts TEXT NOT NULL,
  clock_regress INTEGER NOT NULL DEFAULT 0,
  boot TEXT NOT NULL,
  pid INTEGER NOT NULL,
  skill TEXT NOT NULL,
  tool TEXT NOT NULL,
  target TEXT NOT NULL,
  environment TEXT NOT NULL,
  actor TEXT NOT NULL,
  agent TEXT NOT NULL,
  session TEXT NOT NULL,
  risk TEXT NOT NULL,
  decision TEXT NOT NULL,
  rule TEXT NOT NULL,
  rules_sha TEXT NOT NULL,
  args_sha TEXT NOT NULL,
  status TEXT NOT NULL,
  duration_us INTEGER NOT NULL,
  body TEXT NOT NULL,
  prev BLOB NOT NULL,
  hash BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX one_outcome ON event(op_id) WHERE phase = 'outcome';
CREATE INDEX intents_by_actor ON event(actor, ts, tool) WHERE phase = 'intent';
CREATE TABLE consent(nonce TEXT PRIMARY KEY, op_id TEXT NOT NULL, used_seq INTEGER NOT NULL) STRICT;
CREATE TABLE pending(op_id TEXT PRIMARY KEY, seq INTEGER NOT NULL, owner TEXT NOT NULL) STRICT;
CREATE TABLE meta(k TEXT PRIMARY KEY, v TEXT NOT NULL) STRICT;
CREATE TRIGGER event_is_append_only_update BEFORE UPDATE ON event
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER event_is_append_only_delete BEFORE DELETE ON event
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
PRAGMA application_id = ${applicationId};
`;

/** Rows up to `sealed_seq` are in an archive and may go; `archive` says which one has them. */
const second = `
DROP TRIGGER IF EXISTS event_is_append_only_delete;
CREATE TRIGGER event_is_append_only_delete BEFORE DELETE ON event
  WHEN OLD.seq > coalesce((SELECT CAST(v AS INTEGER) FROM meta WHERE k = 'sealed_seq'), 0)
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
DROP INDEX IF EXISTS intents_by_actor;
CREATE INDEX IF NOT EXISTS by_actor ON event(actor, ts, args_sha);
CREATE TABLE IF NOT EXISTS waiting(op_id TEXT PRIMARY KEY, seq INTEGER NOT NULL, owner TEXT NOT NULL)
  STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO waiting SELECT op_id, seq, owner FROM pending;
DROP TABLE pending;
ALTER TABLE waiting RENAME TO pending;
CREATE TABLE IF NOT EXISTS archive(
  from_seq INTEGER PRIMARY KEY,
  to_seq INTEGER NOT NULL,
  file TEXT NOT NULL UNIQUE,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  last_hash TEXT NOT NULL,
  oldest TEXT NOT NULL,
  newest TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS hold(
  name TEXT PRIMARY KEY,
  from_ts TEXT NOT NULL,
  to_ts TEXT NOT NULL,
  reason TEXT NOT NULL,
  placed_seq INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS imported(digest TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT;
`;

/** What takes a log from the version that is its index to the next; 0 is an empty file. Each can be run twice. */
export const migrations: readonly string[] = [first, second];
export const schemaVersion = migrations.length;

/** The table and index of an archive: the rows as they were, and nothing to write them with. */
export const archiveSchema = (name: string): string =>
  first
    .slice(0, first.indexOf('CREATE UNIQUE INDEX'))
    .replace('CREATE TABLE event', `CREATE TABLE ${name}.event`)
    .concat(
      `CREATE INDEX ${name}.by_operation ON event(op_id);\nPRAGMA ${name}.application_id = ${applicationId};\nPRAGMA ${name}.user_version = 2;`,
    );
