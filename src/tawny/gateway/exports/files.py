"""Hands an export's files out, whole or by range (RFC 9110, section 14)."""

import asyncio
import re
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Final, NamedTuple

from tawny.gateway.exchange import Answer, Request
from tawny.gateway.shelf import read_range
from tawny.runtime.problem import Kind, Problem

_CHUNK: Final = 256 << 10
_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class Part(NamedTuple):
    """The bytes of a file from *start* up to, not including, *end*."""

    start: int
    end: int


def part_wanted(header: str, size: int) -> Part | None:
    """What ``Range`` asks for; None for all of it, also where the header asks for what we don't do (section 14.2)."""
    match = _RANGE.fullmatch(header.strip())
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        start = max(0, size - int(last))
        if start >= size:
            raise _beyond()
        return Part(start, size)
    start = int(first)
    if last and int(last) < start:
        return None
    if start >= size:
        raise _beyond()
    return Part(start, min(int(last) + 1, size) if last else size)


async def file_answer(request: Request, path: Path, *, content_type: str, name: str = "", tag: str = "") -> Answer:
    """*path* as an answer; with *name* as a download of that name, with *tag* as what never changes under it."""
    try:
        size = (await asyncio.to_thread(path.stat)).st_size
    except FileNotFoundError:
        raise Problem(Kind.NOT_FOUND, "There is no such file in this export.") from None
    part = part_wanted(request.headers.get("range", ""), size)
    start, end = part or Part(0, size)
    headers = {"content-type": content_type, "content-length": str(end - start), "accept-ranges": "bytes"}
    if name:
        headers["content-disposition"] = f'attachment; filename="{name}"'
    if tag:
        headers["etag"] = f'"{tag}"'
    if part is not None:
        headers["content-range"] = f"bytes {start}-{end - 1}/{size}"
    return Answer(status=200 if part is None else 206, headers=headers, body=_pieces(path, start, end))


async def _pieces(path: Path, start: int, end: int) -> AsyncGenerator[bytes, None]:
    for offset in range(start, end, _CHUNK):
        size = min(_CHUNK, end - offset)
        piece = await asyncio.to_thread(read_range, path, offset, size)
        if len(piece) < size:
            raise OSError(f"{path} became shorter while it was read")
        yield piece


def _beyond() -> Problem:
    return Problem(Kind.INVALID, "The file ends before the range that was asked for.", field="range")
