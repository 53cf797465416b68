"""The parts that add cameras, on fakes: devices, streams, ingest."""

import asyncio
from typing import Any

from tawny.recorder.adding.adder import Adder
from tawny.recorder.adding.looking import Looker
from tawny.recorder.adding.model import Formats
from tawny.recorder.adding.trials import Trials
from tawny.recorder.cameras.requests import Request
from tawny.recorder.cameras.service import Cameras
from tawny.recorder.ingest.model import CameraSource, Trouble
from tawny.recorder.ingest.troubles import failure
from tawny.recorder.onvif.model import Login
from tawny.runtime.clock import SimulatedClock
from tests.fakes.devices import FakeDevice, FakeOpener
from tests.fakes.ingest import FakeIngest
from tests.fakes.settings import FakeSettings

ADMIN = Login(user="admin", password="Kolotoč7")


class FakeStreams:
    """Streams by their address: what is missing is a failure of that kind; *checked* lists what was tried.

    Where *held* is set, everybody waits until it happens.
    """

    def __init__(self) -> None:
        self.there: set[str] = set()
        self.otherwise = Trouble.UNREACHABLE
        self.checked: list[CameraSource] = []
        self.held: asyncio.Event | None = None

    async def check(self, source: CameraSource) -> Formats:
        self.checked.append(source)
        if self.held is not None:
            await self.held.wait()
        if source.main_url not in self.there:
            raise failure(self.otherwise)
        return Formats(None, None)


class Rig:
    """*device* answers at 192.0.2.7, port 80, to `ADMIN`."""

    def __init__(self) -> None:
        self.clock = SimulatedClock()
        self.ingest = FakeIngest()
        self.settings = FakeSettings()
        self.device = FakeDevice(login=ADMIN)
        self.opener = FakeOpener()
        self.opener.put("192.0.2.7:80", self.device)
        self.streams = FakeStreams()
        self.cameras = Cameras(settings=self.settings, ingest=self.ingest, clock=self.clock)
        self.looker = Looker(opener=self.opener, streams=self.streams, new_password=lambda: "made-up-password")
        self.adder = Adder(looker=self.looker, cameras=self.cameras)
        self.trials = Trials(
            cameras=self.cameras, ingest=self.ingest, looker=self.looker, opener=self.opener, clock=self.clock
        )

    async def open(self, address: str = "192.0.2.7", **members: Any) -> str:
        """A trial that has got as far as it gets by itself; its id."""
        given = {"address": address, "user": ADMIN.user, "password": ADMIN.password} | members
        trial = str(self.trials.open(Request(given))["id"])
        await self.settle()
        return trial

    async def settle(self) -> None:
        """Let what was begun go on until it waits."""
        for _ in range(3):
            await self.clock.advance(0)

    def read(self, trial: str) -> dict[str, Any]:
        return self.trials.read(Request({"trial": trial}))
