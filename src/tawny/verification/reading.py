"""A file in pieces: never more than a megabyte of it at once."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

_CHUNK: Final = 1 << 20


class EvidenceFile:
    """A file to be examined. *told* hears of the bytes that were read in bulk.

    Invariant: *size* is what it was when it was opened; a file that is shorter by now is an OSError.
    """

    def __init__(self, path: Path, *, told: Callable[[int], None] = lambda size: None) -> None:
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self.size = os.fstat(self._descriptor).st_size
        self._told = told

    def close(self) -> None:
        os.close(self._descriptor)

    def read(self, offset: int, size: int) -> bytes:
        """*size* bytes from *offset* on, fewer where the file ends."""
        return os.pread(self._descriptor, size, offset)

    def chunks(self, offset: int, size: int) -> Iterator[bytes]:
        """Exactly *size* bytes from *offset* on."""
        end = offset + size
        while offset < end:
            chunk = os.pread(self._descriptor, min(_CHUNK, end - offset), offset)
            if not chunk:
                raise OSError("the file became shorter while it was read")
            self._told(len(chunk))
            yield chunk
            offset += len(chunk)
