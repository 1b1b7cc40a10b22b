export const applicationId = 0x564d4155; // 'VMAU'
export const schemaVersion = 1;

/** `event` is the log. `pending`, `consent` and `meta` are working state, not evidence. */
export const schema = `
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
PRAGMA user_version = ${schemaVersion};
`;
