import sys
from pathlib import Path

import pytest

from tawny.recorder.adapters.programs import MAX_OUTPUT, Programs


def tool(directory: Path, name: str, body: str) -> Programs:
    path = directory / name
    path.write_text(f"#!{sys.executable}\n{body}\n")
    path.chmod(0o755)
    return Programs(f"{directory}:/usr/bin:/bin")


def test_a_program_says_how_it_ended(tmp_path: Path) -> None:
    programs = tool(tmp_path, "speak", "import sys; print(sys.argv[1]); sys.stderr.write(' oh\\n'); sys.exit(3)")

    ended = programs.run("speak", "$(id) two words", timeout_s=30)

    assert (ended.code, ended.output, ended.errors) == (3, b"$(id) two words\n", "oh")


def test_a_program_that_hangs_is_ended(tmp_path: Path) -> None:
    programs = tool(tmp_path, "hang", "import signal; signal.pause()")

    with pytest.raises(TimeoutError):
        programs.run("hang", timeout_s=0.05)

    assert programs.run("true", timeout_s=30).code == 0


def test_a_program_that_babbles_is_heard_for_a_while_only(tmp_path: Path) -> None:
    programs = tool(tmp_path, "babble", f"import sys; sys.stdout.write('x' * {MAX_OUTPUT + 10})")

    assert len(programs.run("babble", timeout_s=30).output) == MAX_OUTPUT


def test_a_program_that_is_not_installed_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="smartctl is not installed"):
        Programs(str(tmp_path)).run("smartctl", timeout_s=1)
