"""Our camera with the kernel's virtual webcam (vivid), in a guest of its own: captured, streamed, adjusted, unplugged."""

import json
import os
import secrets
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.guest import initramfs, kernel, machine
from bench.tawny_under_test import free_port
from tawny.recorder.adapters.onvif_http import HttpDialler
from tawny.recorder.onvif.model import DeviceAddress, Login
from tawny.recorder.onvif.opening import DeviceOpener
from tawny.runtime.clock import SystemClock
from tawny.wire.onvif import imaging, media2

pytestmark = pytest.mark.journey

ROOT = Path(__file__).parents[2]
USER, PASSWORD = "root", "webcam"
PATIENCE_S = 90.0


class Guest:
    """The virtual machine; *said* is what its console said."""

    def __init__(self, command: list[str]) -> None:
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        self.said: list[str] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        self.said.extend(self.process.stdout)

    def tell(self, word: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()

    def wait_for(self, words: str) -> str:
        """The line that has *words*."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until and self.process.poll() is None:
            if found := [line for line in list(self.said) if words in line]:
                return found[-1]
            if any("guest camera ended" in line for line in list(self.said)):
                break
            time.sleep(0.2)
        raise AssertionError(f"the guest never said {words!r}:\n" + "".join(self.said[-40:]))


@pytest.fixture(scope="module")
def ports() -> tuple[int, int]:
    return free_port(), free_port()


@pytest.fixture(scope="module")
def guest(tmp_path_factory: pytest.TempPathFactory, ports: tuple[int, int]) -> Iterator[Guest]:
    if not os.environ.get("TAWNY_QEMU"):
        pytest.skip("starts a virtual machine, whose kernel it downloads (70 MB): set TAWNY_QEMU=1")
    if missing := [name for name in ("qemu-system-x86_64", "busybox", "cpio", "modinfo") if not shutil.which(name)]:
        pytest.skip(f"needs {', '.join(missing)}")
    if os.geteuid():
        pytest.skip("needs root, to give the guest this machine's files")
    if ROOT.is_relative_to("/tmp"):
        pytest.skip("needs a checkout outside of /tmp, which the guest has for itself")
    directory = tmp_path_factory.mktemp("guest")
    try:
        image, modules = kernel(directory)
    except (subprocess.CalledProcessError, IndexError):
        pytest.skip("needs Debian's package linux-image-amd64")
    python = ROOT / ".venv" / "bin" / "python"
    login = f"--user {USER} --password {PASSWORD}"
    command = f"{python} -m tests.journeys.webcam_guest --port {ports[0]} --onvif {ports[1]} {login}"
    ram = initramfs(directory, modules, ["vivid"], command)
    forwarded = "".join(f",hostfwd=tcp:127.0.0.1:{port}-10.0.2.15:{port}" for port in ports)
    running = Guest(machine(image, ram, memory_mb=1024, network=f"user,id=n,restrict=on{forwarded}"))
    with running.process:  # which closes its console too
        yield running
        running.process.kill()


def pictures(port: int, path: str) -> tuple[dict[str, object], list[dict[str, str]]]:
    """The stream, and the packets of three seconds, as ffprobe tells them."""
    done = subprocess.run(
        [
            "ffprobe",
            "-v",
            "error",
            "-rtsp_transport",
            "tcp",
            "-read_intervals",
            "%+3",
            "-show_streams",
            "-show_entries",
            "packet=pts_time,flags",
            "-of",
            "json",
            f"rtsp://{USER}:{PASSWORD}@127.0.0.1:{port}{path}",
        ],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=True,
    )
    told = json.loads(done.stdout)
    return told["streams"][0], told["packets"]


def test_the_kernels_virtual_webcam_keeps_the_ports_promises(guest: Guest) -> None:
    assert guest.wait_for("guest promises").split()[-1] == "0", "".join(guest.said)


def test_its_pictures_come_over_rtsp_with_rising_times(guest: Guest, ports: tuple[int, int]) -> None:
    guest.wait_for("device_service")

    main, packets = pictures(ports[0], "/vivid/main")
    sub, _ = pictures(ports[0], "/vivid/sub")

    assert (main["codec_name"], main["width"], main["height"]) == ("h264", 320, 180)
    assert (sub["codec_name"], sub["width"], sub["height"]) == ("h264", 320, 180)
    times = [float(packet["pts_time"]) for packet in packets if "pts_time" in packet]
    assert len(times) > 10
    assert times == sorted(set(times))
    assert any(packet["flags"].startswith("K") for packet in packets)


async def test_it_is_an_onvif_device_whose_brightness_is_the_webcams(guest: Guest, ports: tuple[int, int]) -> None:
    guest.wait_for("device_service")
    clock = SystemClock()
    opener = DeviceOpener(dialler=HttpDialler(clock=clock), clock=clock, random_bytes=secrets.token_bytes)
    address = DeviceAddress.parse(f"http://127.0.0.1:{ports[1]}/onvif/device_service")
    device = await opener.open(address, Login(user=USER, password=PASSWORD))

    profiles = await device.call(media2.get_profiles())
    options = await device.call(imaging.get_options("vivid"))
    await device.call(imaging.set_imaging_settings("vivid", imaging.ImagingSettings(brightness=75.0)))
    settings = await device.call(imaging.get_imaging_settings("vivid"))
    await device.close()

    assert [profile.ptz for profile in profiles] == [None, None]
    assert options.brightness is not None
    assert options.sharpness is None
    assert settings.brightness == pytest.approx(75.0, abs=0.5)


def test_unplugged_it_is_told_and_plugged_in_again_it_goes_on(guest: Guest, ports: tuple[int, int]) -> None:
    guest.wait_for("device_service")

    guest.tell("unplug")
    guest.wait_for("/dev/video0 is not there")
    guest.tell("plug")
    guest.wait_for("is captured again")
    _, packets = pictures(ports[0], "/vivid/main")

    assert len(packets) > 10
    assert guest.process.poll() is None
