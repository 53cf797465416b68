"""What the archive has of a camera: its timeline, its days, playback and downloads. None of it needs the recorder."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

from tawny.gateway import download
from tawny.gateway.control import RecorderControl
from tawny.gateway.exchange import Answer
from tawny.gateway.manner import Manner
from tawny.gateway.playback import Playback
from tawny.gateway.previews import Previews
from tawny.gateway.rewind import Rewind
from tawny.gateway.shelf import Shelf
from tawny.recorder.archive.model import Gap, GapReason, Span, StreamKey, Timeline
from tawny.runtime.clock import Clock
from tawny.runtime.problem import Kind, Problem
from tawny.wire.media import StreamName
from tawny.wire.media_socket import MediaMessage
from tawny.wire.moments import parse_rfc3339, rfc3339

MAX_TIMELINE_US: Final = 400 * 24 * 3600 * 1_000_000
MAX_PLANS: Final = 2  # at once: planning a day of video is seconds of work
NOT_ON_FILE_US: Final = 5_000_000  # a fragment is written when it is a second long, and queues in front of a busy disk
_DAY_US = 24 * 3600 * 1_000_000
_REASONS: Final[Mapping[str, GapReason]] = {  # by the kind of a camera's state
    "credentials": GapReason.CAMERA_REFUSED,
    "basic_only": GapReason.CAMERA_REFUSED,
    "not_found": GapReason.CAMERA_REFUSED,
    "not_rtsp": GapReason.CAMERA_REFUSED,
    "no_video": GapReason.CAMERA_REFUSED,
    "codec": GapReason.CAMERA_REFUSED,
    "silent": GapReason.CAMERA_SILENT,
    "no_key_frame": GapReason.CAMERA_SILENT,
}

Document = dict[str, Any]


class Footage:
    """Answers questions about footage, from the archive and what the recorder last said."""

    def __init__(self, shelf: Shelf, *, control: RecorderControl, clock: Clock) -> None:
        self._shelf = shelf
        self._control = control
        self._clock = clock
        self._plans = asyncio.Semaphore(MAX_PLANS)

    async def summary(self) -> Document:
        """How far back the archive reaches."""
        oldest_us = (await self._shelf.summary()).oldest_us
        age_us = 0 if oldest_us is None else max(0, self._clock.utc_us() - oldest_us)
        return {
            "oldest": None if oldest_us is None else rfc3339(oldest_us),
            "depth_days": round(age_us / _DAY_US, 3),
        }

    async def timeline(self, camera: str, from_us: int, to_us: int) -> Document:
        """Spans and gaps of that range, as far as it is past."""
        if to_us - from_us > MAX_TIMELINE_US:
            raise Problem(Kind.INVALID, "A timeline of at most 400 days can be asked for.", field="to")
        await self.check(camera)
        found = await self.found(camera, from_us, to_us, StreamName.MAIN)
        if not found.spans:  # the main stream can't be recorded, or was not: then the sub stream is all there is
            found = await self.found(camera, from_us, to_us)
        return {
            "from": rfc3339(from_us),
            "to": rfc3339(to_us),
            "spans": [{"from": rfc3339(s.from_us), "to": rfc3339(s.to_us), "kind": "continuous"} for s in found.spans],
            "gaps": [_gap_document(gap) for gap in found.gaps],
        }

    async def found(self, camera: str, from_us: int, to_us: int, stream: StreamName | None = None) -> Timeline:
        """The range as far as it is past: what *stream* has, or any stream, and why there is nothing of the rest."""
        now_us = self._clock.utc_us()
        if from_us >= now_us:
            return Timeline(spans=(), gaps=())
        added_us = self._added_us(camera)
        found = await self._shelf.timeline(camera, from_us, min(to_us, now_us), added_us=added_us, stream=stream)
        spans, gaps = up_to_now(found, now_us=now_us, trouble=self._trouble(camera))
        return Timeline(spans=tuple(spans), gaps=tuple(gaps))

    async def days(self, camera: str, from_us: int, to_us: int, zone: str) -> list[str]:
        """The days with footage, as people in *zone* count them."""
        if to_us - from_us > MAX_TIMELINE_US:
            raise Problem(Kind.INVALID, "At most 400 days can be asked for.", field="to")
        try:
            found = ZoneInfo(zone)
        except (ValueError, OSError, KeyError):  # what the module raises for a path, a directory, an unknown name
            raise Problem(Kind.INVALID, "There is no such time zone.", field="zone") from None
        await self.check(camera)
        return [day.isoformat() for day in await self._shelf.days(camera, from_us, to_us, found)]

    async def playback(
        self, camera: str, stream: StreamName, from_us: int, manner: Manner
    ) -> AsyncGenerator[MediaMessage, None]:
        """Media messages from *from_us* on, or back."""
        await self.check(camera)
        way = Rewind if manner.backwards else Playback
        key = StreamKey(camera=camera, stream=stream)
        return way(self._shelf, key, clock=self._clock, manner=manner).messages(from_us)

    async def previews(
        self, camera: str, stream: StreamName, from_us: int, to_us: int, count: int
    ) -> AsyncGenerator[MediaMessage, None]:
        """At most *count* key frames of that range."""
        if to_us - from_us > MAX_TIMELINE_US:
            raise Problem(Kind.INVALID, "Previews of at most 400 days can be asked for.", field="to")
        await self.check(camera)
        return Previews(self._shelf, StreamKey(camera=camera, stream=stream)).messages(from_us, to_us, count)

    async def video(self, camera: str, stream: StreamName, from_us: int, to_us: int, *, audio: bool) -> Answer:
        """That range as one MP4, its size known in advance."""
        if to_us - from_us > download.MAX_RANGE_US:
            raise Problem(Kind.INVALID, "At most 24 hours fit into one video.", field="to")
        segments = await self._shelf.segments(StreamKey(camera=camera, stream=stream), from_us, to_us)
        async with self._plans:
            plan = partial(download.plan, self._shelf, segments, from_us, to_us, audio=audio)
            movie = await self._shelf.run(plan)
        headers = {"content-type": "video/mp4", "content-length": str(movie.size)}
        return Answer(headers=headers, body=download.copy(self._shelf, movie))

    async def check(self, camera: str) -> None:
        """NOT_FOUND for a camera that neither the recorder nor the archive ever heard of."""
        if camera not in self._control.cameras and not await self._shelf.has(camera):
            raise Problem(Kind.NOT_FOUND, "There is no such camera.")

    def _added_us(self, camera: str) -> int:
        """When the camera was added, as far as the recorder has told; 0 for one that was removed since."""
        document = self._control.cameras.get(camera)
        return 0 if document is None else parse_rfc3339(document["added_at"])

    def _trouble(self, camera: str) -> tuple[GapReason, str]:
        """Why there is no footage just now."""
        if not self._control.connected:
            return GapReason.RESTART, "The recorder is not running."
        document = self._control.cameras.get(camera)
        if document is None:
            return GapReason.NOT_ADDED, "The camera was removed."
        state = document["state"]
        if state["phase"] == "disabled":
            return GapReason.DISABLED, "The camera is switched off."
        reason = _REASONS.get(state["kind"], GapReason.CAMERA_LOST)
        return reason, state["title"] or "The camera is connecting."


def up_to_now(found: Timeline, *, now_us: int, trouble: tuple[GapReason, str]) -> tuple[list[Span], list[Gap]]:
    """*found* with its last moments explained.

    What was recorded in the last seconds is not on file yet: that is no gap. A longer gap that lasts and that nobody has
    explained yet is explained by what is wrong just now.
    """
    spans, gaps = list(found.spans), list(found.gaps)
    last = gaps[-1] if gaps else None
    if last is None or now_us - last.to_us > NOT_ON_FILE_US or last.reason is not GapReason.UNKNOWN:
        return spans, gaps
    if spans and spans[-1].from_us > last.from_us:
        return spans, gaps
    del gaps[-1]
    if spans and spans[-1].to_us == last.from_us and now_us - last.from_us <= NOT_ON_FILE_US:
        spans[-1] = replace(spans[-1], to_us=last.to_us)
    else:
        reason, title = trouble
        gaps.append(replace(last, reason=reason, title=title))
    return spans, gaps


def _gap_document(gap: Gap) -> Document:
    return {"from": rfc3339(gap.from_us), "to": rfc3339(gap.to_us), "reason": str(gap.reason), "title": gap.title}
