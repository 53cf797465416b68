"""Messages to a device and back: the ports to what carries them."""

from dataclasses import dataclass
from typing import Protocol

from tawny.recorder.onvif.model import DeviceAddress
from tawny.wire.auth import Challenge


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """What came back. *date_us* is the time that its Date header tells, *location* where a redirect leads."""

    status: int
    body: bytes = b""
    challenges: tuple[Challenge, ...] = ()
    location: str = ""
    date_us: int | None = None
    retry_after_s: int | None = None


class Transport(Protocol):
    """A way to one host, whose address was found out once."""

    @property
    def certificate(self) -> str:
        """The SHA-256 of the certificate that was shown, hexadecimal; empty without TLS."""
        ...

    @property
    def shown(self) -> bytes:
        """That certificate (DER); empty without TLS."""
        ...

    @property
    def host(self) -> str:
        """The numeric address that is connected to."""
        ...

    async def post(
        self, path: str, body: bytes, *, action: str, authorization: str = "", timeout_s: float, port: int | None = None
    ) -> HttpAnswer:
        """Send a SOAP message and wait for the whole answer; a redirect is an answer too; raises DeviceError.

        *port* is another one of the same host than that of the address.
        """
        ...

    async def close(self) -> None:
        """Close every connection; whoever waits for an answer gets a DeviceError."""
        ...


class Dialler(Protocol):
    """Who makes a way to a device."""

    async def dial(self, address: DeviceAddress, *, fingerprint: str = "") -> Transport:
        """Find out the address and connect once, to see that somebody is there; raises DeviceError.

        Over TLS nothing is sent to who shows another certificate than *fingerprint*.
        """
        ...
