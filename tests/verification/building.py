"""Small exports to examine."""

import io
import threading
from pathlib import Path

from tawny.export.progress import Progress
from tawny.recorder.archive.model import GapReason
from tests.export.building import SignedArchive, item
from tests.wire.mp4.clips import Clip, aac_clip, joined, video_clip


def tiny() -> Clip:
    return joined(video_clip(seconds=1, width=64, height=48), aac_clip(seconds=1))


def small_archive(root: Path) -> SignedArchive:
    """Two seconds of footage, two of a hole with a reason, one second more; signed."""
    archive = SignedArchive(root)
    archive.segment(0, tiny())
    archive.segment(1, tiny())
    archive.gap(2, 4, GapReason.CAMERA_LOST, "The camera does not answer.")
    archive.segment(4, tiny())
    archive.sign()
    return archive


def exported(archive: SignedArchive, start: float = 0, end: float = 5, *, audio: bool = True) -> Path:
    """The one file of an export of that range."""
    directory = archive.job([item(start, end, audio=audio)])
    done = archive.run(directory, Progress(io.StringIO(), archive.clock, threading.Event()))
    (only,) = done["files"]
    return directory / "files" / str(only["name"])
