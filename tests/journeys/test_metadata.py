"""What a camera tells beside its picture, from its RTSP stream to the archive, an export and the screen; and MJPEG with Opus."""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from bench.browser import CHROMIUM, OPTIONS, log_in, page_of, painted, screenshot, wait_in_page
from bench.processes import wait_for
from bench.tawny_under_test import Tawny
from tawny.recorder.ingest.model import MediaTransport
from tawny.runtime.clock import from_utc_us
from tawny.wire.media import METADATA_TRACK, MetadataFormat
from tawny.wire.mp4.reading import read_init, samples, walk
from tawny.wire.onvif import metadata
from tests.export.building import SignedArchive
from tests.journeys.conftest import GstCameras, ffmpeg
from tests.journeys.programs import printed, program
from tests.journeys.test_evidence import verdicts_of_page
from tests.journeys.test_recording import check_archive, decode_complaints
from tests.journeys.test_rtsp_transports import connect, source, units
from tests.verification.building import exported, tiny
from tests.wire.mp4.clips import joined, metadata_clip, mjpeg_clip, opus_clip

pytestmark = pytest.mark.journey

USER, PASSWORD = "root", "0nvif pass"
# sound beside a canvas stands nowhere in the page
HEARING = """
window.heard = [];
HTMLAudioElement.prototype.play = function () {
  window.heard.push(this);
  return HTMLMediaElement.prototype.play.call(this);
};
"""
SOUNDS = "window.heard.some((each) => each.currentTime > 0 && !each.paused && each.webkitAudioDecodedByteCount > 0)"
LISTEN = """
window.seen = [];
document.addEventListener('tawny:boxes', (event) => window.seen.push(event.detail), true);
"""


@contextlib.contextmanager
def onvif_camera(directory: Path) -> Iterator[str]:
    """``tawny camera --onvif`` with a drawn place; the address of its stream."""
    words: list[str | Path] = ["--port", "0", "--onvif", "0", "--data", directory, "--scene", "gate"]
    with program("camera", *words, "--user", USER, "--password", PASSWORD) as process:
        yield printed(process, "rtsp://")


def documents(file: Path) -> list[metadata.Metadata]:
    """The metadata in a segment file."""
    data = file.read_bytes()
    init = read_init(data)
    assert init.formats[METADATA_TRACK] == MetadataFormat()
    found = []
    for info in walk(data, offset=init.size):
        if info.track == METADATA_TRACK:
            fragment = data[info.offset : info.offset + info.size]
            found += [fragment[s.offset : s.offset + s.size] for s in samples(fragment)]
    return [metadata.read(each) for each in found]


def boxes(page: Page) -> list[dict[str, Any]]:
    """Boxes told to the page, of all pictures."""
    seen: list[dict[str, Any]] = page.evaluate("window.seen")
    return [box for each in seen for box in each["boxes"]]


def test_what_a_camera_sees_is_kept_and_shown(tmp_path: Path) -> None:
    with onvif_camera(tmp_path / "camera") as address, Tawny(tmp_path / "data") as tawny:
        camera = {"name": "Gate", "url": address, "user": USER, "password": PASSWORD}
        added = tawny.call("POST", "/cameras", camera)["id"]
        wait_for(lambda: tawny.online() == 1, timeout_s=30, what="the camera online")
        time.sleep(10)
        with page_of(tawny.url) as page:
            page.add_init_script(LISTEN)
            log_in(page, tawny.login)
            page.goto(f"{tawny.url}/cameras/{added}")
            wait_in_page(page, "window.seen.some((each) => each.boxes.length > 0)", timeout_s=40)
            screenshot(page, "metadata-live")
            live = boxes(page)
            last_us = page.evaluate("window.seen.findLast((each) => each.boxes.length > 0).utcUs")
            time.sleep(3)
            page.goto(f"{tawny.url}/cameras/{added}?t={from_utc_us(last_us - 400_000):%Y-%m-%dT%H:%M:%S.%fZ}")
            wait_in_page(page, "window.seen.some((each) => each.boxes.length > 0)", timeout_s=15)
            recorded = boxes(page)

    assert check_archive(tmp_path / "data")["faults"] == []
    file = next((tmp_path / "data" / "archive" / added).rglob("*-main.mp4"))
    kept = documents(file)
    assert len(kept) > 15  # two a second
    assert any(each.box is not None for one in kept for frame in one.frames for each in frame.objects)
    assert any(one.messages for one in kept)
    assert {box["kind"] for box in live} <= {"Human", "Vehicle", "Animal"}
    assert recorded
    assert decode_complaints(file) == ""


@pytest.mark.parametrize("transport", MediaTransport)
def test_metadata_come_over_every_transport(tmp_path: Path, transport: MediaTransport) -> None:
    with onvif_camera(tmp_path / "camera") as address:
        wanted = replace(source(address, USER, transport), password=PASSWORD)
        connection = connect(wanted)
        units(connection, 60)

    assert connection.metadata is not None
    told = connection.metadata.depacketizer
    assert len(told.units) >= 3  # two a second
    assert (told.lost_packets, told.garbage) == (0, 0)
    assert all(metadata.read(unit.data).frames for unit in told.units)


def test_metadata_go_into_an_export_that_is_authentic(tmp_path: Path) -> None:
    with onvif_camera(tmp_path / "camera") as address, Tawny(tmp_path / "data") as tawny:
        camera = {"name": "Gate", "url": address, "user": USER, "password": PASSWORD}
        added = tawny.call("POST", "/cameras", camera)["id"]
        wait_for(lambda: tawny.online() == 1, timeout_s=30, what="the camera online")
        from_us = time.time_ns() // 1000 + 3_000_000
        time.sleep(8)
        span = {
            "from": f"{from_utc_us(from_us):%Y-%m-%dT%H:%M:%SZ}",
            "to": f"{from_utc_us(from_us + 4_000_000):%Y-%m-%dT%H:%M:%SZ}",
        }
        item = {"camera": added, "stream": "main", "audio": False, **span}
        export = tawny.call("POST", "/exports", {"items": [item], "compatible": False})["id"]
        wait_for(
            lambda: tawny.call("GET", f"/exports/{export}")["state"] in {"done", "failed"},
            timeout_s=120,
            what="the export",
        )
        (made,) = tawny.call("GET", f"/exports/{export}")["files"]
        file = tmp_path / "export.mp4"
        file.write_bytes(tawny.download(f"/exports/{export}/files/{made['number']}"))

    trust = tmp_path / "data" / "keys" / "root.pem"
    command = [sys.executable, "-m", "tawny.cli", "verify", str(file), "--trust", str(trust), "--json"]
    verdict = subprocess.run(command, capture_output=True, text=True, check=False)
    assert verdict.returncode == 0, verdict.stdout
    probing = ["ffprobe", "-v", "error", "-count_packets", "-show_streams", "-of", "json", str(file)]
    streams = json.loads(subprocess.run(probing, capture_output=True, text=True, check=True).stdout)["streams"]
    assert [(s["codec_type"], s["codec_tag_string"]) for s in streams] == [("video", "avc1"), ("data", "metx")]
    assert int(streams[1]["nb_read_packets"]) >= 6


@pytest.mark.parametrize("audio", [True, False])
@pytest.mark.parametrize("what", ["metadata", "MJPEG and Opus"])
def test_the_page_that_verifies_alone_knows_metadata_mjpeg_and_opus(tmp_path: Path, what: str, *, audio: bool) -> None:
    archive = SignedArchive(tmp_path)
    recorded = {
        "metadata": joined(tiny(), metadata_clip(seconds=1)),
        "MJPEG and Opus": joined(mjpeg_clip(seconds=1), opus_clip(seconds=1)),
    }
    for second in range(2):
        archive.segment(second, recorded[what])
    archive.sign()
    file = exported(archive, 0, 2, audio=audio)
    archive.close()

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        page = browser.new_context(offline=True).new_page()
        found = verdicts_of_page(page, file, archive.root_pem)
        browser.close()

    assert found == ["authentic"]


def test_mjpeg_with_opus_is_shown_live_and_from_the_archive_with_its_sound(
    tmp_path: Path, gst_cameras: GstCameras
) -> None:
    picture = "-f lavfi -i testsrc2=size=640x360:rate=25 -f lavfi -i sine=sample_rate=48000 -ac 1 -t 90"
    coding = "-c:v mjpeg -huffman default -pix_fmt yuvj420p -c:a libopus -ar 48000"
    ffmpeg(*picture.split(), *coding.split(), tmp_path / "yard.mkv")
    port = gst_cameras(f"yard={tmp_path / 'yard.mkv'}")
    with Tawny(tmp_path / "data") as tawny:
        url = f"rtsp://127.0.0.1:{port}/yard"
        added = tawny.call("POST", "/cameras", {"name": "Yard", "url": url, "sound": True})["id"]
        wait_for(lambda: tawny.online() == 1, timeout_s=30, what="the camera online")
        time.sleep(8)
        with page_of(tawny.url) as page:
            page.add_init_script(HEARING)
            log_in(page, tawny.login)
            page.goto(f"{tawny.url}/cameras/{added}")
            wait_in_page(page, "window.painted.length > 30", timeout_s=20)
            live = painted(page)
            screenshot(page, "mjpeg-live")
            moment = from_utc_us(int(live[0]["utcUs"]) - 4_000_000)
            page.goto(f"{tawny.url}/cameras/{added}?t={moment:%Y-%m-%dT%H:%M:%S.%fZ}")
            wait_in_page(page, "window.painted.length > 30", timeout_s=20)
            recorded = painted(page)
            page.get_by_role("button", name="Turn the sound on").click()
            page.evaluate("window.painted = []")
            wait_in_page(page, "window.painted.length > 30", timeout_s=20)
            wait_in_page(page, SOUNDS, timeout_s=10)
            screenshot(page, "mjpeg-archive")
            page.goto(f"{tawny.url}/cameras/{added}")
            wait_in_page(page, "window.painted.length > 10", timeout_s=20)
            if (switch := page.get_by_role("button", name="Turn the sound on")).count():
                switch.click()
            wait_in_page(page, SOUNDS, timeout_s=10)

    assert live[-1]["stream"] == "main"
    ages_ms = sorted(each["wall"] - each["utcUs"] / 1000 for each in live)
    print(f"MJPEG live: behind {ages_ms[len(ages_ms) // 2]:.0f} ms median")
    assert abs(recorded[0]["utcUs"] - moment.timestamp() * 1e6) < 1_000_000
