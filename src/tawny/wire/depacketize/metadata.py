"""The metadata stream to documents (ONVIF Streaming Specification, 5.2.1.1)."""

import re
import struct

from tawny.wire.media import AccessUnit

MAX_DOCUMENT = 512 << 10  # a crowded frame has some 100 KB
_HEADER = struct.Struct(">BHI").unpack_from  # marker and payload type, sequence number, timestamp
_BEGINS = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:\?xml\b|(?:[\w.-]+:)?MetadataStream\b)")
_ENDS = re.compile(rb"(?:</(?:[\w.-]+:)?MetadataStream\s*>|<(?:[\w.-]+:)?MetadataStream\b[^<>]*/>)\s*\Z")
_TAIL = 4096  # a root element that ends itself may bear many names


class MetadataDepacketizer:
    """Makes whole documents of one metadata track; results wait in *units*.

    The marker is on a document's last packet; cameras that never set it are told by the document's own end, and by the
    beginning of the next. A document of which a packet is missing is dropped and counted.

    Invariant: *_parts* are one document's, without a hole, of at most MAX_DOCUMENT bytes; while *_lost* nothing is kept
    up to where another document begins.
    """

    def __init__(self) -> None:
        self.units: list[AccessUnit] = []
        self.packets = self.lost_packets = self.garbage = 0
        self._following: int | None = None  # the next packet's sequence number
        self._parts: list[bytes] = []
        self._size = 0
        self._timestamp = 0
        self._lost = True  # who joins may join in the middle

    def packet(self, buffer: bytearray, view: memoryview, start: int, stop: int) -> None:
        """Take the packet at *start* (its interleaving header) to *stop*."""
        second, sequence, timestamp = _HEADER(buffer, start + 5)
        missing = 0 if self._following is None else (sequence - self._following) & 0xFFFF
        self.lost_packets += 1 if missing >= 0x8000 else missing
        self.packets += 1
        self._following = sequence + 1 & 0xFFFF
        if missing:
            self._give_up()
        self._take(timestamp, bytes(view[start + 16 : stop]), last=second >= 0x80)

    def _take(self, timestamp: int, part: bytes, *, last: bool) -> None:
        if _BEGINS.match(part):
            if self._parts:  # it had neither a marker nor an end: nobody knows what it lacks
                self.garbage += 1
            self._begin()
        if self._lost:
            self._lost = not last
            return
        if not self._parts:
            self._timestamp = timestamp
        self._parts.append(part)
        self._size += len(part)
        if self._size > MAX_DOCUMENT:
            self.garbage += 1
            self._give_up()
        elif last or self._is_whole(part):
            self._finish()

    def _is_whole(self, part: bytes) -> bool:
        """Whether the root element ended; the end may have begun in the part before."""
        if not part.rstrip().endswith(b">"):
            return False
        before = self._parts[-2][-_TAIL:] if len(self._parts) > 1 else b""
        return _ENDS.search(before + part[-_TAIL:]) is not None

    def _finish(self) -> None:
        document = b"".join(self._parts)
        if _BEGINS.match(document):
            self.units.append(AccessUnit(self._timestamp, document, key=True))
        elif document.strip():
            self.garbage += 1
        self._begin()

    def _begin(self) -> None:
        self._parts.clear()
        self._size = 0
        self._lost = False

    def _give_up(self) -> None:
        self._begin()
        self._lost = True
