"""``tawny archive``: ``check`` tells whether every file is there, whole, and known to index and ledger; ``reindex`` makes the index again;
``verify`` holds the archive against what was signed (`recorder.evidence.commands`).
"""

import argparse
import fcntl
import json
import os
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tawny.recorder.archive.checking import Report, check
from tawny.recorder.archive.rebuild import reindex
from tawny.recorder.evidence import commands as verifying
from tawny.runtime.data_directory import DataDirectory
from tawny.runtime.problem import Kind, Problem


def main(words: Sequence[str]) -> int:
    """Run the words after ``tawny``; the exit code."""
    asked = _parser().parse_args(words[1:])
    data = DataDirectory(root=asked.data)
    if not data.archive.is_dir() and not (asked.run is verifying.run and verifying.is_volume(data)):
        raise Problem(
            Kind.NOT_FOUND, f"There is no archive in {asked.data}.", remedy="Name a data directory with --data."
        )
    code: int = asked.run(data, asked)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tawny archive", description="Look after an archive.")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    checking = verbs.add_parser("check", help="compare files, index and ledgers; nothing is changed")
    checking.add_argument("--data", type=Path, required=True, metavar="DIR", help="the data directory")
    checking.add_argument("--json", action="store_true", help="print one JSON object")
    checking.add_argument("--hashes", action="store_true", help="read every byte and compare it with what was recorded")
    checking.set_defaults(run=_check)
    again = verbs.add_parser("reindex", help="make the index again from files and ledgers; the recorder must not run")
    again.add_argument("--data", type=Path, required=True, metavar="DIR", help="the data directory")
    again.set_defaults(run=_reindex)
    signed = verbs.add_parser("verify", help="hold files and ledgers against what was signed; nothing is changed")
    verifying.add_arguments(signed)
    signed.set_defaults(run=verifying.run)
    return parser


def _check(data: DataDirectory, asked: argparse.Namespace) -> int:
    try:
        report = check(data, hashes=asked.hashes)
    except sqlite3.DatabaseError as error:
        raise Problem(
            Kind.UNAVAILABLE,
            f"The index can't be read: {error}.",
            remedy="Make it again with tawny archive reindex, or start the recorder, which does so by itself.",
        ) from None
    document = _document(report, running=_recorder_runs(data))
    print(json.dumps(document) if asked.json else _words(document))
    return 1 if report.faults else 0


def _reindex(data: DataDirectory, _: argparse.Namespace) -> int:
    lock = data.lock("recorder")
    try:
        print(f"{reindex(data)} segments")
    finally:
        os.close(lock)
    return 0


def _document(report: Report, *, running: bool) -> dict[str, Any]:
    return {
        "segments": report.segments,
        "bytes": report.size_bytes,
        "faults": [asdict(fault) for fault in report.faults],
        "unsynced_s": report.unsynced_s if running else None,
    }


def _words(document: dict[str, Any]) -> str:
    faults = [f"{fault['path']}: {fault['fault']}" for fault in document["faults"]]
    found = f"{document['segments']} segments, {document['bytes']} bytes, {len(faults) or 'no'} faults"
    return "\n".join([*faults, found])


def _recorder_runs(data: DataDirectory) -> bool:
    """Whether somebody holds the recorder's lock."""
    try:
        descriptor = os.open(data.root / "recorder.lock", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False
