"""Signed lines of an audit.anchor file, and what they demand of the log."""
import base64
import binascii
import json
import re

import ed25519

HEX = re.compile("[0-9a-f]{64}")
CHECKPOINT = {"origin", "seq", "hash", "ts", "sig"}
RESTORE = CHECKPOINT | {"kind", "lost_to", "after"}
PRIVATE = bytes.fromhex("302e020100300506032b657004220420")
PUBLIC = bytes.fromhex("302a300506032b6570032100")


class Unreadable(Exception):
    """There is no telling whether the log is intact."""


def public_key_in(home):
    """The 32 bytes that check signatures: of audit.key, or of audit.pub in a backup; None without either."""
    for name, prefix in (("audit.key", PRIVATE), ("audit.pub", PUBLIC)):
        if not (home / name).exists():
            continue
        lines = (home / name).read_text("ascii", "replace").split("\n")
        try:
            der = base64.b64decode("".join(line for line in lines if not line.startswith("-")), validate=True)
        except binascii.Error:
            der = b""
        if len(der) != len(prefix) + 32 or not der.startswith(prefix):
            raise Unreadable(f"{home / name} is no Ed25519 key.")
        return ed25519.public_key(der[-32:]) if name == "audit.key" else der[-32:]
    return None


def read_anchors(path, may_be_missing):
    """Lines in their order; one that a crash cut short is left out."""
    if may_be_missing and not path.exists():
        return []
    lines = []
    for text in path.read_text("utf-8", "replace").split("\n")[:-1]:
        line = parsed(text)
        if line is not None:
            lines.append(line)
        elif text.endswith("}"):
            raise Unreadable(f"{path} has a line that is no checkpoint.")
    return lines


def parsed(text):
    try:
        line = json.loads(text)
    except ValueError:
        return None
    if not isinstance(line, dict) or set(line) not in (CHECKPOINT, RESTORE):
        return None
    texts = [line[key] for key in line if key not in ("seq", "lost_to")]
    if not all(isinstance(value, str) for value in texts) or "\n" in line["origin"]:
        return None
    if type(line["seq"]) is not int or line["seq"] < 1 or not HEX.fullmatch(line["hash"]):
        return None
    if "kind" in line and (line["kind"] != "restore" or type(line["lost_to"]) is not int):
        return None
    return line


def statement(line):
    parts = [line["origin"], line["seq"], line["hash"]]
    if "kind" in line:
        parts = [line["origin"], "restore", line["seq"], line["hash"], line["lost_to"], line["after"]]
    return "".join(f"{part}\n" for part in parts).encode()


def is_genuine(line, key):
    try:
        return ed25519.verify(key, statement(line), base64.b64decode(line["sig"], validate=True))
    except binascii.Error:
        return False


def void_from(rows, first):
    for seq in [seq for seq in rows if seq >= first]:
        del rows[seq]


def demands_of(lines, key):
    """Rows by seq as lists of (hash, fault), and the restore lines that are good."""
    rows, restores, before = {}, [], ""
    for line in lines:
        fault = None if is_genuine(line, key) else "false signature"
        if "kind" in line and not fault:
            if line["after"] == before:
                void_from(rows, line["seq"])
                restores.append(line)
            else:
                fault = "copied from elsewhere"
        rows.setdefault(line["seq"], []).append((line["hash"], fault))
        before = line["sig"]
    return rows, restores


def together(files):
    """Demands of all files, and the ranges that were lost in a restore. What one does not know of voids its lines."""
    restores = {line["sig"]: line for _, known in files for line in known}
    rows = {}
    for demanded, known in files:
        for line in restores.values():
            if line["sig"] not in {each["sig"] for each in known}:
                void_from(demanded, line["seq"])
        for seq, signed in demanded.items():
            rows.setdefault(seq, []).extend(signed)
    lost = [(line["seq"], line["lost_to"]) for line in restores.values() if line["lost_to"] >= line["seq"]]
    return rows, lost
