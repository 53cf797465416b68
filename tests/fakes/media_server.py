"""A hub's media socket without a hub: drawn cameras, live and recorded, as `docs/design/programs.md` promises them.

One server also gives the test page's files, under the policy that the hub sends. It runs in a thread of its own.
"""

import asyncio
import json
import mimetypes
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from tawny.runtime.clock import Clock, SystemClock, from_utc_us, utc_us
from tawny.wire.media import AUDIO_TRACK, METADATA_TRACK, VIDEO_TRACK, MetadataFormat, VideoFormat
from tawny.wire.media_socket import STARTS_WITH_KEY, MediaKind, MediaMessage, addressed
from tawny.wire.mp4.fragments import live_fragment, single_track_init
from tests.fakes.media_clips import CLIP_S, GROUP_S, Clip, Sound

POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:"
SECOND = 1_000_000
TOLD_US = 200_000
Sees = Callable[[int], bytes]
OLDEST_S = 120  # before the server started: so far back the recording goes


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """No footage between two moments, in seconds before the server started; whole seconds, as groups begin there."""

    from_s: int
    to_s: int
    reason: str = "camera_lost"
    title: str = "The camera was not reachable."


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeCamera:
    """A camera: *earlier* is the main stream's clip up to *changed_s* seconds before the start, and live odd seconds."""

    main: Clip | None
    sub: Clip | None
    sound: Sound | None = None
    gaps: tuple[Gap, ...] = ()
    earlier: Clip | None = None
    changed_s: int = 0
    silent_from_s: int | None = None  # the recording's sound is missing for one second from here
    down: str = ""
    alternates: bool = False
    main_opens_first: bool = False  # yet its first picture comes after the sub stream's
    sees: Sees | None = None  # what it sends as metadata of a moment
    goes_on: bool = False  # it is being recorded: playback that has caught up follows it

    def clip(self, stream: str) -> Clip | None:
        return self.main if stream == "main" else self.sub

    def clip_at(self, stream: str, second: int) -> Clip:
        """The clip that *stream* shows in a whole second, counted from the server's start."""
        clip = self.clip(stream)
        assert clip is not None
        earlier = second < -self.changed_s or (self.alternates and second >= 0 and second % 2)
        return self.earlier if stream == "main" and self.earlier is not None and earlier else clip

    def gap_at(self, second: int) -> Gap | None:
        return next((gap for gap in self.gaps if -gap.from_s <= second < -gap.to_s), None)


@dataclass(slots=True)
class _Subscription:
    """Its *origin_us* is a whole second; *until* is set anew by the page."""

    number: int
    task: asyncio.Task[None]
    until_us: int = 0
    raised: asyncio.Event = field(default_factory=asyncio.Event)


def video_message(
    kind: MediaKind, clip: Clip, first: int, count: int, *, start_us: int, origin_us: int, lasts: int = 1
) -> MediaMessage:
    """*count* pictures of the second that begins at *start_us*, from its picture *first* on, each shown as long as *lasts*."""
    ticks = 90_000 // clip.shape.fps
    base = (start_us // SECOND % CLIP_S) * clip.shape.fps
    pictures = clip.pictures[base + first : base + first + count]
    decode_time = (start_us - origin_us) * 9 // 100 + first * ticks
    payload = live_fragment(
        track=VIDEO_TRACK,
        sequence=1,
        decode_time=decode_time,
        samples=[picture.data for picture in pictures],
        durations=[ticks * lasts] * count,
        shifts=[picture.shift for picture in pictures] if clip.shape.b_frames else None,
        key=pictures[0].key,
    )
    utc = origin_us + (decode_time + pictures[0].shift) * 100 // 9
    flags = STARTS_WITH_KEY if pictures[0].key else 0
    return MediaMessage(kind=kind, track=VIDEO_TRACK, flags=flags, utc_us=utc, payload=payload)


def sound_message(kind: MediaKind, sound: Sound, *, from_us: int, to_us: int, origin_us: int) -> MediaMessage | None:
    """The sound whose samples begin in [from, to)."""
    rate = sound.format.sample_rate
    first, last = (-(-(at - origin_us) * rate // (SECOND * sound.duration)) for at in (from_us, to_us))
    if last <= first:
        return None
    payload = live_fragment(
        track=AUDIO_TRACK,
        sequence=1,
        decode_time=first * sound.duration,
        samples=[sound.samples[index % len(sound.samples)] for index in range(first, last)],
        durations=[sound.duration] * (last - first),
        shifts=None,
        key=True,
    )
    utc = origin_us + first * sound.duration * SECOND // rate
    return MediaMessage(kind=kind, track=AUDIO_TRACK, flags=STARTS_WITH_KEY, utc_us=utc, payload=payload)


def seen_left(at_us: int) -> float:
    """The left edge of the object that is seen at a moment: told five times a second, 4 s from left to right."""
    return at_us // TOLD_US % 20 / 40


def document(at_us: int) -> bytes:
    """The metadata of a moment, in coordinates of 1000 by 1000 from the lower left."""
    left = round(seen_left(at_us) * 1000)
    frame = (
        '<tt:Frame UtcTime="2026-11-22T12:00:00Z"><tt:Transformation><tt:Translate x="-1" y="-1"/>'
        '<tt:Scale x="0.002" y="0.002"/></tt:Transformation><tt:Object ObjectId="7"><tt:Appearance><tt:Shape>'
        f'<tt:BoundingBox left="{left}" top="750" right="{left + 250}" bottom="500"/></tt:Shape><tt:Class>'
        '<tt:Type Likelihood="0.3">Animal</tt:Type><tt:Type Likelihood="0.7">Human</tt:Type></tt:Class></tt:Appearance>'
        "</tt:Object></tt:Frame>"
    )
    seen = f"<tt:VideoAnalytics>{frame}</tt:VideoAnalytics>"
    return f'<tt:MetadataStream xmlns:tt="http://www.onvif.org/ver10/schema">{seen}</tt:MetadataStream>'.encode()


def gibberish(at_us: int) -> bytes:
    """What a camera may send in the place of a document."""
    broken = document(at_us)[: at_us // TOLD_US % 300]
    bottomless = b"<tt:MetadataStream>" * 500
    wrong = b'<MetadataStream><VideoAnalytics><Frame><Object ObjectId="1"><Appearance><Shape>%s</Shape></Appearance>'
    boxes = b'<BoundingBox left="NaN" top="1e999" right="" bottom="x"/>'
    return (broken, b"\xff\xfe\x00", bottomless, wrong % boxes, b"<html/>")[at_us // TOLD_US % 5]


def metadata_message(kind: MediaKind, sees: Sees, *, from_us: int, to_us: int, origin_us: int) -> MediaMessage | None:
    """The documents of [from, to)."""
    moments = range(-(-from_us // TOLD_US) * TOLD_US, to_us, TOLD_US)
    if not moments:
        return None
    payload = live_fragment(
        track=METADATA_TRACK,
        sequence=1,
        decode_time=(moments[0] - origin_us) * 9 // 100,
        samples=[sees(at_us) for at_us in moments],
        durations=[TOLD_US * 9 // 100] * len(moments),
        shifts=None,
        key=True,
    )
    return MediaMessage(kind=kind, track=METADATA_TRACK, flags=STARTS_WITH_KEY, utc_us=moments[0], payload=payload)


class _Viewer:
    """One page's socket."""

    def __init__(self, server: "FakeMediaServer", socket: ServerConnection, clock: Clock) -> None:
        self._server = server
        self._socket = socket
        self._clock = clock
        self._subscriptions: dict[int, _Subscription] = {}

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            async for text in self._socket:
                self._handle(json.loads(text), group)
            for subscription in self._subscriptions.values():
                subscription.task.cancel()

    def _handle(self, request: dict[str, Any], group: asyncio.TaskGroup) -> None:
        number = request["subscription"]
        self._server.requests.append(request)
        match request["type"]:
            case "open":
                assert number not in self._subscriptions
                stream = self._playback(request) if request["mode"] == "playback" else self._live(request)
                self._subscriptions[number] = _Subscription(number=number, task=group.create_task(self._guard(stream)))
                self._until(number, request)
            case "until":
                self._until(number, request)
            case "close":
                self._subscriptions.pop(number).task.cancel()
            case _:
                raise AssertionError(request)

    async def _guard(self, stream: Any) -> None:
        try:
            await stream
        except ConnectionClosed:
            return

    def _until(self, number: int, request: dict[str, Any]) -> None:
        if "until" in request and number in self._subscriptions:
            self._subscriptions[number].until_us = utc_us(datetime.fromisoformat(request["until"]))
            self._subscriptions[number].raised.set()

    async def _note(self, number: int, kind: str, **members: Any) -> None:
        await self._socket.send(json.dumps({"type": kind, "subscription": number, **members}))

    async def _send(self, number: int, message: MediaMessage | None) -> None:
        if message is not None:
            await self._socket.send(addressed(message.encode(), number))

    async def _open(
        self, request: dict[str, Any], clip: Clip, sound: Sound | None, origin_us: int, *, sees: bool = False
    ) -> None:
        number, form = request["subscription"], clip.format
        tracks: dict[str, Any] = {"1": _video_note(form)}
        if sound is not None:
            rate = sound.format.sample_rate
            tracks["2"] = {"codec": sound.format.codec, "codec_string": sound.format.codec_string, "sample_rate": rate}
        if sees:
            tracks["3"] = {"codec": "onvif", "codec_string": "metx"}
        head = {"origin_us": origin_us, "camera": request["camera"], "stream": request["stream"]}
        await self._note(number, "opened", **head, tracks=tracks)
        await self._init(number, VIDEO_TRACK, form)
        if sound is not None and request["audio"]:
            await self._init(number, AUDIO_TRACK, sound.format)
        if sees:
            await self._init(number, METADATA_TRACK, MetadataFormat())

    async def _init(self, number: int, track: int, form: Any) -> None:
        await self._send(
            number, MediaMessage(kind=MediaKind.INIT, track=track, payload=single_track_init({track: form}, track))
        )

    async def _live(self, request: dict[str, Any]) -> None:
        number, stream = request["subscription"], request["stream"]
        camera = self._server.cameras.get(request["camera"])
        first = camera and camera.clip(stream)
        if camera is None or first is None:
            problem = {"type": "urn:tawny:problem:not_found", "title": "There is no such stream.", "detail": "Look."}
            await self._note(number, "problem", problem=problem)
            return
        if camera.down:
            await self._note(number, "state", state={"phase": "waiting", "title": camera.down})
            return
        await self._stream_live(request, camera, number, stream)

    async def _stream_live(self, request: dict[str, Any], camera: FakeCamera, number: int, stream: str) -> None:
        now = self._clock.utc_us()
        second = origin = now // SECOND * SECOND
        clip: Clip | None = None
        if camera.main_opens_first and stream == "sub":
            await self._clock.sleep(0.2)
        while True:
            shown = camera.clip_at(stream, self._server.second(second))
            if shown is not clip:
                clip = shown
                await self._open(request, clip, camera.sound, origin, sees=camera.sees is not None)
                if camera.main_opens_first and stream == "main":
                    await self._clock.sleep(0.6)
            sound = camera.sound if request["audio"] else None
            await self._second_live(number, clip, sound, second, origin, sees=camera.sees)
            second += SECOND

    async def _second_live(
        self, number: int, clip: Clip, sound: Sound | None, start_us: int, origin_us: int, *, sees: Sees | None
    ) -> None:
        """What of the second is over comes at once, the rest picture by picture when it is due."""
        fps, now = clip.shape.fps, self._clock.utc_us()
        past = min(fps, max(0, (now - start_us) * fps // SECOND))
        if past:
            burst = video_message(MediaKind.BURST, clip, 0, past, start_us=start_us, origin_us=origin_us)
            await self._send(number, burst)
        heard = start_us
        for index in range(past, fps):
            due = start_us + (index + 1) * SECOND // fps  # a camera sends a picture when it has it whole
            await self._clock.sleep(max(0.0, (due - self._clock.utc_us()) / SECOND))
            if sees:
                begin = start_us + index * SECOND // fps
                told = metadata_message(MediaKind.FRAGMENT, sees, from_us=begin, to_us=due, origin_us=origin_us)
                await self._send(number, told)
            one = video_message(MediaKind.FRAGMENT, clip, index, 1, start_us=start_us, origin_us=origin_us)
            await self._send(number, one)
            if sound is not None:
                part = sound_message(MediaKind.FRAGMENT, sound, from_us=heard, to_us=due, origin_us=origin_us)
                await self._send(number, part)
                heard = due

    async def _playback(self, request: dict[str, Any]) -> None:
        if request["speed"] < 0:
            await self._rewind(request)
            return
        number, stream = request["subscription"], request["stream"]
        camera = self._server.cameras[request["camera"]]
        from_us = utc_us(datetime.fromisoformat(request["from"]))
        origin = second = from_us // SECOND * SECOND
        clip: Clip | None = None
        while True:
            missing_us = second + GROUP_S * SECOND - self._clock.utc_us()
            if missing_us > 0 and not camera.goes_on:
                break
            await self._clock.sleep(max(missing_us, 0) / SECOND)
            await self._allowed(number, second)
            gap = camera.gap_at(self._server.second(second))
            if gap is not None:
                second = await self._gap(number, gap)
                continue
            shown = camera.clip_at(stream, self._server.second(second))
            if shown is not clip:
                clip = shown
                await self._open(request, clip, camera.sound, origin, sees=camera.sees is not None)
            await self._second_stored(number, camera, clip, request, second, origin)
            second += GROUP_S * SECOND
        await self._note(number, "end")

    async def _rewind(self, request: dict[str, Any]) -> None:
        """The seconds newest first, each a group; media time counts from 1970."""
        number, camera = request["subscription"], self._server.cameras[request["camera"]]
        second = utc_us(datetime.fromisoformat(request["from"])) // SECOND * SECOND
        clip: Clip | None = None
        while self._server.second(second) >= -OLDEST_S:
            await self._allowed(number, second, backwards=True)
            gap = camera.gap_at(self._server.second(second))
            if gap is not None:
                await self._gap(number, gap)
                second = self._server.started_us - (gap.from_s + 1) * SECOND
                continue
            shown = camera.clip_at(request["stream"], self._server.second(second))
            if shown is not clip:
                clip = shown
                await self._open(request, clip, None, 0)
            await self._second_stored(number, camera, clip, request, second, 0)
            second -= GROUP_S * SECOND
        await self._note(number, "end")

    async def _allowed(self, number: int, at_us: int, *, backwards: bool = False) -> None:
        subscription = self._subscriptions[number]
        while at_us < subscription.until_us if backwards else at_us >= subscription.until_us:
            subscription.raised.clear()
            await subscription.raised.wait()

    async def _gap(self, number: int, gap: Gap) -> int:
        start, end = (self._server.started_us - s * SECOND for s in (gap.from_s, gap.to_s))
        members = {"from": _time(start), "to": _time(end), "reason": gap.reason, "title": gap.title}
        await self._note(number, "gap", **members)
        return end

    async def _second_stored(
        self, number: int, camera: FakeCamera, clip: Clip, request: dict[str, Any], start_us: int, origin_us: int
    ) -> None:
        audio, key_only = request["audio"], request["frames"] == "key"
        count, lasts = (1, clip.shape.fps) if key_only else (clip.shape.fps, 1)
        times = {"start_us": start_us, "origin_us": origin_us, "lasts": lasts}
        await self._send(number, video_message(MediaKind.FRAGMENT, clip, 0, count, **times))
        if camera.sees and not key_only:
            span = {"from_us": start_us, "to_us": start_us + SECOND, "origin_us": origin_us}
            await self._send(number, metadata_message(MediaKind.FRAGMENT, camera.sees, **span))
        silent = camera.silent_from_s is not None and self._server.second(start_us) == -camera.silent_from_s
        if camera.sound is None or not audio or silent:
            return
        until = start_us + SECOND
        heard = sound_message(MediaKind.FRAGMENT, camera.sound, from_us=start_us, to_us=until, origin_us=origin_us)
        await self._send(number, heard)


def _video_note(form: VideoFormat) -> dict[str, Any]:
    size = {"width": form.width, "height": form.height}
    return {"codec": form.codec, "codec_string": form.codec_string, **size}


def _time(us: int) -> str:
    return from_utc_us(us).isoformat().replace("+00:00", "Z")


class FakeMediaServer:
    """Serves *cameras* on ``/media`` and the files of *pages*; `requests` holds what pages asked.

    Moments are counted from `started_us`, a whole second; the recording reaches to the last whole second.
    """

    def __init__(self, pages: Path, cameras: dict[str, FakeCamera]) -> None:
        self._clock: Clock = SystemClock()
        self._pages = pages
        self._sockets: set[ServerConnection] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.cameras = cameras
        self.requests: list[dict[str, Any]] = []
        self.started_us = self._clock.utc_us() // SECOND * SECOND
        self.port = 0

    def now_us(self) -> int:
        return self._clock.utc_us()

    def second(self, at_us: int) -> int:
        """Whole seconds since the server started; negative in the recording."""
        return (at_us - self.started_us) // SECOND

    @contextmanager
    def running(self) -> Iterator["FakeMediaServer"]:
        """Serve on a free port of loopback until the block ends."""
        ready, stop = threading.Event(), asyncio.Event()
        thread = threading.Thread(target=lambda: asyncio.run(self._serve(ready, stop)))
        thread.start()
        ready.wait()
        assert self._loop is not None
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(stop.set)
            thread.join()

    def break_connections(self) -> None:
        """End all sockets without a word, as a network does."""
        assert self._loop is not None
        for socket in list(self._sockets):
            self._loop.call_soon_threadsafe(socket.transport.abort)

    async def _serve(self, ready: threading.Event, stop: asyncio.Event) -> None:
        self._loop = asyncio.get_running_loop()
        options: dict[str, Any] = {"process_request": self._page, "compression": None, "max_queue": 64}
        async with serve(self._view, "127.0.0.1", 0, **options) as server:
            self.port = _port(server)
            ready.set()
            await stop.wait()
            for socket in list(self._sockets):
                socket.transport.abort()

    async def _view(self, socket: ServerConnection) -> None:
        self._sockets.add(socket)
        try:
            await _Viewer(self, socket, self._clock).run()
        finally:
            self._sockets.discard(socket)

    def _page(self, connection: ServerConnection, request: Request) -> Response | None:
        if request.path == "/media":
            return None
        path = self._pages / request.path.split("?")[0].lstrip("/")
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            return connection.respond(HTTPStatus.NOT_FOUND, "")
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        body = path.read_bytes()
        headers = Headers({"Content-Type": kind, "Content-Length": str(len(body)), "Content-Security-Policy": POLICY})
        return Response(200, "OK", headers, body)


def _port(server: Server) -> int:
    port: int = next(iter(server.sockets)).getsockname()[1]
    return port
