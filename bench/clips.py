"""Clips that benchmarks send: our drawn scenes, rendered once."""

from pathlib import Path

from tawny.camera.scenes import default_directory, render


def main_clip() -> Path:
    """1080p25 H.264 at about 4 Mbit/s with AAC, as a file."""
    return _clip("main")


def sub_clip() -> Path:
    """640x360 at 12.5 pictures a second, as a file."""
    return _clip("sub")


def _clip(stream: str) -> Path:
    directory = default_directory()
    render(directory)
    return directory / f"gate-{stream}.mp4"
