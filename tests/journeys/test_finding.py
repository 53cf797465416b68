"""Cameras found across a network: two namespaces joined by a cable, a recorder's finding in one, cameras in the other."""

import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.journeys.conftest import ffmpeg

pytestmark = pytest.mark.journey

ROOT = Path(__file__).parents[2]
MAC = "02:00:00:00:00:02"
_numbers = itertools.count()


class Cable(NamedTuple):
    """Two network namespaces: *near* has 192.0.2.1/24, *far* 192.0.2.2, .4, .203 and `MAC`."""

    near: str
    far: str


def ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise OSError(done.stderr.strip())


@pytest.fixture
def cable() -> Iterator[Cable]:
    if os.geteuid() != 0 or shutil.which("ip") is None:
        pytest.skip("network namespaces need root and iproute2")
    tag = f"{os.getpid()}-{next(_numbers)}"
    names = Cable(f"tawny-near-{tag}", f"tawny-far-{tag}")
    made = ExitStack()
    with made:
        try:
            for name in names:
                ip("netns", "add", name)
                made.callback(ip, "netns", "delete", name)
            ip("-n", names.near, "link", "add", "cable", "type", "veth", "peer", "name", "cable", "netns", names.far)
        except OSError as error:
            pytest.skip(f"network namespaces can't be made here: {error}")
        ip("-n", names.far, "link", "set", "cable", "address", MAC)
        ip("-n", names.near, "address", "add", "192.0.2.1/24", "dev", "cable")
        for host in (2, 4, 203):
            ip("-n", names.far, "address", "add", f"192.0.2.{host}/24", "dev", "cable")
        for name, device in itertools.product(names, ("lo", "cable")):
            ip("-n", name, "link", "set", device, "up")
        until(lambda: "tentative" not in _addresses(names), "the addresses are not ours yet")
        yield names


def _addresses(cable: Cable) -> str:
    listed = [subprocess.check_output(["ip", "-n", name, "address"], text=True) for name in cable]
    return "".join(listed)


def until(holds: Callable[[], bool], otherwise: str) -> None:
    """Return once *holds* does; it must within 20 s."""
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.1)


@contextmanager
def running(namespace: str, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Python with *words* in *namespace*, until the block ends."""
    process = subprocess.Popen(
        ["ip", "netns", "exec", namespace, sys.executable, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        yield process
    finally:
        process.stdin.close()
        process.send_signal(signal.SIGTERM)
        process.wait(10)
        process.stdout.close()


class Finder:
    """Finding in a namespace (``tests/journeys/finder.py``)."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        assert self._line() == "ready"

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def say(self, word: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(word + "\n")
        self._process.stdin.flush()
        document: dict[str, Any] = json.loads(self._line())
        return document

    def hears(self, *, name: str, gone: bool) -> bool:
        return any((item["name"], item["gone"]) == (name, gone) for item in self.say("read")["items"])


@contextmanager
def finder(cable: Cable) -> Iterator[Finder]:
    with running(cable.near, "-m", "tests.journeys.finder") as process:
        yield Finder(process)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    clip = tmp_path_factory.mktemp("clip") / "door.mp4"
    picture = ["-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25", "-t", "2"]
    ffmpeg(*picture, *["-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-bf", "0", "-pix_fmt", "yuv420p"], clip)
    return clip


@contextmanager
def camera(cable: Cable, clip: Path, host: str, *words: str) -> Iterator[list[str]]:
    """``tawny camera`` at *host*; the lines that it prints when it answers."""
    login = ["--user", "root", "--password", "secret", "--data", str(clip.parent)]
    command = ["-m", "tawny.cli", "camera", "--listen", host, "--file", str(clip), *login, *words]
    with running(cable.far, *command) as process:
        assert process.stdout is not None
        yield [process.stdout.readline().strip() for _ in range(2 if "--onvif" in words else 1)]


def test_a_camera_is_heard_coming_found_and_heard_going(cable: Cable, clip: Path) -> None:
    with finder(cable) as found:
        with camera(cable, clip, "192.0.2.2", "--port", "0", "--onvif", "0") as (_, address):
            until(lambda: found.hears(name="Tawny door", gone=False), "no Hello arrived")
            document = found.say("search")
        until(lambda: found.hears(name="Tawny door", gone=True), "no Bye arrived")

    (item,) = document["items"]
    assert (item["host"], item["mac"], item["address"]) == ("192.0.2.2", MAC, address)
    (network,) = [n for n in document["networks"] if n["interface"] == "cable"]
    assert (network["network"], network["multicast"], network["scanned"]) == ("192.0.2.0/24", True, True)


def test_a_camera_that_nobody_hears_is_found_at_its_door_and_one_with_rtsp_alone_too(cable: Cable, clip: Path) -> None:
    deaf = "import socket,sys; s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); s.bind(('192.0.2.2',3702)); print('bound',flush=True); sys.stdin.read()"
    with ExitStack() as stack:
        blocking = stack.enter_context(running(cable.far, "-c", deaf))
        assert blocking.stdout is not None
        blocking.stdout.readline()
        _, address = stack.enter_context(camera(cable, clip, "192.0.2.2", "--port", "0", "--onvif", "8000"))
        stack.enter_context(camera(cable, clip, "192.0.2.203", "--port", "554"))
        found = stack.enter_context(finder(cable))

        document = found.say("search")

    items = {item["host"]: item for item in document["items"]}
    assert (items["192.0.2.2"]["kind"], items["192.0.2.2"]["address"]) == ("onvif", address)
    assert (items["192.0.2.203"]["kind"], items["192.0.2.203"]["mac"]) == ("rtsp", MAC)
    assert len(items) == 2
    assert [n["multicast"] for n in document["networks"] if n["interface"] == "cable"] == [False]


PUBLISHER = """
import sys
from wsdiscovery import QName, Scope
from wsdiscovery.publishing import ThreadedWSPublishing
published = ThreadedWSPublishing()
published.start()
kind = QName("http://www.onvif.org/ver10/network/wsdl", "NetworkVideoTransmitter", "dn")
published.publishService([kind], [Scope("onvif://www.onvif.org/name/Foreign")], ["http://192.0.2.4:8000/onvif/device_service"])
print("there", flush=True)
sys.stdin.readline()
published.stop()
"""


def test_a_device_of_another_program_is_found(cable: Cable) -> None:
    with running(cable.far, "-W", "ignore", "-c", PUBLISHER) as foreign, finder(cable) as found:
        assert foreign.stdout is not None
        foreign.stdout.readline()

        document = found.say("search")

    (item,) = document["items"]
    assert (item["name"], item["host"].rpartition(".")[0]) == ("Foreign", "192.0.2")


SEARCHER = """
from wsdiscovery import QName
from wsdiscovery.discovery import ThreadedWSDiscovery
searching = ThreadedWSDiscovery()
searching.start()
kind = QName("http://www.onvif.org/ver10/network/wsdl", "NetworkVideoTransmitter", "dn")
for service in searching.searchServices(types=[kind], timeout=4):
    print(*service.getXAddrs(), flush=True)
searching.stop()
"""


def test_our_camera_is_found_by_another_program(cable: Cable, clip: Path) -> None:
    with camera(cable, clip, "192.0.2.2", "--port", "0", "--onvif", "0") as (_, address):
        command = ["ip", "netns", "exec", cable.near, sys.executable, "-W", "ignore", "-c", SEARCHER]
        printed = subprocess.check_output(command, text=True, timeout=60)

    assert address in printed.split()


HELLO_V6 = """
import socket, sys
from tawny.wire.onvif import discovery
from tawny.wire.onvif.discovery import Endpoint, Hello
index = socket.if_nametoindex("cable")
made = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
six = Endpoint(reference="urn:uuid:6", types=("tds:Device",), scopes=("onvif://www.onvif.org/name/Six",), addresses=("http://[fe80::6]/onvif/device_service",))
made.sendto(discovery.write(Hello(endpoint=six)), (discovery.GROUP_V6, discovery.PORT, 0, index))
"""


def test_a_hello_over_ipv6_names_the_interface_by_which_the_camera_is_reached(cable: Cable) -> None:
    with finder(cable) as found:
        subprocess.check_call(["ip", "netns", "exec", cable.far, sys.executable, "-c", HELLO_V6])
        until(lambda: found.hears(name="Six", gone=False), "no Hello arrived")
        (item,) = found.say("read")["items"]

    assert item["host"].startswith("fe80::")
    assert item["host"].endswith("%cable")
    assert item["address"] == f"http://[{item['host'].replace('%', '%25')}]/onvif/device_service"
    assert item["mac"] in {"", MAC}
