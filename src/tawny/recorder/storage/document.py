"""The `Storage` document: what there is to say about volumes, drives and places (``docs/design/programs.md``)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tawny.recorder.archive.model import Role, VolumeState, VolumeStatus
from tawny.recorder.storage.conditions import (
    CHECK,
    FAULT_THRESHOLD,
    FAULT_WINDOW_S,
    has_periodic_faults,
    recent,
    temperature_limit,
)
from tawny.recorder.storage.model import DiskState, Drive, FormatState, Found, FoundArchive, Seen
from tawny.wire.moments import rfc3339

Document = dict[str, Any]
_MAX_FAULTS: Final = 10
_STATES: Final = {  # the words of the device's own panel
    VolumeState.OK: ("OK", ""),
    VolumeState.ERROR: ("Error", CHECK),
    VolumeState.NEEDS_FORMAT: ("Formatting required", "Format the drive; all data on it will be lost."),
    VolumeState.FORMATTING: ("Formatting…", ""),
    VolumeState.NOT_INSTALLED: ("Not installed", "Connect the drive."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """All that the document is made of. *formats* by volume or device, *keeping* is what retention says of itself."""

    volumes: Sequence[VolumeStatus]
    seen: Seen
    formats: Mapping[str, FormatState]
    held_bytes: Callable[[str], int]
    keeping: Document
    queue_s: float
    unsynced_s: float
    alarms: list[Document]
    now_us: int


def storage_document(picture: Picture) -> Document:
    """The whole document."""
    icon, title, remedy = _icon(picture)
    return {
        "icon": icon,
        "title": title,
        "remedy": remedy,
        **picture.keeping,
        "queue_s": round(picture.queue_s, 3),
        "unsynced_s": round(picture.unsynced_s, 3),
        "volumes": [_volume(volume, picture) for volume in picture.volumes],
        "found": [_found(found) for found in picture.seen.found],
        "alarms": picture.alarms,
    }


def drive_document(drive: Drive) -> Document:
    """A removable drive as the API shows it."""
    return {
        "id": drive.id,
        "name": drive.name,
        "path": drive.path,
        "free_bytes": drive.free_bytes,
        "file_system": drive.file_system,
    }


def _icon(picture: Picture) -> tuple[str, str, str]:
    """The device's icon, with its words: what is worst counts."""
    states = [(_state(volume, picture), volume) for volume in picture.volumes if volume.role is Role.RECORD]
    if any(each.progress is not None for each in picture.formats.values()):
        return "formatting", "A drive is being formatted.", ""
    if not states or all(state is VolumeState.NOT_INSTALLED for state, _ in states):
        return "not_connected", "There is no drive: live video only.", "Connect a drive to record."
    faulty = [volume for state, volume in states if state not in {VolumeState.OK, VolumeState.NEEDS_FORMAT}]
    if faulty:
        return (
            "faults",
            f"{faulty[0].name}: {faulty[0].title}",
            faulty[0].remedy or "Restart the recorder, or format the drive.",
        )
    if unformatted := [volume for state, volume in states if state is VolumeState.NEEDS_FORMAT]:
        return "needs_format", f"{unformatted[0].name} has to be formatted.", "All data on it will be lost."
    if periodic := [volume for _, volume in states if has_periodic_faults(volume, picture.now_us)]:
        return (
            "needs_format",
            f"{periodic[0].name} fails now and then.",
            "Format the drive; if formatting does not start, replace it.",
        )
    return "connected", f"Recording to {len(states)} drive{'' if len(states) == 1 else 's'}.", ""


def _state(volume: VolumeStatus, picture: Picture) -> VolumeState:
    state = picture.formats.get(volume.id)
    return VolumeState.FORMATTING if state is not None and state.progress is not None else volume.state


def _volume(volume: VolumeStatus, picture: Picture) -> Document:
    state, formatted = _state(volume, picture), picture.formats.get(volume.id)
    disk = picture.seen.disks.get(volume.id)
    words = (volume.title, volume.remedy) if volume.title and state is volume.state else _STATES.get(state, ("", ""))
    if formatted is not None and formatted.progress is None:
        words = (formatted.title, formatted.remedy)
    return {
        "id": volume.id,
        "name": volume.name,
        "path": str(volume.path),
        "role": str(volume.role),
        "state": str(state),
        "title": words[0],
        "remedy": words[1],
        "progress": None if formatted is None else formatted.progress,
        "confirm": volume.name,
        "total_bytes": volume.total_bytes,
        "free_bytes": volume.free_bytes,
        "archive_bytes": volume.archive_bytes,
        "held_bytes": picture.held_bytes(volume.id),
        "oldest": _moment(volume.oldest_us),
        "file_system": "" if disk is None else disk.file_system,
        "disk": None if disk is None else _disk(disk),
        "faults": _faults(volume, picture.now_us),
    }


def _disk(state: DiskState) -> Document:
    return {
        "device": state.device.path,
        "model": state.disk.model,
        "serial": state.disk.serial,
        "kind": str(state.kind),
        "temperature_c": state.temperature_c,
        "temperature_limit_c": temperature_limit(state),
        "smart": str(state.health.smart),
        "smart_title": state.health.title,
    }


def _faults(volume: VolumeStatus, now_us: int) -> Document:
    last = sorted(volume.faults, key=lambda fault: fault.utc_us, reverse=True)[:_MAX_FAULTS]
    return {
        "count": len(recent(volume.faults, now_us)),
        "threshold": FAULT_THRESHOLD,
        "window_s": FAULT_WINDOW_S,
        "recent": [{"at": rfc3339(fault.utc_us), "what": fault.what} for fault in last],
    }


def _found(found: Found) -> Document:
    return {
        "path": found.path,
        "device": found.device,
        "what": str(found.what),
        "title": found.title,
        "total_bytes": found.total_bytes,
        "free_bytes": found.free_bytes,
        "archive": None if found.archive is None else _archive(found, found.archive),
        "confirm": found.confirm,
    }


def _archive(found: Found, archive: FoundArchive) -> Document:
    return {
        "recorder": archive.volume,
        "oldest": _moment(archive.oldest_us),
        "newest": _moment(archive.newest_us),
        "bytes": max(0, found.total_bytes - found.free_bytes),
    }


def _moment(utc_us: int | None) -> str | None:
    return None if utc_us is None else rfc3339(utc_us)
