"""``tawny archive verify``: an archive, or a copy of one volume, held against what was signed; offline, with nothing but a root."""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cryptography import x509

from tawny.recorder.archive.volumes import read_identity, volume_paths
from tawny.recorder.evidence.keys import EVIDENCE, ROOT
from tawny.recorder.evidence.verifying import Verification, Wanted, index_leaves, verify
from tawny.runtime.data_directory import DataDirectory
from tawny.runtime.problem import Kind, Problem
from tawny.wire.evidence.chains import fingerprint, read_root
from tawny.wire.moments import parse_rfc3339, rfc3339


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words after ``tawny archive verify``."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the data directory, or one volume")
    parser.add_argument("--from", dest="from_us", metavar="TIME", help="only footage from then on (RFC 3339)")
    parser.add_argument("--to", dest="to_us", metavar="TIME", help="only footage up to then (RFC 3339)")
    parser.add_argument("--camera", metavar="ID", help="only this camera")
    parser.add_argument(
        "--trust",
        type=Path,
        action="append",
        default=[],
        metavar="ROOT.pem",
        help="a root certificate whose fingerprint you compared; else that of the data directory",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(data: DataDirectory, asked: argparse.Namespace) -> int:
    """Verify, tell, and give the exit code: 1 where something is not as it was recorded."""
    wanted = Wanted(
        **{name: _moment(text) for name in ("from_us", "to_us") if (text := getattr(asked, name)) is not None},
        camera=asked.camera,
    )
    volumes, missing = _volumes(data)
    roots = _roots(data, asked.trust)
    certificates = sorted((data.keys / EVIDENCE).glob("*.pem"))
    found = verify(
        volumes,
        roots,
        wanted=wanted,
        base=data.root,
        certificates=certificates,
        leaves=index_leaves(data.index),
    )
    document = _document(found, roots, missing)
    print(json.dumps(document) if asked.json else _words(document))
    return 1 if found.faults else 0


def is_volume(data: DataDirectory) -> bool:
    """Whether this is no data directory but a volume by itself."""
    return read_identity(data.root) is not None


def _volumes(data: DataDirectory) -> tuple[Mapping[str, Path], list[str]]:
    """The volumes that are there, and the ids of those that are not."""
    alone = read_identity(data.root)
    known = {alone: data.root} if alone is not None else volume_paths(data)
    there = {volume: path for volume, path in known.items() if read_identity(path) == volume}
    return there, sorted(set(known) - set(there))


def _roots(data: DataDirectory, trusted: Sequence[Path]) -> list[x509.Certificate]:
    found = []
    for path in trusted or [data.keys / ROOT]:
        try:
            found.append(read_root(path.read_bytes()))
        except FileNotFoundError:
            raise Problem(
                Kind.NOT_FOUND,
                f"There is no root certificate in {path}.",
                remedy="Name the recorder's root with --trust; compare its fingerprint with the commissioning sheet.",
            ) from None
        except (OSError, ValueError) as error:
            raise Problem(Kind.INVALID, f"{path} is no root certificate: {error}.") from None
    return found


def _moment(text: str) -> int:
    try:
        return parse_rfc3339(text)
    except ValueError as error:
        raise Problem(
            Kind.INVALID, f"{text} is no moment: {error}.", remedy="Write it like 2026-11-22T12:00:00Z."
        ) from None


def _document(found: Verification, roots: Sequence[x509.Certificate], missing: list[str]) -> dict[str, Any]:
    return {
        "segments": found.segments,
        "bytes": found.size_bytes,
        "signed": found.signed,
        "recovered": [
            {"path": path, "unsigned_until": None if until is None else rfc3339(until)}
            for path, until in found.recovered
        ],
        "unsigned": found.unsigned,
        "unknown": found.unknown,
        "faults": [
            {
                "path": one.path,
                "offset": one.offset,
                "at": None if one.at_us is None else rfc3339(one.at_us),
                "fault": one.fault,
            }
            for one in found.faults
        ],
        "roots": [fingerprint(root) for root in roots],
        "missing_volumes": missing,
    }


def _words(document: dict[str, Any]) -> str:
    lines = []
    for fault in document["faults"]:
        place = "" if fault["offset"] is None else f" at byte {fault['offset']}"
        moment = "" if fault["at"] is None else f" ({fault['at']})"
        lines.append(f"{fault['path']}{place}{moment}: {fault['fault']}")
    lines += [
        f"{one['path']}: closed after a crash, unsigned until {one['unsigned_until']}" for one in document["recovered"]
    ]
    lines += [f"{path}: not signed yet" for path in document["unsigned"]]
    lines += [f"{one}: no ledger here tells of them" for one in document["unknown"]]
    lines += [f"volume {volume} is not here" for volume in document["missing_volumes"]]
    lines += [f"trusted root {root}" for root in document["roots"]]
    counts = f"{document['segments']} segments, {document['signed']} signed, {len(document['faults']) or 'no'} faults"
    return "\n".join([*lines, counts])
