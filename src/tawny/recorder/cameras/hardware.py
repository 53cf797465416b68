"""Hardware addresses of cameras that tell none: from the network's own table, so that they are found after a move."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from tawny.recorder.cameras.service import Cameras
from tawny.recorder.ingest.model import CameraState, Phase


class HardwareAddresses:
    """Learns the address of each RTSP camera when its stream comes; one that is known stays.

    *neighbours* gives hardware addresses by host, for what is in our own networks.
    """

    def __init__(self, *, cameras: Cameras, neighbours: Callable[[], Mapping[str, str]]) -> None:
        self._cameras = cameras
        self._neighbours = neighbours

    def see(self, camera_id: str, state: CameraState) -> None:
        """Hear how a camera's stream does."""
        camera = self._cameras.get(camera_id)
        if camera is None or camera.device is not None or camera.identity.mac or state.phase is not Phase.ONLINE:
            return
        if mac := self._neighbours().get(camera.host):
            self._cameras.identified(camera_id, replace(camera.identity, mac=mac))
