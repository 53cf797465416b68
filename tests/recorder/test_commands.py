import os
from pathlib import Path

import pytest

from tawny.recorder.commands import main
from tawny.runtime.data_directory import DataDirectory


def test_a_directory_in_use_is_said_in_words_and_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = DataDirectory(root=tmp_path)
    data.create()
    lock = data.lock("recorder")

    code = main(["recorder", "--data", str(tmp_path)])

    os.close(lock)
    assert code == 1
    assert capsys.readouterr().err.endswith(
        f"(process {os.getpid()}) is using {tmp_path}. "
        "Stop it first, or give this one a directory of its own with --data.\n"
    )


@pytest.mark.parametrize("limit", ["0", "-1", "much"])
def test_a_limit_that_is_no_size_is_refused(tmp_path: Path, limit: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["recorder", "--data", str(tmp_path), "--limit-bytes", limit])

    assert "--limit-bytes" in capsys.readouterr().err


def test_a_file_in_place_of_the_directory_is_said_and_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()

    assert main(["recorder", "--data", str(tmp_path / "file")]) == 1
    assert capsys.readouterr().err.startswith("tawny recorder: ")
