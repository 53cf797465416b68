"""A camera that has another address now: what changes of it."""

from dataclasses import replace
from urllib.parse import urlsplit, urlunsplit

from tawny.recorder.cameras.model import Camera


def moved(camera: Camera, host: str, port: int | None = None) -> Camera:
    """*camera* at *host*: its streams keep their ports, unless it has no ONVIF side and *port* is given."""
    device, streams_port = camera.device, port
    if device is not None:
        streams_port = None
        device = replace(device, address=replace(device.address, host=host, port=port or device.address.port))
    url, sub_url = (_at(each, host, streams_port) for each in (camera.url, camera.sub_url))
    return replace(camera, device=device, url=url, sub_url=sub_url)


def _at(url: str, host: str, port: int | None) -> str:
    if not url:
        return url
    parts = urlsplit(url)
    port = port or parts.port
    # a zone's percent sign is escaped in a URL (RFC 6874)
    written = f"[{host.replace('%25', '%').replace('%', '%25')}]" if ":" in host else host
    return urlunsplit(parts._replace(netloc=f"{written}:{port}" if port else written))
