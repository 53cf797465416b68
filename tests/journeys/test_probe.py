"""`tawny probe` from outside: real cameras' answers replayed, our own camera, and what is no camera."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.devices.replay import DEVICES, PASSWORD, USER, Guard, Recorded, ReplayCamera, devices, listening
from tests.journeys.programs import PASSWORD as OUR_PASSWORD
from tests.journeys.programs import USER as OUR_USER
from tests.journeys.programs import cameras

pytestmark = pytest.mark.journey

WHOLE = {
    "axis/q3819-pve-11.11.181": ("AXIS", "Q3819-PVE", "h264"),
    "axis/m5525-e": ("AXIS", "M5525-E", "h264"),
    "hikvision/ds-2cd2143g0": ("HIKVISION", "DS-2CD2143G0-I", "h264"),
    "reolink/e1-zoom-3.1.0": ("REOLINK", "E1 Zoom", "h264"),
}


class Told(NamedTuple):
    """What the program printed, and its exit code."""

    code: int
    document: dict[str, Any]
    text: str


async def probe(directory: Path, address: str, *, user: str = USER, password: str = PASSWORD) -> Told:
    (directory / "password").write_text(password + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "tawny.cli", "probe", address, "--json"]
    command += ["--user", user, "--password-file", str(directory / "password")]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe)
    output, said = await process.communicate()
    assert process.returncode is not None
    text = output.decode() + said.decode()
    assert "Traceback" not in text
    return Told(process.returncode, json.loads(output), text)


@pytest.mark.parametrize("name", sorted(WHOLE))
async def test_a_real_camera_is_told_with_its_streams_whatever_login_it_wants(name: str, tmp_path: Path) -> None:
    make, model, codec = WHOLE[name]
    for kinds in (frozenset({"digest-md5"}), frozenset({"wsse"})):
        replayed = ReplayCamera(Recorded(devices() / name), Guard(kinds=kinds))
        async with listening(replayed) as port:
            told = await probe(tmp_path, f"127.0.0.1:{port}")

        found = told.document
        assert (told.code, found["how"], found["make"], found["model"]) == (0, "onvif", make, model)
        assert found["streams"][0]["codec"] == codec
        assert found["streams"][0]["uri"].startswith("rtsp://127.0.0.1")
        assert PASSWORD not in told.text


@pytest.mark.parametrize("name", sorted({str(each.parent.relative_to(DEVICES)) for each in DEVICES.rglob("*.xml")}))
async def test_what_little_was_recorded_of_a_camera_is_told_without_a_fault(name: str, tmp_path: Path) -> None:
    async with listening(ReplayCamera(Recorded(devices() / name))) as port:
        told = await probe(tmp_path, f"http://127.0.0.1:{port}")

    assert told.code == (0 if name in WHOLE else 1)
    assert told.document["title"]
    assert all(item["title"] for item in told.document["problems"])


async def test_a_wrong_password_is_tried_no_more_than_twice(tmp_path: Path) -> None:
    guard = Guard(kinds=frozenset({"digest-md5", "wsse"}))
    replayed = ReplayCamera(Recorded(devices() / "hikvision/ds-2cd2143g0"), guard)
    async with listening(replayed) as port:
        told = await probe(tmp_path, f"127.0.0.1:{port}", password="wrong")

    assert told.code == 3
    assert guard.wrong <= 2
    assert "wrong" not in told.text.replace("wrong password", "")


async def test_our_own_camera_is_usable_with_nothing_wrong_but_its_mighty_user(tmp_path: Path) -> None:
    with cameras(tmp_path, "--scene", "gate") as (address,):
        told = await probe(tmp_path, address, user=OUR_USER, password=OUR_PASSWORD)
        stream = await probe(tmp_path, told.document["streams"][1]["uri"], user=OUR_USER, password=OUR_PASSWORD)

    assert (told.code, told.document["ptz"], told.document["inputs"]) == (0, True, 1)
    assert [item["id"] for item in told.document["problems"]] == ["own_user"]
    assert (stream.code, stream.document["how"], stream.document["streams"][0]["width"]) == (0, "rtsp", 640)


async def test_where_nobody_answers_the_code_says_so(tmp_path: Path) -> None:
    told = await probe(tmp_path, "http://127.0.0.1:9")

    assert (told.code, told.document["usable"]) == (2, False)
