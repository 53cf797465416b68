"""``tawny probe ADDRESS`` tells what a camera is, what it offers, and what is wrong with it, without adding it."""

import argparse
import asyncio
import json
import secrets
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tawny.recorder.adapters.onvif_http import HttpDialler
from tawny.recorder.adapters.rtsp_camera import RtspCamera
from tawny.recorder.adding.looking import Looker, Wish
from tawny.recorder.adding.model import How, Report
from tawny.recorder.adding.probing import Probed, listed_streams, probe
from tawny.recorder.adding.streams import StreamCheck
from tawny.recorder.adding.target import read_target
from tawny.recorder.onvif.model import Login
from tawny.recorder.onvif.opening import DeviceOpener
from tawny.runtime import logs
from tawny.runtime.clock import SystemClock
from tawny.runtime.problem import Kind, Problem

_EPILOG = "Exit code: 0 usable, 1 reachable but not usable, 2 unreachable, 3 login refused."
_MAX_PASSWORD = 1024


def main(words: Sequence[str]) -> int:
    """Run the words after ``tawny``; the exit code."""
    asked = _parser().parse_args(words[1:])
    logs.set_up("probe")
    login = Login(user=asked.user, password=_password(asked.password_file))
    wish = Wish(target=read_target(asked.address), login=login, fingerprint=asked.fingerprint)
    probed = asyncio.run(_run(wish))
    print(json.dumps(probed.document(), ensure_ascii=False) if asked.json else _text(probed))
    return probed.exit_code


async def _run(wish: Wish) -> Probed:
    clock = SystemClock()
    opener = DeviceOpener(dialler=HttpDialler(clock=clock), clock=clock, random_bytes=secrets.token_bytes)
    rtsp = RtspCamera(clock=clock, cnonce=lambda: secrets.token_hex(8), random_32=lambda: secrets.randbits(32))
    streams = StreamCheck(rtsp)
    return await probe(wish, Looker(opener=opener, streams=streams, new_password=lambda: ""), streams, _say)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tawny probe", description="Tell what a camera is and offers, without adding it.", epilog=_EPILOG
    )
    parser.add_argument("address", metavar="ADDRESS", help="host, host:port, http(s):// or rtsp(s):// address")
    parser.add_argument("--user", default="", help="the camera's user")
    parser.add_argument("--password-file", type=Path, metavar="F", help="the password is the file's first line")
    parser.add_argument("--fingerprint", default="", metavar="SHA256", help="of the certificate that it must show")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _password(path: Path | None) -> str:
    if path is None:
        return ""
    try:
        with path.open(encoding="utf-8") as file:
            return file.readline(_MAX_PASSWORD).rstrip("\r\n")
    except (OSError, UnicodeError) as error:
        raise Problem(Kind.INVALID, f"{path} can't be read: {error}.") from None


def _say(step: str, title: str) -> None:
    print(title, file=sys.stderr)


def _text(probed: Probed) -> str:
    lines = [probed.title]
    if probed.report is not None:
        lines += [f"{name + ':':12}{value}" for name, value in _facts(probed.report) if value]
    for item in probed.problems:
        lines.append(f"{item.severity}: {item.title} {item.remedy}".rstrip())
    # no escape sequences from a camera
    return "\n".join("".join(c if c.isprintable() else "?" for c in line) for line in lines)


def _facts(report: Report) -> Iterator[tuple[str, str]]:
    yield "Answers by", "ONVIF" if report.how is How.ONVIF else "RTSP alone"
    yield "Make", f"{report.make} {report.model}".strip()
    yield "Firmware", report.firmware
    yield "Serial", report.serial
    yield "MAC", report.mac
    yield "Login", report.authentication
    if report.clock is not None:
        yield "Clock", f"{report.clock.offset_s:+.1f} s, {report.clock.source or 'set by hand'} {report.clock.zone}"
    for token, name, stream in listed_streams(report):
        yield f"Stream {name}", f"{token} {_stream(stream.document())}".strip()
    yield "PTZ", "yes" if any(channel.ptz for channel in report.channels) else ""
    yield "Talk", "yes" if report.talk else ""
    yield "Inputs", str(report.inputs or "")
    yield "Relays", str(report.relays or "")
    yield "Events", str(len(report.events) or "")
    yield "On card", str(report.storage.recordings if report.storage else "")


def _stream(stream: Mapping[str, Any]) -> str:
    size = f"{stream['width']}x{stream['height']}" if stream["width"] else ""
    fps = f"{stream['fps']:g} fps" if stream["fps"] else ""
    rate = f"{stream['bits_per_second'] // 1000} kbit/s" if stream["bits_per_second"] else ""
    sound = f"sound {stream['audio']}" if stream["audio"] else ""
    return " ".join(part for part in (stream["codec"], size, fps, rate, sound, stream["uri"]) if part)
