"""What people must know of what is kept, in words."""

from tawny.recorder.archive.model import VolumeStatus
from tawny.recorder.storage.depth import Lowering
from tawny.recorder.storage.model import Condition, Severity


def clock(title: str) -> Condition:
    """Nothing goes by age."""
    return Condition(
        kind="clock",
        severity=Severity.WARNING,
        title=f"{title} Until it is right nothing is deleted because of its age.",
        remedy="Set the machine's clock, or give it a time server (NTP).",
    )


def lowered(camera: str | None, lowering: Lowering) -> Condition:
    """Footage will go within a day because somebody wants less to be kept."""
    size = _size(lowering.bytes)
    whose = "of one camera" if camera else "of the archive"
    return Condition(
        kind="depth_lowered",
        severity=Severity.WARNING,
        title=f"The depth {whose} was lowered: about {size} of video will be deleted within 24 hours.",
        remedy="If that was not meant, set the depth back before then.",
        camera=camera,
    )


def over_quota(volume: VolumeStatus) -> Condition:
    """More is held than should be."""
    return Condition(
        kind="holds_quota",
        severity=Severity.WARNING,
        title=f"More than half of “{volume.name}” is held: less is left for new video.",
        remedy="Export what is held and release it, or add a drive.",
        volume=volume.id,
    )


def filling() -> Condition:
    """Soon there will be nothing left that may be deleted."""
    return Condition(
        kind="holds_filling",
        severity=Severity.ALARM,
        title="Within a week held video alone will fill the drives, and recording will stop.",
        remedy="Export what is held and release it, let holds end earlier, or add a drive.",
    )


def unread(volume: str) -> Condition:
    """It is not known what is held on a volume."""
    return Condition(
        kind="holds_unread",
        severity=Severity.WARNING,
        title="It can't be read what is held on a drive: nothing is deleted from it, so it may become full.",
        remedy="Check the drive.",
        volume=volume,
    )


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1e9:.1f} GB" if size_bytes >= 1e8 else f"{max(1, size_bytes // 1_000_000)} MB"
