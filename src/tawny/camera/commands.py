"""``tawny camera``: its words, read and checked."""

import argparse
import asyncio
import functools
import ipaddress
import re
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from tawny.camera import scenes
from tawny.camera.drawing import draw, drawn, redraw
from tawny.camera.files import read_clip
from tawny.camera.live import SPREAD_S
from tawny.camera.main import CapturedSource, Listening, SecureListening, serve
from tawny.camera.onvif.certificate import tls_context
from tawny.camera.onvif.main import OnvifListening, default_directory, read_identity
from tawny.camera.onvif.users import User, Users, read_users
from tawny.camera.sources import Source
from tawny.camera.v4l2.device import V4l2Device
from tawny.camera.v4l2.webcam import Webcam
from tawny.runtime import logs
from tawny.runtime.clock import SystemClock
from tawny.runtime.problem import Kind, Problem
from tawny.wire.onvif.answers.access import Level

_MOST_PASSWORD = 1024


def main(words: Sequence[str]) -> int:
    """Run ``tawny camera``; *words* start with the verb. Raises Problem for what the caller can put right."""
    given = _parser().parse_args(words[1:])
    logs.set_up("camera")
    listening = _listening(given)
    names, files = _named(given)
    directory = scenes.default_directory()
    sources = [*drawn(names, directory), *(Source(name=f.stem, streams={"main": read_clip(f)}) for f in files)]
    captured = _captured(given.v4l2 or [], {source.name for source in sources})
    asyncio.run(
        serve(
            sources,
            listening,
            captured=captured,
            clock=SystemClock(),
            spread_s=0.0 if given.burst else SPREAD_S,
            announce=_print,
            meanwhile=lambda streams: redraw(names, directory, streams, draw=draw),
        )
    )
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tawny camera",
        description="An RTSP camera that shows drawn places, or video files, in a loop. Prints its addresses.",
    )
    parser.add_argument("--listen", default="127.0.0.1", metavar="ADDRESS", help="address to serve on (%(default)s)")
    parser.add_argument("--port", type=int, default=8554, help="0 takes any free one (%(default)s)")
    parser.add_argument("--rtsps", type=int, metavar="PORT", help="serve the streams by TLS too, on this port")
    parser.add_argument("--user", default="", help="ask for this user ...")
    secret = parser.add_mutually_exclusive_group()
    secret.add_argument("--password", default="", help="... and this password")
    secret.add_argument("--password-file", type=Path, metavar="FILE", help="... or the one in its first line")
    parser.add_argument("--scene", action="append", choices=scenes.NAMES, help="serve only this place (repeatable)")
    parser.set_defaults(data=default_directory())
    parser.add_argument("--file", action="append", type=Path, help="serve this video file (repeatable)")
    parser.add_argument(
        "--v4l2",
        action="append",
        type=_webcam,
        metavar="DEVICE[@WIDTHxHEIGHT]",
        help="serve this webcam, such as /dev/video0, in its largest size up to 1080p or in this one (repeatable)",
    )
    parser.add_argument(
        "--onvif", type=int, metavar="PORT", help="be an ONVIF device for each place, from this port on"
    )
    parser.add_argument("--together", action="store_true", help="... or one device with a channel for each")
    parser.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="where it keeps its certificate, and an ONVIF device who it is and its users (%(default)s)",
    )
    parser.add_argument("--burst", action="store_true", help="send every picture at once instead of over 15 ms")
    return parser


def _listening(given: argparse.Namespace) -> Listening:
    password = _password(given)
    if bool(given.user) != bool(password):
        raise Problem(Kind.INVALID, "A login needs both a user and a password.", remedy="Give --user and --password.")
    if not given.user and given.onvif is None and not _is_loopback(given.listen):
        raise Problem(
            Kind.INVALID,
            "A camera without a password can only be seen from this machine.",
            remedy="Give --user and --password to listen on the network.",
        )
    if wrong := [port for port in (given.port, given.onvif or 0, given.rtsps or 0) if not 0 <= port <= 65_535]:
        raise Problem(Kind.INVALID, f"There is no port {wrong[0]}.", remedy="Give one from 0 to 65535.")
    passwords: Mapping[str, str] = {given.user: password} if given.user else {}
    onvif = secure = None
    if given.rtsps is not None:
        tls, _ = tls_context(given.data, clock=SystemClock())
        secure = SecureListening(port=given.rtsps, tls=tls)
    if given.onvif is not None:
        passwords = users = _users(given, password)
        identity = read_identity(given.data)
        tls, fingerprint = tls_context(given.data, clock=SystemClock())
        onvif = OnvifListening(
            host=given.listen,
            port=given.onvif,
            identity=identity,
            users=users,
            together=given.together,
            tls=tls,
            fingerprint=fingerprint,
        )
    return Listening(host=given.listen, port=given.port, passwords=passwords, secure=secure, onvif=onvif)


def _users(given: argparse.Namespace, password: str) -> Users:
    """The one that was named, else those that the camera keeps; while there are none, it waits to be adopted."""
    if given.user:
        named = User(name=given.user, level=Level.ADMINISTRATOR, password=password)
        return Users(None, {named.name: named})
    return read_users(given.data / "users.json", code=secrets.token_urlsafe(12))


def _password(given: argparse.Namespace) -> str:
    if given.password_file is None:
        return str(given.password)
    try:
        with given.password_file.open(encoding="utf-8") as file:
            line: str = file.readline(_MOST_PASSWORD)
            return line.rstrip("\r\n")
    except (OSError, ValueError) as error:
        raise Problem(
            Kind.INVALID, f"The password can't be read from {given.password_file}: {error}.", remedy="Give a text file."
        ) from error


def _first_line(path: Path) -> str:
    try:
        return path.read_text().partition("\n")[0]
    except (OSError, UnicodeDecodeError):
        raise Problem(Kind.INVALID, f"The password file {path} can't be read.", remedy="Name a text file.") from None


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def _named(given: argparse.Namespace) -> tuple[list[str], list[Path]]:
    """The scenes and files to serve: all scenes where nothing is named."""
    files: list[Path] = given.file or []
    names: list[str] = given.scene or ([] if files or given.v4l2 else list(scenes.NAMES))
    taken = Counter([*names, *(path.stem for path in files)])
    if twice := [name for name, count in taken.items() if count > 1]:
        raise Problem(Kind.INVALID, f"Two sources are called {twice[0]}.", remedy="Rename one of the files.")
    return names, files


def _webcam(word: str) -> tuple[Path, tuple[int, int] | None]:
    """The device and the size that a word names."""
    if (found := re.fullmatch(r"(.+)@([1-9][0-9]{0,3})x([1-9][0-9]{0,3})", word)) is None:
        return Path(word), None
    return Path(found[1]), (int(found[2]), int(found[3]))


def _captured(webcams: Sequence[tuple[Path, tuple[int, int] | None]], taken: set[str]) -> list[CapturedSource]:
    """Captured webcams, each named by its card; one whose name is *taken* has a number after it."""
    found: list[CapturedSource] = []
    for path, size in webcams:
        webcam = Webcam(functools.partial(V4l2Device, path, size=size), label=str(path), clock=SystemClock())
        firsts = webcam.begin()
        number, name = 1, webcam.place
        while name in taken:
            number += 1
            name = f"{webcam.place}-{number}"
        taken.add(name)
        found.append(CapturedSource(name=name, webcam=webcam, firsts=firsts))
    return found


def _print(addresses: list[str]) -> None:
    for address in addresses:
        print(address, flush=True)
