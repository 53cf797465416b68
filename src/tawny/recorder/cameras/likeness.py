"""Whether a camera that was met is one of those that are kept: by who it is, else by where it is."""

from collections.abc import Iterable

from tawny.recorder.cameras.model import Access, Camera
from tawny.recorder.onvif.model import Identity


def added_as(access: Access, cameras: Iterable[Camera]) -> Camera | None:
    """The camera that *access* leads to, where it is kept already."""
    return next((camera for camera in cameras if _same(access, camera)), None)


def same_device(mine: Identity, theirs: Identity) -> bool:
    """Whether both are surely one device: something that lasts is the same, and nothing is another.

    A serial number counts with its make alone: cheap boards all have the same.
    """
    if not mine.same_device(theirs):
        return False
    serials = mine.serial and mine.make and (mine.serial, mine.make) == (theirs.serial, theirs.make)
    return bool(_alike(mine.uuid, theirs.uuid) or _alike(mine.mac, theirs.mac) or serials)


def _same(access: Access, camera: Camera) -> bool:
    if access.device is not None and camera.device is not None:
        channels = access.device.channel == camera.device.channel
        here = access.device.address == camera.device.address and access.identity.same_device(camera.identity)
        return channels and (here or same_device(access.identity, camera.identity))
    return access.url == camera.url


def _alike(mine: str, theirs: str) -> bool:
    return bool(mine) and mine.lower() == theirs.lower()
