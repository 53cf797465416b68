"""What shares need from outside: a store."""

from collections.abc import Sequence
from typing import Protocol

from tawny.hub.shares.model import Opening, Share


class Store(Protocol):
    """Shares and their openings, kept durably. What a method wrote is on disk when it returns."""

    async def add(self, share: Share) -> None:
        """Keep a new share."""
        ...

    async def all(self) -> Sequence[tuple[Share, Sequence[Opening]]]:
        """Every share, the newest first, each with its openings, the newest first, at most `MAX_OPENINGS` of them."""
        ...

    async def by_id(self, share: str) -> Share | None:
        """The share of that id."""
        ...

    async def by_secret(self, secret_hash: bytes) -> Share | None:
        """The share with that secret's hash, whether it has ended or not."""
        ...

    async def revoke(self, share: str, *, at_us: int) -> None:
        """End a share; nothing happens where it was revoked before."""
        ...

    async def revoke_of(self, export: str, *, at_us: int) -> None:
        """End every share of an export."""
        ...

    async def add_opening(self, opening: Opening) -> None:
        """Keep an opening."""
        ...

    async def opening(self, token_hash: bytes) -> Opening | None:
        """The opening with that token's hash, whether it has ended or not."""
        ...

    async def forget_ended(self, *, before_us: int) -> None:
        """Forget the shares that expired or were revoked before that moment, and their openings."""
        ...


MAX_OPENINGS = 100
