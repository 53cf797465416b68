"""Cameras added to a running recorder through its control socket: tried, kept, many at once, swapped, removed."""

import asyncio
import json
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.journeys.programs import PASSWORD, USER, cameras, free_ports, printed, program, small_clip

pytestmark = pytest.mark.journey

MANY = 30


class Control:
    """The recorder's control socket."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def ask(self, method: str, **params: Any) -> Any:
        """The result; a problem is an error of the test's."""
        answer = await self.answer(method, **params)
        assert "result" in answer, answer
        return answer["result"]

    async def answer(self, method: str, **params: Any) -> dict[str, Any]:
        self._writer.write(json.dumps({"id": 1, "method": method, "params": params}).encode() + b"\n")
        answer: dict[str, Any] = json.loads(await self._reader.readline())
        return answer

    async def until(self, look: Callable[[], Awaitable[Any]], good: Callable[[Any], bool], seconds: float) -> Any:
        """What *look* gives once it is *good*."""
        found = None
        for _ in range(int(seconds * 5)):
            found = await look()
            if good(found):
                return found
            await asyncio.sleep(0.2)
        raise AssertionError(f"not within {seconds} s: {found}")

    async def trial(self, address: str, **more: Any) -> dict[str, Any]:
        """A trial that is ready or has failed."""
        opened = await self.ask("trials.open", address=address, user=USER, **{"password": PASSWORD, **more})
        return await self.settled(opened["id"])

    async def settled(self, trial: str) -> dict[str, Any]:
        found: dict[str, Any] = await self.until(
            lambda: self.ask("trials.read", trial=trial), lambda each: each["step"] in {"ready", "failed"}, 30
        )
        return found


@asynccontextmanager
async def recorder() -> AsyncIterator[Control]:
    """A recorder on a directory of its own."""
    data = Path(tempfile.mkdtemp(prefix="ta", dir="/tmp"))
    try:
        with program("recorder", "--data", data, "--find-on", "lo"):
            path = data / "run" / "control.sock"
            for _ in range(100):
                if path.exists():
                    break
                await asyncio.sleep(0.1)
            reader, writer = await asyncio.open_unix_connection(path, limit=1 << 24)
            yield Control(reader, writer)
            writer.close()
    finally:
        shutil.rmtree(data)


def online(listed: Sequence[dict[str, Any]]) -> int:
    return sum(each["state"]["phase"] == "online" for each in listed)


async def test_a_camera_is_tried_seen_and_kept_with_its_onvif_side(tmp_path: Path) -> None:
    with cameras(tmp_path, "--scene", "gate") as (address,):
        async with recorder() as control:
            trial = await control.trial(address)
            live = await control.until(
                lambda: control.ask("trials.read", trial=trial["id"]), lambda each: bool(each["streams"]["sub"]), 20
            )
            kept = await control.ask(
                "trials.keep", trial=trial["id"], channels=[{"channel": trial["channel"], "name": "Gate"}]
            )
            (camera,) = await control.until(
                lambda: control.ask("cameras.list"),
                lambda listed: online(listed) == 1 and listed[0]["device"]["phase"] == "online",
                30,
            )
            again = await control.trial(address)

    report = trial["report"]
    assert (report["make"], report["channels"][0]["main"]["codec"]) == ("Tawny", "h264")
    assert (report["events"] != [], report["inputs"]) == (True, 1)
    assert live["streams"]["main"]["width"] == report["channels"][0]["main"]["width"]
    assert kept["items"][0]["id"] == camera["id"]
    assert (camera["kind"], camera["model"], camera["sound"]) == ("onvif", report["model"], False)
    assert abs(camera["clock_offset_s"]) < 5
    assert again["report"]["channels"][0]["added"] == camera["id"]
    assert PASSWORD not in json.dumps([trial, live, kept, camera, again], ensure_ascii=False)


async def test_wrong_passwords_are_few_and_the_right_one_ends_it(tmp_path: Path) -> None:
    with cameras(tmp_path, "--scene", "gate") as (address,):
        async with recorder() as control:
            refused = await control.trial(address, password="wrong")
            await control.ask("trials.login", trial=refused["id"], user=USER, password="wrong too")
            twice = await control.settled(refused["id"])
            third = await control.answer("trials.login", trial=refused["id"], user=USER, password="third")
            await control.ask("trials.login", trial=refused["id"], user=USER, password=PASSWORD, again=True)
            right = await control.settled(refused["id"])

    assert (refused["step"], refused["problems"][0]["fix"], refused["tries_left"]) == ("failed", "login", 1)
    assert twice["tries_left"] == 0
    assert third["problem"]["type"].endswith("too_many")
    assert right["step"] == "ready"


async def test_channels_of_one_device_are_cameras_and_a_camera_is_swapped_for_another(tmp_path: Path) -> None:
    with cameras(tmp_path, "--scene", "gate", "--scene", "corridor", together=True) as (address,):
        async with recorder() as control:
            trial = await control.trial(address)
            channels = [each["channel"] for each in trial["report"]["channels"]]
            await control.ask("trials.watch", trial=trial["id"], channel=channels[1])
            kept = await control.ask(
                "trials.keep",
                trial=trial["id"],
                channels=[{"channel": each, "name": f"Channel {each}"} for each in channels],
            )
            first, second = kept["items"]
            await control.ask("cameras.remove", camera=second["id"])
            other = await control.trial(address)
            swapped = await control.ask("cameras.swap", camera=first["id"], trial=other["id"], channel=channels[1])
            listed = await control.until(lambda: control.ask("cameras.list"), lambda each: online(each) == 1, 30)

    assert len(channels) == 2
    assert (swapped["id"], swapped["name"], swapped["url"]) == (first["id"], first["name"], second["url"])
    assert [each["id"] for each in listed] == [first["id"]]


async def test_a_new_camera_is_set_right_before_it_is_kept(tmp_path: Path) -> None:
    with cameras(tmp_path, "--scene", "gate") as (address,):
        async with recorder() as control:
            trial = await control.trial(address)
            await control.ask(
                "trials.fix", trial=trial["id"], fix="create_user", user="recorder", password="its own pass1"
            )
            own = await control.settled(trial["id"])
            await control.ask("trials.fix", trial=trial["id"], fix="key_frames")
            shortened = await control.settled(trial["id"])
            kept = await control.ask(
                "trials.keep", trial=trial["id"], channels=[{"channel": trial["channel"], "name": "Gate"}]
            )

    assert "own_user" in [each["id"] for each in trial["problems"]]
    assert (own["step"], "own_user" in [each["id"] for each in own["problems"]]) == ("ready", False)
    assert shortened["report"]["channels"][0]["main"]["key_frame_s"] == 2
    assert kept["items"][0]["user"] == "recorder"


async def test_a_camera_whose_stream_has_another_port_by_now_is_recorded_on(tmp_path: Path) -> None:
    device_port = free_ports()
    async with recorder() as control:
        with cameras(tmp_path, "--scene", "gate", onvif=device_port) as (address,):
            camera = await control.ask("cameras.add", name="Gate", address=address, user=USER, password=PASSWORD)
            await control.until(lambda: control.ask("cameras.list"), lambda listed: online(listed) == 1, 30)
        with cameras(tmp_path, "--scene", "gate", onvif=device_port):
            (after,) = await control.until(
                lambda: control.ask("cameras.list"),
                lambda listed: online(listed) == 1 and listed[0]["url"] != camera["url"],
                60,
            )

    assert (after["id"], after["host"]) == (camera["id"], camera["host"])


async def test_a_camera_is_adopted_by_its_code_with_no_password_typed(tmp_path: Path) -> None:
    words: list[str | Path] = ["--scene", "gate", "--port", "0", "--onvif", str(free_ports()), "--data", tmp_path]
    with program("camera", *words) as process:
        code = printed(process, "tawny-camera:")
        async with recorder() as control:
            trial = await control.settled((await control.ask("trials.open", address=code))["id"])
            kept = await control.ask(
                "trials.keep", trial=trial["id"], channels=[{"channel": trial["channel"], "name": "Adopted"}]
            )
            (camera,) = await control.until(
                lambda: control.ask("cameras.list"),
                lambda listed: online(listed) == 1 and listed[0]["device"]["phase"] == "online",
                30,
            )
            again = await control.settled((await control.ask("trials.open", address=code))["id"])

    assert trial["step"] == "ready", trial
    assert (camera["id"], camera["user"]) == (kept["items"][0]["id"], "tawny")
    assert camera["fingerprint"] in code
    assert (again["step"], again["problems"][0]["fix"]) == ("failed", "login")


async def test_a_camera_without_onvif_is_found_by_the_paths_of_makes(tmp_path: Path) -> None:
    clip, login = tmp_path / "live.mp4", tmp_path / "password"
    small_clip(clip)
    login.write_text(PASSWORD + "\n", encoding="utf-8")
    with program("camera", "--file", clip, "--port", "0", "--user", USER, "--password-file", login) as process:
        port = urlsplit(printed(process, "rtsp://")).port
        async with recorder() as control:
            ready = await control.trial(f"127.0.0.1:{port}")
            trial = await control.until(
                lambda: control.ask("trials.read", trial=ready["id"]), lambda each: bool(each["streams"]["main"]), 10
            )
            refused = await control.trial(f"127.0.0.1:{port}", password="wrong")

    (channel,) = trial["report"]["channels"]
    assert (trial["step"], trial["kind"], channel["main"]["uri"]) == (
        "ready",
        "rtsp",
        f"rtsp://127.0.0.1:{port}/live/main",
    )
    assert trial["streams"]["main"]["width"] == 320
    assert (refused["step"], refused["problems"][0]["id"]) == ("failed", "stream_credentials")


async def test_thirty_cameras_are_added_at_once_and_set_alike(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    small_clip(clip)
    files: list[str | Path] = []
    for number in range(MANY):
        copy = tmp_path / f"camera{number:02}.mp4"
        copy.hardlink_to(clip)
        files += ["--file", copy]
    with cameras(tmp_path, *files) as addresses:
        async with recorder() as control:
            began = asyncio.get_running_loop().time()
            begun = await control.ask(
                "batches.add",
                items=[{"address": each, "name": f"Camera {number}"} for number, each in enumerate(addresses)],
                logins=[{"user": "other", "password": "wrong"}, {"user": USER, "password": PASSWORD}],
            )
            batch = await control.until(
                lambda: control.ask("batches.read", batch=begun["id"]), lambda each: each["state"] == "done", 240
            )
            listed = await control.until(lambda: control.ask("cameras.list"), lambda each: online(each) == MANY, 60)
            took_s = asyncio.get_running_loop().time() - began
            begun = await control.ask(
                "batches.settings",
                cameras=[each["id"] for each in listed],
                settings={"image": {"brightness": 60}},
            )
            settled = await control.until(
                lambda: control.ask("batches.read", batch=begun["id"]), lambda each: each["state"] == "done", 120
            )

    assert {item["state"] for item in settled["items"]} == {"done"}, settled
    assert {result["became"] for item in settled["items"] for result in item["results"]} == {60}
    print(f"{MANY} cameras added and recorded after {took_s:.1f} s")
    assert {item["state"] for item in batch["items"]} == {"done"}, batch
    assert {each["name"] for each in listed} == {f"Camera {number}" for number in range(MANY)}
    assert took_s <= 300


async def test_what_is_no_camera_fails_in_words_and_leaves_nothing() -> None:
    async with recorder() as control:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            trial = await control.trial(f"rtsp://127.0.0.1:{silent.getsockname()[1]}/x")
        closed = await control.answer("trials.close", trial=trial["id"])
        listed = await control.ask("cameras.list")
        bad = await control.answer("trials.open", address="not a camera")

    assert (trial["step"], bool(trial["title"]), bool(trial["remedy"])) == ("failed", True, True)
    assert closed["result"] is None
    assert listed == []
    assert bad["problem"]["field"] == "address"
