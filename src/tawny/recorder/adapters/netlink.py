"""What the kernel tells of interfaces, addresses and neighbours over rtnetlink (rtnetlink(7))."""

import socket
import struct
from collections.abc import Iterator
from contextlib import closing

_HEADER = struct.Struct("=IHHII")  # struct nlmsghdr
_ATTRIBUTE = struct.Struct("=HH")  # struct rtattr
_REQUEST_DUMP = 0x0001 | 0x0300  # NLM_F_REQUEST | NLM_F_DUMP
_ERROR, _DONE = 2, 3
_TIMEOUT_S = 2.0
_MOST_BYTES = 4 << 20  # of an answer

LINKS, ADDRESSES, NEIGHBOURS = 18, 22, 30  # RTM_GETLINK, RTM_GETADDR, RTM_GETNEIGH

Entry = tuple[bytes, dict[int, bytes]]


def dump(kind: int, size: int) -> list[Entry]:
    """All entries of *kind*, each its fixed part of *size* bytes and its attributes; OSError where there are none."""
    with closing(socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, 0)) as asking:
        asking.settimeout(_TIMEOUT_S)
        asking.send(_HEADER.pack(_HEADER.size + size, kind, _REQUEST_DUMP, 1, 0) + bytes(size))
        return list(_entries(asking, size))


def _entries(asking: socket.socket, size: int) -> Iterator[Entry]:
    received = 0
    while received < _MOST_BYTES:
        data = asking.recv(1 << 18)
        received += len(data)
        at = 0
        while at + _HEADER.size <= len(data):
            length, kind, _, _, _ = _HEADER.unpack_from(data, at)
            if kind == _DONE or length < _HEADER.size:
                return
            if kind == _ERROR:
                raise OSError("the kernel does not tell")
            body = data[at + _HEADER.size : at + length]
            yield body[:size], dict(_attributes(body[size:]))
            at += (length + 3) & ~3


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + _ATTRIBUTE.size <= len(data):
        length, kind = _ATTRIBUTE.unpack_from(data, at)
        if length < _ATTRIBUTE.size:
            return
        yield kind, data[at + _ATTRIBUTE.size : at + length]
        at += (length + 3) & ~3
