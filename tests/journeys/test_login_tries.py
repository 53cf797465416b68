"""No more than two wrong logins reach a camera unasked, counted over ONVIF and RTSP, through the recorder as it runs."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tawny.wire.onvif.configurations import VideoSourceConfiguration
from tawny.wire.onvif.elements import make
from tawny.wire.onvif.encoders import VideoEncoder
from tawny.wire.onvif.geometry import Size
from tawny.wire.onvif.profiles import Profile, write_profile
from tests.devices.replay import PASSWORD, USER, Answer, Guard, Made, ReplayCamera, listening
from tests.journeys.test_adding import recorder
from tests.recorder.onvif.test_client import answers, said

pytestmark = pytest.mark.journey


class Refuser:
    """A stream that takes no login; *wrong* counts those that came."""

    def __init__(self) -> None:
        self.wrong = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                self.wrong += b"authorization:" in head.lower()
                sequence = re.search(rb"cseq: *(\d+)", head, re.IGNORECASE)
                told = sequence[1].decode() if sequence else "0"
                asks = 'WWW-Authenticate: Digest realm="r", nonce="n"'
                writer.write(f"RTSP/1.0 401 Unauthorized\r\nCSeq: {told}\r\n{asks}\r\n\r\n".encode())
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


class Camera:
    """One camera with both protocols; *wrong* is how many logins it refused."""

    def __init__(self, guard: Guard) -> None:
        self.guard = guard
        self.stream = Refuser()
        self.address = self.url = ""

    @property
    def wrong(self) -> int:
        return self.guard.wrong + self.stream.wrong


@asynccontextmanager
async def camera(*kinds: str) -> AsyncIterator[Camera]:
    """A camera whose ONVIF side takes `PASSWORD` by any of *kinds*, and whose stream takes nothing."""
    made = Camera(Guard(kinds=frozenset(kinds)))
    streams = await asyncio.start_server(made.stream.serve, "127.0.0.1", 0)
    made.url = f"rtsp://127.0.0.1:{streams.sockets[0].getsockname()[1]}/main"
    encoder = VideoEncoder(token="e", name="e", encoding="H264", size=Size(width=640, height=360))
    profile = Profile(
        token="p",
        name="p",
        video_source=VideoSourceConfiguration(token="v", source="vs"),
        video_encoder=encoder,
    )
    recorded: dict[str, bytes | Answer] = answers(
        GetProfiles=said("trt:GetProfilesResponse", write_profile("trt:Profiles", profile)),
        GetStreamUri=said("trt:GetStreamUriResponse", make("trt:MediaUri", make("tt:Uri", made.url))),
    )
    async with listening(ReplayCamera(Made(recorded), made.guard, soap_401=True)) as port:
        made.address = f"http://127.0.0.1:{port}/onvif/device_service"
        try:
            yield made
        finally:
            streams.close()


async def test_a_trial_sends_two_wrong_logins_and_more_only_when_asked() -> None:
    async with recorder() as control, camera("digest-md5", "wsse") as device:
        first = await control.trial(device.address, password="wrong")
        after_first = device.wrong
        await control.ask("trials.login", trial=first["id"], user=USER, password="wrong too")
        second = await control.settled(first["id"])
        after_second = device.wrong
        third = await control.answer("trials.login", trial=first["id"], user=USER, password="third")
        after_third = device.wrong
        await control.ask("trials.login", trial=first["id"], user=USER, password=PASSWORD, again=True)
        right = await control.settled(first["id"])

    assert (after_first, first["tries_left"]) == (1, 1)
    assert (after_second, second["tries_left"]) == (2, 0)
    assert (after_third, third["problem"]["type"].rsplit("/", 1)[-1].rsplit(":", 1)[-1]) == (2, "too_many")
    assert right["step"] == "ready"


async def test_a_login_that_is_right_for_onvif_and_wrong_for_the_stream_counts_there() -> None:
    async with recorder() as control, camera("digest-md5") as device:
        wrong = await control.trial(device.address, password="wrong")
        await control.ask("trials.login", trial=wrong["id"], user=USER, password=PASSWORD)
        ready = await control.settled(wrong["id"])

        async def read() -> Any:
            return await control.ask("trials.read", trial=ready["id"])

        refused = await control.until(read, lambda each: each["tries_left"] == 0, 20)
        for _ in range(3):
            await control.ask("trials.watch", trial=ready["id"], channel="vs")
            await asyncio.sleep(1)

    assert (device.guard.wrong, device.stream.wrong) == (1, 1)
    assert ready["step"] == "ready"
    assert refused["problems"][0]["id"] == "stream_credentials"


@pytest.mark.parametrize("kinds", [("digest-md5", "wsse"), ("wsse",)])
async def test_adding_one_or_many_sends_two_wrong_logins_a_camera(kinds: tuple[str, ...]) -> None:
    wrong = {"user": USER, "password": "wrong"}
    async with recorder() as control, camera(*kinds) as one, camera(*kinds) as several:
        refused = await control.answer("cameras.add", name="One", address=one.address, **wrong)
        logins = [wrong, {"user": "root", "password": "pass"}, {"user": USER, "password": PASSWORD}]
        begun = await control.ask("batches.add", items=[{"address": several.address, "name": "Many"}], logins=logins)
        ended = await control.until(
            lambda: control.ask("batches.read", batch=begun["id"]), lambda each: each["state"] == "done", 30
        )

    assert refused["problem"]["title"] == "The camera refused the user or password."
    assert ended["items"][0]["state"] == "failed"
    assert 1 <= one.wrong <= 2
    assert several.wrong == 2


async def test_a_stream_without_onvif_is_sent_two_wrong_logins_whatever_paths_are_tried() -> None:
    async with recorder() as control, camera("digest-md5") as device:
        host = device.url.removesuffix("/main")
        await control.answer("cameras.add", name="One", address=host, user=USER, password="wrong")

    assert 1 <= device.wrong <= 2


async def test_a_probe_sends_two_wrong_logins(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("wrong\n")
    async with camera("digest-md5", "wsse") as device:
        words = ["probe", device.address, "--user", USER, "--password-file", str(tmp_path / "password")]
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tawny.cli",
            *words,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        code = await process.wait()

    assert code == 3
    assert 1 <= device.wrong <= 2
