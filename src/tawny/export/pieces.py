"""The planned file as a stream, so that it can be hashed before it is written."""

import bisect
import io
import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from tawny.wire.mp4.movie import Piece

CHUNK: Final = 1 << 20


class Shorter(OSError):  # noqa: N818 - what the file became
    """A source became shorter while it was read."""


class Pieces(io.RawIOBase):
    """A file made up of *pieces*, to read and seek in; *told* hears of the bytes that were read and may raise to stop.

    Invariant: at most one source is open.
    """

    def __init__(self, pieces: Sequence[Piece], *, told: Callable[[int], None]) -> None:
        self._pieces = [piece for piece in pieces if piece.size]
        self._ends = list(itertools.accumulate(piece.size for piece in self._pieces))
        self._at = 0
        self._told = told
        self._path = ""
        self._descriptor = -1

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._ends[-1]}[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        number = bisect.bisect_right(self._ends, self._at)
        if number == len(self._pieces):
            return 0
        piece = self._pieces[number]
        skip = self._at - (self._ends[number] - piece.size)
        room = memoryview(buffer)[: piece.size - skip]
        if piece.data:
            room[:] = piece.data[skip : skip + len(room)]
            done = len(room)
        else:
            done = os.preadv(self._open(piece.source), [room], piece.offset + skip)
            if not done:
                raise Shorter(f"{piece.source} became shorter while it was read")
            self._told(done)
        self._at += done
        return done

    def chunks(self) -> Iterator[bytes]:
        """All bytes from the beginning on."""
        self.seek(0)
        buffer = bytearray(CHUNK)
        while done := self.readinto(buffer):
            yield bytes(memoryview(buffer)[:done])

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
        super().close()

    def _open(self, path: str) -> int:
        if path != self._path:
            if self._descriptor >= 0:
                os.close(self._descriptor)
                self._descriptor = -1
            self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            self._path = path
        return self._descriptor
