"""``tawny archive check``."""

import json
from pathlib import Path

import pytest

from tawny.recorder.archive.commands import main
from tawny.recorder.archive.paths import ledger_path, segment_path
from tawny.runtime.problem import Kind, Problem
from tests.recorder.archive.building import MAIN, NOON_US, SECOND, formats, small
from tests.recorder.archive.rig import Rig

HOUR = 3600 * SECOND


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    """Two closed segments an hour apart, and an open one."""
    rig = Rig(tmp_path)
    for at in range(3):
        rig.writer.open_segment(MAIN, NOON_US + at * HOUR, formats())
        rig.writer.append(MAIN, small(start_us=NOON_US + at * HOUR))
        if at < 2:
            rig.writer.close_segment(MAIN, NOON_US + at * HOUR + SECOND)
        rig.cycle(3)
    return rig


def check(rig: Rig, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, dict[str, object]]:
    code = main(["archive", "check", "--data", str(rig.data.root), "--json", *more])
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return code, found


def test_a_sound_archive_is_told_while_the_recorder_runs(rig: Rig, capsys: pytest.CaptureFixture[str]) -> None:
    lock = rig.data.lock("recorder")

    code, found = check(rig, capsys, "--hashes")

    assert lock > 0
    assert code == 0
    assert (found["segments"], found["faults"]) == (2, [])
    assert isinstance(found["unsynced_s"], float)


def test_a_stopped_recorder_has_nothing_unsynced_to_tell(rig: Rig, capsys: pytest.CaptureFixture[str]) -> None:
    rig.kill()

    code, found = check(rig, capsys)

    assert (code, found["unsynced_s"]) == (0, None)


def test_a_torn_and_unindexed_tail_is_no_fault(rig: Rig, capsys: pytest.CaptureFixture[str]) -> None:
    with segment_path(rig.data.archive, MAIN, NOON_US + 2 * HOUR).open("ab") as file:
        file.write(b"torn")
    rig.writer.close_segment(MAIN, NOON_US + 2 * HOUR + SECOND)
    rig.writer.open_segment(MAIN, NOON_US + 2 * HOUR + SECOND, formats())
    rig.writer.append(MAIN, small(start_us=NOON_US + 2 * HOUR + SECOND))

    assert check(rig, capsys)[0] == 0


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda path: path.unlink(), "missing"),
        (lambda path: path.write_bytes(path.read_bytes()[:-1]), "bytes, the index says"),
        (lambda path: path.write_bytes(path.read_bytes()[:-60] + bytes(60)), "not what was recorded"),
        (lambda path: path.write_bytes(bytes(path.stat().st_size)), "whole fragments"),
        (lambda path: path.parents[1].joinpath("ledger.jsonl").unlink(), "no ledger knows it"),
        (lambda path: path.rename(path.with_name("20261122T113000.000000Z-main.mp4")), "does not know it"),
    ],
)
def test_each_harm_is_named_with_its_file(
    harm: object, words: str, rig: Rig, capsys: pytest.CaptureFixture[str]
) -> None:
    assert callable(harm)
    harm(segment_path(rig.data.archive, MAIN, NOON_US))

    code, found = check(rig, capsys, "--hashes")

    assert code == 1
    assert words in json.dumps(found["faults"])
    assert "archive/cam_gate/2026-11-22/" in json.dumps(found["faults"])


def test_an_entry_that_differs_from_the_index_is_named(rig: Rig, capsys: pytest.CaptureFixture[str]) -> None:
    path = ledger_path(rig.data.archive, MAIN.camera, NOON_US)
    path.write_text(path.read_text().replace('"sequence":1', '"sequence":9'))

    main(["archive", "check", "--data", str(rig.data.root)])

    assert "ledger and index differ" in capsys.readouterr().out


def test_a_directory_without_an_archive_is_a_plain_problem(tmp_path: Path) -> None:
    with pytest.raises(Problem) as found:
        main(["archive", "check", "--data", str(tmp_path)])

    assert found.value.kind is Kind.NOT_FOUND


def test_a_damaged_index_is_a_plain_problem(rig: Rig) -> None:
    rig.kill()
    rig.data.index.write_bytes(b"nothing" * 5000)

    with pytest.raises(Problem, match="can't be read"):
        main(["archive", "check", "--data", str(rig.data.root)])
