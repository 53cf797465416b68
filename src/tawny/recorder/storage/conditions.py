"""What is wrong with volumes and drives, as conditions: decisions over what was seen."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from tawny.recorder.archive.model import Role, VolumeFault, VolumeState, VolumeStatus
from tawny.recorder.storage.model import Condition, DiskKind, DiskState, FormatState, Severity, Smart

FAULT_WINDOW_S: Final = 24 * 3600
FAULT_THRESHOLD: Final = 5  # within the window; a cable that was touched makes one or two
COOLER_C: Final = 3  # an alarm of heat ends this far below its limit, so that it does not come and go
# What makers allow at most where the drive does not say it itself.
_LIMITS_C: Final = {DiskKind.HDD: 60, DiskKind.SSD: 70, DiskKind.NVME: 80, DiskKind.UNKNOWN: 60}
_WARNINGS: Final = frozenset({VolumeState.SLOW})
_WELL: Final = frozenset({VolumeState.OK, VolumeState.FORMATTING})
CHECK: Final = "Check its connection and that the drive is compatible."


def recent(faults: Iterable[VolumeFault], now_us: int) -> list[VolumeFault]:
    """The faults that count: those within the window."""
    return [fault for fault in faults if fault.utc_us > now_us - FAULT_WINDOW_S * 1_000_000]


def has_periodic_faults(volume: VolumeStatus, now_us: int) -> bool:
    """Whether a volume that works now failed so often lately that it can't be relied on."""
    return len(recent(volume.faults, now_us)) >= FAULT_THRESHOLD


def temperature_limit(state: DiskState) -> int:
    """The temperature above which the drive should not run."""
    return state.health.limit_c or _LIMITS_C[state.kind]


def volume_conditions(volumes: Sequence[VolumeStatus], now_us: int, formatting: Iterable[str]) -> Iterator[Condition]:
    """What is wrong with the volumes themselves; those being *formatting* are left out."""
    for volume in volumes:
        if volume.id in formatting:
            continue
        if volume.state not in _WELL and not (volume.state is VolumeState.READ_ONLY and volume.role is Role.READ_ONLY):
            severity = Severity.WARNING if volume.state in _WARNINGS else Severity.ALARM
            yield Condition(
                kind=f"volume_{volume.state}",
                severity=severity,
                title=f"{volume.name}: {volume.title}",
                remedy=volume.remedy,
                volume=volume.id,
            )
        elif has_periodic_faults(volume, now_us):
            yield Condition(
                kind="volume_faults",
                severity=Severity.WARNING,
                title=f"{volume.name}: the drive had {len(recent(volume.faults, now_us))} faults in the last 24 hours.",
                remedy=f"{CHECK} Format it; if formatting does not start, replace the drive.",
                volume=volume.id,
            )


def format_conditions(formats: Mapping[str, FormatState], volumes: Collection[str]) -> Iterator[Condition]:
    """Formatting that ended badly, of one of *volumes* or of a device; it is told until something is formatted again."""
    for target, state in formats.items():
        if state.progress is None:
            yield Condition(
                kind="format_failed",
                severity=Severity.WARNING,
                title=state.title if target in volumes else f"{target}: {state.title}",
                remedy=state.remedy,
                volume=target if target in volumes else None,
            )


def disk_conditions(
    volumes: Sequence[VolumeStatus], disks: dict[str, DiskState], hot_before: frozenset[str]
) -> Iterator[Condition]:
    """What is wrong with the drives under the volumes; *hot_before* are the volumes whose drive was too hot until now."""
    for volume in volumes:
        state = disks.get(volume.id)
        if state is None:
            continue
        limit = temperature_limit(state) - (COOLER_C if volume.id in hot_before else 0)
        if state.temperature_c is not None and state.temperature_c >= limit:
            yield Condition(
                kind="disk_hot",
                severity=Severity.ALARM,
                title=f"{volume.name}: the drive is too hot ({state.temperature_c} °C).",
                remedy="See that air can pass, and that the fan turns.",
                volume=volume.id,
            )
        if state.health.smart is Smart.FAILING:
            yield Condition(
                kind="disk_failing",
                severity=Severity.ALARM,
                title=f"{volume.name}: the drive says that it is failing.",
                remedy="Export what matters, then replace the drive.",
                volume=volume.id,
            )
