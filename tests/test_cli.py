import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from tawny import cli
from tawny.runtime.problem import Kind, Problem


def test_help_names_every_verb_with_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.main(["--help"])

    shown = capsys.readouterr().out
    assert code == 0
    for verb in ("run", "demo", "recorder", "gateway", "hub", "owner", "camera", "probe", "archive", "export", "bench"):
        assert f"\n  {verb} " in shown


def test_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.main(["--version"])

    assert code == 0
    assert capsys.readouterr().out.startswith("tawny 0.")


@pytest.mark.parametrize("words", [[], ["nonsense"], ["../run"]])
def test_an_unknown_verb_is_told_what_there_is(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.main(words)

    assert code == 2
    assert "usage: tawny VERB" in capsys.readouterr().err


def test_a_problem_is_one_line_and_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(words: list[str]) -> int:
        raise Problem(Kind.CONFLICT, "It is taken.", remedy="Choose another.")

    monkeypatch.setattr(import_module("tawny.supervisor.commands"), "main", refuse)

    code = cli.main(["run"])

    assert code == 1
    assert capsys.readouterr().err == "tawny: It is taken. Choose another.\n"


def test_interrupted_is_exit_code_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(words: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(import_module("tawny.supervisor.commands"), "main", interrupted)

    assert cli.main(["run"]) == 130


def test_a_second_run_on_one_directory_is_refused(tmp_path: Path) -> None:
    from tawny.runtime.data_directory import DataDirectory

    data = DataDirectory(root=tmp_path / "data")
    data.create()
    lock = data.lock("run")

    done = subprocess.run(
        [sys.executable, "-m", "tawny.cli", "run", "--data", str(data.root), "--find-on", "lo"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert lock > 0
    assert done.returncode == 1
    assert done.stderr.startswith("tawny: Another Tawny run (process ")
