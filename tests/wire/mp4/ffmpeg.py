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


def packets(path: Path, stream: str) -> list[tuple[float, float, str]]:
    """Presentation time, duration in seconds and content hash of each packet."""
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
    return [
        (float(p["pts_time"]), float(p["duration_time"]), str(p["data_hash"]))
        for p in json.loads(result.stdout)["packets"]
    ]


def decode(path: Path) -> str:
    """Decode everything; what ffmpeg had to say."""
    result = subprocess.run(
        ["ffmpeg", "-v", "warning", "-i", str(path), "-f", "null", "-"], capture_output=True, text=True, check=False
    )
    return result.stderr
