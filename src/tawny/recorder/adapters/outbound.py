"""The outbound policy: where an address that a person or a device names may lead.

A name is resolved once, and what it stood for then is what is connected to, so that it can't stand for something else a
moment later (DNS rebinding). Tawny's own ports on this machine are never connected to: else whoever may add a camera
could speak to the hub as though from inside. Cameras on this machine, our own ones too, may be reached.
"""

import os
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

MOST_ADDRESSES = 4  # of one name
_PROGRAMS = frozenset({"run", "demo", "recorder", "gateway", "hub"})
_LISTENING = "0A"  # proc(5), net/tcp
_MOST_WORDS = 12


class ForbiddenError(OSError):
    """The address is none that a camera may have; the text is for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """What a name stood for: give it to ``socket.socket(family)`` and ``connect(address)``."""

    family: socket.AddressFamily
    address: tuple[str | int, ...]

    @property
    def host(self) -> str:
        """The address alone, with its zone where it has one."""
        return str(self.address[0])


def resolve(host: str, port: int, *, taken: Callable[[int], bool] | None = None) -> tuple[Pinned, ...]:
    """What *host* stands for just now, the best first; blocks.

    Raises OSError where there is no such host, and ForbiddenError where nothing that it stands for may be reached.
    *taken* says of a port of this machine whether it is Tawny's own.
    """
    try:
        found = socket.getaddrinfo(host.replace("%25", "%"), port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise socket.gaierror(socket.EAI_NONAME, "no host has this name") from error
    pinned = [
        Pinned(family=family, address=(str(address[0]), *address[1:]))
        for family, _, _, _, address in found[:MOST_ADDRESSES]
    ]
    allowed = tuple(each for each in pinned if not _senseless(_plain(each.host)))
    if not allowed:
        raise ForbiddenError("No camera can have this address.")
    if any(ours(_plain(each.host)) for each in allowed) and (taken or of_program)(port):
        raise ForbiddenError("This is Tawny's own address, not a camera's.")
    return allowed


def _plain(host: str) -> IPv4Address | IPv6Address:
    """*host* without its zone, and as IPv4 where IPv6 only wraps that."""
    address = ip_address(host.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _senseless(address: IPv4Address | IPv6Address) -> bool:
    return address.is_unspecified or address.is_multicast or address == IPv4Address("255.255.255.255")


def ours(address: IPv4Address | IPv6Address) -> bool:
    """Whether *address* is one of this machine."""
    if address.is_loopback:
        return True
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as tried:
        try:
            tried.bind((str(address), 0))  # the kernel lets only own addresses be bound
        except OSError:
            return False
    return True


def of_program(port: int, proc: Path = Path("/proc")) -> bool:
    """Whether one of Tawny's programs of this user listens on TCP *port*; its cameras are none."""
    return any(_of_program(proc, inode) for inode, listening in _listening(proc) if listening == port)


@lru_cache(maxsize=1024)  # looking through all processes takes milliseconds, and a socket keeps its owner
def _of_program(proc: Path, inode: str) -> bool:
    return any(inode in _sockets(process / "fd") for process in _processes(proc))


def _listening(proc: Path) -> Iterator[tuple[str, int]]:
    """Inodes of listening sockets, and their ports."""
    for table in ("tcp", "tcp6"):
        with suppress(OSError):  # a machine without IPv6
            for line in (proc / "net" / table).read_text().splitlines()[1:]:
                words = line.split()
                if words[3] == _LISTENING:
                    yield words[9], int(words[1].rpartition(":")[2], 16)


def _processes(proc: Path) -> Iterator[Path]:
    for entry in proc.iterdir():
        with suppress(OSError):  # it has ended
            if entry.name.isdigit() and entry.stat().st_uid == os.getuid():
                words = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
                if _is_program(words[:_MOST_WORDS]):
                    yield entry


def _is_program(words: list[str]) -> bool:
    """Whether this is ``tawny hub ...`` or ``python -m tawny.cli hub ...``, and no camera."""
    named = (n for n, word in enumerate(words) if word == "tawny.cli" or re.fullmatch(r"(.*/)?tawny", word))
    return any(set(words[n + 1 : n + 2]) & _PROGRAMS for n in named)


def _sockets(descriptors: Path) -> Iterator[str]:
    with suppress(OSError):  # it has ended, or is somebody else's
        for entry in descriptors.iterdir():
            with suppress(OSError):
                found = re.fullmatch(r"socket:\[([0-9]+)\]", str(entry.readlink()))
                if found:
                    yield found[1]
