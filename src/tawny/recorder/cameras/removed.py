"""Removed cameras of which footage is left: their archive stays, and can be played."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from tawny.recorder.cameras.model import RemovedCamera
from tawny.recorder.cameras.service import Cameras
from tawny.wire.moments import rfc3339

_UNKNOWN = "Removed camera"  # its name was not kept by the Tawny that removed it


class Footage(NamedTuple):
    """What is left of a camera."""

    oldest_us: int
    newest_us: int
    size_bytes: int


class Archive(Protocol):
    """What knows what is left."""

    def footage(self) -> Mapping[str, Footage]:
        """What is left of each camera, by its id; OSError where that can't be told just now. It may block."""
        ...


def removed_cameras(cameras: Cameras, footage: Mapping[str, Footage]) -> list[dict[str, Any]]:
    """The removed cameras with footage, the latest removed first, as JSON."""
    known = {gone.id: gone for gone in cameras.removed()}
    left = {camera: found for camera, found in footage.items() if cameras.get(camera) is None}
    listed = [known.get(camera) or _stranger(camera, found) for camera, found in left.items()]
    return [_document(gone, left[gone.id]) for gone in sorted(listed, key=lambda gone: (-gone.removed_us, gone.id))]


def _stranger(camera: str, found: Footage) -> RemovedCamera:
    """A camera whose name nobody kept: removed before names were, or of an adopted disk."""
    return RemovedCamera(id=camera, name=_UNKNOWN, added_us=found.oldest_us, removed_us=found.newest_us)


def _document(gone: RemovedCamera, found: Footage) -> dict[str, Any]:
    return {
        "id": gone.id,
        "name": gone.name,
        "added_at": rfc3339(gone.added_us),
        "removed_at": rfc3339(gone.removed_us),
        "oldest": rfc3339(found.oldest_us),
        "newest": rfc3339(found.newest_us),
        "bytes": found.size_bytes,
    }
