"""Shares in a database (SQLite by default), by SQLAlchemy."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from tawny.hub.adapters.tables import share_openings, shares
from tawny.hub.shares.model import Opening, Share
from tawny.hub.shares.ports import MAX_OPENINGS


class SqlShares:
    """The port `shares.ports.Store` on a database that its owner closes.

    Invariant: each method is one transaction.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def add(self, share: Share) -> None:
        await self._write(insert(shares).values({name: getattr(share, name) for name in Share.__slots__}))

    async def all(self) -> Sequence[tuple[Share, Sequence[Opening]]]:
        newest = select(shares).order_by(shares.c.made_us.desc(), shares.c.id)
        async with self._engine.connect() as connection:
            found = [Share(**row._mapping) for row in await connection.execute(newest)]
            return [(share, await self._openings(connection, share.id)) for share in found]

    async def by_id(self, share: str) -> Share | None:
        return await self._share(shares.c.id == share)

    async def by_secret(self, secret_hash: bytes) -> Share | None:
        return await self._share(shares.c.secret_hash == secret_hash)

    async def revoke(self, share: str, *, at_us: int) -> None:
        await self._revoke(shares.c.id == share, at_us)

    async def revoke_of(self, export: str, *, at_us: int) -> None:
        await self._revoke(shares.c.export == export, at_us)

    async def add_opening(self, opening: Opening) -> None:
        values = {name: getattr(opening, name) for name in Opening.__slots__}
        await self._write(insert(share_openings).values(values))

    async def opening(self, token_hash: bytes) -> Opening | None:
        async with self._engine.connect() as connection:
            wanted = select(share_openings).where(share_openings.c.token_hash == token_hash)
            row = (await connection.execute(wanted)).first()
        return None if row is None else Opening(**row._mapping)

    async def forget_ended(self, *, before_us: int) -> None:
        ended = select(shares.c.id).where((shares.c.expires_us < before_us) | (shares.c.revoked_us < before_us))
        async with self._engine.begin() as connection:
            gone = [row[0] for row in await connection.execute(ended)]
            await connection.execute(delete(share_openings).where(share_openings.c.share.in_(gone)))
            await connection.execute(delete(shares).where(shares.c.id.in_(gone)))

    async def _openings(self, connection: Any, share: str) -> list[Opening]:
        newest = select(share_openings).where(share_openings.c.share == share)
        newest = newest.order_by(share_openings.c.at_us.desc(), share_openings.c.token_hash).limit(MAX_OPENINGS)
        return [Opening(**row._mapping) for row in await connection.execute(newest)]

    async def _share(self, condition: Any) -> Share | None:
        async with self._engine.connect() as connection:
            row = (await connection.execute(select(shares).where(condition))).first()
        return None if row is None else Share(**row._mapping)

    async def _revoke(self, condition: Any, at_us: int) -> None:
        await self._write(update(shares).where(condition, shares.c.revoked_us.is_(None)).values(revoked_us=at_us))

    async def _write(self, statement: Any) -> None:
        async with self._engine.begin() as connection:
            await connection.execute(statement)
