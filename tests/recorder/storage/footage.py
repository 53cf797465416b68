"""Footage that is only told of: sizes by camera, volume and time, and volumes with round figures."""

from dataclasses import dataclass
from pathlib import Path

from tawny.recorder.archive.model import Role, VolumeState, VolumeStatus

NOON_US = 1_795_348_800_000_000  # 2026-11-22T12:00:00Z, when a simulated clock begins
HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
GATE, YARD = "cam_gate", "cam_yard"
FIRST, SECOND = "vol_first", "vol_second"


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Footage of one camera on one volume."""

    camera: str
    volume: str
    from_us: int
    to_us: int
    size_bytes: int


class FakeSizes:
    """Sums over pieces, as the index does over segments."""

    def __init__(self, *pieces: Piece) -> None:
        self.pieces = list(pieces)
        self.refusal: OSError | None = None

    def size(self, *, from_us: int, to_us: int, camera: str | None = None, volume: str | None = None) -> int:
        if self.refusal is not None:
            raise self.refusal
        return sum(
            piece.size_bytes
            for piece in self.pieces
            if camera in {None, piece.camera}
            and volume in {None, piece.volume}
            and piece.from_us < to_us
            and piece.to_us > from_us
        )

    def cameras(self) -> list[str]:
        if self.refusal is not None:
            raise self.refusal
        return sorted({piece.camera for piece in self.pieces})


def days_of(camera: str, days: int, *, volume: str = FIRST, day_bytes: int = 1_000_000_000) -> list[Piece]:
    """One piece for each of the last *days*."""
    return [
        Piece(
            camera=camera,
            volume=volume,
            from_us=NOON_US - (day + 1) * DAY_US,
            to_us=NOON_US - day * DAY_US,
            size_bytes=day_bytes,
        )
        for day in range(days)
    ]


def volume(
    name: str = FIRST,
    *,
    path: Path = Path("/nowhere"),
    state: VolumeState = VolumeState.OK,
    role: Role = Role.RECORD,
    total_bytes: int = 100_000_000_000,
    free_bytes: int = 60_000_000_000,
    archive_bytes: int = 40_000_000_000,
    oldest_us: int | None = NOON_US - 40 * DAY_US,
) -> VolumeStatus:
    return VolumeStatus(
        id=name,
        name="Drive 1",
        path=path,
        role=role,
        state=state,
        title="",
        remedy="",
        total_bytes=total_bytes,
        free_bytes=free_bytes,
        archive_bytes=archive_bytes,
        oldest_us=oldest_us,
        faults=(),
        unsynced_s=0.0,
    )
