"""What a way through one stream of the archive says: tracks, pictures, gaps, as media messages."""

from collections.abc import AsyncGenerator, Iterator
from typing import Final

from tawny.gateway.manner import KeyPicture
from tawny.gateway.shelf import Loaded, Shelf
from tawny.gateway.tracks import Tracks
from tawny.recorder.archive.model import GapReason, SegmentInfo, StreamKey
from tawny.wire.media import VIDEO_TRACK
from tawny.wire.media_socket import STARTS_WITH_KEY, MediaKind, MediaMessage, note
from tawny.wire.moments import rfc3339
from tawny.wire.mp4.fragments import live_fragment
from tawny.wire.mp4.reading import FragmentInfo, samples, with_decode_time

SEAM_US: Final = 200_000  # segments closer than this follow each other: rounding, or a late frame

_UNREADABLE = "This part of the recording can't be read."
_DELETED = "This part of the recording was deleted."


class Narration:
    """Makes the messages of one subscription.

    Invariants: media time counts from *origin_us*, which must not be later than anything told; the tracks are told
    before their first fragment, and again where a format is new.
    """

    def __init__(self, shelf: Shelf, key: StreamKey, *, origin_us: int) -> None:
        self._shelf = shelf
        self._key = key
        self._origin_us = origin_us
        self._tracks = Tracks(b"")

    async def introduced(self, segment: SegmentInfo | None) -> list[MediaMessage]:
        """What stands at the beginning, also where a gap comes first, or nothing but a gap."""
        try:
            if segment is not None:
                return list(self.opened(await self._shelf.load(segment)))
        except (OSError, ValueError):
            pass  # told as a gap when its turn comes
        return [self._note_of_tracks(self._origin_us)]

    def opened(self, loaded: Loaded) -> Iterator[MediaMessage]:
        """What has to be said where a format is new."""
        if loaded.formats == self._tracks.formats:
            return
        self._tracks = Tracks(loaded.init)
        yield self._note_of_tracks(loaded.segment.start_us)
        yield from self._tracks.inits()

    async def fragment(self, loaded: Loaded, info: FragmentInfo) -> MediaMessage:
        """A stored fragment as it is, at its media time."""
        data = await self._shelf.read(loaded.segment.path, info.offset, info.size)
        if len(data) < info.size:
            raise ValueError("the segment is shorter than the index says")
        payload = with_decode_time(data, _media_time(loaded, info, self._origin_us))
        return _message(loaded, info, samples(data)[0].shift, payload)

    async def key_picture(self, loaded: Loaded, picture: KeyPicture) -> MediaMessage:
        """The key frame alone, as a fragment of one sample."""
        sample, data = await self._shelf.first_sample(loaded.segment.path, picture.info)
        payload = live_fragment(
            track=VIDEO_TRACK,
            sequence=picture.info.sequence,
            decode_time=_media_time(loaded, picture.info, self._origin_us),
            samples=[data],
            durations=[picture.ticks],
            shifts=[sample.shift],
            key=True,
        )
        return _message(loaded, picture.info, sample.shift, payload)

    async def gaps(
        self, from_us: int, to_us: int, *, known: bool = False, backwards: bool = False
    ) -> AsyncGenerator[MediaMessage, None]:
        """The gaps of a range; where asked, only those whose reason is known."""
        found = (await self._shelf.timeline(self._key.camera, from_us, to_us, stream=self._key.stream)).gaps
        for gap in reversed(found) if backwards else found:
            if not (known and gap.reason is GapReason.UNKNOWN):
                yield _gap(gap.from_us, gap.to_us, gap.reason, gap.title)

    @staticmethod
    def lost(start_us: int, end_us: int, error: Exception) -> MediaMessage:
        """A gap where footage should be that *error* keeps from being read."""
        gone = isinstance(error, FileNotFoundError)
        reason, title = (GapReason.DELETED, _DELETED) if gone else (GapReason.DISK, _UNREADABLE)
        return _gap(start_us, max(start_us, end_us), reason, title)

    def _note_of_tracks(self, utc_us: int) -> MediaMessage:
        return self._tracks.opened(
            camera=self._key.camera, stream=str(self._key.stream), origin_us=self._origin_us, utc_us=utc_us
        )


def _gap(from_us: int, to_us: int, reason: GapReason, title: str) -> MediaMessage:
    return note(
        "gap", utc_us=from_us, **{"from": rfc3339(from_us), "to": rfc3339(to_us)}, reason=str(reason), title=title
    )


def _media_time(loaded: Loaded, info: FragmentInfo, origin_us: int) -> int:
    before = (loaded.segment.start_us - origin_us) * loaded.formats[info.track].timescale
    return max(0, (before + 500_000) // 1_000_000) + info.decode_time


def _message(loaded: Loaded, info: FragmentInfo, shift: int, payload: bytes) -> MediaMessage:
    """*payload* with the time at which its first sample is shown."""
    return MediaMessage(
        kind=MediaKind.FRAGMENT,
        track=info.track,
        flags=STARTS_WITH_KEY if info.key else 0,
        utc_us=loaded.start_us(info) + shift * 1_000_000 // loaded.formats[info.track].timescale,
        payload=payload,
    )
