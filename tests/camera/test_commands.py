from pathlib import Path

import pytest

from tawny.camera.commands import main
from tawny.runtime.problem import Problem


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--user", "me"], "both a user and a password"),
        (["--password", "secret"], "both a user and a password"),
        (["--listen", "192.0.2.1"], "only be seen from this machine"),
        (["--listen", "camera.lan"], "only be seen from this machine"),
        (["--port", "70000"], "no port 70000"),
        (["--user", "me", "--password-file", "nowhere/at/all"], "can't be read"),
        (["--file", "a/x.mp4", "--file", "b/x.mkv"], "Two sources are called x"),
        (["--file", "a/gate.mp4", "--scene", "gate"], "Two sources are called gate"),
        (["--file", "nowhere.mp4"], r"nowhere\.mp4 can't be played"),
        (["--v4l2", "nowhere/video9"], "nowhere/video9 is not there"),
        (["--v4l2", "/dev/null@320x180"], "/dev/null can't be captured: it is no camera"),
    ],
)
def test_what_cannot_be_is_refused_with_a_remedy(words: list[str], says: str) -> None:
    with pytest.raises(Problem, match=says) as refused:
        main(["camera", *words])

    assert refused.value.remedy


def test_an_empty_password_file_is_no_password(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text("\n")

    with pytest.raises(Problem, match="both a user and a password"):
        main(["camera", "--user", "me", "--password-file", str(path)])


def test_an_unknown_scene_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["camera", "--scene", "beach"])

    assert left.value.code == 2
    assert "beach" in capsys.readouterr().err
