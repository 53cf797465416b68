"""A recording process is killed (SIGKILL) again and again."""

import random
import subprocess
import sys
from pathlib import Path

from tawny.recorder.archive import ledger
from tawny.recorder.archive.checking import check
from tawny.recorder.archive.model import GapReason
from tawny.recorder.archive.paths import cameras, days
from tawny.recorder.archive.reader import ArchiveReader
from tawny.recorder.archive.retention import Policy, Retention
from tawny.recorder.archive.service import Archive
from tawny.runtime.clock import SystemClock
from tawny.runtime.data_directory import DataDirectory
from tawny.wire.media import VIDEO_TRACK
from tests.recorder.archive.building import MAIN, NOON_US, SECOND, SUB

ROOT = Path(__file__).parents[3]


def record_until_killed(data: DataDirectory, start_us: int, lines: int) -> list[int]:
    """The seconds that were on file when the process had said *lines* of them."""
    command = [sys.executable, "-m", "tests.recorder.archive.recording_process", str(data.root), str(start_us)]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said = [int(process.stdout.readline()) for _ in range(lines)]
    process.kill()
    rest, errors = process.communicate()
    assert "Traceback" not in errors
    return said + [int(line) for line in rest.splitlines(keepends=True) if line.endswith("\n")]


def deleted(data: DataDirectory) -> set[int]:
    """The seconds that retention took."""
    found = set()
    for camera in cameras(data.archive):
        for day in days(data.archive, camera):
            for entry in ledger.day_entries(data.archive, camera, day):
                if entry["kind"] == "deleted":
                    segment = ledger.read_segment(camera, entry, volume="")
                    found |= set(range(segment.start_us, segment.end_us or 0, SECOND))
    return found


def test_what_was_on_file_is_there_after_each_kill(tmp_path: Path) -> None:
    data = DataDirectory(root=tmp_path)
    data.create()
    chance, said, start = random.Random(7), set[int](), NOON_US

    for _ in range(4):
        seconds = record_until_killed(data, start, chance.randrange(1, 400))
        said |= set(seconds)
        start = max(seconds) + 30 * SECOND

    archive = Archive(data, clock=SystemClock(), retention=Retention(Policy(floor_bytes=0, known=None)))
    archive.recover()
    reader = ArchiveReader(data)
    for key in (MAIN, SUB):
        segments = reader.segments(key.camera, key.stream, from_us=0, to_us=2**60)
        found = {f.utc_us for s in segments for f in reader.fragments(s) if f.track == VIDEO_TRACK}
        assert said <= found | deleted(data)
        holes = reader.timeline(key.camera, from_us=NOON_US, to_us=start, added_us=NOON_US, stream=key.stream).gaps
        assert {g.reason for g in holes} <= {GapReason.RESTART, GapReason.DELETED}
    assert check(data, hashes=True).faults == ()
