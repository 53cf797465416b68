"""``tawny export``: has the hub make an export, waits for it, and fetches it."""

import argparse
import hashlib
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TextIO

from tawny.runtime.clock import Clock, SystemClock
from tawny.runtime.problem import Kind, Problem
from tawny.supervisor.api import Api, Place
from tawny.supervisor.login import read_login

POLL_S: Final = 0.5
PATIENCE_S: Final = 60.0  # with a hub or recorder that is being started again
_PASSING: Final = {Kind.UNREACHABLE, Kind.UNAVAILABLE, Kind.TOO_MANY}
Document = dict[str, Any]


def main(words: Sequence[str]) -> int:
    """Run ``tawny export``; Problem where there will be no file."""
    given = _parser().parse_args(words[1:])
    login = read_login(given.login_file)
    if login is None:
        raise Problem(Kind.INVALID, f"{given.login_file} holds no login.", remedy="tawny run --login-file writes one.")
    try:
        place = Place.read(login.url)
    except ValueError:
        raise Problem(Kind.INVALID, f"{given.login_file} names no hub.") from None
    api = Api(place, trust=given.ca)
    api.log_in(login.user, login.password)
    exporting = Exporting(api, clock=SystemClock(), shown=Shown(sys.stderr))
    item = {
        "camera": given.camera,
        "stream": given.stream,
        "from": given.start,
        "to": given.end,
        "audio": not given.no_audio,
    }
    try:
        exporting.run(item, given.out)
    finally:
        with suppress(Problem):  # what went wrong before is what the person should read
            api.log_out()
    return 0


class Shown:
    """Progress on a terminal in one line that changes, elsewhere a line for each step."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._live = out.isatty()
        self._step = ""

    def __call__(self, step: str, ratio: float) -> None:
        if self._live:
            self._out.write(f"\r\033[K{step}  {ratio:4.0%}")
            self._out.flush()
        elif step != self._step:
            self._out.write(f"{step}\n")
        self._step = step

    def end(self) -> None:
        """Leave the line."""
        if self._live:
            self._out.write("\r\033[K")


class Exporting:
    """One export from order to file.

    Invariant: the file appears whole and compared with its hash, or not at all; nothing stays in the hub's list of exports, as
    the person has what they wanted, or has given up.
    """

    def __init__(self, api: Api, *, clock: Clock, shown: Shown) -> None:
        self._api = api
        self._clock = clock
        self._shown = shown

    def run(self, item: Document, out: Path) -> None:
        """Export *item* to *out*: the MP4 where it is one, else the zip."""
        made = self._api.call("POST", "/exports", {"items": [item]})
        try:
            done = self._until_done(made["id"])
            self._fetch(done, out)
        finally:
            self._shown.end()
            with suppress(Problem):  # it expires by itself
                self._api.call("DELETE", f"/exports/{made['id']}")

    def _until_done(self, export: str) -> Document:
        while True:
            found: Document = self._patiently(lambda: self._api.call("GET", f"/exports/{export}"))
            if found["state"] == "done":
                return found
            if found["state"] not in {"waiting", "running"}:
                raise Problem(Kind.UNAVAILABLE, found["title"] or "The export failed.", remedy=found["remedy"])
            self._shown(found["step"] or "Waiting", found["progress"])
            self._clock.wait(POLL_S)

    def _fetch(self, done: Document, out: Path) -> None:
        files = done["files"]
        one = files[0] if len(files) == 1 else None
        path = f"/exports/{done['id']}/files/{one['number']}" if one else f"/exports/{done['id']}/export.zip"
        size, sha256 = (one["bytes"], one["sha256"]) if one else (done["zip_bytes"], done["zip_sha256"])
        part = out.with_name(f".{out.name}.part")
        try:
            with part.open("wb") as file:
                self._patiently(
                    lambda: self._api.download(path, file, lambda at: self._shown("Fetching", at / max(1, size)))
                )
            _compare(part, sha256)
            part.replace(out)
        except OSError as error:
            raise Problem(Kind.INVALID, f"{out} can't be written: {error.strerror or error}.") from error
        finally:
            part.unlink(missing_ok=True)

    def _patiently(self, ask: Callable[[], Any]) -> Any:
        """What *ask* answers, asked again for a minute while hub or recorder are not there."""
        until_s = self._clock.monotonic() + PATIENCE_S
        while True:
            try:
                return ask()
            except Problem as problem:
                if problem.kind not in _PASSING or self._clock.monotonic() >= until_s:
                    raise
            self._clock.wait(1)


def _compare(path: Path, sha256: str) -> None:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        raise Problem(Kind.UNAVAILABLE, "What was fetched is not what was exported.", remedy="Try again.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tawny export",
        description="Export a range of one camera as a signed MP4 (a zip where it takes several), and fetch it.",
    )
    parser.add_argument("--login-file", type=Path, required=True, metavar="FILE", help="as tawny run writes it")
    parser.add_argument("--camera", required=True, metavar="ID", help="the camera's id")
    parser.add_argument("--from", dest="start", required=True, metavar="TIME", help="such as 2026-11-22T17:04:05Z")
    parser.add_argument("--to", dest="end", required=True, metavar="TIME", help="may lie up to a minute ahead")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="where the MP4 (or zip) shall lie")
    parser.add_argument("--stream", choices=("main", "sub"), default="main", help="which stream (main)")
    parser.add_argument("--no-audio", action="store_true", help="leave the sound out")
    parser.add_argument("--ca", type=Path, metavar="FILE", help="the certificate that the hub's own must come from")
    return parser
