"""Exports from job to zip, over a small signed archive."""

import io
import json
import threading
import zipfile
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tawny.export.progress import Progress, Stopped
from tawny.recorder.archive.model import GapReason
from tawny.runtime.problem import Kind, Problem
from tawny.verification.service import verify
from tawny.verification.verdict import Word
from tawny.wire.evidence.chains import read_chain, read_root
from tests.export.building import NOON_US, SECOND, SignedArchive, item
from tests.verification.building import tiny
from tests.wire.mp4.clips import g711_clip, joined, video_clip
from tests.wire.mp4.ffmpeg import decode, probe


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[SignedArchive]:
    archive = SignedArchive(tmp_path / "data")
    yield archive
    archive.close()


class Heard:
    """A progress, what it said, and a stop after so many bytes of work."""

    def __init__(self, archive: SignedArchive, *, stop_after: int | None = None) -> None:
        self.out = io.StringIO()
        self.stopped = threading.Event()
        self.progress = Progress(self.out, archive.clock, self.stopped)
        if stop_after is not None:
            self.progress.worked = self._stopping(stop_after)  # type: ignore[method-assign]  # stops the worker at a known byte

    def _stopping(self, left: int) -> Any:
        worked = self.progress.worked

        def counted(size: int) -> None:
            nonlocal left
            left -= size
            if left < 0:
                self.stopped.set()
            worked(size)

        return counted

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.getvalue().splitlines()]


def run(archive: SignedArchive, directory: Path, heard: Heard | None = None) -> dict[str, Any]:
    return archive.run(directory, (heard or Heard(archive)).progress)


def words(archive: SignedArchive, directory: Path, done: dict[str, Any]) -> list[Word]:
    root = read_root(archive.root_pem.read_bytes())
    return [verify(directory / "files" / one["name"], trust=[root]).word for one in done["files"]]


def three_segments(archive: SignedArchive) -> None:
    for second in range(3):
        archive.segment(second, tiny())
    archive.sign()


def test_an_export_has_its_files_papers_and_zip(archive: SignedArchive) -> None:
    three_segments(archive)
    directory = archive.job([item(0, 3), item(0, 2, audio=False)])

    done = run(archive, directory)

    names = ["01-gate-sud-main-20261122T120000Z.mp4", "02-gate-sud-main-20261122T120000Z.mp4"]
    assert [one["name"] for one in done["files"]] == names
    assert words(archive, directory, done) == [Word.AUTHENTIC, Word.AUTHENTIC]
    for one in done["files"]:
        data = (directory / "files" / one["name"]).read_bytes()
        assert (one["bytes"], one["sha256"]) == (len(data), sha256(data).hexdigest())
    with zipfile.ZipFile(directory / "export.zip") as packed:
        assert packed.testzip() is None
        papers = ["manifest.json", "manifest.sig", "chain.pem", "report.html"]
        assert packed.namelist() == names + papers
    whole = (directory / "export.zip").read_bytes()
    assert (done["zip_bytes"], done["zip_sha256"]) == (len(whole), sha256(whole).hexdigest())
    assert not list(directory.rglob("*.part"))


def test_the_manifest_is_signed_and_names_every_file_and_the_report(archive: SignedArchive) -> None:
    archive.segment(0, tiny())
    archive.gap(1, 3, GapReason.CAMERA_LOST, "The camera does not answer.")
    archive.segment(3, tiny())
    archive.sign()
    case = {"number": "4711", "reason": "Burglary <b>", "officer": "K. Muster"}
    directory = archive.job([item(0, 4)], case=case)

    done = run(archive, directory)

    data = (directory / "manifest.json").read_bytes()
    signature = urlsafe_b64decode((directory / "manifest.sig").read_text().strip() + "==")
    assert read_chain((directory / "chain.pem").read_text()).signed(data, signature)
    manifest = json.loads(data)
    assert manifest["files"] == done["files"]
    assert manifest["case"] == case
    (hole,) = manifest["items"][0]["holes"]
    assert (hole["from"], hole["to"], hole["reason"]) == (
        "2026-11-22T12:00:01Z",
        "2026-11-22T12:00:03Z",
        "camera_lost",
    )
    report = (directory / "report.html").read_bytes()
    assert manifest["report"]["sha256"] == sha256(report).hexdigest()
    text = report.decode()
    assert "4711" in text
    assert "Burglary &lt;b&gt;" in text
    assert done["files"][0]["sha256"] in text
    assert "The camera does not answer." in text
    assert manifest["custody"]["root_fingerprint"] in text
    assert "<script" not in text


def test_progress_grows_to_the_end_and_tells_the_step(archive: SignedArchive) -> None:
    three_segments(archive)
    heard = Heard(archive)

    run(archive, archive.job([item(0, 3)]), heard)

    shares = [line["progress"] for line in heard.lines]
    assert shares == sorted(shares)
    assert shares[0] >= 0
    assert shares[-1] < 1
    assert [line["step"] for line in heard.lines][-1] == "Writing the report and the zip"


def test_a_stopped_export_goes_on_behind_its_last_whole_file(archive: SignedArchive) -> None:
    three_segments(archive)
    directory = archive.job([item(0, 2), item(1, 3)])
    second_file = sum(path.stat().st_size for path in archive.data.archive.rglob("*.mp4")) * 4

    with pytest.raises(Stopped):
        run(archive, directory, Heard(archive, stop_after=second_file))
    before = {path.name: path.stat().st_mtime_ns for path in (directory / "files").glob("*.mp4")}
    done = run(archive, directory)

    assert len(before) == 1
    kept = directory / "files" / next(iter(before))
    assert kept.stat().st_mtime_ns == before[kept.name]
    assert words(archive, directory, done) == [Word.AUTHENTIC, Word.AUTHENTIC]
    assert not list(directory.rglob("*.part"))


@pytest.mark.parametrize("at", [-10, 30, 4])
def test_a_damaged_segment_is_left_out_and_told(archive: SignedArchive, at: int) -> None:
    three_segments(archive)
    damaged = sorted(archive.data.archive.rglob("*.mp4"))[1]
    data = bytearray(damaged.read_bytes())
    data[at] ^= 1
    damaged.write_bytes(data)
    directory = archive.job([item(0, 3)])

    done = run(archive, directory)

    assert words(archive, directory, done) == [Word.AUTHENTIC, Word.AUTHENTIC]
    (hole,) = json.loads((directory / "manifest.json").read_bytes())["items"][0]["holes"]
    assert (hole["reason"], hole["from"]) == ("damaged", "2026-11-22T12:00:01Z")


def test_footage_that_nobody_signed_yet_is_not_exported(archive: SignedArchive) -> None:
    archive.segment(0, tiny())
    archive.sign()
    archive.segment(1, tiny())

    with pytest.raises(Problem) as caught:
        run(archive, archive.job([item(0, 2)]))

    assert (caught.value.kind, "12:00:01" in caught.value.title) == (Kind.UNAVAILABLE, True)


def test_a_range_without_footage_is_a_problem_in_words(archive: SignedArchive) -> None:
    three_segments(archive)

    with pytest.raises(Problem) as caught:
        run(archive, archive.job([item(60, 70)]))

    assert caught.value.kind is Kind.NOT_FOUND


def test_a_hole_of_over_ten_minutes_begins_another_part(archive: SignedArchive) -> None:
    archive.segment(0, tiny())
    archive.gap(1, 700, GapReason.DISABLED, "The camera is disabled.")
    archive.segment(700, tiny())
    archive.sign()
    directory = archive.job([item(0, 701)])

    done = run(archive, directory)

    assert words(archive, directory, done) == [Word.AUTHENTIC, Word.AUTHENTIC]
    assert [one["from"] for one in done["files"]] == ["2026-11-22T12:00:00Z", "2026-11-22T12:11:40Z"]


def test_another_codec_begins_another_part_and_gets_its_compatible_copy(archive: SignedArchive) -> None:
    archive.segment(0, tiny())
    archive.segment(1, joined(video_clip("h265", seconds=1, width=64, height=48), g711_clip(seconds=1)))
    archive.sign()
    directory = archive.job([item(0, 2)], compatible=True)

    done = run(archive, directory)

    assert [one["derived"] for one in done["files"]] == [False, False, True]
    assert words(archive, directory, done) == [Word.AUTHENTIC, Word.AUTHENTIC, Word.NOT_SIGNED]
    copy = directory / "files" / done["files"][2]["name"]
    assert copy.name == "03-gate-sud-main-20261122T120001Z-compatible-copy.mp4"
    told = probe(copy)
    assert {stream["codec_name"] for stream in told["streams"]} == {"h264", "aac"}
    assert float(told["format"]["duration"]) == pytest.approx(1, abs=0.1)
    assert decode(copy) == ""


def test_the_range_counts_from_its_own_start(archive: SignedArchive) -> None:
    three_segments(archive)
    directory = archive.job([item(1.4, 2.2)])

    (file,) = run(archive, directory)["files"]

    assert file["from"] == "2026-11-22T12:00:01.400000Z"
    found = verify(directory / "files" / file["name"], trust=[read_root(archive.root_pem.read_bytes())])
    assert (found.word, found.from_us) == (Word.AUTHENTIC, NOON_US + 1_400_000)
    assert found.to_us is not None
    assert found.to_us >= NOON_US + 2 * SECOND


def test_a_job_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "job.json").write_text('{"id": 5}')

    with pytest.raises(Problem) as caught:
        SignedArchive.read(tmp_path)

    assert caught.value.kind is Kind.INVALID
