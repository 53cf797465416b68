"""Signed heads: each ledger's lines, once they are safe on disk, are signed as a tree (`docs/design/evidence.md`, "The chain").

Who signs is given (`Heads`); here is which lines, and where the head is written.
"""

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from tawny.recorder.archive.ledger import RECORDER, Ledger
from tawny.recorder.archive.paths import LEDGER, cameras, days
from tawny.recorder.archive.ports import Files
from tawny.recorder.archive.unsynced import Unsynced
from tawny.recorder.archive.volume import Volume
from tawny.wire.evidence.ledgers import HEAD, HeadEntry, kind_of, line_hash, read_head
from tawny.wire.evidence.tree import Frontier

_log = logging.getLogger(__name__)
CERTIFICATES = "certificates.pem"
_CHUNK = 1024 * 1024
_MOST_TREES = 512  # ledgers whose trees are kept: those of today, and those that deletion writes to
_RESUMED = 8  # ledgers of an earlier run that are looked at after one sync: the writer has better to do
_RESUMED_BYTES = 1024 * 1024  # and so much of them
_HEAD_MARK = b'"kind":"head"'  # as our own lines have it, to spare reading each as JSON
_EDGE_DAYS = 2  # days on either end of an owner's ledgers that a crash may have left unsigned


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsigned:
    """The first *size* lines of *ledger* (``<owner>/<day>``) on *volume*, to be signed."""

    volume: str
    ledger: str
    size: int
    root: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of *asked*: *head* is None where the key failed."""

    asked: Unsigned
    head: HeadEntry | None


class Heads(Protocol):
    """Who signs heads; used by the writer threads of all volumes. No call blocks or raises."""

    def begin(self, asked: Unsigned) -> None:
        """Have *asked* signed; the answer comes with a later `answers`."""
        ...

    def answers(self, volume: str) -> list[Answer]:
        """The answers for *volume* that came since the last call."""
        ...

    def written(self, head: HeadEntry) -> None:
        """*head* stands in its ledger."""
        ...

    def chain(self, key: str) -> str:
        """The certificates (PEM, leaf first) of the key with the id *key*; empty where it is not ours."""
        ...


class VolumeHeads:
    """The heads of the ledgers of one volume.

    Invariants: what a head covers was safe on disk before it was signed; a ledger waits for at most one head; heads alone never cause another.
    A key that fails stops nothing: lines wait, and are signed when it is well.
    """

    def __init__(
        self, archive: Path, ledger: Ledger, *, files: Files, volume: Volume, unsynced: Unsynced, heads: Heads
    ) -> None:
        self._archive = archive
        self._files = files
        self._ledger = ledger
        self._volume = volume
        self._unsynced = unsynced
        self._heads = heads
        self._safe: dict[Path, int] = {}  # ledgers that may have lines without a head, and how far they are safe
        self._asked: set[Path] = set()
        self._trees: dict[Path, _Tree] = {}
        self._found: dict[Path, int] = {}  # what an earlier run may have left unsigned; safe after one more sync
        self._rest: Iterator[Path] | None = None  # ledgers that are still to be looked at
        self._certified: set[str] = set()  # keys whose certificates are on the volume

    def sign(self, ledgers: Mapping[Path, int]) -> None:
        """*ledgers* are safe up to these sizes in bytes; to be called after every sync, also with none."""
        if self._volume.trouble() is not None:
            self._safe.update(ledgers)
            return
        with suppress(OSError):  # whoever writes media next will say what is wrong with the disk
            self._resume()
        self._safe.update(ledgers)
        for path in [path for path in self._safe if path not in self._asked]:
            self._begin(path)
        for answer in self._heads.answers(self._volume.id):  # of a key in a file already those just asked for
            self._take(answer)

    def _resume(self) -> None:
        """Look for lines that an earlier run left unsigned, a few ledgers at a time: likely ones first, in the end all."""
        read = 0
        for path in list(self._found)[:_RESUMED]:
            size = self._found.pop(path)
            if not _signed_to_its_end(path):
                self._safe.setdefault(path, size)
            if (read := read + size) >= _RESUMED_BYTES:
                return
        if self._rest is None:
            likely = _edges(self._archive)
            self._found, self._rest = _sizes(likely), _others(self._archive, likely)
        elif not self._found:
            self._found = _sizes(islice(self._rest, _RESUMED))

    def _begin(self, path: Path) -> None:
        try:
            tree = self._tree(path)
            tree.read(path, self._safe[path])
        except OSError as error:
            _log.warning("the ledger %s can't be read to be signed: %s", path, error)
            del self._safe[path]  # until there is another line
            return
        if not tree.uncovered:
            del self._safe[path]
            return
        self._asked.add(path)
        self._heads.begin(
            Unsigned(
                volume=self._volume.id,
                ledger=f"{path.parent.parent.name}/{path.parent.name}",
                size=tree.frontier.size,
                root=tree.frontier.root(),
            )
        )

    def _take(self, answer: Answer) -> None:
        path = self._archive / answer.asked.ledger / LEDGER
        self._asked.discard(path)
        if answer.head is None:
            return  # still in `_safe`: asked for again
        try:
            self._certify(answer.head.key)
            self._ledger.write(path, answer.head.entry())
        except OSError:
            return  # whoever writes media next will say what is wrong with the disk
        with self._unsynced.adding():
            pass  # the next sync makes it safe
        if (tree := self._trees.get(path)) is not None:
            tree.covered = max(tree.covered, answer.head.size)
        self._heads.written(answer.head)

    def _certify(self, key: str) -> None:
        """Leave the key's certificates on the volume, so that it can be verified alone."""
        path = self._archive / CERTIFICATES
        if key in self._certified or not (chain := self._heads.chain(key).encode()):
            return
        if not path.exists() or chain not in path.read_bytes():
            self._files.append(path, b"\n" + chain)  # behind what a crash may have torn
        self._certified.add(key)

    def _tree(self, path: Path) -> "_Tree":
        tree = self._trees.pop(path, None)
        if tree is None or path.stat().st_size < tree.offset:
            tree = _Tree()
        self._trees[path] = tree  # the last one used stands last
        while len(self._trees) > _MOST_TREES:
            del self._trees[next(iter(self._trees))]
        return tree


class _Tree:
    """One ledger's tree as far as it was read.

    Invariant: *offset* is behind a line end, and the frontier has every line before it.
    """

    def __init__(self) -> None:
        self.frontier = Frontier()
        self.offset = 0
        self.covered = 0  # lines under the largest head
        self._last = -1  # the last line that is no head

    @property
    def uncovered(self) -> bool:
        """Whether a line that is no head stands under no head."""
        return self._last >= self.covered

    def read(self, path: Path, until: int) -> None:
        """Read on up to the last line end before *until*."""
        if until <= self.offset:
            return
        with path.open("rb") as file:
            file.seek(self.offset)
            rest = b""
            while data := file.read(min(_CHUNK, until - self.offset - len(rest))):
                *lines, rest = (rest + data).split(b"\n")
                self.offset += sum(len(line) + 1 for line in lines)
                for line in lines:
                    if line:
                        self._add(line)

    def _add(self, line: bytes) -> None:
        if _HEAD_MARK in line and kind_of(line) == HEAD:
            try:
                self.covered = max(self.covered, min(read_head(line).size, self.frontier.size))
            except ValueError:
                _log.warning("a ledger has a head that can't be read")
        else:
            self._last = self.frontier.size
        self.frontier.add(line_hash(line))


def _signed_to_its_end(path: Path) -> bool:
    """Whether the last line is a head over all others; said without hashing them, for most ledgers are."""
    try:
        data = path.read_bytes()
        head = read_head(data[data.rfind(b"\n", 0, -1) + 1 : -1])
    except (OSError, ValueError):
        return False
    return data.endswith(b"\n") and data.count(b"\n") == head.size + 1


def _edges(archive: Path) -> list[Path]:
    """The ledgers of every owner's first and last days.

    A crash leaves unsigned what was written last: mostly on the last days, and by deletion on the first.
    """
    found = []
    for owner in [*cameras(archive), RECORDER]:
        its_days = days(archive, owner)
        found += [
            archive / owner / day / LEDGER for day in dict.fromkeys([*its_days[:_EDGE_DAYS], *its_days[-_EDGE_DAYS:]])
        ]
    return found


def _others(archive: Path, known: Collection[Path]) -> Iterator[Path]:
    """The other ledgers of cameras, the newest first: where some footage stays longer than other, deletion writes to any day.

    The recorder's own is only written to on the last one.
    """
    seen = set(known)
    for owner in cameras(archive):
        ledgers = (archive / owner / day / LEDGER for day in reversed(days(archive, owner)))
        yield from (path for path in ledgers if path not in seen)


def _sizes(paths: Iterable[Path]) -> dict[Path, int]:
    found = {}
    for path in paths:
        with suppress(OSError):  # a day without a ledger
            found[path] = path.stat().st_size
    return found
