"""The devices of one camera program: made from its streams, and what is kept of them."""

import logging
import os
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid5

from tawny.camera.onvif.device import Device, Surroundings
from tawny.camera.onvif.discovery import Discovery
from tawny.camera.onvif.model import Channel, Identity, channels_of
from tawny.camera.onvif.users import Users
from tawny.camera.pacing import LiveStream
from tawny.runtime.problem import Kind, Problem
from tawny.wire.onvif.answers.device import Make

_log = logging.getLogger(__name__)

FIRMWARE = "1.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnvifListening:
    """Where devices answer: the first on *port*, the others on those that follow (0: any that are free).

    *identity* is the id that all devices' own ones are made from; with *together* there is one device with a channel
    for each place.
    """

    host: str
    port: int
    identity: UUID
    users: Users
    together: bool


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
        """Have the devices answer; the addresses of their device services. Raises OSError where a port is taken."""
        given, addresses = self._listening, []
        for number, group in enumerate(self._groups):
            device = Device(identity_of(group, given.identity), group, given.users, surroundings)
            self._devices.append(device)
            port = await device.listen(given.host, given.port + number if given.port else 0)
            addresses.append(f"http://{bracketed(given.host)}:{port}/onvif/device_service")
        await self._announce(addresses, surroundings)
        return addresses

    async def _announce(self, addresses: Sequence[str], surroundings: Surroundings) -> None:
        """Be found; where that can't be, the devices are there for who knows their addresses."""
        endpoints = [device.endpoint(address) for device, address in zip(self._devices, addresses, strict=True)]
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
    make = Make(manufacturer="Tawny", model="Camera", firmware=FIRMWARE, serial=own.hex[:12].upper(), hardware="drawn")
    return Identity(uuid=own, name=title, make=make)
