import hashlib
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from tawny.gateway.exports.drives import copy_checked, folder_name
from tawny.gateway.exports.model import State
from tawny.runtime.problem import Kind, Problem
from tests.gateway.exports.building import MOVIE, export_file, exporting, job, order
from tests.gateway.link_client import running

NAME = export_file().name


@pytest.fixture
def source(tmp_path: Path) -> Path:
    directory = tmp_path / "exp_a"
    (directory / "files").mkdir(parents=True)
    (directory / "files" / NAME).write_bytes(MOVIE)
    for name in ("report.html", "manifest.json", "export.zip", "job.json"):
        (directory / name).write_text(name)
    return directory


@pytest.fixture
def drive(tmp_path: Path) -> Path:
    (tmp_path / "usb").mkdir()
    return tmp_path / "usb"


def copy(source: Path, drive: Path, **members: Any) -> list[tuple[int, int]]:
    told: list[tuple[int, int]] = []
    given = {
        "folder": "Theft 123456",
        "sums": {NAME: export_file().sha256},
        "told": lambda done, total: told.append((done, total)),
        "stop": Event(),
        **members,
    }
    copy_checked(source, drive, **given)
    return told


def test_movies_and_papers_are_copied_and_read_back(source: Path, drive: Path) -> None:
    told = copy(source, drive)

    folder = drive / "Theft 123456"
    assert sorted(path.name for path in folder.iterdir()) == [NAME, "manifest.json", "report.html"]
    assert (folder / NAME).read_bytes() == MOVIE
    assert told[-1][0] == told[-1][1] == 2 * (len(MOVIE) + len("report.html") + len("manifest.json"))


def test_a_copy_that_was_broken_off_is_made_again_in_its_place(source: Path, drive: Path) -> None:
    (drive / "Theft 123456").mkdir()
    (drive / "Theft 123456" / NAME).write_bytes(b"half of")

    copy(source, drive)

    assert (drive / "Theft 123456" / NAME).read_bytes() == MOVIE


def test_a_link_on_the_drive_is_not_followed(source: Path, drive: Path, tmp_path: Path) -> None:
    (tmp_path / "victim").mkdir()
    (tmp_path / "victim/file").write_text("precious")
    (drive / "Theft 123456").symlink_to(tmp_path / "victim")
    (drive / "Other 123456").mkdir()
    (drive / "Other 123456" / NAME).symlink_to(tmp_path / "victim/file")

    with pytest.raises(OSError, match=r"Not a directory|Too many levels"):
        copy(source, drive)
    copy(source, drive, folder="Other 123456")

    assert [path.name for path in (tmp_path / "victim").iterdir()] == ["file"]
    assert (tmp_path / "victim/file").read_text() == "precious"
    assert not (drive / "Other 123456" / NAME).is_symlink()


def test_a_file_that_is_not_the_one_that_was_signed_is_noticed(source: Path, drive: Path) -> None:
    with pytest.raises(Problem) as problem:
        copy(source, drive, sums={NAME: hashlib.sha256(b"another").hexdigest()})

    assert problem.value.kind is Kind.REFUSED
    assert NAME in problem.value.title


def test_a_drive_that_gives_back_other_bytes_is_noticed(source: Path, drive: Path) -> None:
    def fail_once_copied(done: int, total: int) -> None:
        if done * 2 == total:
            (drive / "Theft 123456" / NAME).write_bytes(b"rot")

    with pytest.raises(Problem) as problem:
        copy(source, drive, told=fail_once_copied)

    assert problem.value.kind is Kind.REFUSED


def test_a_copy_ends_when_it_is_told_so(source: Path, drive: Path) -> None:
    stop = Event()
    stop.set()

    with pytest.raises(InterruptedError):
        copy(source, drive, stop=stop)


def test_a_folder_tells_the_name_and_no_two_exports_share_one() -> None:
    names = {folder_name(job("exp_aaaaaa", name=name)) for name in ("Überfall/..", "...", "a" * 200)}

    assert names == {"Uberfall aaaaaa", "export aaaaaa", "a" * 60 + " aaaaaa"}
    assert folder_name(job("exp_bbbbbb")) != folder_name(job("exp_cccccc"))


async def test_an_export_to_a_drive_is_done_when_the_copy_is_checked(short_path: Path) -> None:
    async with exporting(short_path) as rig, running(rig.exports.run()):
        (short_path / "usb").mkdir()
        drive = {"id": "usb-1", "name": "Stick", "path": str(short_path / "usb")}
        rig.recorder.answers["drives.list"] = {"items": [drive]}
        made = await rig.exports.make(order(name="Theft", drive="usb-1"))
        rig.worker.let()
        await rig.until(lambda: rig.exports.get(made.id).over)

        assert (rig.state(made.id), rig.exports.get(made.id).title) == ("done", "")
        assert (short_path / "usb" / f"Theft {made.id[-6:]}" / NAME).read_bytes() == MOVIE


async def test_a_drive_that_was_pulled_out_is_said_and_the_export_is_done_all_the_same(short_path: Path) -> None:
    async with exporting(short_path) as rig, running(rig.exports.run()):
        drive = {"id": "usb-1", "name": "Stick", "path": str(short_path / "nowhere")}
        rig.recorder.answers["drives.list"] = {"items": [drive]}
        made = await rig.exports.make(order(drive="usb-1"))
        rig.worker.let()
        await rig.until(lambda: rig.exports.get(made.id).over)

        found = rig.exports.get(made.id)
        assert found.state is State.DONE
        assert found.title == "The drive “Stick” refused the copy: No such file or directory."


async def test_an_export_to_a_drive_that_is_not_there_is_refused_at_once(short_path: Path) -> None:
    async with exporting(short_path) as rig:
        rig.recorder.answers["drives.list"] = {"items": []}

        with pytest.raises(Problem) as problem:
            await rig.exports.make(order(drive="usb-1"))

        assert problem.value.kind is Kind.NOT_FOUND
        assert rig.exports.all() == []
