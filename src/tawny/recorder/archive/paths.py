"""Where things lie in the archive: ``<camera>/<YYYY-MM-DD>/<HH>/<YYYYMMDDTHHMMSS.ffffffZ>-<stream>.mp4``.

Days and hours are UTC, so that a path can be found from a moment alone. Names that people give never form a path.
"""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from tawny.recorder.archive.model import StreamKey
from tawny.runtime.clock import from_utc_us, utc_us
from tawny.wire.media import StreamName

LEDGER = "ledger.jsonl"
RECORDER = "recorder"  # owns what belongs to no camera
_TIME = "%Y%m%dT%H%M%S.%fZ"
_SEGMENT = re.compile(r"(\d{8}T\d{6}\.\d{6}Z)-(main|sub)\.mp4")
_CAMERA = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_HOUR = re.compile(r"[012]\d")


class FoundSegment(NamedTuple):
    """A segment file met in the archive."""

    start_us: int
    stream: StreamName
    path: Path


def is_camera(name: str) -> bool:
    """Whether *name* can be a camera's directory."""
    return _CAMERA.fullmatch(name) is not None


def day_of(moment_us: int) -> str:
    return from_utc_us(moment_us).strftime("%Y-%m-%d")


def segment_path(archive: Path, key: StreamKey, start_us: int) -> Path:
    """Where the segment of *key* that starts at *start_us* lies."""
    start = from_utc_us(start_us)
    name = f"{start.strftime(_TIME)}-{key.stream}.mp4"
    return archive / key.camera / start.strftime("%Y-%m-%d") / start.strftime("%H") / name


def ledger_path(archive: Path, camera: str, moment_us: int) -> Path:
    """The ledger for what happened to *camera* at *moment_us*."""
    return archive / camera / day_of(moment_us) / LEDGER


def read_name(path: Path) -> FoundSegment | None:
    """The segment that a file's name tells, None for other files."""
    match = _SEGMENT.fullmatch(path.name)
    if match is None:
        return None
    try:
        start = datetime.strptime(match[1], _TIME).replace(tzinfo=UTC)
    except ValueError:
        return None  # the thirteenth month
    return FoundSegment(utc_us(start), StreamName(match[2]), path)


def cameras(archive: Path) -> list[str]:
    """The cameras that have a directory."""
    return [name for name in _directories(archive, _CAMERA) if name != RECORDER]


def days(archive: Path, camera: str, *, since: str = "") -> list[str]:
    """The camera's days from *since* on."""
    return [day for day in _directories(archive / camera, _DAY) if day >= since]


def hours(directory: Path) -> list[str]:
    """The hours of a day's *directory*."""
    return _directories(directory, _HOUR)


def segments_of_day(archive: Path, camera: str, day: str, *, since_us: int = 0) -> list[FoundSegment]:
    """The segment files of one day that start at *since_us* or later, in the order of time."""
    directory = archive / camera / day
    first = from_utc_us(since_us).strftime("%H") if day == day_of(since_us) else ""
    wanted = [hour for hour in hours(directory) if hour >= first]
    found = [
        segment for hour in wanted for path in _entries(directory / hour) if (segment := read_name(path)) is not None
    ]
    return sorted(segment for segment in found if segment.start_us >= since_us)


def _directories(parent: Path, form: re.Pattern[str]) -> list[str]:
    return sorted(path.name for path in _entries(parent) if form.fullmatch(path.name) and path.is_dir())


def _entries(directory: Path) -> list[Path]:
    try:
        return list(directory.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []  # removed meanwhile, by retention
