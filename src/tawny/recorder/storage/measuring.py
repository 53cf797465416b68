"""How much is held, and how much a day brings: walks through the index, done in a thread every few minutes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tawny.recorder.archive.model import Role, VolumeState, VolumeStatus
from tawny.recorder.archive.ports import Space
from tawny.recorder.archive.volume import default_floor
from tawny.recorder.storage.depth import Sizes
from tawny.recorder.storage.forecast import DAY_US
from tawny.recorder.storage.holds import Hold
from tawny.recorder.storage.leases import by_camera

_IN_USE = frozenset({VolumeState.OK, VolumeState.SLOW, VolumeState.FULL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Figures of one moment, in bytes: of each hold by its id, of what is held on each volume, of the last 24 hours by camera."""

    holds: Mapping[str, int] = field(default_factory=dict)
    held: Mapping[str, int] = field(default_factory=dict)
    day: Mapping[str, int] = field(default_factory=dict)


def measure(sizes: Sizes, holds: Sequence[Hold], volumes: Sequence[str], *, now_us: int) -> Measures:
    """Measure what the active *holds* hold on *volumes*. OSError where the index can't be read."""
    return Measures(
        holds={hold.id: hold_bytes(sizes, hold) for hold in holds},
        held={volume: held_bytes(sizes, holds, volume) for volume in volumes},
        day={camera: sizes.size(from_us=now_us - DAY_US, to_us=now_us, camera=camera) for camera in sizes.cameras()},
    )


def hold_bytes(sizes: Sizes, hold: Hold, volume: str | None = None) -> int:
    """What one hold keeps (on *volume*)."""
    from_us, to_us = hold.kept
    return sum(sizes.size(from_us=from_us, to_us=to_us, camera=camera, volume=volume) for camera in hold.cameras)


def held_bytes(sizes: Sizes, holds: Sequence[Hold], volume: str) -> int:
    """What all *holds* together keep on *volume*; what two of them hold counts once."""
    ranges = by_camera((hold.cameras, hold.kept) for hold in holds)
    return sum(
        sizes.size(from_us=kept.from_us, to_us=kept.to_us, camera=camera, volume=volume)
        for camera, found in ranges.items()
        for kept in found
    )


def recording(volumes: Sequence[VolumeStatus]) -> list[VolumeStatus]:
    """Those that take what is recorded now."""
    return [volume for volume in volumes if volume.role is Role.RECORD and volume.state in _IN_USE]


def room_bytes(volume: VolumeStatus) -> int:
    """What may still be written to *volume* before something has to go."""
    space = Space(total_bytes=volume.total_bytes, free_bytes=volume.free_bytes)
    return max(0, volume.free_bytes - default_floor(space))


def quota_bytes(volume: VolumeStatus) -> int:
    """What may be held on *volume* before a new hold is refused: half of it."""
    return volume.total_bytes // 2
