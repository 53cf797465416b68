"""``tawny archive verify``."""

import json
import shutil
from pathlib import Path

import pytest

from tawny.recorder.archive.commands import main
from tawny.recorder.archive.paths import segment_path
from tawny.runtime.data_directory import DataDirectory
from tawny.runtime.problem import Kind, Problem
from tests.recorder.archive.building import MAIN, NOON_US
from tests.recorder.evidence.recorded import MINUTE, ordinary


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    recorded = ordinary(tmp_path_factory.mktemp("recorded"))
    recorded.rig.stop()
    return recorded.rig.data.root


@pytest.fixture
def data(once: Path, tmp_path: Path) -> DataDirectory:
    return DataDirectory(root=shutil.copytree(once, tmp_path / "data"))


def archive_verify(path: Path, *words: str) -> int:
    return main(["archive", "verify", "--data", str(path), *words])


def test_a_sound_archive_is_told_with_the_root_that_is_believed(
    data: DataDirectory, capsys: pytest.CaptureFixture[str]
) -> None:
    code = archive_verify(data.root, "--json")

    found = json.loads(capsys.readouterr().out)
    assert code == 0
    assert (found["segments"], found["signed"], found["faults"]) == (20, 20, [])
    assert len(found["roots"][0]) == 95


def test_a_harm_is_told_in_words_with_its_place(data: DataDirectory, capsys: pytest.CaptureFixture[str]) -> None:
    path = segment_path(data.archive, MAIN, NOON_US + 2 * MINUTE)
    path.write_bytes(path.read_bytes()[:-7] + b"harm" + bytes(3))

    code = archive_verify(data.root)

    told = capsys.readouterr().out.splitlines()
    assert code == 1
    assert f"archive/{path.relative_to(data.archive)} at byte " in told[0]
    assert "2026-11-22T12:02:0" in told[0]
    assert told[-1] == "20 segments, 20 signed, 1 faults"


def test_a_copied_volume_is_verified_alone_with_the_root(
    data: DataDirectory, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    volume = shutil.copytree(data.archive, tmp_path / "volume")
    words = ["--trust", str(data.keys / "root.pem"), "--camera", MAIN.camera, "--json"]

    code = archive_verify(volume, *words, "--from", "2026-11-22T12:02:00Z", "--to", "2026-11-22T13:04:00+01:00")

    found = json.loads(capsys.readouterr().out)
    assert code == 0
    assert (found["segments"], found["signed"]) == (2, 2)
    assert archive_verify(volume, *words, "--from", "2026-11-22T12:02:00Z") == 0
    assert json.loads(capsys.readouterr().out)["segments"] == 8


def test_without_a_root_nothing_is_believed(data: DataDirectory) -> None:
    with pytest.raises(Problem, match="no root certificate") as caught:
        archive_verify(data.archive)

    assert "--trust" in caught.value.remedy


@pytest.mark.parametrize("words", [("--from", "yesterday"), ("--to", "2026-11-22"), ("--trust", "{data}/volumes.json")])
def test_what_cannot_be_understood_is_told(words: tuple[str, str], data: DataDirectory) -> None:
    with pytest.raises(Problem) as caught:
        archive_verify(data.root, *(word.format(data=data.root) for word in words))

    assert caught.value.kind is Kind.INVALID


def test_a_volume_that_is_not_there_is_told(data: DataDirectory, capsys: pytest.CaptureFixture[str]) -> None:
    known = json.loads((data.root / "volumes.json").read_bytes())
    known["volumes"].append({"id": "vol_gone", "name": "Gone", "path": "/nowhere", "role": "record"})
    (data.root / "volumes.json").write_text(json.dumps(known))

    assert archive_verify(data.root) == 0
    assert "volume vol_gone is not here" in capsys.readouterr().out


def test_where_there_is_no_archive_that_is_told(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="There is no archive"):
        archive_verify(tmp_path)
