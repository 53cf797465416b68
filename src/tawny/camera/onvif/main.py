"""The devices of one camera program: made from its streams, and what is kept of them."""

import errno
import logging
import os
import re
import secrets
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid5

from tawny.camera.live import LiveStream
from tawny.camera.onvif.device import Device, Surroundings
from tawny.camera.onvif.discovery import Discovery, reachable
from tawny.camera.onvif.model import Channel, Identity, channels_of
from tawny.camera.onvif.users import Users
from tawny.runtime.problem import Kind, Problem
from tawny.wire.onvif.answers import adoption
from tawny.wire.onvif.answers.adoption import Invitation
from tawny.wire.onvif.answers.device import Make
from tawny.wire.onvif.discovery import Endpoint

_log = logging.getLogger(__name__)

FIRMWARE = "1.0"
_LAST_PORT = 65_535


@dataclass(frozen=True, slots=True, kw_only=True)
class OnvifListening:
    """Where devices answer: the first on *port*, over TLS on the next, and so on (0: any that are free).

    *identity* is the id that all devices' own ones are made from; with *together* there is one device with a channel
    for each place. *fingerprint* is that of the certificate in *tls*.
    """

    host: str
    port: int
    identity: UUID
    users: Users
    together: bool
    tls: ssl.SSLContext = field(repr=False)
    fingerprint: str


def default_directory() -> Path:
    """Where a camera of this user keeps who it is."""
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "tawny" / "camera"


def read_identity(directory: Path) -> UUID:
    """The id that is kept in *directory*, made at the first start."""
    path = directory / "identity"
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            path.write_text(str(UUID(bytes=secrets.token_bytes(16), version=4)) + "\n")
        return UUID(path.read_text().strip())
    except (OSError, ValueError) as error:
        raise Problem(
            Kind.CONFLICT, f"The camera's identity can't be read from {path}.", remedy="Give another --data directory."
        ) from error


class Devices:
    """All devices of a camera program, from `listen` to `close`."""

    def __init__(self, streams: Mapping[str, LiveStream], listening: OnvifListening) -> None:
        channels = channels_of(streams)
        self._groups = [channels] if listening.together else [[channel] for channel in channels]
        self._listening = listening
        self._devices: list[Device] = []
        self._discovery: Discovery | None = None

    async def listen(self, surroundings: Surroundings) -> list[str]:
        """Have the devices answer; the addresses of their device services, then what adopts those without users.

        Raises OSError where a port is taken.
        """
        endpoints = [
            await self._listen(
                Device(identity_of(group, self._listening.identity), group, self._listening.users, surroundings)
            )
            for group in self._groups
        ]
        await self._announce(endpoints, surroundings)
        addresses = [endpoint.addresses[0] for endpoint in endpoints]
        return [*addresses, *(self._invitation(endpoint) for endpoint in endpoints if self._listening.users.code)]

    async def _listen(self, device: Device) -> Endpoint:
        given = self._listening
        first = given.port + 2 * len(self._devices) if given.port else 0
        if first >= _LAST_PORT:
            raise OSError(errno.EADDRNOTAVAIL, os.strerror(errno.EADDRNOTAVAIL))
        self._devices.append(device)
        device.news = lambda here: self._tell(device, here=here)
        port = await device.listen(given.host, first)
        secure = await device.listen(given.host, first + 1 if first else 0, tls=given.tls)
        host = bracketed(given.host)
        return device.endpoint(
            f"http://{host}:{port}/onvif/device_service", f"https://{host}:{secure}/onvif/device_service"
        )

    def _tell(self, device: Device, *, here: bool) -> None:
        """Tell the network that *device* goes or, as it is now, is there."""
        if self._discovery is not None and here:
            self._discovery.come(device.endpoint())
        elif self._discovery is not None:
            self._discovery.go(device.endpoint())

    def _invitation(self, endpoint: Endpoint) -> str:
        invitation = Invitation(
            address=reachable(endpoint.addresses[1]),
            reference=endpoint.reference.removeprefix("urn:uuid:"),
            fingerprint=self._listening.fingerprint,
            code=self._listening.users.code,
        )
        return adoption.write(invitation)

    async def _announce(self, endpoints: Sequence[Endpoint], surroundings: Surroundings) -> None:
        """Be found; where that can't be, the devices are there for who knows their addresses."""
        self._discovery = Discovery(
            endpoints, clock=surroundings.clock, message_id=lambda: f"urn:uuid:{UUID(bytes=secrets.token_bytes(16))}"
        )
        try:
            await self._discovery.listen("127.0.0.1" if self._listening.host == "localhost" else self._listening.host)
        except OSError as error:
            _log.warning("the camera can't be found by WS-Discovery here: %s", error)

    def flip_input(self) -> None:
        """Flip the digital input of each device."""
        for device in self._devices:
            device.happenings.flip_input()

    def cover(self) -> None:
        """Cover, or uncover, the lenses of each device."""
        for device in self._devices:
            device.happenings.cover()

    def close(self) -> None:
        """Answer nobody any more."""
        if self._discovery is not None:
            self._discovery.close()
        for device in self._devices:
            device.close()


def bracketed(host: str) -> str:
    """*host* as addresses spell it."""
    return f"[{host}]" if ":" in host else host


def identity_of(channels: Sequence[Channel], base: UUID) -> Identity:
    names = [channel.token for channel in channels]
    own = uuid5(base, "/".join(names))
    title = "Tawny " + (re.sub(r"[_-]", " ", names[0]) if len(names) == 1 else f"{len(names)} channels")
    hardware = "webcam" if any(channel.captured for channel in channels) else "drawn"
    make = Make(manufacturer="Tawny", model="Camera", firmware=FIRMWARE, serial=own.hex[:12].upper(), hardware=hardware)
    return Identity(uuid=own, name=title, make=make)
