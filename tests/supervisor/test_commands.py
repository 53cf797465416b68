"""`tawny run` and `tawny demo` as a person starts them, with all their programs."""

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.processes import tree, wait_for
from bench.tawny_under_test import Tawny, free_port
from tawny.supervisor.commands import default_data
from tests.supervisor.test_processes import alive

journey = pytest.mark.journey


@contextmanager
def started(verb: str, data: Path, *options: str) -> Iterator[tuple["subprocess.Popen[str]", Path]]:
    """The command running, and the file that its standard output goes to."""
    shown = data.with_suffix(".out")
    with shown.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "tawny.cli", verb, "--data", str(data), "--find-on", "lo", *options],
            stdout=out,
            text=True,
        )
        try:
            yield process, shown
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=20)


def told(shown: Path) -> str:
    wait_for(lambda: "Ctrl-C" in shown.read_text(), timeout_s=60, what="the lines for the person")
    return shown.read_text()


@journey
def test_a_first_run_shows_address_and_set_up_code_and_ends_cleanly(tmp_path: Path) -> None:
    port = free_port()

    with started("run", tmp_path / "data", "--port", str(port)) as (process, shown):
        lines = told(shown)
        children = tree(process.pid)

    code = (tmp_path / "data" / "run" / "setup-code").read_text().strip()
    assert f"http://127.0.0.1:{port}" in lines
    assert f"Set-up code: {code}" in lines
    assert process.returncode == 0
    assert len(children) >= 4
    assert not any(map(alive, children))


@journey
def test_a_login_file_makes_the_owner_at_the_first_start_and_serves_the_second(tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "data.login"
    with Tawny(data) as first:
        login = first.login

    with Tawny(data) as second:
        again = second.login

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (login["user"], login["password"]) == (again["user"], again["password"])
    assert again["url"] == second.url


@journey
def test_a_program_that_is_killed_comes_back(tmp_path: Path) -> None:
    with Tawny(tmp_path / "data") as tawny:
        assert tawny.process is not None
        before = set(tawny.pids()) - {tawny.process.pid}
        for pid in before:
            os.kill(pid, signal.SIGKILL)

        wait_for(lambda: len(set(tawny.pids()) - before) >= 1 + len(before), timeout_s=30, what="new processes")
        wait_for(tawny._answers, timeout_s=30, what="the web app")
        wait_for(lambda: reaches_recorder(tawny), timeout_s=30, what="the recorder behind it")


def reaches_recorder(tawny: Tawny) -> bool:
    try:
        return bool(tawny.call("GET", "/cameras")["items"] == [])
    except RuntimeError:
        return False


@journey
def test_a_demo_shows_its_login_and_continues_at_the_second_start(tmp_path: Path) -> None:
    data, port, file = tmp_path / "data", free_port(), tmp_path / "login.json"
    options = ("--port", str(port), "--cameras", "2", "--login-file", str(file))

    names, passwords, lines = [], [], []
    for _ in range(2):
        with started("demo", data, *options) as (_, shown):
            lines.append(told(shown))
            login = json.loads(file.read_text())
            tawny = Tawny(data, verb="demo")
            tawny.port = port
            answer = tawny.call("POST", "/session", {"user": login["user"], "password": login["password"]})
            tawny._token = answer["token"]
            wait_for(lambda tawny=tawny: tawny.online() == 2, timeout_s=30, what="both cameras")  # type: ignore[misc]  # mypy takes no default in a lambda
            names.append([camera["name"] for camera in tawny.call("GET", "/cameras")["items"]])
            passwords.append(login["password"])

    assert names == [["Gate", "Corridor"]] * 2
    assert passwords[0] != passwords[1], "reset at each start"
    assert all(f"password: {password}" in line for password, line in zip(passwords, lines, strict=True))


def test_an_installation_lives_in_the_users_data_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    assert default_data() == tmp_path / "tawny"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["run", "--port", "0"], "--port"),
        (["run", "--listen", "house"], "--listen"),
        (["demo", "--cameras", "-1"], "--cameras"),
        (["run", "--certificate", "c.pem"], "--key"),
        (["run", "--cameras", "2"], "--cameras"),
    ],
)
def test_words_that_make_no_sense_are_refused_before_anything_starts(
    words: list[str], complaint: str, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tawny.cli", *words, "--data", str(tmp_path / "data")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert complaint in done.stderr
    assert not (tmp_path / "data").exists()
