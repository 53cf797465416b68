"""Devices that misbehave, beside two cameras that do not: each is said in words, in time, and costs the others nothing.

One Tawny for all; what is wrong comes in by a trial, at a camera that was kept and turns hostile later, and by discovery.
After each test the good cameras are online, the recorder's memory is bounded, and the password is nowhere outside.
"""

import base64
import json
import re
import secrets
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from bench.paced_cameras import read_clip
from bench.processes import pss_kb, wait_for
from bench.record import lost_frames, source
from bench.tawny_under_test import Tawny, free_port
from tawny.recorder.adapters import outbound
from tawny.recorder.adapters.onvif_http import HttpDialler
from tawny.recorder.adapters.outbound import Pinned
from tawny.recorder.onvif.model import DeviceAddress, DeviceError, DeviceTrouble, Login
from tawny.recorder.onvif.opening import DeviceOpener
from tawny.runtime.clock import SystemClock
from tawny.wire.onvif import discovery
from tawny.wire.onvif.discovery import Endpoint, Hello
from tests.fakes.hostile_cameras import HostileCamera
from tests.fakes.turncoat import Act, Change, Turncoat, answer, as_it_is, says, slow, speaks
from tests.journeys.conftest import CLIPS, ffmpeg
from tests.journeys.programs import PASSWORD, USER, cameras, free_ports, small_clip

pytestmark = pytest.mark.journey

JARGON = ("Errno", "Traceback", "Exception", "None", "lxml", "h11", "xmlns", "<", "NoneType")
GROWTH_KB = 120_000
ENVELOPE = (
    b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" '
    b'xmlns:tt="http://www.onvif.org/ver10/schema"><s:Body>%s</s:Body></s:Envelope>'
)
FAULT = ENVELOPE % (
    b"<s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code>"
    b'<s:Reason><s:Text xml:lang="en">Something broke</s:Text></s:Reason></s:Fault>'
)
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "%s">' % (b"ha" * 5000)
    + b"".join(b'<!ENTITY c%d "%s">' % (n, (b"&c%d;" % (n - 1) if n else b"&b;") * 10) for n in range(9))
    + b"]>"
    + ENVELOPE % b"<tds:X>&c8;</tds:X>"
)
FILE = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>' + ENVELOPE % b"<tds:X>&b;</tds:X>"
SPACES = b" " * 65_536
CHUNK = b"10000\r\n" + SPACES + b"\r\n"
MANY_CHUNKS = answer(b"").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
FIFTY_MB = answer(b"").replace(b"Content-Length: 0", b"Content-Length: 52428800")


@dataclass
class House:
    """A Tawny with two good cameras, a real ONVIF camera to stand in front of, and all that the API ever said."""

    tawny: Tawny
    upstream: int
    good: list[str]
    recorder: int
    base_kb: int = 0
    since: list[str] = field(default_factory=list)  # when the good cameras came online: they never leave
    said: list[str] = field(default_factory=list)
    outside: list[Turncoat] = field(default_factory=list)

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        try:
            found = self.tawny.call(method, path, body)
        except RuntimeError as refusal:
            self.said.append(str(refusal))
            raise
        self.said.append(json.dumps(found, ensure_ascii=False))
        return found

    def refusal(self, method: str, path: str) -> str:
        """The problem with which the API refuses."""
        with pytest.raises(RuntimeError) as raised:
            self.call(method, path)
        return str(raised.value)

    @contextmanager
    def turncoat(self, *, act: Act = speaks, change: Change = as_it_is, **more: Any) -> Iterator[Turncoat]:
        with Turncoat(upstream=self.upstream, act=act, change=change, **more) as camera:
            self.outside.append(camera)
            yield camera

    @contextmanager
    def kept(self, camera: Turncoat, name: str) -> Iterator[str]:
        """*camera*, added and recording."""
        body = {"name": name, "address": camera.url, "user": USER, "password": PASSWORD}
        camera_id: str = self.call("POST", "/cameras", body)["id"]
        wait_for(lambda: self.camera(camera_id)["state"]["phase"] == "online", timeout_s=20, what=f"{name} online")
        wait_for(lambda: self.camera(camera_id)["device"]["phase"] == "online", timeout_s=20, what=f"{name} by ONVIF")
        yield camera_id
        self.call("DELETE", f"/cameras/{camera_id}")

    def camera(self, camera_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.call("GET", f"/cameras/{camera_id}")
        return found

    def trials(self, addresses: Mapping[str, str], *, seconds: float = 40) -> dict[str, dict[str, Any]]:
        """The ends of trials of *addresses*, eight at a time; how long the longest wait without a word was."""
        waiting = dict(addresses)
        running: dict[str, str] = {}
        ended: dict[str, dict[str, Any]] = {}
        until = time.monotonic() + seconds
        while (waiting or running) and time.monotonic() < until:
            while waiting and len(running) < 8:
                name, address = waiting.popitem()
                asked = {"address": address, "user": USER, "password": PASSWORD}
                running[name] = self.call("POST", "/trials", asked)["id"]
            for name, trial_id in list(running.items()):
                trial = self.call("GET", f"/trials/{trial_id}")
                if trial["step"] in {"ready", "failed"}:
                    ended[name] = trial
                    self.call("DELETE", f"/trials/{running.pop(name)}")
            time.sleep(0.2)
        assert not running, f"still {running}"
        return ended

    def grown_kb(self) -> int:
        return pss_kb([self.recorder]) - self.base_kb

    def given_away(self) -> list[str]:
        """Where the password is that it must not be."""
        found = [f"heard by {camera.url}" for camera in self.outside if has_password(bytes(camera.heard))]
        found += [f"said: {said[:80]}" for said in self.said if has_password(said.encode())]
        logged = self.tawny.data.with_suffix(".log").read_bytes()
        events = b"".join(path.read_bytes() for path in self.tawny.data.glob("events.db*"))
        return found + ["log"] * has_password(logged) + ["events"] * has_password(events)


def has_password(data: bytes) -> bool:
    """Whether *data* has the password, as it is or only wrapped."""
    login = f"{USER}:{PASSWORD}"
    wrapped = [base64.b64encode(login.encode(code)) for code in ("utf-8", "iso8859_2")]
    spelt = [PASSWORD.encode(), quote(PASSWORD).encode(), json.dumps(PASSWORD)[1:-1].encode()]
    return any(each in data for each in (*spelt, *wrapped, base64.b64encode(PASSWORD.encode())))


@pytest.fixture(scope="module")
def good_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    clip = tmp_path_factory.mktemp("clip") / "good.mp4"
    picture, sound = "testsrc2=size=640x360:rate=25", "sine=frequency=440:sample_rate=16000"
    inputs = ["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound, "-t", "20"]
    ffmpeg(*inputs, *CLIPS["h264-aac.mp4"].split(), clip)
    return clip


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, good_clip: Path) -> Iterator[House]:
    """A Tawny with two cameras that behave; at the end they have lost no picture."""
    directory = tmp_path_factory.mktemp("house")
    small = directory / "small.mp4"
    small_clip(small)
    data = directory / "data"
    with ExitStack() as stack:
        port = free_ports()
        stack.enter_context(cameras(directory, "--file", small, onvif=port))
        playing = stack.enter_context(source(good_clip, 2))
        tawny = stack.enter_context(Tawny(data))
        good = [tawny.add_camera(f"Good {each}", playing.url(each)) for each in range(2)]
        wait_for(lambda: tawny.online() == 2, timeout_s=20, what="the good cameras online")
        made = House(tawny, port, good, recorder=recorder_of(tawny))
        made.base_kb = pss_kb([made.recorder])
        made.since = [made.camera(camera)["state"]["since"] for camera in good]
        yield made
    found = {camera: lost_frames(data, camera=camera) for camera in good}
    assert all(frames > 50 for frames, _ in found.values()), found
    assert [lost for _, lost in found.values()] == [0, 0]


@pytest.fixture(autouse=True)
def nobody_else_notices(house: House) -> Iterator[None]:
    """After each test the good cameras are online, memory is bounded, and no password is outside."""
    yield
    states = [house.camera(camera)["state"] for camera in house.good]
    print(f"the recorder has grown by {house.grown_kb()} kB, at most {peak_kb(house.recorder)} kB")
    assert [(state["phase"], state["since"]) for state in states] == [("online", since) for since in house.since]
    assert house.given_away() == []
    assert house.grown_kb() < GROWTH_KB


def recorder_of(tawny: Tawny) -> int:
    def is_recorder(pid: int) -> bool:
        return b"\0recorder\0" in Path(f"/proc/{pid}/cmdline").read_bytes()

    return next(pid for pid in tawny.pids() if is_recorder(pid))


def peak_kb(pid: int) -> int:
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) if found else 0


def in_words(titles: Mapping[str, str]) -> None:
    assert all(titles.values()), titles
    assert not [(name, title) for name, title in titles.items() for word in JARGON if word in title], titles


def redirects_to(address: str) -> Act:
    return says(answer(b"", f"Location: {address}", status=302))


def test_whatever_a_device_answers_a_trial_ends_with_words_and_a_remedy(house: House) -> None:
    away = house.outside
    with ExitStack() as stack:
        other = Turncoat(host="127.0.0.9")
        away.append(stack.enter_context(other))
        acts = {
            "not well-formed": says(answer((ENVELOPE % b"<tds:X>")[:-20])),
            "undeclared prefix": says(answer(ENVELOPE % b"<nobody:GetServicesResponse/>")),
            "fault with 200": says(answer(FAULT)),
            "fault with 400": says(answer(FAULT, status=400)),
            "fault with 418": says(answer(FAULT, status=418)),
            "fault with 500": says(answer(FAULT, status=500)),
            "empty": says(answer(b"")),
            "empty with 500": says(answer(b"", status=500)),
            "entity bomb": says(answer(BOMB)),
            "file entity": says(answer(FILE)),
            "50 MB in chunks": says(MANY_CHUNKS, repeated=CHUNK, times=800),
            "50 MB at once": says(FIFTY_MB, repeated=SPACES, times=800),
            "endless head": says(b"HTTP/1.1 200 OK\r\n", repeated=b"X-More: " + SPACES + b"\r\n", times=800),
            "a byte a second": says(
                b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n", repeated=b"<", pace_s=1, times=60
            ),
            "garbage": says(bytes(range(256)) * 40),
            "another host": redirects_to(other.url),
            "in circles": redirects_to("/onvif/round"),
            "basic": says(answer(b"", 'WWW-Authenticate: Basic realm="camera"', status=401)),
        }
        addresses = {name: stack.enter_context(house.turncoat(act=act)).url for name, act in acts.items()}
        addresses["ourselves"] = f"127.0.0.1:{house.tawny.port}"
        addresses["ourselves by name"] = f"http://localhost:{house.tawny.port}/"

        ended = house.trials(addresses)

    print({name: trial["title"] for name, trial in ended.items()})
    assert {name: trial["step"] for name, trial in ended.items()} == dict.fromkeys(addresses, "failed")
    in_words({name: trial["title"] for name, trial in ended.items()})
    assert [name for name, trial in ended.items() if not trial["remedy"]] == []
    assert other.connections == 0
    assert "root:" not in "".join(house.said)
    assert ended["basic"]["problems"][0]["fix"] == "allow_basic"


def test_addresses_and_times_that_a_camera_should_not_tell_do_not_lead_away(house: House) -> None:
    changes = {
        "services elsewhere": replaced(rb"http://127\.0\.0\.1:\d+/", b"http://127.0.0.9:80/"),
        "minute 61": replaced(rb"<tt:Minute>\d+<", b"<tt:Minute>61<"),
        "white space": replaced(rb"<tt:Uri>", b"<tt:Uri>  \n "),
        "login inside": replaced(rb"rtsp://", b"rtsp://root:secret@"),
        "stream elsewhere": replaced(rb"rtsp://127\.0\.0\.1", b"rtsp://127.0.0.9"),
    }
    with ExitStack() as stack:
        other = stack.enter_context(Turncoat(host="127.0.0.9"))
        house.outside.append(other)
        cameras = {name: stack.enter_context(house.turncoat(change=change)) for name, change in changes.items()}

        ended = house.trials({name: camera.url for name, camera in cameras.items()})

    assert {name: trial["step"] for name, trial in ended.items()} == dict.fromkeys(changes, "ready"), ended
    uris = [trial["report"]["channels"][0]["main"]["uri"] for trial in ended.values()]
    assert [uri for uri in uris if not re.fullmatch(r"rtsp://127\.0\.0\.1:\d+/\S+", uri)] == []
    assert "secret" not in json.dumps(ended)
    assert other.connections == 0


def replaced(what: bytes, by: bytes) -> Change:
    return lambda _, body: re.sub(what, by, body)


def test_slow_cameras_are_given_up_in_time_and_waiting_is_explained(house: House) -> None:
    """One takes 8 s for each answer while it is tried; one was kept, and sends a byte a second from then on."""
    trickle = says(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n", repeated=b"<", pace_s=1, times=40)
    with ExitStack() as stack:
        tried = stack.enter_context(house.turncoat(act=slow(8)))
        kept = stack.enter_context(house.turncoat(change=disguised("slow")))
        camera_id = stack.enter_context(house.kept(kept, "Trickle"))
        kept.act = trickle
        beside = stack.enter_context(ThreadPoolExecutor(1))
        began = time.monotonic()
        refusal = beside.submit(house.refusal, "GET", f"/cameras/{camera_id}/settings")
        titles = titles_of_trial(house, tried.url)
        said, took_s = refusal.result(), time.monotonic() - began

    print(f"{took_s:.1f} s: {titles}")
    assert [title for title, shown_s in titles.items() if shown_s > 10 and "slow" not in title] == []
    assert any("slow" in title for title in titles)
    assert took_s < 35
    assert "does not answer in time" in said
    assert re.search(r'"detail":"[A-Z]', said), said


def titles_of_trial(house: House, address: str) -> dict[str, float]:
    """What a trial says until it ends, and for how long it says that."""
    trial = house.call("POST", "/trials", {"address": address, "user": USER, "password": PASSWORD})
    shown: dict[str, float] = {}
    began = time.monotonic()
    while trial["step"] not in {"ready", "failed"} and time.monotonic() - began < 40:
        time.sleep(0.2)
        trial = house.call("GET", f"/trials/{trial['id']}")
        shown[trial["title"]] = shown.get(trial["title"], 0.0) + 0.2
    house.call("DELETE", f"/trials/{trial['id']}")
    return shown


def test_a_camera_that_behaves_is_live_in_less_than_half_a_minute(house: House) -> None:
    with house.turncoat(act=slow(0.3)) as camera:
        began = time.monotonic()
        body = {"address": camera.url, "user": USER, "password": PASSWORD}
        trial_id = house.call("POST", "/trials", body)["id"]

        def live() -> bool:
            return bool(house.call("GET", f"/trials/{trial_id}")["streams"]["main"])

        wait_for(live, timeout_s=30, what="the picture of a camera that takes 0.3 s for each answer")
        print(f"click to live picture: {time.monotonic() - began:.1f} s")
        house.call("DELETE", f"/trials/{trial_id}")

    assert camera.asked.count("GetSystemDateAndTime") >= 1


def disguised(name: str, then: Change = as_it_is) -> Change:
    """The same camera under another serial number, uuid and hardware address: the real one is no match for it."""
    mac = "02:00:00:00:00:" + f"{sum(name.encode()) % 256:02x}"

    def change(operation: str, body: bytes) -> bytes | None:
        body = re.sub(rb"(SerialNumber>)[^<]*", rb"\g<1>" + name.encode(), body)
        body = re.sub(rb"(GUID>)[^<]*", rb"\g<1>" + uuid_of(name).encode(), body)
        body = re.sub(rb"(HwAddress>)[^<]*", rb"\g<1>" + mac.encode(), body)
        return then(operation, body)

    return change


def uuid_of(name: str) -> str:
    return f"urn:uuid:00000000-0000-4000-8000-{name.encode().hex():0>12}"


def reconnected(house: House, camera_id: str) -> dict[str, Any]:
    """The state of the camera's ONVIF side after an attempt to reach it anew."""
    for enabled in (False, True):
        house.call("PATCH", f"/cameras/{camera_id}", {"enabled": enabled})

    def settled() -> bool:
        return house.camera(camera_id)["device"]["phase"] in {"waiting", "online"}

    wait_for(settled, timeout_s=25, what="the ONVIF side to settle")
    found: dict[str, Any] = house.camera(camera_id)["device"]
    return found


def test_a_camera_that_turns_hostile_later_is_a_state_in_words(house: House) -> None:
    basic = says(answer(b"", 'WWW-Authenticate: Basic realm="camera"', status=401))
    turns: dict[str, tuple[Act, Change]] = {
        "basic": (basic, as_it_is),
        "bomb": (says(answer(BOMB)), as_it_is),
        "50 MB": (says(FIFTY_MB, repeated=SPACES, times=800), as_it_is),
        "another": (speaks, disguised("other")),
    }
    states = {}
    with house.turncoat(change=disguised("turns")) as camera, house.kept(camera, "Turncoat") as camera_id:
        for name, (camera.act, camera.change) in turns.items():
            states[name] = reconnected(house, camera_id)
            refusal = house.refusal("GET", f"/cameras/{camera_id}/settings")
            assert re.search(r'"detail":"[A-Z]', refusal), refusal
        whole = house.camera(camera_id)
        camera.act, camera.change = speaks, disguised("turns")
        back = reconnected(house, camera_id)

    print(states)
    in_words({name: state["title"] for name, state in states.items()})
    assert all(state["phase"] == "waiting" and state["remedy"] for state in states.values())
    assert whole["state"]["phase"] == "waiting"  # a stranger is not recorded
    assert back["phase"] == "online"


def test_a_stream_that_asks_for_the_password_as_it_is_does_not_get_it(house: House) -> None:
    def asks_for_basic(_: str, sock: socket.socket) -> bool:
        number = re.findall(rb"CSeq: *(\d+)", bytes(camera.heard))[-1]
        sock.sendall(
            b'RTSP/1.0 401 Unauthorized\r\nCSeq: %s\r\nWWW-Authenticate: Basic realm="camera"\r\n\r\n' % number
        )
        return False

    with Turncoat(act=asks_for_basic) as camera:
        house.outside.append(camera)
        ended = house.trials({"basic": f"rtsp://127.0.0.1:{camera.port}/live"})

    trial = ended["basic"]
    assert (trial["step"], trial["problems"][0]["fix"]) == ("failed", "allow_basic")
    assert trial["remedy"]


MESSAGE = (
    b'<wsnt:NotificationMessage><wsnt:Topic Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet">'
    b'tns1:%s</wsnt:Topic><wsnt:Message><tt:Message UtcTime="%s" PropertyOperation="Changed">'
    b'<tt:Source><tt:SimpleItem Name="InputToken" Value="s%d"/></tt:Source>'
    b'<tt:Data><tt:SimpleItem Name="State" Value="true"/><tt:SimpleItem Name="LogicalState" Value="true"/></tt:Data></tt:Message></wsnt:Message></wsnt:NotificationMessage>'
)


def flood(number: int) -> bytes:
    """An answer to PullMessages with *number* messages, of as many sources."""
    head = (
        b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2" '
        b'xmlns:tev="http://www.onvif.org/ver10/events/wsdl" xmlns:tns1="http://www.onvif.org/ver10/topics" '
        b'xmlns:tt="http://www.onvif.org/ver10/schema"><s:Body><tev:PullMessagesResponse>'
    )
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()).encode()
    topics = (b"VideoSource/MotionAlarm", b"Device/Trigger/DigitalInput")
    messages = b"".join(MESSAGE % (topics[each % 2], moment, each) for each in range(number))
    return head + messages + b"</tev:PullMessagesResponse></s:Body></s:Envelope>"


def test_a_flood_of_events_and_a_subscription_elsewhere_harm_nobody(house: House) -> None:
    flooding = answer(flood(4000))

    def act(operation: str, sock: socket.socket) -> bool:
        if operation != "PullMessages":
            return False
        sock.sendall(flooding)
        return True

    with Turncoat(host="127.0.0.9") as other:
        house.outside.append(other)
        elsewhere = b"http://127.0.0.9:%d/" % other.port

        def change(operation: str, body: bytes) -> bytes:
            if operation != "CreatePullPointSubscription":
                return body
            return re.sub(rb"http://127\.0\.0\.1:\d+/", elsewhere, body)

        turncoat = house.turncoat(act=act, change=disguised("flood", change))
        with turncoat as camera, house.kept(camera, "Flood") as camera_id:
            wait_for(lambda: "PullMessages" in camera.asked, timeout_s=20, what="the events to be asked for")
            time.sleep(4)
            pulls = camera.asked.count("PullMessages")
            began = time.monotonic()
            listed = house.call("GET", f"/events?camera={camera_id}&limit=100")
            took_s = time.monotonic() - began

    print(f"{pulls} pulls in 4 s, {len(listed['items'])} events listed in {took_s:.2f} s")
    assert other.connections == 0
    assert len(listed["items"]) > 50
    assert pulls < 30
    assert took_s < 5


@contextmanager
def shouting(host: str) -> Iterator[Callable[[bytes], None]]:
    """Sends to everybody who hears WS-Discovery on loopback, from *host*."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((host, 0))
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))

        def shout(data: bytes) -> None:
            with suppress(BlockingIOError, ConnectionRefusedError):
                sock.sendto(data, (discovery.GROUP_V4, discovery.PORT))

        yield shout


def hello(uuid: str, address: str) -> bytes:
    endpoint = Endpoint(reference=uuid, types=("dn:NetworkVideoTransmitter",), addresses=(address,))
    return discovery.write(Hello(endpoint=endpoint, message_id=f"urn:uuid:{time.monotonic_ns()}"))


def test_made_up_devices_fill_neither_the_memory_nor_the_list(house: House) -> None:
    house.call("POST", "/discovery")
    began = time.monotonic()
    with shouting("127.0.0.3") as shout:
        for data in (b"", b"\x00" * 60_000, b"<" * 60_000, BOMB, FILE, hello(uuid_of("x"), "http://[::1")):
            shout(data)
        for number in range(1500):
            shout(hello(f"urn:uuid:made-up-{number}", f"http://127.0.0.3:{number % 60_000 + 1}/"))
            time.sleep(0.0015)
    wait_for(lambda: house.call("GET", "/discovery")["state"] == "done", timeout_s=40, what="the search to end")
    found = house.call("GET", "/discovery")

    real = [item for item in found["items"] if f":{house.upstream}/" in item["address"]]
    print(f"{len(found['items'])} devices after {time.monotonic() - began:.1f} s")
    assert 500 < len(found["items"]) <= 1024
    assert len(real) == 1
    house.said.clear()  # a megabyte of made-up names


def test_a_camera_is_not_moved_to_a_stranger_that_says_hello_in_its_name(house: House) -> None:
    stream_port = free_port()

    def anonymous(_: Any, body: bytes) -> bytes:
        return re.sub(rb"((?:SerialNumber|HwAddress)>)[^<]*", rb"\g<1>", body)

    basic = says(answer(b"", 'WWW-Authenticate: Basic realm="camera"', status=401))
    with ExitStack() as stack:
        camera = stack.enter_context(house.turncoat(change=disguised("mine")))
        camera_id = stack.enter_context(house.kept(camera, "Wanted"))
        strangers = [
            stack.enter_context(house.turncoat(host="127.0.0.2", change=disguised("other"))),
            stack.enter_context(house.turncoat(host="127.0.0.4", change=disguised("mine", anonymous))),
            stack.enter_context(house.turncoat(host="127.0.0.5", act=basic)),
        ]
        streams = [stack.enter_context(Turncoat(host=each.host, port=stream_port)) for each in strangers]
        house.outside += streams
        camera.__exit__()
        house.call("PATCH", f"/cameras/{camera_id}", {"url": f"rtsp://127.0.0.1:{stream_port}/live"})
        wait_for(
            lambda: house.camera(camera_id)["state"]["phase"] == "waiting", timeout_s=20, what="the camera to be missed"
        )
        for stranger in strangers:
            with shouting(stranger.host) as shout:
                for _ in range(100):
                    shout(hello(uuid_of("mine"), stranger.url))
                    time.sleep(0.003)
        time.sleep(6)
        meanwhile = house.camera(camera_id)
        heard = [(stranger.host, len(stranger.asked), stranger.heard.count(b"uthorization")) for stranger in strangers]

        with house.turncoat(change=disguised("mine")) as again, shouting("127.0.0.1") as shout:
            shout(hello(uuid_of("mine"), again.url))
            wait_for(
                lambda: house.camera(camera_id)["state"]["phase"] == "online", timeout_s=20, what="the camera again"
            )
            after = house.camera(camera_id)

    print(heard)
    assert meanwhile["host"] == "127.0.0.1"
    assert meanwhile["url"] == f"rtsp://127.0.0.1:{stream_port}/live"
    assert [stream.connections for stream in streams] == [0, 0, 0]
    assert all(stranger.asked for stranger in strangers)  # each was looked at, and is not it
    assert after["host"] == "127.0.0.1"


def test_a_stream_whose_datagrams_are_lost_and_overtake_each_other_is_recorded(house: House, good_clip: Path) -> None:
    with HostileCamera(read_clip(str(good_clip), burst=False), shuffles_udp=True) as camera:
        body = {"name": "Shuffled", "url": camera.url, "user": "", "password": "", "transport": "udp"}
        camera_id = house.call("POST", "/cameras", body)["id"]
        wait_for(lambda: house.camera(camera_id)["state"]["phase"] == "online", timeout_s=20, what="media by UDP")
        time.sleep(4)
        found = house.camera(camera_id)
        house.call("DELETE", f"/cameras/{camera_id}")
    frames, lost = lost_frames(house.tawny.data, camera=camera_id)

    print(f"{frames} frames by UDP, {lost} missing")
    assert found["state"]["phase"] == "online"
    assert frames > 25


async def test_a_name_that_stands_for_another_address_later_leads_nowhere_else(house: House) -> None:
    """The resolver is given: a name's first answer is the device, its later ones are Tawny's own web address."""
    answers = [("127.0.0.6", 0), ("127.0.0.1", house.tawny.port)]
    asked: list[str] = []

    def resolve(host: str, port: int) -> Sequence[Pinned]:
        if host != "camera.example":
            return outbound.resolve(host, port)
        asked.append(host)
        address, other_port = answers[min(len(asked), len(answers)) - 1]
        return outbound.resolve(address, other_port or port)

    clock = SystemClock()
    dialler = HttpDialler(clock=clock, resolve=resolve)
    opener = DeviceOpener(dialler=dialler, clock=clock, random_bytes=secrets.token_bytes)
    with house.turncoat(host="127.0.0.6") as camera:
        address = DeviceAddress(host="camera.example", port=camera.port)
        device = await opener.open(address, Login(user=USER, password=PASSWORD))
        for _ in range(3):
            await device.measure_clock()
        streams = device.reachable("rtsp://camera.example:554/live")
        await device.close()
        with pytest.raises(DeviceError) as raised:
            await opener.open(address, Login(user=USER, password=PASSWORD))

    assert len(asked) == 2  # once for each connection that a person or the keeper asked for
    assert streams == "rtsp://camera.example:554/live"
    assert raised.value.trouble is DeviceTrouble.ADDRESS
    assert raised.value.title == "This is Tawny's own address, not a camera's."
