import subprocess
import sys

from tawny.supervisor import child


def test_a_child_whose_parent_is_gone_does_not_start() -> None:
    command = [sys.executable, "-m", child.__name__, "1", sys.executable, "-c", "print('started')"]

    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert done.stdout == ""


def test_a_child_becomes_the_program_and_gives_its_exit_code() -> None:
    start = (
        "import os, subprocess, sys\n"
        "words = [sys.executable, '-m', 'tawny.supervisor.child', str(os.getpid()), sys.executable, '-c', 'exit(7)']\n"
        "sys.exit(subprocess.run(words).returncode)\n"
    )

    done = subprocess.run([sys.executable, "-c", start], check=False)

    assert done.returncode == 7
