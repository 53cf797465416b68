"""A device on the loopback interface, and requests to it."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

import httpx

from tawny.camera.loudspeaker import Loudspeaker
from tawny.camera.main import live_streams
from tawny.camera.onvif.device import Device, Surroundings
from tawny.camera.onvif.head import Draw
from tawny.camera.onvif.main import identity_of
from tawny.camera.onvif.model import channels_of
from tawny.camera.onvif.users import User, Users
from tawny.camera.onvif.views import rendered
from tawny.camera.rtsp_server import CameraServer
from tawny.camera.sources import Source
from tawny.runtime.clock import Clock, SystemClock
from tawny.runtime.tasks import Tasks
from tawny.wire.onvif import soap
from tawny.wire.onvif.answers.access import Level
from tawny.wire.onvif.elements import Element
from tests.camera.clips import clip
from tests.camera.onvif.schema import violation

ADMIN = User(name="root", level=Level.ADMINISTRATOR, password="s3cret")
OPERATOR = User(name="guard", level=Level.OPERATOR, password="0perate")
VIEWER = User(name="guest", level=Level.USER, password="l00k")
NOBODY = httpx.Auth()
BASE = UUID("11111111-2222-4333-8444-555555555555")


def source(name: str = "gate", *, sound: bool = True) -> Source:
    return Source(name=name, streams={"main": clip(frames=50, sound=sound), "sub": clip(frames=25)})


@dataclass(kw_only=True)
class Staged:
    """A device that answers at *port*; its streams are at *rtsp_port*."""

    device: Device
    port: int
    rtsp_port: int
    users: Users
    loudspeaker: Loudspeaker
    client: httpx.AsyncClient = field(repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/onvif/device_service"

    async def post(
        self, body: Element | bytes, *, login: httpx.Auth = NOBODY, url: str | None = None
    ) -> httpx.Response:
        content = body if isinstance(body, bytes) else soap.envelope(body)
        return await self.client.post(url or self.url, content=content, auth=login, timeout=30)

    async def ask(self, body: Element, *, who: User | None = ADMIN, url: str | None = None) -> Element:
        """The answer to *body*, asked with a digest login as *who*; it fits the official schema."""
        login = NOBODY if who is None else httpx.DigestAuth(who.name, who.password)
        answered = soap.answer((await self.post(body, login=login, url=url)).content)
        assert violation(answered) is None
        return answered


@asynccontextmanager
async def staged(
    sources: Sequence[Source] = (),
    *,
    users: Sequence[User] = (ADMIN, OPERATOR, VIEWER),
    clock: Clock | None = None,
    draw: Draw = rendered,
    more_ports: Mapping[str, int] | None = None,
) -> AsyncIterator[Staged]:
    """One device with a channel for each of *sources*, the gate where there are none."""
    clock = clock or SystemClock()
    kept = Users(None, {user.name: user for user in users})
    async with Tasks("test") as tasks, httpx.AsyncClient(trust_env=False) as client:
        streams = live_streams(
            sources or [source()], clock=clock, tasks=tasks, spread_s=0.0, random_32=lambda: 7_000_000
        )
        rtsp = CameraServer(streams, clock=clock, passwords=kept)
        rtsp_port = await rtsp.listen("127.0.0.1", 0)
        channels = channels_of(streams)
        around = Surroundings(
            clock=clock,
            tasks=tasks,
            rtsp_ports={"RTSP": rtsp_port, **(more_ports or {})},
            secret=b"test",
            streams=rtsp,
            draw=draw,
        )
        device = Device(identity_of(channels, BASE), channels, kept, around)
        port = await device.listen("127.0.0.1", 0)
        try:
            yield Staged(
                device=device,
                port=port,
                rtsp_port=rtsp_port,
                users=kept,
                loudspeaker=rtsp.loudspeaker,
                client=client,
            )
        finally:
            rtsp.close()
            device.close()
