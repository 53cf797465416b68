"""``tawny verify`` as anyone runs it: its words, its JSON, its exit codes."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tawny.runtime.problem import Problem
from tawny.verification.commands import main
from tests.export.building import SignedArchive
from tests.verification.building import exported, small_archive


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SignedArchive]:
    archive = small_archive(tmp_path_factory.mktemp("archive"))
    yield archive
    archive.close()


@pytest.fixture(scope="module")
def file(archive: SignedArchive) -> Path:
    return exported(archive)


def test_an_authentic_file_ends_with_zero_and_tells_what_it_shows(
    archive: SignedArchive, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["verify", str(file), "--trust", str(archive.root_pem)])

    lines = capsys.readouterr().out.splitlines()
    assert code == 0
    assert lines[0] == "Authentic: this is what the recorder recorded."
    assert "Shows:    2026-11-22T12:00:00Z to 2026-11-22T12:00:05Z" in lines
    assert "Hole:     2026-11-22T12:00:02Z to 2026-11-22T12:00:04Z: The camera does not answer." in lines


def test_json_is_one_object_with_the_contracts_members(
    archive: SignedArchive, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["verify", str(file), "--json"])

    document = json.loads(capsys.readouterr().out)
    wanted = {"verdict", "title", "reasons", "recorder", "camera", "stream", "from", "to", "exported", "signed_by"}
    assert (code, document["verdict"]) == (2, "not_signed")
    assert document.keys() >= wanted | {"recovered", "gaps", "parts"}


def test_a_changed_file_ends_with_one_and_names_the_place(
    archive: SignedArchive, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = tmp_path / "changed.mp4"
    changed.write_bytes(file.read_bytes()[:-7] + b"changed")

    code = main(["verify", str(changed), "--trust", str(archive.root_pem)])

    assert code == 1
    assert "2026-11-22T12:00:04Z" in capsys.readouterr().out


def test_what_is_no_video_ends_with_three(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("hello")

    assert main(["verify", str(tmp_path / "x")]) == 3


@pytest.mark.parametrize("content", ["", "no certificate", None])
def test_a_root_that_is_none_is_refused_in_words(
    content: str | None, archive: SignedArchive, file: Path, tmp_path: Path
) -> None:
    root = tmp_path / "root.pem"
    root.write_text(archive.key.chain if content is None else content)  # a leaf is no root either

    with pytest.raises(Problem, match="no root certificate"):
        main(["verify", str(file), "--trust", str(root)])
