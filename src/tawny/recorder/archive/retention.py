"""What has to go so that the rest fits."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tawny.recorder.archive.model import Segment


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How large the archive may become (None: as large as the disk lets it), and how much of the disk stays free."""

    size_bytes: int | None
    floor_bytes: int


def expired(
    oldest: Iterable[Segment], limits: Limits, *, used_bytes: int, free_bytes: int
) -> Iterator[tuple[Segment, str]]:
    """Yield of *oldest* (closed segments, oldest first over all cameras) what has to go, with the cause."""
    for segment in oldest:
        if limits.size_bytes is not None and used_bytes > limits.size_bytes:
            cause = "size_limit"
        elif free_bytes < limits.floor_bytes:
            cause = "free_space"
        else:
            return
        yield segment, cause
        used_bytes -= segment.size_bytes
        free_bytes += segment.size_bytes
