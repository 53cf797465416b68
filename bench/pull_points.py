"""What listening to the events of 64 cameras costs: pull points at devices of our own, everything told into the log.

The devices are one `tawny camera --onvif` (digest logins, a pull point each) on one core; what listens is the recorder's
own subscriptions and event log in this process on the other. Each device's input flips every few seconds.
"""

import asyncio
import contextlib
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from bench.report import Report, spread, words
from tawny.recorder.adapters.event_inlets import HttpInlets
from tawny.recorder.adapters.onvif_http import HttpDialler
from tawny.recorder.adapters.sqlite_events import SqliteEvents
from tawny.recorder.cameras.model import Camera, OnvifSource
from tawny.recorder.events.log import EventLog
from tawny.recorder.events.subscriptions import Subscriptions
from tawny.recorder.onvif.model import Device, DeviceAddress, Login
from tawny.recorder.onvif.opening import DeviceOpener
from tawny.runtime.clock import SystemClock
from tawny.runtime.ids import new_id
from tawny.runtime.tasks import Tasks

BUDGET_PERCENT = 2.0
SOURCE_CORE, OUR_CORE = 0, 1
USER, PASSWORD = "root", "0nvif pass"
_CONNECT_S = 90.0


@contextlib.contextmanager
def devices(directory: Path, count: int) -> Iterator[tuple[list[str], int]]:
    """The addresses of *count* ONVIF devices, and the process that they are."""
    clip = directory / "clip.mp4"
    picture = ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=10", "-t", "2"]
    h264 = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-bf", "0", "-pix_fmt", "yuv420p"]
    subprocess.run(["ffmpeg", "-v", "error", *picture, *h264, str(clip)], check=True)
    files: list[str] = []
    for number in range(count):
        link = directory / f"camera{number}.mp4"
        link.symlink_to(clip)
        files += ["--file", str(link)]
    command = [sys.executable, "-m", "tawny.cli", "camera", "--port", "0", "--onvif", "0", "--data", str(directory)]
    process = subprocess.Popen(
        [*command, *files, "--user", USER, "--password", PASSWORD], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    os.sched_setaffinity(process.pid, {SOURCE_CORE})
    try:
        lines = [process.stdout.readline().strip() for _ in range(2 * count)]
        yield [line for line in lines if line.startswith("http")], process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        process.stdout.close()


class Listening:
    """The recorder's part of it, and what it heard."""

    def __init__(self, directory: Path, addresses: list[str]) -> None:
        self.clock = SystemClock()
        self.told = 0
        self.log = EventLog(
            SqliteEvents(directory / "events.db"),
            clock=self.clock,
            new_id=new_id,
            on_event=lambda _: self._count(),
            oldest_us=lambda: None,
            trusted=lambda: True,
        )
        self.cameras = [_camera(number, address) for number, address in enumerate(addresses)]
        self.opened: list[Device] = []
        self._opener = DeviceOpener(
            dialler=HttpDialler(clock=self.clock), clock=self.clock, random_bytes=secrets.token_bytes
        )
        self.subscriptions = Subscriptions(
            cameras=lambda: self.cameras,
            device=self._connected,
            diary=self.log,
            inlets=HttpInlets(secret=secrets.token_urlsafe),
            clock=self.clock,
        )

    def _count(self) -> None:
        self.told += 1

    async def _connected(self, camera_id: str) -> Device:
        camera = next(each for each in self.cameras if each.id == camera_id)
        assert camera.device is not None
        device = await self._opener.open(camera.device.address, Login(user=USER, password=PASSWORD))
        self.opened.append(device)
        return device

    async def connected(self) -> None:
        """Wait until each camera has its subscription."""
        async with asyncio.timeout(_CONNECT_S):
            while not all(self.subscriptions.listening(camera.id) for camera in self.cameras):
                await self.clock.sleep(0.5)


def _camera(number: int, address: str) -> Camera:
    source = OnvifSource(address=DeviceAddress.parse(address), main_profile="main")
    return Camera(
        id=f"cam_{number}", name="", url="", sub_url="", user=USER, password=PASSWORD, added_us=0, device=source
    )


@asynccontextmanager
async def listening(directory: Path, addresses: list[str]) -> AsyncIterator[Listening]:
    found = Listening(directory, addresses)
    async with Tasks("bench") as tasks:
        tasks.start(found.log.run(), name="log")
        tasks.start(found.subscriptions.run(), name="subscriptions")
        yield found
    for device in found.opened:
        await device.close()
    await found.log.close()


async def shares(found: Listening, pid: int, *, seconds: float, every_s: float, rounds: int) -> list[float]:
    """The share of one core in percent, of each round; every input flips each *every_s* seconds (0: never)."""
    taken: list[float] = []
    for _ in range(rounds):
        before, began = time.process_time(), time.monotonic()
        while (left := began + seconds - time.monotonic()) > 0:
            if every_s:
                os.kill(pid, signal.SIGUSR1)
            await asyncio.sleep(min(left, every_s or left))
        taken.append((time.process_time() - before) / (time.monotonic() - began) * 100)
    return taken


async def bench(directory: Path, count: int, seconds: float, every_s: float, rounds: int) -> Report:
    with devices(directory, count) as (addresses, pid):
        os.sched_setaffinity(0, {OUR_CORE})
        async with listening(directory, addresses) as found:
            await found.connected()
            await asyncio.sleep(3)
            quiet = await shares(found, pid, seconds=seconds, every_s=0, rounds=1)
            told = found.told
            busy = await shares(found, pid, seconds=seconds, every_s=every_s, rounds=rounds)
            heard = found.told - told
    value = sorted(busy)[len(busy) // 2]
    return Report(
        name="pull-points",
        value=round(value, 2),
        unit="% of one core, median",
        budget=BUDGET_PERCENT,
        holds=value <= BUDGET_PERCENT,
        conditions=f"{count} ONVIF devices on loopback (digest, a pull point each), an event or its end from each every "
        f"{every_s:.0f} s, all of them written to events.db; {rounds} rounds of {seconds:.0f} s",
        spread=spread(busy),
        beside={"quiet_percent": round(quiet[0], 2), "told": heard, "told_per_s": round(heard / (seconds * rounds), 1)},
    )


def main() -> int:
    parser = words(__doc__ or "")
    parser.add_argument("--cameras", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--every", type=float, default=10.0, help="seconds between two events of a camera")
    parser.set_defaults(rounds=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tawny-bench-") as temporary:
        report = asyncio.run(
            bench(Path(given.keep or temporary), given.cameras, given.seconds, given.every, given.rounds)
        )
    report.show()
    return 0 if report.holds else 1


if __name__ == "__main__":
    sys.exit(main())
