"""A camera fresh from its box, over HTTP: everything but its clock waits for the first password."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tawny.recorder.adapters.onvif_http import HttpDialler
from tawny.recorder.adding.looking import Looker
from tawny.recorder.adding.trials import Trials
from tawny.recorder.cameras.requests import Request
from tawny.recorder.onvif.opening import DeviceOpener
from tawny.runtime.clock import SystemClock
from tawny.wire.onvif import soap
from tawny.wire.onvif.device import write_date_time
from tawny.wire.onvif.elements import local, make, text
from tawny.wire.onvif.soap import Fault
from tests.fakes.http_cameras import answer
from tests.recorder.adding.rig import Rig


class FreshCamera:
    """Takes its first user from anybody; *users* are who it knows."""

    def __init__(self) -> None:
        self.port = 0
        self.users: list[tuple[str, str]] = []
        self.closed = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")
                )
                writer.write(self.answered(await reader.readexactly(length)))
        except asyncio.IncompleteReadError:
            writer.close()

    def answered(self, request: bytes) -> bytes:
        body = soap.parse(request).body
        assert body is not None
        match local(body):
            case "GetSystemDateAndTime":
                clock = make("tt:SystemDateAndTime", write_date_time("tt:UTCDateTime", SystemClock().utc_us()))
                clock.tag = "{http://www.onvif.org/ver10/device/wsdl}SystemDateAndTime"
                return answer(soap.envelope(make("tds:GetSystemDateAndTimeResponse", clock)))
            case "CreateUsers" if not self.users:
                self.users.append((text(body, "User/Username") or "", text(body, "User/Password") or ""))
                return answer(soap.envelope(make("tds:CreateUsersResponse")))
            case _ if not self.users:
                fault = Fault(code="Sender", subcodes=("NotAuthorized",), reason="Device is not activated")
                return answer(soap.envelope(soap.write_fault(fault)), status=400)
            case _:
                fault = Fault(code="Receiver", subcodes=("ActionNotSupported",), reason="not supported")
                return answer(soap.envelope(soap.write_fault(fault)), status=500)


@asynccontextmanager
async def fresh() -> AsyncIterator[FreshCamera]:
    camera = FreshCamera()
    server = await asyncio.start_server(camera.serve, "127.0.0.1", 0)
    camera.port = int(server.sockets[0].getsockname()[1])
    yield camera
    server.close()


async def settled(trials: Trials, trial: str) -> dict[str, Any]:
    for _ in range(300):
        document = trials.read(Request({"trial": trial}))
        if document["step"] in {"ready", "failed"}:
            return document
        await SystemClock().sleep(0.01)
    raise AssertionError("the trial does not settle")


async def test_a_camera_fresh_from_its_box_is_given_its_first_password_from_here() -> None:
    rig, clock = Rig(), SystemClock()
    opener = DeviceOpener(dialler=HttpDialler(clock=clock), clock=clock, random_bytes=secrets.token_bytes)
    looker = Looker(opener=opener, streams=rig.streams, new_password=lambda: "")
    trials = Trials(cameras=rig.cameras, ingest=rig.ingest, looker=looker, opener=opener, clock=clock)
    async with fresh() as camera:
        address = f"http://127.0.0.1:{camera.port}"
        trial = trials.open(Request({"address": address, "user": "admin", "password": "guess"}))["id"]
        before = await settled(trials, trial)

        await trials.fix(
            Request({"trial": trial, "fix": "set_password", "user": "admin", "password": "Kolotoč the 1st"})
        )
        await settled(trials, trial)
        await trials.stop()

    assert (before["step"], before["title"]) == ("failed", "The camera has no password yet.")
    assert [each["fix"] for each in before["problems"]] == ["set_password"]
    assert camera.users == [("admin", "Kolotoč the 1st")]
