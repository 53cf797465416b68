"""``tawny gateway``: its words, read and checked."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import uvloop

from tawny.gateway.main import serve
from tawny.runtime import logs
from tawny.runtime.clock import SystemClock
from tawny.runtime.data_directory import DataDirectory
from tawny.runtime.problem import Problem


def main(words: Sequence[str]) -> int:
    """Run ``tawny gateway``; *words* start with the verb."""
    parser = argparse.ArgumentParser(prog="tawny gateway", description="Answer for the recorder, and play its archive.")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the data directory")
    given = parser.parse_args(words[1:])
    logs.set_up("gateway")
    try:
        uvloop.run(_run(DataDirectory(root=given.data)))
    except Problem as problem:
        print(f"tawny gateway: {problem.title} {problem.remedy}".strip(), file=sys.stderr)
        return 1
    except (OSError, ValueError) as error:
        print(f"tawny gateway: {error}", file=sys.stderr)
        return 1
    return 0


async def _run(data: DataDirectory) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve(data, SystemClock(), stop)
