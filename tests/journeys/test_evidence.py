"""From the camera to the verdict: footage is exported and judged by programs and pages that know nothing but the file and one certificate."""

import json
import os
import random
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from bench.faults import kill_everything
from bench.processes import wait_for
from bench.tawny_under_test import Tawny
from tawny.wire.mp4.reading import read_init, walk
from tests.journeys.conftest import GstCameras
from tests.journeys.test_recording import decode_complaints, probe

pytestmark = pytest.mark.journey

PAGE = Path(__file__).parents[2] / "web" / "dist" / "verify.html"
CODECS = {"h264-aac": "h264-aac.mp4", "h265-aac": "h265-aac.mp4", "h264-alaw": "h264-alaw.mkv"}


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """`tawny` as anyone runs it."""
    command = [sys.executable, "-m", "tawny.cli", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def verdict(file: Path, root: Path) -> tuple[int, dict[str, Any]]:
    done = run("verify", file, "--trust", root, "--json")
    answer: dict[str, Any] = json.loads(done.stdout)
    return done.returncode, answer


def flipped(file: Path, at: int, *, name: str) -> Path:
    """A copy of *file* with one bit changed."""
    data = bytearray(file.read_bytes())
    data[at] ^= 1
    made = file.with_name(name)
    made.write_bytes(data)
    return made


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """The verification page, opened from the disk in a browser without a network."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = browser.new_context(offline=True)
        yield context.new_page()
        browser.close()


def verdicts_of_page(page: Page, file: Path, root: Path | None, *, number: int = 1) -> list[str | None]:
    """What the page says of *file* (of each video, in a zip)."""
    page.goto(PAGE.as_uri())
    if root is not None:
        page.locator("input[accept*='.pem']").set_input_files(root)
    page.locator("input[accept*='.mp4']").set_input_files(file)
    page.locator("[data-verdict]").nth(number - 1).wait_for(timeout=30_000)
    return [found.get_attribute("data-verdict") for found in page.locator("[data-verdict]").all()]


@dataclass
class Exported:
    """What one recording gave: a file by name, the zip of all, the certificate, the exports as the API told them."""

    files: dict[str, Path]
    zip: Path
    root: Path
    export: dict[str, Any]
    data: Path
    cameras: dict[str, str]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory, clips: Path) -> Exported:
    """Three cameras of others, recorded for twenty seconds and exported, one by one and together for a case."""
    directory = tmp_path_factory.mktemp("evidence")
    here = Path(__file__).parent / "gst_cameras.py"
    cameras = [f"{name}={clips / file}" for name, file in CODECS.items()]
    source = subprocess.Popen(
        ["/usr/bin/python3", str(here), *cameras], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert source.stdin is not None
    assert source.stdout is not None
    port = source.stdout.readline().split()[1]
    data = directory / "data"
    with Tawny(data) as tawny:
        ids = {name: tawny.add_camera(name, f"rtsp://127.0.0.1:{port}/{name}") for name in CODECS}
        wait_for(lambda: tawny.online() == len(ids), timeout_s=20, what="all cameras online")
        begin = datetime.now(UTC) + timedelta(seconds=3)
        time.sleep(14)
        span = {"from": f"{begin:%Y-%m-%dT%H:%M:%SZ}", "to": f"{begin + timedelta(seconds=8):%Y-%m-%dT%H:%M:%SZ}"}
        files = {name: directory / f"{name}.mp4" for name in ids}
        for name, file in files.items():
            words = ["--camera", ids[name], "--from", span["from"], "--to", span["to"], "--out", str(file)]
            done = run("export", "--login-file", data.with_suffix(".login"), *words)
            assert done.returncode == 0, done.stderr
        items = [{"camera": camera, "stream": "main", "audio": True, **span} for camera in ids.values()]
        case = {"number": "2026/77", "reason": "Theft of a bicycle", "officer": "Sgt. Ines Ñandú"}
        made = tawny.call(
            "POST", "/exports", {"items": items, "compatible": True, "case": case, "hold": {"why": "Theft"}}
        )

        def finished() -> bool:
            made.update(tawny.call("GET", f"/exports/{made['id']}"))
            return made["state"] not in {"waiting", "running"}

        wait_for(finished, timeout_s=60, what="the export")
        together = directory / "case.zip"
        together.write_bytes(tawny.download(f"/exports/{made['id']}/export.zip"))
    source.stdin.close()
    source.wait(10)
    source.stdout.close()
    return Exported(files=files, zip=together, root=data / "keys" / "root.pem", export=made, data=data, cameras=ids)


def test_exports_of_every_codec_are_authentic_and_play(exported: Exported) -> None:
    for name, file in exported.files.items():
        code, answer = verdict(file, exported.root)

        assert (code, answer["verdict"]) == (0, "authentic"), answer
        assert answer["camera"]["id"] == exported.cameras[name]
        assert 7.9 <= float(probe(file)["format"]["duration"]) <= 8.8  # it ends with a whole fragment
        assert decode_complaints(file) == ""


SEEK = """
async ([file, beforeTheEnd]) => {
  const video = document.createElement('video');
  video.muted = true;
  const happens = (name) => new Promise((resolve, reject) => {
    video.addEventListener(name, resolve, { once: true });
    video.addEventListener('error', () => reject(new Error(video.error.message)), { once: true });
  });
  const loaded = happens('loadeddata');
  video.src = file;
  await loaded;
  const sought = happens('seeked');
  video.currentTime = video.duration - beforeTheEnd;
  await sought;
  const ended = happens('ended');
  await video.play();
  await ended;
  return { duration: video.duration, shown: video.getVideoPlaybackQuality().totalVideoFrames };
}
"""


def test_a_browser_seeks_to_the_last_second_and_plays_to_the_end(
    exported: Exported, page: Page, tmp_path: Path
) -> None:
    file = exported.files["h264-aac"]
    holder = tmp_path / "holder.html"
    holder.write_text("<!doctype html><title>holder</title>")
    page.goto(holder.as_uri())

    played = page.evaluate(SEEK, [file.as_uri(), 1])

    assert 7.9 <= played["duration"] <= 8.8
    assert played["shown"] >= 20


COUNT = """
import sys, gi
gi.require_version("Gst", "1.0")
from gi.repository import Gst
Gst.init(None)
pipeline = Gst.parse_launch(f"filesrc location={sys.argv[1]} ! qtdemux ! h264parse ! fakesink name=sink signal-handoffs=true sync=false")
seen = []
pipeline.get_by_name("sink").connect("handoff", lambda sink, buffer, pad: seen.append(buffer.pts))
pipeline.set_state(Gst.State.PLAYING)
message = pipeline.get_bus().timed_pop_filtered(20 * Gst.SECOND, Gst.MessageType.EOS | Gst.MessageType.ERROR)
print(message.type == Gst.MessageType.EOS, len(seen), (max(seen) - min(seen)) / Gst.SECOND)
pipeline.set_state(Gst.State.NULL)
"""


def test_gstreamer_reads_every_picture(exported: Exported) -> None:
    file = exported.files["h264-aac"]

    done = subprocess.run(["/usr/bin/python3", "-c", COUNT, str(file)], capture_output=True, text=True, check=True)

    ended, pictures, seconds = done.stdout.split()
    assert ended == "True"
    shown = ["-select_streams", "v", "-count_frames", "-show_entries", "stream=nb_read_frames", "-of", "csv=p=0"]
    counted = subprocess.run(["ffprobe", "-v", "error", *shown, str(file)], capture_output=True, text=True, check=True)
    assert abs(int(pictures) - int(counted.stdout)) <= 1  # what stands before the edit list's start, neither shows
    assert float(seconds) >= 7.9


def test_without_a_trusted_certificate_nothing_is_authentic(exported: Exported, tmp_path: Path) -> None:
    file = exported.files["h264-aac"]
    with Tawny(tmp_path / "another"):
        pass

    unnamed = run("verify", file, "--json")
    stranger = verdict(file, tmp_path / "another" / "keys" / "root.pem")

    assert (unnamed.returncode, json.loads(unnamed.stdout)["verdict"]) == (2, "not_signed")
    assert (stranger[0], stranger[1]["verdict"]) == (2, "not_signed")


def test_a_flipped_bit_is_found_by_the_program_and_by_the_page_alike(exported: Exported, page: Page) -> None:
    randomness = random.Random(os.urandom(8))
    file = exported.files["h264-aac"]
    size = file.stat().st_size
    places = [randomness.randrange(size) for _ in range(6)] + [20, 100, size - 1]

    for at in places:
        changed = flipped(file, at, name="flipped.mp4")
        code, answer = verdict(changed, exported.root)

        assert code in {1, 3}, (at, answer)
        assert verdicts_of_page(page, changed, exported.root) == [answer["verdict"]], (at, answer)


def test_the_page_confirms_each_file_offline_and_only_under_the_right_certificate(
    exported: Exported, page: Page
) -> None:
    for file in exported.files.values():
        assert verdicts_of_page(page, file, exported.root) == ["authentic"]
    assert verdicts_of_page(page, exported.files["h264-aac"], None) == ["not_signed"]


def test_the_case_has_every_camera_a_copy_for_plain_players_a_report_and_a_hold(exported: Exported, page: Page) -> None:
    files = exported.export["files"]
    originals = [file for file in files if not file["derived"]]
    assert exported.export["state"] == "done"
    assert len(originals) == 3
    unusual = {exported.cameras["h265-aac"], exported.cameras["h264-alaw"]}  # plain players know neither
    assert {file["camera"] for file in files if file["derived"]} == unusual
    assert exported.export["hold"]

    with zipfile.ZipFile(exported.zip) as archive:
        assert archive.testzip() is None
        assert any(name.endswith("report.html") for name in archive.namelist())
    found = verdicts_of_page(page, exported.zip, exported.root, number=len(files))
    assert found.count("authentic") == 3
    assert "The list of files is signed, and complete." in page.inner_text("body")


def test_a_bit_flipped_in_the_archive_is_named_by_file_and_place(exported: Exported, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(exported.data, data, ignore=shutil.ignore_patterns("run", "*.lock"))
    before = run("archive", "verify", "--data", data, "--json")
    victim = max(
        (data / "archive" / exported.cameras["h264-aac"]).rglob("*-main.mp4"), key=lambda file: file.stat().st_size
    )
    content = victim.read_bytes()
    fragment = list(walk(content, offset=read_init(content).size))[3]
    at = fragment.offset + fragment.size - 5
    victim.write_bytes(content[:at] + bytes([content[at] ^ 4]) + content[at + 1 :])

    after = run("archive", "verify", "--data", data, "--json")

    assert before.returncode == 0, before.stdout
    assert after.returncode == 1
    (fault,) = json.loads(after.stdout)["faults"]
    assert victim.name in fault["path"]
    assert fault["offset"] == fragment.offset


def test_a_tail_edited_after_a_kill_is_never_plainly_authentic(
    tmp_path: Path, clips: Path, gst_cameras: GstCameras
) -> None:
    port = gst_cameras(f"one={clips / 'h264-aac.mp4'}")
    data = tmp_path / "data"
    with Tawny(data) as tawny:
        camera = tawny.add_camera("One", f"rtsp://127.0.0.1:{port}/one")
        wait_for(lambda: tawny.online() == 1, timeout_s=20, what="the camera online")
        begin = datetime.now(UTC) + timedelta(seconds=2)
        time.sleep(8)
        kill_everything(tawny)
    tail = max((data / "archive" / camera).rglob("*-main.mp4"))
    content = bytearray(tail.read_bytes())
    content[-3_000] ^= 255
    tail.write_bytes(content)

    with Tawny(data) as tawny:
        wait_for(lambda: tawny.online() == 1, timeout_s=20, what="the camera online")
        time.sleep(3)
        span = ["--from", f"{begin:%Y-%m-%dT%H:%M:%SZ}", "--to", f"{begin + timedelta(seconds=4):%Y-%m-%dT%H:%M:%SZ}"]
        file = tmp_path / "tail.mp4"
        login = data.with_suffix(".login")
        done = run("export", "--login-file", login, "--camera", camera, *span, "--out", file)

    assert done.returncode == 0, done.stderr
    code, answer = verdict(file, data / "keys" / "root.pem")
    assert (code, answer["verdict"]) == (2, "not_signed")
    assert [reason["code"] for reason in answer["reasons"]] == ["recovered"]
    assert answer["recovered"][0]["unsigned_until"]
