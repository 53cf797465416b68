"""One installation: a data directory, its three programs, its web address."""

import asyncio
import logging
import os
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from tawny.runtime.clock import Clock
from tawny.runtime.data_directory import DataDirectory
from tawny.runtime.problem import Kind, Problem
from tawny.supervisor.api import Address, Api
from tawny.supervisor.login import write_privately
from tawny.supervisor.processes import Program

_log = logging.getLogger(__name__)

OWNER = "owner"
_LONGEST_SOCKET = 100  # bytes of a Unix socket's path that every system takes (unix(7): 108 with its end)
_POLL_S = 0.1


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How `tawny run` and `tawny demo` were called."""

    data: DataDirectory
    listen: str = "127.0.0.1"
    port: int = 8090
    certificate: Path | None = None
    key: Path | None = None
    login_file: Path | None = None
    hosts: tuple[str, ...] = ()  # further names that the hub answers to
    limit_bytes: int | None = None  # of the archive
    find_on: Sequence[str] = ()  # network interfaces on which cameras are looked for; all where none is named

    @property
    def address(self) -> Address:
        https = self.certificate is not None or not ip_address(self.listen).is_loopback
        return Address(listen=self.listen, port=self.port, https=https)

    @property
    def trust(self) -> Path:
        """The certificate that the hub's own must come from."""
        return self.certificate if self.certificate is not None else self.data.keys / "ca.pem"

    def programs(self) -> list[Program]:
        """Recorder, gateway and hub."""
        data = ("--data", str(self.data.root))
        hub = [*data, "--listen", self.listen, "--port", str(self.port)]
        if self.certificate is not None and self.key is not None:
            hub += ["--certificate", str(self.certificate), "--key", str(self.key)]
        for host in self.hosts:
            hub += ["--host", host]
        find_on = [word for name in self.find_on for word in ("--find-on", name)]
        limit = ("--limit-bytes", str(self.limit_bytes)) if self.limit_bytes is not None else ()
        return [program("recorder", *data, *limit, *find_on), program("gateway", *data), program("hub", *hub)]


def program(verb: str, *options: str) -> Program:
    """A verb of ours as a child."""
    return Program(name=verb, command=(sys.executable, "-m", "tawny.cli", verb, *options))


def take(settings: Settings) -> int:
    """Make the data directory ready and ours; the descriptor of its lock.

    Raises Problem where another uses the directory or the port, or a path is too long for a socket.
    """
    data = settings.data
    if len(os.fsencode(data.sockets.absolute() / "control.sock")) > _LONGEST_SOCKET:
        raise Problem(
            Kind.INVALID,
            f"The path of the data directory {data.root} is too long for sockets in it.",
            remedy="Give a shorter one with --data.",
        )
    try:
        data.create()
    except OSError as error:
        raise Problem(
            Kind.INVALID,
            f"The data directory {data.root} can't be made: {error.strerror}.",
            remedy="Give another one with --data.",
        ) from error
    lock = data.lock("run")
    if not free(settings.listen, settings.port):
        os.close(lock)
        raise Problem(
            Kind.CONFLICT,
            f"Another program uses port {settings.port} of {settings.listen}, or this machine has no such address.",
            remedy="Choose another one with --port or --listen.",
        )
    return lock


def free(host: str, port: int) -> bool:
    """Whether a server could listen there just now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError:
        return False
    return True


async def make_owner(data: DataDirectory, password: str) -> None:
    """Make the owner, or reset their password, by the hub's own command."""
    file = data.sockets / "owner-password"
    write_privately(file, password + "\n")
    words = ("owner", "--data", str(data.root), "--user", OWNER, "--password-file", str(file))
    try:
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tawny.cli", *words)
        code = await process.wait()
    finally:
        file.unlink(missing_ok=True)
    if code != 0:
        raise Problem(Kind.UNAVAILABLE, "The owner's login could not be made.", remedy="The lines above say why.")


async def answering(api: Api, clock: Clock, *, within_s: float) -> None:
    """Return when the hub answers; Problem when it does not within that time."""
    await until(api.healthy, clock, within_s=within_s, otherwise="The web app does not answer.")


async def until(condition: Callable[[], bool], clock: Clock, *, within_s: float, otherwise: str) -> None:
    """Return when the blocking *condition* holds; a Problem titled *otherwise* when that takes too long."""
    deadline = clock.monotonic() + within_s
    while not await asyncio.to_thread(condition):
        if clock.monotonic() >= deadline:
            raise Problem(Kind.UNAVAILABLE, otherwise, remedy="The lines above say why.")
        await clock.sleep(_POLL_S)


def told(lines: Sequence[str]) -> str:
    """Lines for the person who started us, set apart from the log."""
    return "\n" + "\n".join(f"  {line}" for line in lines) + "\n"
