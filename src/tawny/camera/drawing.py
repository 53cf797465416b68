"""Drawn scenes as sources, even before they are drawn: rough ones stand in while a process of its own draws."""

import asyncio
import logging
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tawny.camera import scenes
from tawny.camera.pacing import LiveStream
from tawny.camera.sources import Source

_log = logging.getLogger(__name__)


def drawn(names: Sequence[str], directory: Path) -> list[Source]:
    """The scenes of these *names*; those that were never drawn are drawn roughly first, which takes seconds."""
    missing = _missing(names, directory)
    if missing:
        scenes.render(directory, scenes=missing, rough=True)
    return [_source(name, directory) for name in names]


async def redraw(names: Sequence[str], directory: Path, streams: Mapping[str, LiveStream]) -> None:
    """Have drawn what is missing, then show it in place of the rough scenes."""
    missing = _missing(names, directory)
    if not missing:
        return
    command = [sys.executable, "-m", "tawny.camera.scenes", "--directory", str(directory)]
    process = await asyncio.create_subprocess_exec(*command)
    try:
        if await process.wait() != 0:
            _log.error("the scenes could not be drawn; rough ones stay")
            return
    finally:
        if process.returncode is None:
            process.terminate()
    for name in missing:
        source = await asyncio.to_thread(_source, name, directory)
        for stream, clip in source.streams.items():
            streams[f"/{name}/{stream}"].change(clip)


def _missing(names: Sequence[str], directory: Path) -> list[str]:
    return [name for name in names if not scenes.rendered(name, directory)]


def _source(name: str, directory: Path) -> Source:
    main, sub = scenes.load(name, directory)
    return Source(name=name, streams={"main": main, "sub": sub})
