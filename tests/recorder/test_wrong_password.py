"""A device with many channels whose password was changed: how often it hears the old one, by ONVIF and RTSP together."""

from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Any

from tawny.recorder.adapters.rtsp_logins import DeviceLogin, RefusedLogins
from tawny.recorder.archive.model import StreamKey
from tawny.recorder.cameras.model import Camera, OnvifSource
from tawny.recorder.ingest.connection import Connection
from tawny.recorder.ingest.model import CameraSource, Phase, Trouble
from tawny.recorder.ingest.service import Ingest
from tawny.recorder.ingest.troubles import Failure, failure
from tawny.recorder.onvif.exchange import HttpAnswer
from tawny.recorder.onvif.keeping import DeviceKeeper
from tawny.recorder.onvif.model import DeviceAddress, DeviceError, DevicePhase
from tawny.recorder.onvif.opening import DeviceOpener
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.problem import Problem
from tawny.wire.auth import challenges
from tawny.wire.onvif import device
from tests.fakes.camera import FakeCamera, FakeLink, Pictures, connection
from tests.fakes.recording import FakeRecording
from tests.fakes.settings import FakeSettings
from tests.recorder.onvif.test_client import answers
from tests.recorder.onvif.test_keeping import Heard

HOST = "192.0.2.7"
CHANNELS = 16
MOST = 4  # makes lock out after five to seven, for half an hour
CHALLENGE = challenges(['Digest realm="r", nonce="n", qop="auth"'])


class Recorder16:
    """Sixteen cameras of one device, ONVIF and RTSP on one clock; *wrong* counts the logins that it refused."""

    def __init__(self) -> None:
        self.clock = SimulatedClock()
        self.changed = False
        self.wrong = {"onvif": 0, "rtsp": 0}
        self.links: dict[StreamKey, tuple[FakeLink, Pictures]] = {}
        self.logins = RefusedLogins(self.clock)
        self.ingest = Ingest(
            recording=FakeRecording(),
            camera=FakeCamera(self._connect),
            clock=self.clock,
            random=Random(1),
            on_change=lambda _: None,
        )
        self.ingest._connector.connect = self._attempt  # type: ignore[method-assign] # no threads here
        self.keeper = DeviceKeeper(
            opener=DeviceOpener(dialler=self, clock=self.clock, random_bytes=bytes),
            kept=FakeSettings(),
            note=lambda _: None,
            listener=Heard(),
            clock=self.clock,
            random=Random(1),
            new_id=lambda kind: f"{kind}_1",
        )
        for number in range(CHANNELS):
            self._add(f"cam_{number}")

    def _add(self, camera_id: str) -> None:
        main, sub = (f"rtsp://{HOST}/{camera_id}/{name}" for name in ("main", "sub"))
        self.keeper.set_camera(
            Camera(
                id=camera_id,
                name=camera_id,
                url=main,
                sub_url=sub,
                user="u",
                password="p",
                added_us=1,
                device=OnvifSource(address=DeviceAddress(host=HOST), main_profile="p", channel=camera_id),
            )
        )
        self.ingest.set_camera(
            CameraSource(camera=camera_id, main_url=main, sub_url=sub, user="u", password="p", sound=False, record=True)
        )

    # RTSP

    def _attempt(self, source: CameraSource, key: StreamKey, answer: Callable[[Connection | Failure], None]) -> None:
        try:
            with self.logins.attempt(DeviceLogin(host=HOST, user=source.user, password=source.password), key):
                answered = self._connect(source, key)
                if isinstance(answered, Failure):
                    raise answered from ValueError("401")
        except Failure as problem:
            answer(problem)
        else:
            answer(answered)

    def _connect(self, source: CameraSource, key: StreamKey) -> Connection | Failure:
        if self.changed:
            self.wrong["rtsp"] += 1
            return failure(Trouble.CREDENTIALS)
        self.links[key] = FakeLink(), Pictures()
        return connection(self.links[key][0])

    # ONVIF

    certificate, host, shown = "", HOST, b""

    async def dial(self, address: DeviceAddress, *, fingerprint: str = "") -> "Recorder16":
        return self

    async def post(self, path: str, body: bytes, *, action: str, authorization: str = "", **_: Any) -> HttpAnswer:
        operation = action.rsplit("/", 1)[-1]
        if operation == "GetSystemDateAndTime":
            return HttpAnswer(status=400)
        if authorization and not self.changed:
            answer = answers().get(operation, b"")
            return HttpAnswer(status=200, body=answer if isinstance(answer, bytes) else b"")
        self.wrong["onvif"] += bool(authorization) or b"UsernameToken" in body
        return HttpAnswer(status=401, challenges=CHALLENGE)

    async def close(self) -> None: ...

    # time

    async def run(self, seconds: int) -> None:
        """Let time pass; somebody asks the device something every half minute, as events and settings do."""
        for second in range(seconds):
            for _ in range(5):
                self.clock.wait(0.2)
                for link, pictures in self.links.values():
                    if not link.closed and not link.closed_by_camera:
                        link.incoming += [pictures.next() for _ in range(5)]
                for _ in range(2):
                    self.ingest._loop.run_once()
            await self.clock.advance(0)
            if second % 30 == 10:
                await self._ask()

    async def _ask(self) -> None:
        with suppress(Problem, DeviceError):  # whatever it says, it is asked again later
            found = await self.keeper.of("cam_0")
            await found.call(device.get_scopes())

    def change_password(self) -> None:
        """Somebody changes it, and the device starts anew."""
        self.changed = True
        for link, _ in self.links.values():
            link.closed_by_camera = True


async def test_ten_minutes_after_its_password_was_changed_a_device_has_heard_the_old_one_few_times() -> None:
    rig = Recorder16()
    await rig.run(15)
    online = [rig.ingest.state(f"cam_{number}").phase for number in range(CHANNELS)]
    onvif = rig.keeper.state("cam_0").phase

    rig.change_password()
    await rig.run(600)
    heard = dict(rig.wrong)
    await rig.keeper.stop()

    assert (set(online), onvif) == ({Phase.ONLINE}, DevicePhase.ONLINE)
    assert all(rig.ingest.state(f"cam_{number}").kind is Trouble.CREDENTIALS for number in range(CHANNELS))
    assert heard["rtsp"] >= 1
    assert heard["onvif"] >= 1
    assert heard["onvif"] + heard["rtsp"] <= MOST
