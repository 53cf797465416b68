"""What H.264 and H.265 have in common: pictures from payloads, loss, and parameter sets that may change in band."""

import struct
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import chain

from tawny.wire.h26x import codec_that_begins, nal_type, parameter_set_types, sample_of_nals, video_format
from tawny.wire.media import AccessUnit, VideoCodec, VideoFormat

MAX_ACCESS_UNIT = 8 << 20
_MAX_PENDING_SETS = 64
_SEQUENCE_AND_TIMESTAMP = struct.Struct(">HI").unpack_from
_put_length = struct.Struct(">I").pack_into
_get_word = struct.Struct(">I").unpack_from
_HEADER = 16  # interleaving (4) and RTP (12): where the payload starts


@lru_cache(maxsize=256)
def _fragments(payload_offset: int, size: int) -> Callable[[memoryview], Iterator[tuple[int, int, bytes, bytes]]]:
    """What takes packets of *size* apart: interleaving header | V P X CC M PT | (sequence, time, SSRC) | headers | data."""
    return struct.Struct(f">IH10x{payload_offset - _HEADER}s{size - payload_offset}s").iter_unpack


class PictureDepacketizer:
    """What every video codec's has: results and counts.

    *pieces* and *middle* are for the hot loop (see ``interleaved``): without pieces nothing refers to its buffer, without a
    middle every packet comes by `packet`. *other* is the codec whose stream begins with the packet in hand.
    """

    codec: VideoCodec

    def __init__(self) -> None:
        self.units: list[AccessUnit | VideoFormat] = []
        self.format: VideoFormat | None = None
        self.packets = self.lost_packets = self.torn_pictures = self.garbage = 0
        self.other: VideoCodec | None = None
        self.pieces: list[bytes | bytearray | memoryview] = []
        self.middle = b""  # how a fragment in the middle of the open NAL unit begins

    def packet(self, buffer: bytearray, view: memoryview, start: int, stop: int) -> None:
        """Take the packet at *start* (its interleaving header) to *stop*."""
        raise NotImplementedError

    def settle(self) -> None:
        """Copy what *pieces* have in the shared buffer, which is about to be overwritten."""

    def take_middle(self, view: memoryview, start: int, end: int, plain: int) -> int:
        """Take packets like the *middle* from *start* on; returns where the next one starts."""
        return start

    def succeed(self, before: "PictureDepacketizer") -> None:
        """Go on in the place of *before*, whose results and counts are ours from now on."""
        self.units = before.units
        self.packets, self.lost_packets = before.packets, before.lost_packets
        self.torn_pictures, self.garbage = before.torn_pictures, before.garbage - 1  # what told the change was none


class VideoDepacketizer(PictureDepacketizer):
    """Makes the access units of one H.264 or H.265 track.

    Packets come as positions in a shared buffer that is overwritten after each sweep: `settle` copies what an open
    picture still needs. Results wait in *units*, in order: access units, and a `VideoFormat` before the key frame from
    which it applies.

    Invariants: a unit holds whole NAL units only; every key frame's unit holds all parameter sets; *pieces* are the
    open picture in order, of which piece *slot_at* is the length and header of a fragmented NAL unit still open.
    """

    payload_offset: int  # where in a packet with its interleaving header a fragment's own bytes start

    def __init__(self, *, parameter_sets: tuple[bytes, ...] = ()) -> None:
        super().__init__()
        self._word = self._step = 0  # the interleaving header and the length of those as long as the first
        self.count = 0  # packets since the last whose sequence number was looked at
        self._slot: bytearray | None = None
        self._slot_at = self._slot_kind = self._slot_size = 0
        self._picture = self._key = self._torn = False
        self._sequence: int | None = None
        self._at = 0  # the sequence number of the packet in hand
        self._finished: int | None = None  # the timestamp of the last picture
        self._markers_lie = False
        self._timestamp: int | None = None  # of the open picture
        self._kinds = parameter_set_types(self.codec)
        self._seen: dict[int, dict[bytes, None]] = {}  # parameter sets in the open unit, by type
        self._sets = {kind: tuple(s for s in parameter_sets if nal_type(self.codec, s) == kind) for kind in self._kinds}
        self._adopted: dict[int, tuple[bytes, ...]] = dict.fromkeys(self._kinds, ())  # those of *format*
        self._prefix = b""
        if all(self._sets.values()):
            self._set_format()

    def packet(self, buffer: bytearray, view: memoryview, start: int, stop: int) -> None:
        """Take the packet at *start* (its interleaving header) to *stop*, which is no plain middle fragment."""
        sequence, timestamp = _SEQUENCE_AND_TIMESTAMP(buffer, start + 6)
        if timestamp != self._timestamp:
            self._new_timestamp(sequence, timestamp)
        self.count += 1
        self._at = sequence
        self.payload(buffer, view, start, stop)
        if (
            buffer[start + 5] & 0x80 and not self._markers_lie
        ):  # the marker: the last packet of a picture (RFC 6184, 5.1)
            self._check_sequence(sequence)
            self._end_unit()

    def payload(self, buffer: bytearray, view: memoryview, start: int, stop: int) -> None:
        """Add what the packet's payload holds to the open picture."""
        raise NotImplementedError

    def settle(self) -> None:
        """Copy what the open picture has in the shared buffer, which is about to be overwritten."""
        pieces, at = self.pieces, self._slot_at
        if self._slot is None:
            pieces[:] = [b"".join(pieces)]
        else:
            pieces[:] = [b"".join(pieces[:at]), self._slot, b"".join(pieces[at + 1 :])]
            self._slot_at = 1
        if sum(map(len, pieces)) > MAX_ACCESS_UNIT:
            pieces.clear()
            self._forget_slot()
            self._torn = True

    def take_middle(self, view: memoryview, start: int, end: int, plain: int) -> int:
        """Take the fragments in the middle of the open NAL unit that begin at *start*, as long as the first was.

        *plain* are the second two bytes of their RTP headers; returns where the next packet starts.
        """
        pieces, word, middle, step = self.pieces, self._word, self.middle, self._step
        append, before = pieces.append, len(pieces)
        packets = view[start : end - (end - start) % step]
        for its_word, flags, head, data in _fragments(self.payload_offset, step)(packets):
            if its_word != word or head != middle or flags != plain:
                break
            append(data)
        count = len(pieces) - before
        self.count += count
        self._slot_size += count * (step - self.payload_offset)
        return start + count * step

    # what payload() of H.264 and H.265 calls

    def add_nal(self, buffer: bytearray, view: memoryview, at: int, stop: int, kind: int) -> None:
        """Add the whole NAL unit at *at*; the four bytes before it are spent already and take its length."""
        if self._slot is not None:
            self._close_slot()
        if kind in self._kinds:
            self._remember(kind, bytes(view[at:stop]))
        _put_length(buffer, at - 4, stop - at)
        self.pieces.append(view[at - 4 : stop])

    def open_fragmented(
        self, header: bytes, buffer: bytearray, view: memoryview, start: int, stop: int, kind: int
    ) -> None:
        """Begin a NAL unit that comes in fragments; the first is the packet from *start* to *stop*."""
        if self._slot is not None:
            self._close_slot()
        (self._word,) = _get_word(buffer, start)
        self._step = 4 + (self._word & 0xFFFF)
        at = start + self.payload_offset
        self._slot_kind = kind
        self._slot = slot = bytearray(header)
        self._slot_at = len(self.pieces)
        self._slot_size = len(header) - 4 + stop - at
        self.pieces += (slot, view[at:stop])

    def add_fragment(self, view: memoryview, at: int, stop: int, *, last: bool) -> None:
        """Go on with the open NAL unit; without one this is the rest of something we never saw the start of."""
        if self._slot is None:
            self.garbage += 1
            self._torn = self._torn or self._picture
            return
        self.pieces.append(view[at:stop])
        self._slot_size += stop - at
        if last:
            self._close_slot()

    def add_picture(self, slice_start: int, *, key: bool) -> None:
        """Note that the open unit holds a slice; the top bit of *slice_start*, its header's first byte, is set in the first
        slice of a picture only (first_mb_in_slice, first_slice_segment_in_pic_flag): where that is missing, so is more.
        """
        if not self._picture:
            self._picture = True
            if not slice_start & 0x80:
                self._torn = True
                self._doubt_markers()
        self._key = self._key or key

    def _doubt_markers(self) -> None:
        """Some cameras mark every slice: then a picture goes on, nothing lost, after it seemed to end."""
        if self._timestamp == self._finished and self._sequence is not None:
            self._markers_lie = self._at == (self._sequence + self.count) & 0xFFFF

    def reject(self, buffer: bytearray, at: int, stop: int) -> None:
        """Count a payload that can't be one; it may begin the stream of another codec, switched to in the camera."""
        self.garbage += 1
        codec = codec_that_begins(bytes(buffer[at : min(stop, at + 8)]))
        if codec is not self.codec:
            self.other = codec

    def _close_slot(self) -> None:
        """Write the length of the fragmented NAL unit; also where a camera forgets the end bit."""
        if self._slot is None:
            return
        _put_length(self._slot, 0, self._slot_size)
        if self._slot_kind in self._kinds:
            self._remember(self._slot_kind, b"".join(self.pieces[self._slot_at :])[4:])
        self._forget_slot()

    def _forget_slot(self) -> None:
        self._slot = None
        self.middle = b""  # a middle fragment without a NAL unit to go on with is none

    # pictures and loss

    def _new_timestamp(self, sequence: int, timestamp: int) -> None:
        """A new picture begins; one still open had no marker: it was lost, or this camera never sets it."""
        if self._picture:
            self._check_sequence(sequence - 1)
            self._end_unit()
        self._timestamp = timestamp

    def _check_sequence(self, sequence: int) -> None:
        """Compare how many packets came up to *sequence* with its step; the open picture is torn where one is missing."""
        sequence &= 0xFFFF
        missing = 0 if self._sequence is None else (sequence - self._sequence - self.count) & 0xFFFF
        missing = 1 if missing >= 0x8000 else missing  # the camera began to count anew
        self.packets += self.count
        self.lost_packets += missing
        self._torn = self._torn or missing > 0
        self._sequence, self.count = sequence, 0

    def _end_unit(self) -> None:
        if self._torn:
            self.torn_pictures += 1
            self._reset()
        elif self._picture:
            self._finish_picture()
        # else parameter sets only: they stay in front of the picture that follows (GStreamer marks them as a unit)

    def _reset(self) -> None:
        self.pieces.clear()
        self._forget_slot()
        self._picture = self._key = self._torn = False
        if self._seen:
            self._seen.clear()

    def _finish_picture(self) -> None:
        if self._slot is not None:
            self._close_slot()
        if self._seen:
            self._sets = self._sets | {kind: tuple(nals) for kind, nals in self._seen.items()}
        if self._key:
            self._begin_group()
        if self.format is not None and self._timestamp is not None:
            data = b"".join(self.pieces)
            if len(data) > MAX_ACCESS_UNIT:
                self.torn_pictures += 1
            else:
                self.units.append(AccessUnit(self._timestamp, data, self._key))
            self._finished = self._timestamp
        self._reset()

    # parameter sets

    def _remember(self, kind: int, nal: bytes) -> None:
        seen = self._seen.setdefault(kind, {})
        if len(seen) < _MAX_PENDING_SETS:
            seen[nal] = None

    def _begin_group(self) -> None:
        """At a key frame: let changed parameter sets apply, and put those in front that are not in the unit."""
        if self._sets != self._adopted:
            self._set_format()
        if len(self._seen) < len(self._kinds):
            self.pieces.insert(0, self._prefix)

    def _set_format(self) -> None:
        """Adopt the latest parameter sets; broken ones are dropped for those known to be good."""
        try:
            format_ = video_format(self.codec, chain.from_iterable(self._sets.values()))
        except ValueError:
            if all(self._sets.values()):  # not complete yet is no fault
                self.garbage += 1
                self._sets = self._adopted
            return
        if format_ != self.format:
            self.units.append(format_)
        self.format, self._adopted = format_, self._sets
        self._prefix = sample_of_nals(format_.parameter_sets)
