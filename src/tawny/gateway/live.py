"""Live media: what the feed says, told as media messages to one who watches.

`LiveMedia` is a machine without I/O, one for each subscription: feed messages in, media messages out.
"""

import json
from collections.abc import Iterator
from typing import Final

from tawny.gateway.tracks import Tracks
from tawny.wire.feed import FeedKind, FeedMessage, read_unit
from tawny.wire.media import VIDEO_TRACK
from tawny.wire.media_socket import STARTS_WITH_KEY, MediaKind, MediaMessage, note
from tawny.wire.mp4.fragments import live_fragment
from tawny.wire.mp4.reading import FragmentInfo, samples, walk, with_decode_time

# The origin lies this far before the subscription: media time must not be negative, and the stored part of a group of
# pictures lies within one segment, which is a minute or, where key frames are rare, a few.
HEADROOM_US: Final = 600_000_000


class LiveMedia:
    """Turns the feed of one stream into media messages.

    Invariants: a track's INIT goes before its first fragment and after each change of its format; after a loss no picture
    goes before the next key frame; media time is the distance from one origin, in every message.
    """

    def __init__(self, *, camera: str, stream: str, now_us: int) -> None:
        self._camera = camera
        self._stream = stream
        self._origin_us = now_us - HEADROOM_US
        self._tracks = Tracks(b"")
        self._sequence = 0
        self._needs_key = True

    def take(self, message: FeedMessage) -> Iterator[MediaMessage]:
        """Yield what *message* means to who watches; ValueError where it is none of ours."""
        match message.kind:
            case FeedKind.FORMAT:
                yield from self._open(message)
            case FeedKind.FRAGMENTS:
                yield from self._burst(message)
            case FeedKind.UNIT:
                yield from self._unit(message)
            case FeedKind.STATE:
                yield note("state", utc_us=message.utc_us, state=json.loads(message.payload))
            case FeedKind.LOST:
                self._needs_key = True
                yield note("skipped", utc_us=message.utc_us)

    def _open(self, message: FeedMessage) -> Iterator[MediaMessage]:
        self._tracks = Tracks(message.payload)
        self._needs_key = True
        yield self._tracks.opened(
            camera=self._camera, stream=self._stream, origin_us=self._origin_us, utc_us=message.utc_us
        )
        yield from self._tracks.inits()

    def _burst(self, message: FeedMessage) -> Iterator[MediaMessage]:
        found = list(walk(message.payload))
        for track in self._tracks.numbers:
            infos = [info for info in found if info.track == track]
            if infos and not (track == VIDEO_TRACK and not infos[0].key):
                yield self._burst_of_track(message, infos)
                self._needs_key &= track != VIDEO_TRACK

    def _burst_of_track(self, message: FeedMessage, infos: list[FragmentInfo]) -> MediaMessage:
        track, start_us = infos[0].track, message.utc_us
        pieces = [message.payload[info.offset : info.offset + info.size] for info in infos]
        base = self._tracks.ticks(track, start_us - self._origin_us)
        timed = [with_decode_time(p, base + info.decode_time) for p, info in zip(pieces, infos, strict=True)]
        first = samples(pieces[0])[0]
        return MediaMessage(
            kind=MediaKind.BURST,
            track=track,
            flags=STARTS_WITH_KEY,
            utc_us=start_us + self._tracks.us(track, infos[0].decode_time + first.shift),
            payload=b"".join(timed),
        )

    def _unit(self, message: FeedMessage) -> Iterator[MediaMessage]:
        if message.track == VIDEO_TRACK:
            if self._needs_key and not message.key:
                return
            self._needs_key = False
        if message.track not in self._tracks.numbers:
            return
        unit = read_unit(message.payload)
        self._sequence += 1
        payload = live_fragment(
            track=message.track,
            sequence=self._sequence,
            decode_time=self._tracks.ticks(message.track, message.utc_us - self._origin_us),
            samples=[unit.data],
            durations=[unit.duration],
            shifts=[unit.shift],
            key=message.key,
        )
        yield MediaMessage(
            kind=MediaKind.FRAGMENT,
            track=message.track,
            flags=STARTS_WITH_KEY if message.key or message.track != VIDEO_TRACK else 0,
            utc_us=message.utc_us + self._tracks.us(message.track, unit.shift),
            payload=payload,
        )
