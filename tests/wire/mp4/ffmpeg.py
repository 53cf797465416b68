"""Debian's ffprobe and ffmpeg as judges of files."""

import json
import subprocess
from pathlib import Path
from typing import Any


def probe(path: Path) -> dict[str, Any]:
    """What ffprobe says of *path*: format, streams with their packets counted; it must have no complaint."""
    result = subprocess.run(
        ["ffprobe", "-v", "warning", "-count_packets", "-show_format", "-show_streams", "-of", "json", str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stderr == ""
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def packets(path: Path, stream: str) -> list[tuple[float, str]]:
    """Presentation time in seconds and content hash of each packet."""
    command = [
        "ffprobe",
        "-v",
        "error",
        "-select_streams",
        stream,
        "-show_packets",
        "-show_data_hash",
        "md5",
        "-of",
        "json",
    ]
    result = subprocess.run([*command, str(path)], capture_output=True, text=True, check=True)
    return [(float(p["pts_time"]), str(p["data_hash"])) for p in json.loads(result.stdout)["packets"]]


def steps(path: Path, stream: str) -> list[int]:
    """Presentation times in 90 kHz from the first packet's on, in decode order.

    ffmpeg shows a fragmented file with negative composition offsets late by the largest of them; the steps are right.
    """
    times = [round(time * 90_000) for time, _ in packets(path, stream)]
    return [time - times[0] for time in times]


def decode(path: Path) -> str:
    """Decode everything; what ffmpeg had to say."""
    result = subprocess.run(
        ["ffmpeg", "-v", "warning", "-i", str(path), "-f", "null", "-"], capture_output=True, text=True, check=False
    )
    return result.stderr
