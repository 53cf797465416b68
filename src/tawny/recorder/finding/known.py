"""The cameras that were added, as finding knows them."""

from urllib.parse import urlsplit

from tawny.recorder.cameras.model import Camera
from tawny.recorder.finding.model import Kind, KnownCamera, bare_mac, bare_uuid
from tawny.recorder.ingest.model import CameraState, Phase

_RTSP_PORT = 554


def known(camera: Camera, state: CameraState) -> KnownCamera:
    """*camera* with what finding needs; one that is enabled and not online counts as unreachable.

    Whatever the reason: where another device took its address, that one refuses our password.
    """
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
        unreachable=camera.enabled and state.phase is Phase.WAITING,
    )


def _rtsp_port(url: str) -> int:
    try:
        return urlsplit(url).port or _RTSP_PORT
    except ValueError:
        return _RTSP_PORT
