"""What the cameras' keeper tells others to do, and asks them."""

from collections.abc import Mapping
from typing import Protocol

from tawny.recorder.archive.model import GapReason
from tawny.recorder.cameras.model import Camera
from tawny.recorder.ingest.model import CameraSource, CameraState, StreamStatus
from tawny.recorder.ingest.troubles import Failure
from tawny.recorder.onvif.model import DeviceState
from tawny.wire.media import StreamName


class Ingest(Protocol):
    """What connects to cameras' streams. Every method returns at once."""

    def set_camera(self, source: CameraSource) -> None:
        """Connect to *source*, instead of what was set for its camera before."""
        ...

    def remove_camera(self, camera: str, *, reason: GapReason) -> None:
        """Disconnect; the archive notes *reason*. Nothing happens where the camera is not set."""
        ...

    def refuse(self, camera: str, problem: Failure) -> None:
        """Leave a camera because of *problem*, which is its state until it is set again."""
        ...

    def state(self, camera: str) -> CameraState:
        """Where the camera stands; of one that is not set, that it is disabled."""
        ...

    def streams(self, camera: str) -> Mapping[StreamName, StreamStatus | None]:
        """What each stream delivers just now."""
        ...


class Devices(Protocol):
    """What holds the ONVIF side of cameras. Every method returns at once."""

    def set_camera(self, camera: Camera) -> None:
        """Hold the ONVIF side of *camera* (where it has one), as it is kept now."""
        ...

    def remove_camera(self, camera_id: str) -> None:
        """Let go of it; nothing happens where there is none."""
        ...

    def accept(self, camera_id: str, what: str) -> None:
        """Take what is there now for right: *what* is "certificate" or "identity"."""
        ...

    def state(self, camera_id: str) -> DeviceState:
        """Where the ONVIF side stands."""
        ...

    def clock_offset_s(self, camera_id: str) -> float | None:
        """The camera's clock minus ours; None where it is not known."""
        ...
