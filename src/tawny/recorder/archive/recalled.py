"""What the recorder's own ledgers said, remembered, so that a start need not read them again.

A year of them is half a million lines, gigabytes where heads are time-stamped, and nearly none of them is about what a start asks for.
"""

import hashlib
import json
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from tawny.recorder.archive.ledger import RECORDER, Entry, entries
from tawny.recorder.archive.paths import LEDGER, days
from tawny.recorder.archive.volumes import read_identity
from tawny.wire.evidence.ledgers import MAX_LINE

_log = logging.getLogger(__name__)
_MAX_SIZE = 64 * 1024 * 1024
_MARK = 256  # bytes before the end of what was read: by their hash it is known again


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What the first *size* bytes of a ledger said. *mark* is the hash of the last of them: entries have ids, so no two ends are alike."""

    size: int = 0
    mark: str = ""
    entries: tuple[Entry, ...] = ()


class Recalled:
    """The entries of recorder's ledgers that *mention* something; for one thread at a time.

    Invariant: what is remembered counts only where the ledger still has the bytes at which reading ended; else it is read whole. The file at *path* is a
    cache: it may go, or be old.
    """

    def __init__(self, path: Path, *, mention: bytes) -> None:
        self._path = path
        self._mention = mention
        self._read: dict[str, _Read] | None = None  # by volume and day

    def entries(self, root: Path) -> list[Entry]:
        """What the recorder's ledgers on the volume at *root* say, oldest first. OSError where they can't be read."""
        volume = read_identity(root)
        if volume is None:
            raise FileNotFoundError("the volume is not there")
        known = self._load()
        found = {f"{volume}/{day}": root / RECORDER / day / LEDGER for day in days(root, RECORDER)}
        read = {name: self._look(path, known.get(name, _Read())) for name, path in found.items()}
        others = {name: one for name, one in known.items() if not name.startswith(f"{volume}/")}
        if others | read != known:
            self._read = others | read
            self._save()
        return [entry for one in read.values() for entry in one.entries]

    def _look(self, path: Path, known: _Read) -> _Read:
        """What *path* says, of which *known* was read before."""
        try:
            with path.open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                if size < known.size or _mark(file, known.size) != known.mark:
                    known = _Read()
                if size == known.size:
                    return known
                return self._read_on(file, known)
        except FileNotFoundError:
            return _Read()

    def _read_on(self, file: BinaryIO, known: _Read) -> _Read:
        found, end = list(known.entries), known.size
        file.seek(known.size)
        for line in _lines(file):
            end += len(line)
            if self._mention in line:
                found += entries(line)
        return _Read(size=end, mark=_mark(file, end), entries=tuple(found))

    def _load(self) -> dict[str, _Read]:
        if self._read is None:
            try:
                with self._path.open("rb") as file:
                    document = json.loads(file.read(_MAX_SIZE))
                self._read = {str(name): _understood(one) for name, one in document.items()}
            except FileNotFoundError:
                self._read = {}
            except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
                _log.warning("%s can't be read, so the ledgers are: %s", self._path, error)
                self._read = {}
        return self._read

    def _save(self) -> None:
        assert self._read is not None
        document = {
            name: {"size": one.size, "mark": one.mark, "entries": one.entries} for name, one in self._read.items()
        }
        beside = self._path.with_name(f"new-{self._path.name}")
        try:
            beside.write_text(json.dumps(document, ensure_ascii=False))
            beside.rename(self._path)
        except OSError as error:
            _log.warning("what the ledgers said can't be remembered: %s", error)


def _understood(one: dict[str, Any]) -> _Read:
    size, mark, found = one["size"], one["mark"], one["entries"]
    if not (isinstance(size, int) and size >= 0 and all(isinstance(entry, dict) for entry in found)):
        raise ValueError("not what was remembered")
    return _Read(size=size, mark=str(mark), entries=tuple(found))


def _mark(file: BinaryIO, end: int) -> str:
    """The hash of the bytes before *end*."""
    if not end:
        return ""
    first = max(0, end - _MARK)
    return hashlib.sha256(os.pread(file.fileno(), end - first, first)).hexdigest()


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """The whole lines of *file* from where it stands, in pieces where one is longer than any of ours; what is torn, or being written, is left."""
    while (piece := file.readline(MAX_LINE)) and (len(piece) == MAX_LINE or piece.endswith(b"\n")):
        yield piece
