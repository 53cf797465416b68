"""The worker as the gateway runs it: a process, its job, its lines, and its end."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.export.building import SignedArchive, item
from tests.verification.building import tiny


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[SignedArchive]:
    archive = SignedArchive(tmp_path)
    archive.segment(0, tiny())
    archive.sign()
    yield archive
    archive.close()


def started(directory: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tawny.cli", "export-worker", str(directory)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_the_last_line_tells_what_was_made(archive: SignedArchive) -> None:
    directory = archive.job([item(0, 1)])

    with started(directory) as process:
        assert process.stdout is not None
        lines = [json.loads(line) for line in process.stdout]  # our end of its standard input stays open

    assert process.returncode == 0
    assert all("progress" in line for line in lines[:-1])
    assert lines[-1]["done"]["zip_bytes"] == (directory / "export.zip").stat().st_size


def test_a_job_that_can_not_be_done_ends_with_a_problem(archive: SignedArchive) -> None:
    with started(archive.job([item(600, 700)])) as process:
        assert process.stdout is not None
        lines = [json.loads(line) for line in process.stdout]

    assert process.returncode == 1
    assert lines[-1]["problem"]["type"] == "urn:tawny:problem:not_found"


def test_it_ends_when_its_standard_input_closes(archive: SignedArchive) -> None:
    archive.segment(1, tiny())  # which no head covers: the worker waits for one
    directory = archive.job([item(0, 2)])

    with started(directory) as process:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=15)

    assert process.returncode == 3
    assert not list(directory.rglob("*.mp4*"))
