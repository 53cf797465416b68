"""What the routes work with, put together by `tawny.hub.main`."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from tawny.hub.access.model import SignedIn, Visitor
from tawny.hub.access.service import Access
from tawny.hub.servers.changes import Changes
from tawny.hub.servers.link import Link
from tawny.hub.servers.live import LiveStreams
from tawny.hub.shares.service import Shares
from tawny.runtime.clock import Clock

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, kw_only=True)
class Front:
    """How browsers reach us: the names we answer to, whether by HTTPS, and what we show them.

    With *any_address* a request may name us by any IP address: a page of somebody else can rebind a name to us,
    never an address.
    """

    names: frozenset[str] = LOOPBACK_NAMES
    any_address: bool = False
    https: bool = False
    web: Path | None = None
    authority: Path | None = None

    @property
    def cookie(self) -> str:
        """The session cookie's name; the prefix makes browsers insist on HTTPS, this host and the whole site."""
        return "__Host-tawny" if self.https else "tawny"

    def answers_to(self, name: str) -> bool:
        return name.lower().rstrip(".") in self.names or (self.any_address and _address(name) is not None)


@dataclass(frozen=True, kw_only=True)
class Parts:
    """Everything the routes need."""

    access: Access
    shares: Shares
    link: Link
    live: LiveStreams
    changes: Changes
    clock: Clock
    front: Front


def parts_of(connection: HTTPConnection) -> Parts:
    parts: Parts = connection.app.state.parts
    return parts


def signed_in(connection: HTTPConnection) -> SignedIn:
    """Who asks; the guard has let nobody else through to the routes that use this."""
    person: SignedIn = connection.state.signed_in
    return person


def visitor_of(connection: HTTPConnection) -> Visitor:
    return Visitor(
        address=connection.client.host if connection.client else "",
        user_agent=connection.headers.get("user-agent", ""),
        token=connection.cookies.get(parts_of(connection).front.cookie),
    )


def _address(name: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(name)
    except ValueError:
        return None


UsesParts = Annotated[Parts, Depends(parts_of)]
AsPerson = Annotated[SignedIn, Depends(signed_in)]
FromVisitor = Annotated[Visitor, Depends(visitor_of)]
