#!/usr/bin/env python3
"""Verifies an audit log of the VMware tools, from its published format: docs/audit.md.

    verify_audit_log.py [--from SEQ] [--anchor FILE] [--archive-dir DIR] HOME...

HOME is the folder of audit.db, or a backup of it. One line of JSON for each. Ends with 0 intact, 1 tampered,
2 incomplete, 3 unreadable: that of the first which is not intact. Python 3.9, standard library, SQLite 3.37.
"""
import argparse
import hashlib
import json
import re
import sqlite3
import sys
from pathlib import Path

from anchors import Unreadable, demands_of, public_key_in, read_anchors, together
from rows import Bad, Check, pruned_in

ARCHIVE = re.compile(r"(\d{10,})-(\d{10,})\.db")
EXITS = {"intact": 0, "tampered": 1, "incomplete": 2, "unreadable": 3}


def connect(path):
    db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
    db.text_factory = lambda data: data.decode("utf-8", "replace")
    db.row_factory = sqlite3.Row
    return db


def rows_from(db, seq):
    return db.execute("SELECT * FROM event WHERE seq >= ? ORDER BY seq", (seq,))


def sha256_of(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            digest.update(piece)
    return digest.hexdigest()


def archives_in(folder):
    if not folder.exists():
        return []
    named = ((ARCHIVE.fullmatch(path.name), path) for path in folder.iterdir())
    return sorted((int(match[1]), int(match[2]), path) for match, path in named if match)


def take_archives(check, files, first):
    digests = {}
    for _, last, path in files:
        digests[path.name] = sha256_of(path)
        db = connect(path)
        try:
            for row in rows_from(db, first):
                check.take(row)
        except sqlite3.Error:
            raise Bad(check.next, f"The archive {path.name} cannot be read as it was sealed.") from None
        finally:
            db.close()
        if check.next != last + 1:
            raise Bad(min(check.next, last + 1), f"The archive {path.name} holds other rows than its name says.")
    return digests


def pruned_anywhere(db, files):
    found = [said for row in db.execute("SELECT * FROM event WHERE status = 'pruned'") for said in pruned_in(row)]
    for _, _, path in files:
        archive = connect(path)
        try:
            for row in archive.execute("SELECT * FROM event WHERE status = 'pruned'"):
                found += pruned_in(row)
        except sqlite3.Error:
            pass
        finally:
            archive.close()
    return found


def check_prefix(check, wanted, pruned):
    """Rows before the first that is there must have been pruned."""
    if check.start <= wanted:
        return
    # Where the first row that is there is bad itself, its prev says nothing.
    before = check.before and check.before.hex()
    if not any(said["to"] == check.start - 1 and before in (None, said["last_hash"]) for said in pruned):
        raise Bad(wanted, f"Rows {wanted} to {check.start - 1} are missing.")


def check_pruned(check, signed):
    for said in check.pruned:
        if any(demanded != said["last_hash"] for demanded, _ in signed.get(said["to"], ())):
            raise Bad(said["to"], f"Row {said['to']}, which was pruned, is not the row that was signed.")


def check_seals(check, files, digests, wanted):
    for seal in check.seals:
        if seal["to"] < wanted:
            continue
        digest = digests.get(seal["archive"])
        if digest == seal["sha256"] or (digest is None and seal in check.pruned):
            continue
        raise Bad(seal["from"], f"The archive {seal['archive']} is missing or not the one that was sealed.")


def check_sealed(check, files):
    sealed = {seal["archive"] for seal in check.seals}
    for first, _, path in files:
        if path.name not in sealed:
            raise Bad(first, f"No row seals the archive {path.name}.")


def verify(home, wanted, elsewhere, folder):
    if not (home / "audit.db").is_file():
        raise Unreadable(f"There is no audit log at {home / 'audit.db'}.")
    lines = [read_anchors(home / "audit.anchor", may_be_missing=True)]
    lines += [read_anchors(Path(elsewhere), may_be_missing=False)] if elsewhere else []
    key = public_key_in(home)
    if key is None and any(lines):
        raise Unreadable(f"{home} has no key that checks its signed checkpoints.")
    signed, lost = together([demands_of(each, key) for each in lines])
    db = connect(home / "audit.db")
    try:
        db.execute("BEGIN")
        live = db.execute("SELECT min(seq) FROM event").fetchone()[0]
        files = [
            (first, last, path)
            for first, last, path in archives_in(folder or home / "audit-archive")
            if (live is None or first < live) and last >= wanted
        ]
        check = Check(max(wanted, files[0][0] if files else live or 1), signed)
        bad = None
        try:
            digests = take_archives(check, files, wanted)
            for row in rows_from(db, check.start):
                check.take(row)
        except Bad as error:
            bad = error
        try:
            check_prefix(check, wanted, check.pruned + (pruned_anywhere(db, files) if bad else []))
            check_pruned(check, signed)
            if bad:
                raise bad
            check_seals(check, files, digests, wanted)
            missing = min((seq for seq in signed if seq >= check.next), default=None)
            if missing is not None:
                raise Bad(check.next, f"Row {missing} was signed but is not there.")
            check_sealed(check, files)
            bad = None
        except Bad as error:
            bad = error
        if bad is None and db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise Unreadable("The rows are intact, but the file is damaged.")
        return answer(check, bad, len(files), lost)
    finally:
        db.close()


def answer(check, bad, archives, lost):
    pruned = max((said["to"] for said in check.pruned if said["to"] < check.start), default=0)
    gone = [{"from": 1, "to": pruned, "why": "pruned"}] if pruned else []
    gone += [{"from": first, "to": last, "why": "restored"} for first, last in lost]
    whole = not gone and not check.undecided
    return {
        "verdict": "tampered" if bad else "intact" if whole else "incomplete",
        "first_bad_row": bad.seq if bad else None,
        "problem": str(bad) if bad else None,
        "rows": check.rows,
        "archives": archives,
        "checkpoints": check.checkpoints,
        "in_doubt": len(check.undecided),
        "lost": gone,
        "head": check.head.hex() if check.rows else None,
    }


def main():
    parser = argparse.ArgumentParser(description="Verifies audit logs of the VMware tools.")
    parser.add_argument("--from", dest="first", type=int, default=1)
    parser.add_argument("--anchor")
    parser.add_argument("--archive-dir", type=Path)
    parser.add_argument("home", nargs="+", type=Path)
    given = parser.parse_args()
    code = 0
    for home in given.home:
        try:
            said = verify(home, given.first, given.anchor, given.archive_dir)
        except (Unreadable, OSError, sqlite3.Error) as error:
            said = {"verdict": "unreadable", "first_bad_row": None, "problem": str(error)}
        print(json.dumps({"home": str(home), **said}))
        code = code or EXITS[said["verdict"]]
    sys.exit(code)


if __name__ == "__main__":
    main()
