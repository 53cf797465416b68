"""The head of a channel: where it looks and how its picture is adjusted; the streams follow, drawn anew."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import unquote

from tawny.camera.onvif.model import Channel, Stream, Streams
from tawny.camera.onvif.views import Coding, View, rendered
from tawny.camera.sources import Clip
from tawny.runtime.clock import Clock
from tawny.runtime.tasks import Tasks
from tawny.wire.media import VideoCodec

SPEED = 0.5  # of a coordinate a second, at full velocity
_LET_GO_S = 0.5  # for viewers of a stream whose codec changes
_MOST_KEPT = 8  # clips drawn anew: some 8 MB each

Draw = Callable[[Clip, View], Clip]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Velocity:
    """How fast the head moves on each axis, -1 to 1."""

    pan: float
    tilt: float
    zoom: float


def adjustable(channel: Channel) -> bool:
    """Whether the channel can be drawn anew: its codec stays what clients were told only where that is H.264."""
    return not channel.captured and all(stream.clip.video.codec is VideoCodec.H264 for stream in channel.streams)


class Head:
    """One channel's head.

    Invariants: every stream shows what `view` says within the time that drawing takes, the last wish winning; while
    the head moves nothing is drawn, but when it stops.

    *draw* makes the clip of a view; it is called in a thread. *streams* serves them.
    """

    def __init__(
        self,
        channel: Channel,
        *,
        clock: Clock,
        tasks: Tasks,
        draw: Draw = rendered,
        streams: Streams | None = None,
    ) -> None:
        self._channel = channel
        self._streams = streams
        self._clock = clock
        self._tasks = tasks
        self._draw = draw
        self._view = View()
        self._shown = View()
        self._velocity: Velocity | None = None
        self._since = 0.0
        self._moves = 0
        self._drawing = False
        self._codings: Mapping[str, Coding] = {}
        self._coded: Mapping[str, Coding] = {}  # of what is shown
        self._kept: dict[tuple[str, View], tuple[Clip, Clip]] = {}  # originals, and what was drawn of them

    @property
    def view(self) -> View:
        """Where the head looks at this moment."""
        velocity = self._velocity
        if velocity is None:
            return self._view
        way = (self._clock.monotonic() - self._since) * SPEED
        return replace(
            self._view,
            pan=_within(self._view.pan + velocity.pan * way, -1.0),
            tilt=_within(self._view.tilt + velocity.tilt * way, -1.0),
            zoom=_within(self._view.zoom + velocity.zoom * way, 0.0),
        )

    @property
    def shown(self) -> View:
        """What the streams show."""
        return self._shown

    @property
    def moving(self) -> bool:
        """Whether the head moves, or what it sees is not shown yet."""
        return self._velocity is not None or not self._current

    @property
    def _current(self) -> bool:
        return self._shown == self._view and self._coded == self._codings

    def coding(self, stream: str) -> Coding | None:
        """How a stream shall be encoded; None: as its clip is."""
        return self._codings.get(stream)

    def encode(self, stream: str, coding: Coding) -> None:
        """Encode a stream so; what is shown goes on until that is done."""
        self._codings = {**self._codings, stream: coding}
        self._begin()

    def look(self, view: View) -> None:
        """Look there, adjusted so."""
        self._velocity = None
        self._moves += 1
        self._view = view
        self._begin()

    def _begin(self) -> None:
        if not self._drawing and not self._current:
            self._drawing = True
            self._tasks.start(self._follow(), name="drawing")

    def move(self, velocity: Velocity, *, for_s: float) -> None:
        """Move until `stop`, at most *for_s*."""
        self._view = self.view
        self._velocity, self._since = velocity, self._clock.monotonic()
        self._moves += 1
        self._tasks.start(self._stop_after(for_s, self._moves), name="moving")

    def stop(self) -> None:
        """Stay where the head is now."""
        self.look(self.view)

    async def _stop_after(self, seconds: float, move: int) -> None:
        await self._clock.sleep(seconds)
        if move == self._moves:
            self.stop()

    async def _follow(self) -> None:
        """Draw until what is shown is what is wished for."""
        try:
            while not self._current:
                view, codings = self._view, self._codings
                for stream in self._channel.streams:
                    clip = await self._drawn(stream, replace(view, coding=codings.get(stream.name)))
                    await self._show(stream, clip)
                self._shown, self._coded = view, codings
        except ValueError as error:
            _log.error("the view can't be drawn: %s", error)
            self._view, self._codings = self._shown, self._coded
        finally:
            self._drawing = False

    async def _show(self, stream: Stream, clip: Clip) -> None:
        """Have the stream show *clip*; another codec needs another session, so viewers are let go, as cameras do."""
        if clip.video.codec is stream.clip.video.codec or self._streams is None:
            stream.looped.redraw(clip)
            return
        path = unquote(stream.path)
        self._streams.withhold([path])
        await self._clock.sleep(_LET_GO_S)
        stream.looped.redraw(clip)
        self._streams.offer([path])

    async def _drawn(self, stream: Stream, view: View) -> Clip:
        original = stream.looped.original
        if view == View():
            return original
        key = stream.name, view
        if key not in self._kept or self._kept[key][0] is not original:
            drawn = await asyncio.to_thread(self._draw, original, view)
            while len(self._kept) >= _MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = original, drawn
        return self._kept[key][1]


def _within(value: float, low: float) -> float:
    return min(max(value, low), 1.0)
