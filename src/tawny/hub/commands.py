"""The verbs ``hub`` and ``owner`` of the command line."""

import argparse
import asyncio
import logging
import signal
import sys
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path

import uvloop

from tawny.hub.access.decisions import MAX_PASSWORD
from tawny.hub.main import Settings, open_access, open_hub
from tawny.runtime import logs
from tawny.runtime.clock import SystemClock
from tawny.runtime.data_directory import DataDirectory
from tawny.runtime.problem import Problem

_log = logging.getLogger(__name__)
_WEB = Path(__file__).parents[3] / "web" / "dist"  # of a checkout


def main(words: Sequence[str]) -> int:
    """Run ``hub`` or ``owner``; its exit code."""
    verb, *rest = words
    try:
        return _owner(rest) if verb == "owner" else _hub(rest)
    except Problem as problem:
        print(f"tawny {verb}: {problem.title} {problem.remedy}".rstrip(), file=sys.stderr)
        return 1
    except (OSError, ValueError) as error:
        print(f"tawny {verb}: {error}", file=sys.stderr)
        return 1


def _hub(words: Sequence[str]) -> int:
    settings = _settings(words)
    logs.set_up("hub")
    uvloop.run(_serve(settings))
    return 0


async def _serve(settings: Settings) -> None:
    async with open_hub(settings, SystemClock()) as hub:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, hub.stop)
        _log.info("listening at %s", hub.url)
        await hub.serve()


def _settings(words: Sequence[str]) -> Settings:
    parser = argparse.ArgumentParser("tawny hub", description="Serve the web app and the API.")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the data directory")
    parser.add_argument(
        "--listen", type=_address, default="127.0.0.1", metavar="ADDRESS", help="beyond loopback: HTTPS"
    )
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--host", action="append", default=[], metavar="NAME", help="a further name to answer to")
    parser.add_argument("--certificate", type=Path, metavar="FILE", help="PEM, with its chain; needs --key")
    parser.add_argument("--key", type=Path, metavar="FILE")
    parser.add_argument("--web", type=Path, default=_WEB, metavar="DIR", help="the web app, built")
    given = parser.parse_args(words)
    if (given.certificate is None) != (given.key is None):
        parser.error("--certificate and --key go together")
    return Settings(
        data=given.data,
        listen=given.listen,
        port=given.port,
        names=tuple(given.host),
        certificate=given.certificate,
        key=given.key,
        web=given.web,
    )


def _address(text: str) -> str:
    return str(ip_address("127.0.0.1" if text == "localhost" else text))


def _owner(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser("tawny owner", description="Make the owner, or reset name and password.")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the data directory")
    parser.add_argument("--user", required=True)
    parser.add_argument(
        "--password-file", type=Path, required=True, metavar="FILE", help="holds the password in one line"
    )
    given = parser.parse_args(words)
    with given.password_file.open(encoding="utf-8") as file:
        password = file.readline(MAX_PASSWORD + 2).rstrip("\r\n")
    asyncio.run(_reset(DataDirectory(root=given.data), given.user, password))
    return 0


async def _reset(data: DataDirectory, user: str, password: str) -> None:
    data.create()
    async with open_access(data, SystemClock()) as access:
        await access.reset_owner(user=user, password=password)
