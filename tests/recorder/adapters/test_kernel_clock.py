"""What the kernel says about its clock."""

import shutil
import subprocess

import pytest

from tawny.recorder.adapters.kernel_clock import synchronised


@pytest.mark.parametrize(("state", "expected"), [(0, True), (1, True), (5, False), (-1, False)])
def test_a_clock_is_synchronised_unless_the_kernel_says_error(state: int, expected: bool) -> None:
    assert synchronised(lambda _: state) is expected


def test_a_library_that_cannot_tell_tells_no() -> None:
    def missing(_: object) -> int:
        raise AttributeError("adjtimex")

    assert not synchronised(missing)


def test_this_machines_kernel_is_understood() -> None:
    if shutil.which("timedatectl") is None:
        pytest.skip("needs timedatectl, of systemd")
    told = subprocess.run(
        ["timedatectl", "show", "--property=NTPSynchronized", "--value"], capture_output=True, text=True, check=False
    )
    if told.returncode:
        pytest.skip("needs systemd running, for timedatectl")

    assert synchronised() is (told.stdout.strip() == "yes")
