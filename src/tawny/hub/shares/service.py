"""The use cases of shares: make a link, open it, fetch by it, withdraw it."""

import secrets
from collections.abc import Callable, Sequence

from tawny.hub.access.decisions import neighbourhood
from tawny.hub.access.model import Visitor
from tawny.hub.access.ports import Passwords
from tawny.hub.access.throttle import Rate, Throttle
from tawny.hub.shares import decisions
from tawny.hub.shares.model import Opening, Share
from tawny.hub.shares.ports import Store
from tawny.runtime.clock import Clock
from tawny.runtime.ids import new_id
from tawny.runtime.problem import Kind, Problem

PER_ADDRESS = Rate(burst=20, every_s=3)
PER_SHARE = Rate(burst=10, every_s=6)  # guesses of one link's password, from wherever they come
_MAX_AGENT = 200
Random = Callable[[int], bytes]


class Shares:
    """Links to exports.

    Invariants: neither a link's secret nor its password is stored; nothing is fetched by a share that has expired or was
    revoked, however long ago it was opened; each opening is kept before its holder can fetch.
    """

    def __init__(
        self, *, store: Store, passwords: Passwords, clock: Clock, random_bytes: Random = secrets.token_bytes
    ) -> None:
        self._store = store
        self._passwords = passwords
        self._clock = clock
        self._random = random_bytes
        self._throttle = Throttle(clock)

    async def make(
        self, export: str, *, by: str, expires_us: int, export_ends_us: int, password: str | None, note: str
    ) -> tuple[Share, str]:
        """A new share, and its secret, which is told this once."""
        now_us = self._clock.utc_us()
        decisions.check_expiry(expires_us, now_us=now_us, export_ends_us=export_ends_us)
        await self._store.forget_ended(before_us=decisions.forgotten(now_us))
        secret = self._random(32).hex()
        share = Share(
            id=new_id("shr"),
            secret_hash=decisions.secret_hash(secret),
            export=export,
            note=note,
            made_by=by,
            made_us=now_us,
            expires_us=expires_us,
            revoked_us=None,
            password_hash=await self._passwords.hash(password) if password else None,
        )
        await self._store.add(share)
        return share, secret

    async def all(self) -> Sequence[tuple[Share, Sequence[Opening]]]:
        """Every share, the newest first, with its newest openings."""
        return await self._store.all()

    async def revoke(self, share: str) -> None:
        """Withdraw a link; whoever has it open is stopped too."""
        if await self._store.by_id(share) is None:
            raise Problem(Kind.NOT_FOUND, "There is no such link.")
        await self._store.revoke(share, at_us=self._clock.utc_us())

    async def revoke_of(self, export: str) -> None:
        """Withdraw every link to an export."""
        await self._store.revoke_of(export, at_us=self._clock.utc_us())

    async def admit(self, secret: str, password: str | None, visitor: Visitor) -> Share:
        """The share that *secret* opens; Problem where it opens none, or the password is not right."""
        near = (f"address {neighbourhood(visitor.address)}", PER_ADDRESS)
        self._take(near)
        share = await self._store.by_secret(decisions.secret_hash(secret))
        if share is None or not decisions.usable(share, now_us=self._clock.utc_us()):
            raise decisions.no_such_link()
        if share.password_hash is not None:
            await self._check_password(share, share.password_hash, password)
        self._throttle.give_back(near)
        return share

    async def open(self, share: Share, visitor: Visitor) -> str:
        """Keep that *visitor* opened *share*; what lets them fetch its files from now on."""
        token = self._random(32).hex()
        opening = Opening(
            share=share.id,
            token_hash=decisions.secret_hash(token),
            at_us=self._clock.utc_us(),
            address=visitor.address,
            agent="".join(c for c in visitor.user_agent if c.isprintable())[:_MAX_AGENT],
        )
        await self._store.add_opening(opening)
        return token

    async def visited(self, token: str | None) -> Share:
        """The share whose files the holder of *token* may fetch."""
        now_us = self._clock.utc_us()
        opening = await self._store.opening(decisions.secret_hash(token)) if token else None
        if opening is None or not decisions.visiting(opening, now_us=now_us):
            raise Problem(
                Kind.UNAUTHENTICATED, "The link has to be opened first.", remedy="Open it again, then fetch the file."
            )
        share = await self._store.by_id(opening.share)
        if share is None or not decisions.usable(share, now_us=now_us):
            raise decisions.no_such_link()
        return share

    async def _check_password(self, share: Share, kept: str, password: str | None) -> None:
        if not password:
            raise Problem(Kind.FORBIDDEN, "This link asks for a password.", field="password")
        bucket = (f"share {share.id}", PER_SHARE)
        self._take(bucket)
        if not await self._passwords.verify(password, kept):
            raise Problem(Kind.FORBIDDEN, "That is not the password of this link.", field="password")
        self._throttle.give_back(bucket)

    def _take(self, bucket: tuple[str, Rate]) -> None:
        wait_s = self._throttle.take(bucket)
        if wait_s > 0:
            seconds = int(wait_s) + 1
            unit = "second" if seconds == 1 else "seconds"
            raise Problem(Kind.TOO_MANY, f"Too many attempts. Try again in {seconds} {unit}.", retry_after_s=seconds)
