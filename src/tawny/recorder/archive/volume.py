"""The volume that holds the archive: whose it is, how full, and what its errors mean to a person.

``archive/volume.json`` names the volume, ``volumes.json`` in the data directory remembers the name. Where they differ, the disk is missing,
empty or another one: nothing may be written to it or deleted from it.
"""

import errno
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tawny.recorder.archive.model import Phase, Role, VolumeState
from tawny.recorder.archive.ports import Files, Space
from tawny.recorder.archive.volumes import DEFAULT_NAME, IDENTITY, KnownVolume
from tawny.runtime.data_directory import DataDirectory

RESERVE = "reserve"
RESERVE_SIZE = 4 * 1024 * 1024  # room for ledger and index entries while a full disk is being emptied
_MIN_FLOOR = 64 * 1024**2
_MAX_FLOOR = 2 * 1024**3


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why nothing is being kept, and what to do about it."""

    phase: Phase
    title: str
    remedy: str
    state: VolumeState = VolumeState.ERROR


MISSING = Trouble(
    phase=Phase.LIVE_ONLY,
    title="The drive is not there.",
    remedy="Connect it again; recording to it goes on by itself. If it is gone for good, take it out of use.",
    state=VolumeState.NOT_INSTALLED,
)
SWAPPED = Trouble(
    phase=Phase.LIVE_ONLY,
    title="Another drive is in its place.",
    remedy="Connect the right drive again, or take this one into use: as it is, only to read, or formatted.",
    state=VolumeState.SWAPPED,
)
NAMELESS = Trouble(
    phase=Phase.LIVE_ONLY,
    title="What is in its place is not set up for recording.",
    remedy="Connect the right drive again, or format this one.",
    state=VolumeState.NEEDS_FORMAT,
)
HUNG = Trouble(
    phase=Phase.FAILED,
    title="The drive does not answer.",
    remedy="Check the drive and its cable; it may have to be replaced. Recording to it goes on by itself when it answers.",
)
SLOW = Trouble(
    phase=Phase.RECORDING,
    title="The drive is too slow.",
    remedy="Check it: drives that fail often become slow first. Where there is another drive, recording goes there for a while.",
    state=VolumeState.SLOW,
)
RELEASED = Trouble(
    phase=Phase.LIVE_ONLY,
    title="The drive is being formatted.",
    remedy="Recording to it begins when that is done.",
    state=VolumeState.FORMATTING,
)
NO_VOLUME = Trouble(
    phase=Phase.LIVE_ONLY,
    title="Nothing is being recorded: there is no drive to record to.",
    remedy="Add a drive, or let one that is only read be recorded to.",
    state=VolumeState.NOT_INSTALLED,
)
_STATES = {errno.ENOSPC: VolumeState.FULL, errno.EDQUOT: VolumeState.FULL, errno.EROFS: VolumeState.READ_ONLY}
_TROUBLES = {
    errno.ENOSPC: ("the disk is full", "Make room on the disk, or lower the archive's size limit."),
    errno.EDQUOT: ("the disk quota is used up", "Raise the quota, or lower the archive's size limit."),
    errno.EROFS: ("the disk is read-only", "Check the disk: systems make a failing disk read-only."),
    errno.EIO: ("the disk reports errors", "Check the disk and its cable; it may have to be replaced."),
    errno.ENODEV: ("the disk is gone", "Connect the disk again."),
    errno.EACCES: (
        "the recorder may not write to the disk",
        "Give the recorder's user access to the archive directory.",
    ),
    errno.EPERM: (
        "the recorder may not write to the disk",
        "Give the recorder's user access to the archive directory.",
    ),
}


def trouble_of(error: OSError) -> Trouble:
    """What *error* means to a person."""
    unknown = (f"the disk refuses to be written ({error.strerror or error})", "Check the disk.")
    what, remedy = _TROUBLES.get(error.errno or 0, unknown)
    return Trouble(
        phase=Phase.FAILED,
        title=f"Recording stopped: {what}.",
        remedy=remedy,
        state=_STATES.get(error.errno or 0, VolumeState.ERROR),
    )


def default_floor(space: Space) -> int:
    """The room that is left free for the machine: a twentieth of the volume, at most 2 GB.

    On a small volume 64 MB or a quarter of it, since deleting takes a few seconds in which recording goes on.
    """
    least = min(_MIN_FLOOR, space.total_bytes // 4)
    return min(max(space.total_bytes // 20, least), _MAX_FLOOR)


class Volume:
    """A volume at its place.

    Invariant: nothing is changed on one that does not bear the name we know it by.
    """

    def __init__(self, root: Path, *, volume_id: str, files: Files) -> None:
        self.root = root
        self.id = volume_id
        self._files = files

    def trouble(self) -> Trouble | None:
        """None where the volume is the one we know."""
        found = self._files.identity(self.root)
        if found == self.id:
            return None
        return SWAPPED if found is not None else NAMELESS if _inhabited(self.root) else MISSING

    def space(self) -> Space:
        return self._files.space(self.root)

    def keep_reserve(self) -> None:
        """Set the reserve aside where it is missing; a full disk can't spare it."""
        path = self.root / RESERVE
        if not path.exists():
            try:
                self._files.allocate(path, RESERVE_SIZE)
            except OSError:
                self._files.unlink(path)
                raise

    def spend_reserve(self) -> None:
        """Give the reserve's room back, so that deleting can be written down."""
        self._files.unlink(self.root / RESERVE)

    def probe(self) -> None:
        """Write a little and take it away again; OSError where the volume refuses."""
        path = self.root / "probe"
        try:
            self._files.append(path, bytes(64 * 1024))
            self._files.sync_volume(self.root)
        finally:
            self._files.unlink(path)


def _inhabited(root: Path) -> bool:
    """Whether there is something in *root*; a place where a drive is to be mounted is empty."""
    try:
        return any(path.name != "lost+found" for path in root.iterdir())
    except OSError:
        return False


def first_volume(data: DataDirectory, files: Files, new_id: Callable[[str], str]) -> KnownVolume:
    """The volume of a new installation, in the data directory: it is given a name, or keeps the one it has. OSError where it refuses."""
    found = files.identity(data.archive) or name_volume(data.archive, files, new_id)
    return KnownVolume(id=found, name=DEFAULT_NAME, path=data.archive, role=Role.RECORD)


def name_volume(root: Path, files: Files, new_id: Callable[[str], str]) -> str:
    """Make *root* a volume; its id."""
    files.make_directory(root)
    name = new_id("vol")
    files.replace(root / IDENTITY, json.dumps({"id": name}).encode() + b"\n")
    return name
