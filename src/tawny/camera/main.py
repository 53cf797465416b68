"""The camera program: sources looped as live streams behind an RTSP server."""

import asyncio
import secrets
import signal
import ssl
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from tawny.camera.capturing import CapturedStream
from tawny.camera.live import LiveStream
from tawny.camera.onvif.device import Surroundings
from tawny.camera.onvif.main import Devices, OnvifListening, bracketed
from tawny.camera.pacing import LoopedStream
from tawny.camera.rtsp_server import CameraServer
from tawny.camera.sources import Clip, Source
from tawny.camera.v4l2.webcam import Webcam
from tawny.runtime.clock import Clock
from tawny.runtime.problem import Kind, Problem
from tawny.runtime.tasks import Tasks

_PHASE_S = 0.37  # between one source and the next, so that their key frames don't fall together


@dataclass(frozen=True, slots=True, kw_only=True)
class SecureListening:
    """Where the streams are served by TLS too."""

    port: int
    tls: ssl.SSLContext = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedSource:
    """A webcam that is captured already, and what its streams show first; served as ``/<name>/<stream>``."""

    name: str
    webcam: Webcam
    firsts: Mapping[str, Clip]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Where to serve and to whom: *passwords* by user, nobody asked where there are none.

    *secure* where the streams are encrypted too, *onvif* where that is spoken.
    """

    host: str
    port: int
    passwords: Mapping[str, str]
    secure: SecureListening | None = None
    onvif: OnvifListening | None = None


def live_streams(
    sources: Sequence[Source], *, clock: Clock, tasks: Tasks, spread_s: float, random_32: Callable[[], int]
) -> dict[str, LoopedStream]:
    """The streams of all *sources* by path; a source's streams share one start, so they show the same moment."""
    started = clock.monotonic()
    return {
        f"/{source.name}/{name}": LoopedStream(
            clip,
            clock=clock,
            tasks=tasks,
            start=started - number * _PHASE_S,
            random_32=random_32,
            spread_s=spread_s,
        )
        for number, source in enumerate(sources)
        for name, clip in source.streams.items()
    }


def captured_streams(
    source: CapturedSource, *, clock: Clock, spread_s: float, random_32: Callable[[], int]
) -> dict[str, CapturedStream]:
    """The streams of a webcam by their names."""
    return {
        name: CapturedStream(
            first,
            clock=clock,
            start=clock.monotonic(),
            random_32=random_32,
            adjustable=source.webcam,
            spread_s=spread_s,
        )
        for name, first in source.firsts.items()
    }


async def serve(
    sources: Sequence[Source],
    listening: Listening,
    *,
    captured: Sequence[CapturedSource] = (),
    clock: Clock,
    spread_s: float,
    announce: Callable[[list[str]], None],
    meanwhile: Callable[[Mapping[str, LoopedStream]], Coroutine[None, None, None]] | None = None,
) -> None:
    """Serve until the process is asked to end; *announce* is told the addresses once they answer.

    *meanwhile* runs beside and may change what the streams show. The signal USR1 flips the devices' digital inputs,
    USR2 covers their lenses or takes the cover off.
    """
    async with Tasks("camera") as tasks:
        looped = live_streams(
            sources, clock=clock, tasks=tasks, spread_s=spread_s, random_32=lambda: secrets.randbits(32)
        )
        streams: dict[str, LiveStream] = {**looped}
        for source in captured:
            own = captured_streams(source, clock=clock, spread_s=spread_s, random_32=lambda: secrets.randbits(32))
            streams |= {f"/{source.name}/{name}": stream for name, stream in own.items()}
            tasks.start(source.webcam.run(own), name=source.name)
        server = CameraServer(streams, clock=clock, passwords=listening.passwords)
        devices = Devices(streams, listening.onvif) if listening.onvif is not None else None
        try:
            port = await server.listen(listening.host, listening.port)
            addresses = [f"rtsp://{bracketed(listening.host)}:{port}{quote(path)}" for path in streams]
            ports = {"RTSP": port}
            if listening.secure is not None:
                at = await server.listen(listening.host, listening.secure.port, tls=listening.secure.tls)
                addresses += [f"rtsps://{bracketed(listening.host)}:{at}{quote(path)}" for path in streams]
                ports["RTSPS"] = at
            if devices is not None:
                secret = secrets.token_bytes(32)
                around = Surroundings(clock=clock, tasks=tasks, rtsp_ports=ports, secret=secret, streams=server)
                addresses += await devices.listen(around)
        except OSError as error:
            raise Problem(
                Kind.CONFLICT,
                f"The camera can't listen on {listening.host}, port {listening.port}: {error.strerror}.",
                remedy="Give another port with --port, or 0 for any that is free.",
            ) from error
        if devices is not None:
            asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, devices.flip_input)
            asyncio.get_running_loop().add_signal_handler(signal.SIGUSR2, devices.cover)
        if meanwhile is not None:
            tasks.start(meanwhile(looped), name="meanwhile")
        announce(addresses)
        try:
            await _asked_to_end()
        finally:
            server.close()
            if devices is not None:
                devices.close()


async def _asked_to_end() -> None:
    loop, asked = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, asked.set)
    await asked.wait()
