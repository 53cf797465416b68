"""``tawny run`` and ``tawny demo``: their words, and what each does from start to end."""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path

from tawny.runtime import logs
from tawny.runtime.clock import Clock, SystemClock
from tawny.runtime.data_directory import DataDirectory
from tawny.runtime.problem import Problem
from tawny.runtime.tasks import Tasks
from tawny.supervisor import demo
from tawny.supervisor.api import Api
from tawny.supervisor.installation import OWNER, Settings, answering, make_owner, take, told
from tawny.supervisor.login import Login, random_password, read_login, write_login
from tawny.supervisor.processes import Program, Supervisor

_WITHIN_S = 60.0  # the hub's first start on a slow machine
_MOST_CAMERAS = 256

Opening = Callable[[Api], Awaitable[list[str]]]  # what to do once the hub answers; lines for the person


def main(words: Sequence[str]) -> int:
    """Run ``run`` or ``demo`` until asked to end; its exit code."""
    verb = words[0]
    parser = _parser(verb)
    given = parser.parse_args(words[1:])
    if (given.certificate is None) != (given.key is None):
        parser.error("--certificate and --key go together")
    logs.set_up("tawny", level="WARNING")
    settings = Settings(
        data=DataDirectory(root=given.data.absolute()),
        listen=given.listen,
        port=given.port,
        certificate=given.certificate,
        key=given.key,
        login_file=given.login_file,
        hosts=tuple(given.host),
        limit_bytes=given.limit_bytes,
        find_on=given.find_on or (["lo"] if verb == "demo" else []),  # a demo leaves the neighbours in peace
    )
    lock = take(settings)
    try:
        asyncio.run(_demo(settings, given.cameras) if verb == "demo" else _run(settings))
    finally:
        os.close(lock)
    return 0


def default_data() -> Path:
    """Where this user's installation lives."""
    share = os.environ.get("XDG_DATA_HOME")
    return (Path(share) if share else Path.home() / ".local" / "share") / "tawny"


async def _run(settings: Settings) -> None:
    file = settings.login_file
    known = read_login(file) if file is not None else None
    if file is not None and known is not None:  # now, so that no script reads the address of an earlier start
        write_login(file, replace(known, url=settings.address.url))

    async def opening(api: Api) -> list[str]:
        lines = [f"Tawny is at {settings.address.url}"]
        if file is not None:
            return [*lines, await _owner_for_scripts(api, settings, file, known)]
        if await asyncio.to_thread(api.set_up_required):
            code = (settings.data.sockets / "setup-code").read_text(encoding="utf-8").strip()
            lines.append(f"Set-up code: {code} (asked for once, when you open that page)")
        return lines

    await _supervise(settings, settings.programs(), opening)


async def _demo(settings: Settings, count: int) -> None:
    if settings.login_file is not None:
        settings.login_file.unlink(missing_ok=True)  # its password ends with this start
    camera, secret = demo.open_demo(settings.data)
    password = random_password()
    await make_owner(settings.data, password)

    async def opening(api: Api) -> list[str]:
        await asyncio.to_thread(api.log_in, OWNER, password)
        try:
            await demo.add_cameras(api, settings.data, camera, count=count, clock=SystemClock())
        except Problem as problem:  # the login below is of use all the same
            _complain(problem)
        await asyncio.to_thread(api.log_out)
        if settings.login_file is not None:
            write_login(settings.login_file, Login(url=settings.address.url, user=OWNER, password=password))
        return [f"Tawny's demo is at {settings.address.url}", f"user: {OWNER}", f"password: {password}"]

    await _supervise(settings, [camera.program(settings.data, secret), *settings.programs()], opening)


async def _owner_for_scripts(api: Api, settings: Settings, file: Path, known: Login | None) -> str:
    """Make the owner where there is none, and write the login; one that was *known* before stays."""
    if await asyncio.to_thread(api.set_up_required):
        password = random_password()
        await make_owner(settings.data, password)
        write_login(file, Login(url=settings.address.url, user=OWNER, password=password))
    elif known is None:
        return f"There is an owner already, so {file} was not written. `tawny owner` gives them a new password."
    return f"The owner's login is in {file}"


async def _supervise(settings: Settings, programs: Sequence[Program], opening: Opening) -> None:
    """Keep *programs* alive until a signal; once the hub answers do the *opening* and print its lines."""
    clock = SystemClock()
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    api = Api(settings.address, trust=settings.trust)
    async with Supervisor(programs, clock), Tasks("tawny") as tasks:
        tasks.start(_open(api, clock, opening), name="opening")
        await ended.wait()


async def _open(api: Api, clock: Clock, opening: Opening) -> None:
    try:
        await answering(api, clock, within_s=_WITHIN_S)
        print(told([*await opening(api), "Ctrl-C stops everything."]), flush=True)
    except Problem as problem:
        _complain(problem)


def _complain(problem: Problem) -> None:
    print(f"tawny: {problem.title} {problem.remedy}".rstrip(), file=sys.stderr, flush=True)


def _parser(verb: str) -> argparse.ArgumentParser:
    about = {
        "run": "Record and serve: recorder, gateway and hub on one data directory.",
        "demo": "The same with four cameras of our own that show drawn places, found and added over ONVIF.",
    }
    parser = argparse.ArgumentParser(prog=f"tawny {verb}", description=about[verb])
    parser.add_argument("--data", type=Path, default=default_data(), metavar="DIR", help="(%(default)s)")
    parser.add_argument(
        "--listen", type=_address, default="127.0.0.1", metavar="ADDRESS", help="beyond loopback: HTTPS"
    )
    parser.add_argument("--port", type=_port, default=8090, help="(%(default)s)")
    parser.add_argument(
        "--login-file", type=Path, metavar="FILE", help="write url, user and password there, for scripts"
    )
    parser.add_argument("--certificate", type=Path, metavar="FILE", help="PEM, with its chain; needs --key")
    parser.add_argument("--key", type=Path, metavar="FILE")
    parser.add_argument("--host", action="append", default=[], metavar="NAME", help="a further name to answer to")
    parser.add_argument("--limit-bytes", type=int, metavar="N", help="delete the oldest footage beyond so many bytes")
    parser.add_argument(
        "--find-on",
        action="append",
        metavar="INTERFACE",
        help="look for cameras on this network only " + ("(lo)" if verb == "demo" else "(all)"),
    )
    if verb == "demo":
        parser.add_argument("--cameras", type=_count, default=len(demo.PLACES), metavar="N", help="(%(default)s)")
    return parser


def _address(text: str) -> str:
    return str(ip_address("127.0.0.1" if text == "localhost" else text))


def _port(text: str) -> int:
    port = int(text)
    if not 1 <= port <= 65_535:
        raise ValueError(text)
    return port


def _count(text: str) -> int:
    count = int(text)
    if not 0 <= count <= _MOST_CAMERAS:
        raise ValueError(text)
    return count
