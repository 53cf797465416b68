"""``tawny recorder``: its words, read and checked."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from tawny.recorder.main import StartUp, serve
from tawny.runtime import logs
from tawny.runtime.clock import SystemClock
from tawny.runtime.data_directory import DataDirectory
from tawny.runtime.problem import Problem


def main(words: Sequence[str]) -> int:
    """Run ``tawny recorder``; *words* start with the verb."""
    given = _parser().parse_args(words[1:])
    logs.set_up("recorder")
    start_up = StartUp(data=DataDirectory(root=given.data), limit_bytes=given.limit_bytes, find_on=given.find_on)
    try:
        asyncio.run(_run(start_up))
    except Problem as problem:
        print(f"tawny recorder: {problem.title} {problem.remedy}".strip(), file=sys.stderr)
        return 1
    except (OSError, ValueError) as error:
        print(f"tawny recorder: {error}", file=sys.stderr)
        return 1
    return 0


async def _run(start_up: StartUp) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve(start_up, SystemClock(), stop)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tawny recorder", description="Record the cameras into the archive.")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the data directory")
    parser.add_argument(
        "--find-on", action="append", default=[], metavar="INTERFACE", help="look for cameras on this network only"
    )
    parser.add_argument(
        "--limit-bytes", type=_positive, metavar="N", help="delete the oldest footage beyond so many bytes"
    )
    return parser


def _positive(text: str) -> int:
    value = int(text)
    if value <= 0:
        raise argparse.ArgumentTypeError("has to be more than 0")
    return value
