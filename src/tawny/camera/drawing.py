"""Drawn scenes as sources, even before they are drawn: rough ones stand in while a process of its own draws."""

import asyncio
import logging
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path

from tawny.camera import scenes
from tawny.camera.pacing import LoopedStream
from tawny.camera.sources import Source

_log = logging.getLogger(__name__)


def drawn(names: Sequence[str], directory: Path) -> list[Source]:
    """The scenes of these *names*; those that were never drawn are drawn roughly first, which takes seconds."""
    missing = _missing(names, directory)
    if missing:
        scenes.render(directory, scenes=missing, rough=True)
    return [_source(name, directory) for name in names]


async def redraw(
    names: Sequence[str],
    directory: Path,
    streams: Mapping[str, LoopedStream],
    *,
    draw: Callable[[Path], Coroutine[None, None, bool]],
) -> None:
    """Have *draw* draw what is missing, then show it in place of the rough scenes."""
    missing = _missing(names, directory)
    if not missing:
        return
    if not await draw(directory):
        _log.error("the scenes could not be drawn; rough ones stay")
        return
    for name in missing:
        source = await asyncio.to_thread(_source, name, directory)
        for stream, clip in source.streams.items():
            streams[f"/{name}/{stream}"].change(clip)


async def draw(directory: Path) -> bool:
    """Draw all scenes into *directory* in a process of its own, which ends with us; whether it could."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tawny.camera.scenes", "--directory", str(directory)
    )
    try:
        return await process.wait() == 0
    finally:
        if process.returncode is None:
            process.terminate()


def _missing(names: Sequence[str], directory: Path) -> list[str]:
    return [name for name in names if not scenes.rendered(name, directory)]


def _source(name: str, directory: Path) -> Source:
    main, sub = scenes.load(name, directory)
    return Source(name=name, streams={"main": main, "sub": sub})
