"""Rows of an audit log: their hash, their order, and what they say of each other."""
import hashlib
import json
import re

COLUMNS = (
    "seq event_id op_id phase ts clock_regress boot pid skill tool target environment actor agent session "
    "risk decision rule rules_sha args_sha status duration_us body prev hash"
).split()


class Bad(Exception):
    """The first bad row, and what is wrong with it."""

    def __init__(self, seq, problem):
        super().__init__(problem)
        self.seq = seq


def hash_of(row):
    listed = [row[column] for column in COLUMNS[:-3]]
    body = row["body"]
    listed.append(hashlib.sha256(body.encode() if isinstance(body, str) else body or b"").hexdigest())
    text = json.dumps(listed, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(b"vmaudit/1" + row["prev"] + text.encode()).digest()


def is_hash(value):
    return isinstance(value, bytes) and len(value) == 32


def is_digest(value):
    return isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) is not None


def is_range(said):
    return (
        isinstance(said, dict)
        and isinstance(said.get("archive"), str)
        and all(type(said.get(key)) is int for key in ("from", "to"))
        and all(is_digest(said.get(key)) for key in ("sha256", "last_hash"))
    )


def json_in(row):
    try:
        return json.loads(row["body"])
    except (TypeError, ValueError):
        return None


class Check:
    """One pass over rows in order."""

    def __init__(self, start, signed):
        self.start, self.signed = start, signed
        self.rows = self.checkpoints = 0
        self.head = bytes(32) if start == 1 else None
        self.before = None
        self.undecided, self.seals, self.pruned = set(), [], []

    @property
    def next(self):
        return self.start + self.rows

    def take(self, row):
        seq, prev, digest = self.next, row["prev"], row["hash"]
        if row["seq"] != seq:
            raise Bad(seq, f"Row {row['seq']} is where row {seq} should be.")
        if not (is_hash(prev) and is_hash(digest)):
            raise Bad(seq, f"Row {seq} has no hash.")
        if self.head is not None and prev != self.head:
            raise Bad(seq, f"Row {seq} does not follow the row before it.")
        if hash_of(row) != digest:
            raise Bad(seq, f"Row {seq} does not match its hash.")
        for demanded, fault in self.signed.get(seq, ()):
            if fault or demanded != digest.hex():
                raise Bad(seq, f"Row {seq} is not the row that was signed: {fault or 'another hash'}.")
            self.checkpoints += 1
        self.follow(row)
        self.before = self.before or prev
        self.head = digest
        self.rows += 1

    def follow(self, row):
        phase, operation = row["phase"], row["op_id"]
        if phase in ("intent", "in_doubt"):
            self.undecided.add(operation)
        elif phase == "outcome":
            if operation not in self.undecided and self.start == 1:
                raise Bad(row["seq"], f"Row {row['seq']} is an outcome without an intent, or a second one.")
            self.undecided.discard(operation)
        elif phase == "seal":
            said = json_in(row)
            if not is_range(said):
                raise Bad(row["seq"], f"Row {row['seq']} seals no archive.")
            self.seals.append(said)
        elif phase == "admin":
            self.pruned += pruned_in(row)


def pruned_in(row):
    said = json_in(row) if row["phase"] == "admin" and row["status"] == "pruned" else None
    ranges = said.get("pruned") if isinstance(said, dict) else None
    return ranges if isinstance(ranges, list) and all(map(is_range, ranges)) else []
