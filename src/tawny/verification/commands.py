"""``tawny verify FILE`` says whether an export is what the recorder recorded."""

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from tawny.runtime.problem import Kind, Problem
from tawny.verification.service import verify
from tawny.verification.verdict import Reason, Verdict
from tawny.wire.evidence.chains import MAX_PEM, read_root
from tawny.wire.evidence.recording import Recording
from tawny.wire.moments import rfc3339

_EPILOG = "Exit code: 0 authentic, 1 changed, 2 not signed by a trusted recorder, 3 unreadable."


def main(words: Sequence[str]) -> int:
    """Run the words after ``tawny``; the exit code."""
    parser = argparse.ArgumentParser(
        prog="tawny verify", description="Tell whether an export is what was recorded.", epilog=_EPILOG
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="an exported MP4")
    parser.add_argument(
        "--trust",
        type=Path,
        action="append",
        default=[],
        metavar="ROOT.pem",
        help="the recorder's root certificate; compare its fingerprint first (again for each recorder whose drive was used)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args(words[1:])
    verdict = verify(asked.file, trust=[_root(path) for path in asked.trust])
    print(json.dumps(verdict.document(), ensure_ascii=False) if asked.json else _text(verdict))
    return verdict.exit_code


def _root(path: Path) -> x509.Certificate:
    try:
        with path.open("rb") as file:
            return read_root(file.read(MAX_PEM + 1))
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise Problem(
            Kind.INVALID,
            f"{path} is no root certificate: {error}.",
            remedy="Name keys/root.pem of the recorder, or the file that System, Evidence gives.",
        ) from None


def _text(verdict: Verdict) -> str:
    lines = [verdict.title, *(f"  {_reason(reason)}" for reason in verdict.reasons)]
    if verdict.recording is not None:
        lines += [f"{name + ':':10}{value}" for name, value in _facts(verdict.recording, verdict)]
    return "\n".join(
        "".join(c if c.isprintable() else "?" for c in line) for line in lines
    )  # no escape sequences from a file


def _reason(reason: Reason) -> str:
    place = [] if reason.offset is None else [f"byte {reason.offset}"]
    place += [] if reason.at_us is None else [rfc3339(reason.at_us)]
    return f"{reason.title} ({', '.join(place)})" if place else reason.title


def _facts(recording: Recording, verdict: Verdict) -> Iterator[tuple[str, str]]:
    yield "Camera", f"{recording.camera.name} ({recording.camera.id}), {recording.stream}"
    yield "Recorder", f"{recording.recorder.name} ({recording.recorder.id})"
    shown = verdict.document()
    if shown["from"] is not None and shown["to"] is not None:
        yield "Shows", f"{shown['from']} to {shown['to']}"
    yield "Exported", f"{rfc3339(recording.exported_us)} by {recording.exported_by}"
    yield "Part", f"{recording.part.number} of {recording.part.of} of {recording.part.export}"
    if verdict.signer is not None:
        yield "Root", verdict.signer.root
    for hole in verdict.holes:
        yield "Hole", f"{_range(hole.from_us, hole.to_us)}: {hole.title}"
    for one in verdict.recovered:
        yield "Recovered", _range(one.from_us, one.to_us)


def _range(from_us: int, to_us: int) -> str:
    return f"{rfc3339(from_us)} to {rfc3339(to_us)}"
