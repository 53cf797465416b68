"""One stream's watchers: what is stored already, then every unit, without a hole and without a repetition."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from tawny.recorder.archive.model import Recording, StreamKey
from tawny.recorder.ingest.model import FeedSubscriber
from tawny.wire.feed import FeedKind, encode, encode_unit, starts_with_key
from tawny.wire.media import VIDEO_TRACK, TrackFormat
from tawny.wire.mp4.fragments import init_segment

GROUP_BYTES = 4 << 20  # what one stream may keep in memory (design D7)
GATHERED_BYTES = 8 << 20  # while the archive answers


class Unit(NamedTuple):
    """One sample on its way to watchers."""

    track: int
    utc_us: int
    duration: int
    shift: int
    data: bytes
    key: bool

    def encoded(self) -> bytes:
        return encode_unit(
            self.track, self.data, utc_us=self.utc_us, duration=self.duration, shift=self.shift, key=self.key
        )


Unstored = Callable[[], list[Unit]]


class _Watcher:
    """Someone who watches.

    *hungry*: nothing until a key frame comes; *waiting*: units gather until the archive has answered; else all goes out.
    """

    def __init__(self, subscriber: FeedSubscriber) -> None:
        self.subscriber = subscriber
        self.hungry = True
        self.waiting = False
        self.format = b""
        self.gathered: list[bytes] = []
        self.out: list[bytes] = []


class Broadcast:
    """The live side of one stream. All of it runs on the media thread.

    Invariants: *group* holds the units since the last key frame of a stream that is not recorded, as long as they fit, of
    a recorded one nothing: its `Unstored` tells what the archive does not have yet; a watcher gets FORMAT first, and its
    first unit is a key frame's or follows what the archive answered.
    """

    def __init__(
        self, key: StreamKey, recording: Recording | None, *, later: Callable[[Callable[[], None]], None]
    ) -> None:
        self._key = key
        self._recording = recording
        self._later = later
        self._watchers: list[_Watcher] = []
        self._unstored: Unstored = list
        self._group: list[Unit] = []
        self._group_bytes = 0
        self._format = b""

    @property
    def watched(self) -> bool:
        """Whether anybody watches."""
        return bool(self._watchers)

    @property
    def takes_units(self) -> bool:
        """Whether `unit` is of any use now; while nobody watches a recorded stream it is not."""
        return bool(self._watchers) or self._recording is None

    def begin(self, formats: Mapping[int, TrackFormat], utc_us: int, unstored: Unstored) -> None:
        """The tracks of what follows are these."""
        self._unstored = unstored
        self._format = encode(FeedKind.FORMAT, init_segment(formats), utc_us=utc_us)
        self._send(self._format)

    def end(self) -> None:
        """The session ended: what follows begins with a key frame."""
        self._forget()
        self._unstored = list
        self._format = b""
        for watcher in self._watchers:
            watcher.hungry = not watcher.waiting

    def unit(self, unit: Unit) -> None:
        """Take the next unit, and let everybody who is ready have it."""
        starts_group = unit.key and unit.track == VIDEO_TRACK
        if self._recording is None:
            self._keep(unit, starts_group=starts_group)
        if self._watchers:
            self._send(unit.encoded(), starts_group=starts_group)

    def watch(self, subscriber: FeedSubscriber) -> None:
        """Give *subscriber* everything from the last key frame on."""
        watcher = _Watcher(subscriber)
        self._watchers.append(watcher)
        if not self._format:
            return
        recent = self._unstored() if self._recording is not None else self._group
        group = _from_key(recent)
        if group:
            watcher.hungry = False
            watcher.out += (self._format, *(unit.encoded() for unit in group))
        elif self._recording is not None:
            watcher.hungry, watcher.waiting, watcher.format = False, True, self._format
            watcher.gathered = [unit.encoded() for unit in recent]
            self._recording.request_group(
                self._key, lambda data, start: self._later(lambda: self._answer(watcher, data, start))
            )

    def unwatch(self, subscriber: FeedSubscriber) -> None:
        """Send *subscriber* nothing more."""
        self._watchers = [watcher for watcher in self._watchers if watcher.subscriber is not subscriber]

    def flush(self) -> None:
        """Hand over what gathered in one sweep."""
        for watcher in self._watchers:
            if watcher.out:
                watcher.subscriber.put(watcher.out)
                watcher.out = []

    def _answer(self, watcher: _Watcher, fragments: bytes, start_us: int) -> None:
        """Let *watcher* have the stored part and what gathered since."""
        if not watcher.waiting:
            return
        gathered, watcher.gathered, watcher.waiting = watcher.gathered, [], False
        if fragments:
            stored = encode(FeedKind.FRAGMENTS, fragments, utc_us=start_us)
            watcher.out += (watcher.format, stored, *gathered)
            return
        start = next((index for index, message in enumerate(gathered) if starts_with_key(message)), None)
        watcher.hungry = start is None
        if start is not None:
            watcher.out += (self._format, *gathered[start:])

    def _send(self, message: bytes, *, starts_group: bool = False) -> None:
        for watcher in self._watchers:
            if watcher.waiting:
                watcher.gathered.append(message)
                self._bound(watcher)
            elif not watcher.hungry:
                watcher.out.append(message)
            elif starts_group:
                watcher.hungry = False
                watcher.out += (self._format, message)

    @staticmethod
    def _bound(watcher: _Watcher) -> None:
        """The archive does not answer: begin with the next key frame instead."""
        if sum(map(len, watcher.gathered)) > GATHERED_BYTES:
            watcher.gathered, watcher.waiting, watcher.hungry = [], False, True

    def _keep(self, unit: Unit, *, starts_group: bool) -> None:
        """Remember an unrecorded stream's current group; one that is too large is given up until the next key frame."""
        if starts_group:
            self._forget()
        if starts_group or self._group:
            self._group.append(unit)
            self._group_bytes += len(unit.data)
            if self._group_bytes > GROUP_BYTES:
                self._forget()

    def _forget(self) -> None:
        self._group_bytes = 0
        self._group.clear()


def _from_key(units: Sequence[Unit]) -> list[Unit]:
    """Those of *units* from the last key frame on, in the order of time."""
    video = [unit for unit in units if unit.track == VIDEO_TRACK]
    start = next((index for index in range(len(video) - 1, -1, -1) if video[index].key), None)
    if start is None:
        return []
    beside = (unit for unit in units if unit.track != VIDEO_TRACK and unit.utc_us >= video[start].utc_us)
    return sorted([*video[start:], *beside], key=lambda unit: unit.utc_us)
