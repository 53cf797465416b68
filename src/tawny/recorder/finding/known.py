"""The cameras that were added, as finding knows them."""

from urllib.parse import urlsplit

from tawny.recorder.cameras.model import Camera
from tawny.recorder.finding.model import Kind, KnownCamera, bare_mac, bare_uuid
from tawny.recorder.ingest.model import CameraState, Phase
from tawny.recorder.onvif.model import DevicePhase, DeviceState, DeviceTrouble

_RTSP_PORT = 554


_AWAY = frozenset({DeviceTrouble.ADDRESS, DeviceTrouble.UNREACHABLE, DeviceTrouble.SILENT, DeviceTrouble.NOT_ONVIF})


def known(camera: Camera, state: CameraState, device: DeviceState | None = None) -> KnownCamera:
    """*camera* with what finding needs; one whose stream does not come counts as unreachable.

    Whatever the reason: where another device took its address, that one refuses our password. So does one whose ONVIF
    side (*device*) does not answer.
    """
    waiting = device is not None and device.phase is DevicePhase.WAITING and device.kind in _AWAY
    identity = camera.identity
    return KnownCamera(
        id=camera.id,
        name=camera.name,
        kind=Kind.ONVIF if camera.device is not None else Kind.RTSP,
        host=camera.host,
        port=camera.device.address.port if camera.device is not None else _rtsp_port(camera.url),
        uuid=bare_uuid(identity.uuid),
        serial=identity.serial,
        mac=bare_mac(identity.mac),
        unreachable=camera.enabled and (state.phase is Phase.WAITING or waiting),
        streaming=state.phase is Phase.ONLINE,
    )


def _rtsp_port(url: str) -> int:
    try:
        return urlsplit(url).port or _RTSP_PORT
    except ValueError:
        return _RTSP_PORT
