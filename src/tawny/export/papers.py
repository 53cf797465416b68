"""What goes with the files: a manifest, its signature, the certificates, the report, and all of it as one zip."""

import base64
import hashlib
import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tawny.export.model import ExportFile, Hole, Item, Job, dumped
from tawny.export.pieces import CHUNK
from tawny.export.report import page
from tawny.export.signing import EvidenceKey
from tawny.wire.evidence.chains import fingerprint, read_chain
from tawny.wire.moments import rfc3339
from tawny.wire.zip import ZipEntry, plan_zip

MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"
CHAIN: Final = "chain.pem"
REPORT: Final = "report.html"
ZIP: Final = "export.zip"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReport:
    """An item and what is missing of it."""

    item: Item
    holes: Sequence[Hole]


def write_papers(
    directory: Path,
    job: Job,
    items: Sequence[ItemReport],
    files: Sequence[ExportFile],
    *,
    key: EvidenceKey,
    now_us: int,
) -> None:
    """Write report, manifest, signature and chain into *directory*."""
    document = _document(job, items, files, key, now_us)
    report = page(document).encode()
    document["report"] = {"name": REPORT, "bytes": len(report), "sha256": hashlib.sha256(report).hexdigest()}
    manifest = dumped(document)
    signature = base64.urlsafe_b64encode(key.sign(manifest)).rstrip(b"=") + b"\n"
    for name, data in ((REPORT, report), (MANIFEST, manifest), (SIGNATURE, signature), (CHAIN, key.chain.encode())):
        write(directory / name, data)


def _document(
    job: Job, items: Sequence[ItemReport], files: Sequence[ExportFile], key: EvidenceKey, now_us: int
) -> dict[str, Any]:
    chain = read_chain(key.chain)
    root = chain.certificates[-1]
    return {
        "version": 1,
        "export": {"id": job.id, "name": job.name, "by": job.by, "at": rfc3339(now_us)},
        "recorder": {
            "id": job.recorder.id,
            "name": job.recorder.name,
            "time_zone": job.recorder.time_zone,
            "software": job.recorder.software,
            "clock": job.clock,
        },
        "case": None
        if job.case is None
        else {"number": job.case.number, "reason": job.case.reason, "officer": job.case.officer},
        "items": [_item(job, one) for one in items],
        "files": [one.public() for one in files],
        "custody": {
            "key": key.id,
            "certificate_fingerprint": fingerprint(chain.leaf),
            "certificate_from": chain.leaf.not_valid_before_utc.isoformat().replace("+00:00", "Z"),
            "root_fingerprint": fingerprint(root),
        },
    }


def _item(job: Job, report: ItemReport) -> dict[str, Any]:
    item = report.item
    return {
        "camera": item.key.camera,
        "camera_name": job.camera_name(item.key.camera),
        "stream": str(item.key.stream),
        "from": rfc3339(item.from_us),
        "to": rfc3339(item.to_us),
        "audio": item.audio,
        "holes": [hole.document() for hole in sorted(report.holes, key=lambda hole: hole.from_us)],
    }


def write_zip(directory: Path, files: Sequence[ExportFile], *, told: Callable[[int], None]) -> tuple[int, str]:
    """Write the zip of all files and papers; its size and SHA-256. *told* hears of the bytes and may raise to stop."""
    entries = [ZipEntry(name=one.name, size=one.size_bytes, crc32=one.crc32) for one in files]
    for name in (MANIFEST, SIGNATURE, CHAIN, REPORT):
        data = (directory / name).read_bytes()
        entries.append(ZipEntry(name=name, size=len(data), crc32=zlib.crc32(data)))
    inside = {one.name: directory / "files" / one.name for one in files}
    digest, size = hashlib.sha256(), 0
    partial = directory / f"{ZIP}.part"
    with partial.open("wb") as target:
        for piece in plan_zip(entries):
            source = inside.get(piece.name, directory / piece.name)
            for chunk in (piece.data,) if not piece.name else _chunks(source, piece.size):
                target.write(chunk)
                digest.update(chunk)
                size += len(chunk)
                told(len(chunk))
        target.flush()
        os.fsync(target.fileno())
    partial.replace(directory / ZIP)
    return size, digest.hexdigest()


def _chunks(path: Path, size: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        while size:
            chunk = file.read(min(CHUNK, size))
            if not chunk:
                raise OSError(f"{path} became shorter while it was read")
            size -= len(chunk)
            yield chunk


def write(path: Path, data: bytes) -> None:
    """Write *data* so that *path* has all of it or what it had before."""
    partial = path.with_name(path.name + ".part")
    with partial.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
