"""Events of a running `tawny camera --onvif`: heard through our ONVIF client, kept in a log, over restarts of the camera."""

import asyncio
import contextlib
import json
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tawny.recorder.adapters.event_inlets import HttpInlets
from tawny.recorder.adapters.onvif_http import HttpDialler
from tawny.recorder.adapters.sqlite_events import SqliteEvents
from tawny.recorder.cameras.model import Camera, OnvifSource
from tawny.recorder.events.log import EventLog
from tawny.recorder.events.model import Event, Kind, Wanted
from tawny.recorder.events.subscriptions import Subscriptions
from tawny.recorder.onvif.model import Device, DeviceAddress, Learned, Login
from tawny.recorder.onvif.opening import DeviceOpener
from tawny.runtime.clock import SystemClock
from tawny.runtime.ids import new_id
from tawny.runtime.tasks import Tasks

pytestmark = pytest.mark.journey

USER, PASSWORD = "root", "0nvif pass"


def free_port() -> int:
    """A port that stays free while the camera restarts (the system gives none of these away), and the next one too."""
    while True:
        port = random.randrange(20_000, 30_000, 2)
        with contextlib.suppress(OSError), socket.socket() as plain, socket.socket() as secure:
            plain.bind(("127.0.0.1", port))
            secure.bind(("127.0.0.1", port + 1))
            return port


class Program:
    """A `tawny camera --onvif` with the gate, where somebody is always about, started and ended at will."""

    def __init__(self, directory: Path, *more: str) -> None:
        self.port = free_port()
        words = ["--port", "0", "--onvif", str(self.port), "--data", str(directory), "--scene", "gate", *more]
        self._command = [sys.executable, "-m", "tawny.cli", "camera", *words, "--user", USER, "--password", PASSWORD]
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self._process.stdout.readline()

    def flip_input(self) -> None:
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGUSR1)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            assert self._process.stdout is not None
            self._process.stdout.close()
            self._process = None


class Rig:
    """What the recorder is made of, as far as events are concerned."""

    def __init__(self, directory: Path, port: int) -> None:
        self.clock = SystemClock()
        self.told: list[Event] = []
        self.log = EventLog(
            SqliteEvents(directory / "events.db"),
            clock=self.clock,
            new_id=new_id,
            on_event=self.told.append,
            oldest_us=lambda: None,
            trusted=lambda: True,
        )
        source = OnvifSource(address=DeviceAddress(host="127.0.0.1", port=port), main_profile="main")
        self.cameras = [
            Camera(id="cam_a", name="A", url="", sub_url="", user=USER, password=PASSWORD, added_us=0, device=source)
        ]
        self._opener = DeviceOpener(
            dialler=HttpDialler(clock=self.clock), clock=self.clock, random_bytes=secrets.token_bytes
        )
        self._devices: list[Device] = []
        self.learned = Learned()
        self.inlets = HttpInlets(secret=lambda: secrets.token_urlsafe(16))
        self.subscriptions = Subscriptions(
            cameras=lambda: self.cameras,
            device=self._connected,
            diary=self.log,
            inlets=self.inlets,
            clock=self.clock,
        )

    async def _connected(self, camera_id: str) -> Device:
        (camera,) = [each for each in self.cameras if each.id == camera_id]
        assert camera.device is not None
        device = await self._opener.open(
            camera.device.address, Login(user=camera.user, password=camera.password), learned=self.learned
        )
        self._devices.append(device)
        return device

    def divide(self, channels: Sequence[str]) -> None:
        """Each channel of the device is a camera."""
        (only,) = self.cameras
        assert only.device is not None
        self.cameras = [
            replace(only, id=f"cam_{channel}", device=replace(only.device, channel=channel)) for channel in channels
        ]

    async def close(self) -> None:
        for device in self._devices:
            await device.close()
        await self.inlets.stop()
        await self.log.close()

    async def until(self, met: Callable[[], bool], timeout_s: float = 30.0) -> None:
        async with asyncio.timeout(timeout_s):
            while not met():
                await asyncio.sleep(0.05)

    def inputs(self) -> list[Event]:
        return [event for event in self.told if event.kind is Kind.INPUT]


@asynccontextmanager
async def listening(directory: Path, *more: str, channels: Sequence[str] = ()) -> AsyncIterator[tuple[Rig, Program]]:
    program = Program(directory / "camera", *more)
    program.start()
    rig = Rig(directory, program.port)
    if channels:
        rig.divide(channels)
    try:
        async with Tasks("journey") as tasks:
            tasks.start(rig.log.run(), name="log")
            tasks.start(rig.subscriptions.run(), name="subscriptions")
            yield rig, program
    finally:
        await rig.close()
        program.stop()


async def test_a_flipped_input_is_an_event_with_beginning_and_end(tmp_path: Path) -> None:
    async with listening(tmp_path) as (rig, program):
        await rig.until(lambda: rig.subscriptions.listening("cam_a"))
        flipped_us = rig.clock.utc_us()
        program.flip_input()
        await rig.until(lambda: len(rig.inputs()) == 1)
        program.flip_input()
        await rig.until(lambda: len(rig.inputs()) == 2)
        listed = await rig.log.page(Wanted(kinds=[Kind.INPUT]))

    begun, ended = rig.inputs()
    assert begun.title == "Input input-1"
    assert begun.camera_us is not None
    assert abs(begun.at_us - flipped_us) < 5_000_000
    assert (begun.until_us, begun.id) == (None, ended.id)
    assert listed.events == (ended,)


async def test_who_walks_and_drives_through_the_picture_is_told(tmp_path: Path) -> None:
    async with listening(tmp_path) as (rig, _):
        await rig.until(lambda: any(event.kind in {Kind.PERSON, Kind.VEHICLE} for event in rig.told), 90)
        await rig.until(lambda: any(event.kind is Kind.MOTION for event in rig.told))

    seen = next(event for event in rig.told if event.kind in {Kind.PERSON, Kind.VEHICLE})
    assert seen.classes in {("Human",), ("Vehicle",)}
    assert seen.topic == "tns1:RuleEngine/ObjectDetection/Object"


async def test_a_camera_may_send_its_events_instead_of_being_asked(tmp_path: Path) -> None:
    async with listening(tmp_path) as (rig, program):
        rig.learned = Learned(notify_only=True)
        await rig.until(lambda: rig.subscriptions.listening("cam_a"))
        program.flip_input()
        await rig.until(lambda: len(rig.inputs()) == 1)
        program.flip_input()
        await rig.until(lambda: len(rig.inputs()) == 2)
        assert len(rig.inlets._inlets) == 1

    begun, ended = rig.inputs()
    assert (begun.id, begun.until_us, ended.until_us is None) == (ended.id, None, False)


async def test_each_channel_of_one_device_tells_of_its_own_picture(tmp_path: Path) -> None:
    more = ["--scene", "yard", "--scene", "corridor", "--together"]
    async with listening(tmp_path, *more, channels=["gate", "yard"]) as (rig, program):
        seen = {Kind.MOTION, Kind.PERSON, Kind.VEHICLE}
        await rig.until(
            lambda: {event.camera for event in rig.told if event.kind in seen} == {"cam_gate", "cam_yard"}, 90
        )
        program.flip_input()
        await rig.until(lambda: len(rig.inputs()) == 1)

    told = {(event.camera, event.source.get("Source")) for event in rig.told if event.kind is Kind.MOTION}
    assert told <= {("cam_gate", "gate"), ("cam_gate", None), ("cam_yard", "yard"), ("cam_yard", None)}
    assert {event.source.get("VideoSourceConfigurationToken") for event in rig.told} <= {
        None,
        "gate-picture",
        "yard-picture",
    }


async def test_a_camera_that_restarts_is_heard_again_and_what_it_forgot_has_ended(tmp_path: Path) -> None:
    async with listening(tmp_path) as (rig, program):
        await rig.until(lambda: rig.subscriptions.listening("cam_a"))
        program.flip_input()
        await rig.until(lambda: len(rig.inputs()) == 1)
        program.stop()
        await rig.until(lambda: not rig.subscriptions.listening("cam_a"))
        program.start()  # with its input open again
        await rig.until(lambda: len(rig.inputs()) == 2, 60)
        program.flip_input()
        await rig.until(lambda: len(rig.inputs()) == 3, 60)

    first, ended, second = rig.inputs()
    assert (ended.id, ended.until_us is not None) == (first.id, True)
    assert second.id != first.id


async def test_a_camera_that_is_switched_off_tells_nothing_more_and_nothing_of_it_lasts(tmp_path: Path) -> None:
    async with listening(tmp_path) as (rig, program):
        await rig.until(lambda: rig.subscriptions.listening("cam_a"))
        program.flip_input()
        await rig.until(lambda: len(rig.inputs()) == 1)
        rig.cameras.clear()
        await rig.until(lambda: len(rig.inputs()) == 2)
        rig.told.clear()
        program.flip_input()
        await asyncio.sleep(1)

    assert rig.told == []


class Control:
    """A client of a running recorder's control socket; what is told meanwhile is kept for who asks for it later."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._told: list[dict[str, Any]] = []

    async def ask(self, method: str, **params: Any) -> Any:
        self._writer.write(json.dumps({"id": 1, "method": method, "params": params}).encode() + b"\n")
        answer = await self.line(lambda message: message.get("id") == 1)
        assert "problem" not in answer, answer
        return answer["result"]

    def watch(self) -> None:
        self._writer.write(b'{"method": "watch"}\n')

    async def line(self, wanted: Callable[[dict[str, Any]], bool], timeout_s: float = 40.0) -> dict[str, Any]:
        async with asyncio.timeout(timeout_s):
            while not wanted(message := json.loads(await self._reader.readline())):
                self._told.append(message)
        found: dict[str, Any] = message
        return found

    async def lasting(self, kind: str, *, but: str) -> dict[str, Any]:
        """The event of that kind, another than *but*, that lasts just now, once there is one."""
        async with asyncio.timeout(40):
            while True:
                found: list[dict[str, Any]] = (await self.ask("events.list", kinds=[kind]))["items"]
                if lasting := [each for each in found if each["until"] is None and each["id"] != but]:
                    return lasting[0]
                await asyncio.sleep(0.2)

    async def event(self, kind: str) -> dict[str, Any]:
        def wanted(line: dict[str, Any]) -> bool:
            return line.get("change") == "event" and line["value"]["kind"] == kind

        message = next(filter(wanted, self._told), None)
        if message is None:
            message = await self.line(wanted)
        else:
            self._told.remove(message)
        value: dict[str, Any] = message["value"]
        return value


class Recorder:
    """A `tawny recorder`, started and killed at will."""

    def __init__(self, data: Path) -> None:
        self._socket = data / "run" / "control.sock"
        self._command = [sys.executable, "-m", "tawny.cli", "recorder", "--data", str(data), "--find-on", "lo"]
        self._process: subprocess.Popen[str] | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Control]:
        self._process = subprocess.Popen(self._command, stderr=subprocess.DEVNULL, text=True)
        async with asyncio.timeout(30):
            reader, writer = await self._connected()
        try:
            yield Control(reader, writer)
        finally:
            writer.close()
            self.kill()

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while True:
            try:
                return await asyncio.open_unix_connection(self._socket, limit=4 << 20)
            except OSError:
                await asyncio.sleep(0.1)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None


async def test_the_recorder_tells_keeps_and_finds_events_even_when_it_was_killed(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="tj", dir="/tmp") as short:
        program = Program(tmp_path / "camera")
        program.start()
        recorder = Recorder(Path(short))
        try:
            async with recorder.running() as control:
                control.watch()
                address = f"127.0.0.1:{program.port}"
                camera = await control.ask("cameras.add", name="Gate", address=address, user=USER, password=PASSWORD)
                motion = await control.event("motion")
                program.flip_input()
                begun = await control.event("input")
                listed = await control.ask("events.list", cameras=[camera["id"]], kinds=["input"])
            async with recorder.running() as control:
                control.watch()
                pressed = await control.lasting(
                    "input", but=begun["id"]
                )  # it may have begun before anybody could watch
                again = await control.ask("events.list", kinds=["input"])
                program.flip_input()
                while (released := await control.event("input"))["until"] is None:
                    pass
                near = await control.ask(
                    "events.near", camera=camera["id"], at="2020-01-01T00:00:00Z", direction="next"
                )
        finally:
            recorder.kill()
            program.stop()

    assert motion["camera"] == camera["id"]
    assert (begun["until"], begun["title"], begun["by"]) == (None, "Input input-1", "camera")
    assert listed == {"items": [begun], "next": None}
    settled = [item for item in again["items"] if item["id"] == begun["id"]]
    assert [item["until"] is None for item in settled] == [False]
    assert (released["id"], released["until"] is None) == (pressed["id"], False)
    assert near["at"] <= motion["at"]
