"""Where a camera may be, as a person typed it: an address, a URL, or the text of an adoption code."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tawny.recorder.cameras.requests import address
from tawny.recorder.onvif.model import DeviceAddress
from tawny.runtime.problem import Kind, Problem
from tawny.wire.onvif.answers.adoption import Invitation
from tawny.wire.onvif.answers.adoption import read as read_invitation

_INVITATION = "tawny-camera:"
_RTSP_PORTS = (554, 8554)
# where device services are found: 80 almost everywhere, 8000 (Reolink, Hikvision's SDK beside it), 8080, 2020 (Tapo),
# 8899 (cheap boards of XiongMai), 5000 (Foscam 888/88 moved), 8081
_HTTP_PORTS = (80, 8000, 8080, 2020, 8899, 888, 5000, 8081)
_TLS_PORTS = (443, 8443)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What to try. *devices* are tried for ONVIF side by side; *url* is an RTSP address that was typed.

    *hosts* are where RTSP is looked for, without a path, when no device service answers: ``rtsp://host:port``.
    """

    devices: tuple[DeviceAddress, ...] = ()
    url: str = ""
    hosts: tuple[str, ...] = ()
    user: str = ""
    password: str = field(default="", repr=False)
    invitation: Invitation | None = None

    @property
    def shown(self) -> str:
        """What to call it before it has told its name."""
        if self.url:
            return self.url
        return self.devices[0].url if len(self.devices) == 1 else self.devices[0].host if self.devices else ""


def read_target(text: str) -> Target:
    """Read what was typed; a Problem that names the field where it is nothing of the kind."""
    written = text.strip()
    if written.lower().startswith(_INVITATION):
        return _invited(written)
    scheme, separator, _ = written.partition("://")
    if separator and scheme.lower() in {"rtsp", "rtsps"}:
        return _streamed(written)
    try:
        device = DeviceAddress.parse(written)
    except ValueError as error:
        raise _unreadable(str(error)) from None
    if separator:
        return Target(devices=(device,))
    return _typed(written, device)


def _typed(written: str, device: DeviceAddress) -> Target:
    """A host alone, or with a port that may be of either protocol."""
    bare = replace(device, port=80, secure=False)
    if device.authority == bare.authority and not written.endswith(":80"):
        return Target(devices=tuple(_all_ports(bare)), hosts=tuple(_rtsp(bare.host, port) for port in _RTSP_PORTS))
    if device.port in _RTSP_PORTS:
        return Target(hosts=(_rtsp(device.host, device.port),))
    return Target(
        devices=(device, replace(device, secure=not device.secure)),
        hosts=(_rtsp(device.host, device.port), _rtsp(device.host, _RTSP_PORTS[0])),
    )


def _all_ports(device: DeviceAddress) -> Iterator[DeviceAddress]:
    yield from (replace(device, port=port) for port in _HTTP_PORTS)
    yield from (replace(device, port=port, secure=True) for port in _TLS_PORTS)


def _rtsp(host: str, port: int) -> str:
    written = f"[{host.replace('%', '%25')}]" if ":" in host else host
    return f"rtsp://{written}" if port == _RTSP_PORTS[0] else f"rtsp://{written}:{port}"


def _streamed(written: str) -> Target:
    found = address(written, name="address")
    _, _, rest = found.url.partition("://")
    bare = "/" not in rest.rstrip("/") and "?" not in rest
    hosts = (found.url.rstrip("/"),) if bare and found.url.startswith("rtsp:") else ()
    return Target(url=found.url, hosts=hosts, user=found.user, password=found.password)


def _invited(written: str) -> Target:
    try:
        invitation = read_invitation(written)
        device = DeviceAddress.parse(invitation.address)
    except ValueError as error:
        raise _unreadable(str(error)) from None
    return Target(devices=(device,), invitation=invitation)


def _unreadable(reason: str) -> Problem:
    return Problem(
        Kind.INVALID,
        f"{reason[:1].upper()}{reason[1:]}.",
        remedy="An address looks like 192.168.1.20, 192.168.1.20:8000 or rtsp://192.168.1.20:554/stream1.",
        field="address",
    )
