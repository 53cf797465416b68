"""``tawny export`` against a real hub; the recorder's gateway is played."""

import asyncio
import hashlib
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tawny.runtime.problem import Kind, Problem
from tawny.supervisor.api import Place
from tawny.supervisor.exporting import Shown, main
from tests.fakes.gateway import Exchange
from tests.hub.running import PASSWORD, USER, Running, running_hub
from tests.hub.test_export_routes import EXPORT, FILE

MOVIE = bytes(range(256)) * 8000


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


@dataclass(kw_only=True)
class PlayedExport:
    """A gateway's export: *states* one after the other, then done with *files*; *cuts* is how often an answer breaks off."""

    running: Running
    directory: Path
    states: list[dict[str, Any]] = field(default_factory=list)
    files: int = 1
    cuts: int = 0
    served: bytes = MOVIE

    def play(self) -> None:
        gateway = self.running.gateway
        gateway.on_json("POST", "/exports", EXPORT | {"state": "waiting"}, 201)
        gateway.on_json("DELETE", "/exports/exp_a", None)
        gateway.on("GET", "/exports/exp_a", self._tell)
        gateway.on("GET", "/exports/exp_a/files/1", self._serve)
        gateway.on("GET", "/exports/exp_a/export.zip", self._serve)

    @property
    def asked(self) -> list[tuple[str, str]]:
        return [(each.method, each.path) for each in self.running.gateway.asked if each.path != "/changes"]

    async def export(self, *further: str) -> int:
        """Run the verb in another thread, as a person would beside the hub."""
        login = self.directory / "login.json"
        login.write_text(json.dumps({"url": self.running.hub.url, "user": USER, "password": PASSWORD}))
        words = ["export", "--login-file", str(login), "--camera", "cam_a", "--out", str(self.directory / "out.mp4")]
        words += ["--from", "2026-11-22T12:00:00Z", "--to", "2026-11-22T12:15:00Z", *further]
        return await asyncio.to_thread(main, words)

    async def _tell(self, exchange: Exchange) -> None:
        if self.states:
            await exchange.answer(EXPORT | self.states.pop(0))
            return
        sha256 = hashlib.sha256(MOVIE).hexdigest()
        files = [FILE | {"number": n + 1, "bytes": len(MOVIE), "sha256": sha256} for n in range(self.files)]
        await exchange.answer(EXPORT | {"files": files, "zip_bytes": len(MOVIE), "zip_sha256": sha256})

    async def _serve(self, exchange: Exchange) -> None:
        start = int(exchange.headers["range"].removeprefix("bytes=").rstrip("-"))
        size = len(self.served)
        length, told = str(size - start), f"bytes {start}-{size - 1}/{size}"
        exchange.begin(206, content_type="video/mp4", content_length=length, content_range=told)
        if self.cuts:
            self.cuts -= 1
            await exchange.send(self.served[start : start + 100_000])
            exchange.break_off()
            return
        await exchange.send(self.served[start:])
        exchange.end()


@asynccontextmanager
async def playing(directory: Path, **members: Any) -> AsyncIterator[PlayedExport]:
    async with running_hub() as running:
        played = PlayedExport(running=running, directory=directory, **members)
        played.play()
        yield played


async def test_one_file_is_fetched_as_it_is_and_nothing_stays_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    step = {"state": "running", "step": "Gate: part 1 of 1", "progress": 0.5}
    async with playing(tmp_path, states=[step, step]) as played:
        code = await played.export("--stream", "sub", "--no-audio")

        assert (code, (tmp_path / "out.mp4").read_bytes()) == (0, MOVIE)
        assert names(tmp_path) == ["login.json", "out.mp4"]
        ordered = (await played.running.gateway.exchange("/exports")).json["items"]
        assert ordered == [
            {
                "camera": "cam_a",
                "stream": "sub",
                "from": "2026-11-22T12:00:00Z",
                "to": "2026-11-22T12:15:00Z",
                "audio": False,
            }
        ]
        assert played.asked[-1] == ("DELETE", "/exports/exp_a")
        told = [line for line in capsys.readouterr().err.splitlines() if line in {"Gate: part 1 of 1", "Fetching"}]
        assert told == ["Gate: part 1 of 1", "Fetching"]


async def test_several_files_come_as_the_zip(tmp_path: Path) -> None:
    async with playing(tmp_path, files=2) as played:
        await played.export()

        assert (tmp_path / "out.mp4").read_bytes() == MOVIE
        assert ("GET", "/exports/exp_a/export.zip") in played.asked


async def test_a_download_that_breaks_off_goes_on_where_it_was(tmp_path: Path) -> None:
    async with playing(tmp_path, cuts=1) as played:
        await played.export()

        assert (tmp_path / "out.mp4").read_bytes() == MOVIE
        again = await played.running.gateway.exchange("/exports/exp_a/files/1", count=2)
        assert int(again.headers["range"].removeprefix("bytes=").rstrip("-")) > 0


async def test_what_is_not_what_was_exported_is_not_left_lying(tmp_path: Path) -> None:
    async with playing(tmp_path, served=MOVIE[:-1] + b"x") as played:
        with pytest.raises(Problem, match="not what was exported"):
            await played.export()

        assert names(tmp_path) == ["login.json"]


async def test_an_export_that_fails_says_why(tmp_path: Path) -> None:
    failed = {"state": "failed", "title": "The disk is full.", "remedy": "Make room."}
    async with playing(tmp_path, states=[failed]) as played:
        with pytest.raises(Problem) as problem:
            await played.export()

        assert (problem.value.title, problem.value.remedy) == ("The disk is full.", "Make room.")
        assert played.asked[-1] == ("DELETE", "/exports/exp_a")


async def test_a_refused_order_is_told_as_the_hub_tells_it(tmp_path: Path) -> None:
    async with playing(tmp_path) as played:
        refusal = Problem(Kind.NOT_FOUND, "There is no footage in this range.")
        played.running.gateway.on("POST", "/exports", lambda exchange: exchange.refuse(refusal))

        with pytest.raises(Problem, match="no footage"):
            await played.export()

        assert ("DELETE", "/exports/exp_a") not in played.asked


async def test_a_place_that_can_not_be_written_is_said(tmp_path: Path) -> None:
    async with playing(tmp_path) as played:
        with pytest.raises(Problem, match="can't be written: No such file or directory"):
            await played.export("--out", str(tmp_path / "nowhere" / "out.mp4"))


@pytest.mark.parametrize("text", ["", "{}", '{"url": "ftp://x", "user": "u", "password": "p"}'])
def test_a_login_file_that_is_none_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "login").write_text(text)

    with pytest.raises(Problem) as problem:
        main(
            [
                "export",
                "--login-file",
                str(tmp_path / "login"),
                "--camera",
                "c",
                "--from",
                "a",
                "--to",
                "b",
                "--out",
                "o",
            ]
        )

    assert problem.value.kind is Kind.INVALID


def test_a_hub_is_known_by_its_address() -> None:
    assert Place.read("http://127.0.0.1:8090") == Place(host="127.0.0.1", port=8090, https=False)
    assert Place.read("https://[fd00::1]") == Place(host="fd00::1", port=443, https=True)


def test_a_terminal_sees_one_line_that_changes() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    shown = Shown(terminal)

    shown("Waiting", 0)
    shown("Fetching", 0.5)
    shown.end()

    assert terminal.getvalue() == "\r\033[KWaiting    0%\r\033[KFetching   50%\r\033[K"
