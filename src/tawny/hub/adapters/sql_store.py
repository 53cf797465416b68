"""People and sessions in a database (SQLite by default), by SQLAlchemy."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Row, delete, event, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from tawny.hub.access.decisions import name_key
from tawny.hub.access.model import Person, Session
from tawny.hub.adapters.tables import owners, people, sessions, setup_codes

_PERSON = (people.c.id, people.c.name, people.c.password_hash, people.c.created_us)


def sqlite_engine(path: Path) -> AsyncEngine:
    """An engine on the SQLite file at *path*: write-ahead log, each commit on disk."""
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}")
    event.listen(engine.sync_engine, "connect", _prepare)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for setting in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 5000"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


class SqlStore:
    """The port `access.ports.Store` on a database that its owner closes.

    Invariant: each method is one transaction; the row of `owners` decides who of two became owner.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def owner(self) -> Person | None:
        return _person(await self._row(select(*_PERSON).join(owners, owners.c.person == people.c.id)))

    async def person(self, person: str) -> Person | None:
        return _person(await self._row(select(*_PERSON).where(people.c.id == person)))

    async def person_named(self, name: str) -> Person | None:
        return _person(await self._row(select(*_PERSON).where(people.c.name_key == name_key(name))))

    async def add_owner(self, person: Person) -> bool:
        values = {
            "id": person.id,
            "name": person.name,
            "name_key": name_key(person.name),
            "password_hash": person.password_hash,
            "created_us": person.created_us,
        }
        try:
            async with self._engine.begin() as connection:
                await connection.execute(insert(people).values(values))
                await connection.execute(insert(owners).values(place=1, person=person.id))
                await connection.execute(delete(setup_codes))
        except IntegrityError:
            return False
        return True

    async def set_password(self, person: str, password_hash: str) -> None:
        async with self._engine.begin() as connection:
            await connection.execute(update(people).where(people.c.id == person).values(password_hash=password_hash))
            await connection.execute(delete(sessions).where(sessions.c.person == person))

    async def rename(self, person: str, name: str) -> None:
        values = {"name": name, "name_key": name_key(name)}
        await self._write(update(people).where(people.c.id == person).values(values))

    async def add_session(self, session: Session) -> None:
        values = {name: getattr(session, name) for name in Session.__slots__}
        await self._write(insert(sessions).values(values))

    async def session_by_token(self, token_hash: bytes) -> Session | None:
        row = await self._row(select(sessions).where(sessions.c.token_hash == token_hash))
        return None if row is None else Session(**row._mapping)

    async def sessions_of(self, person: str) -> Sequence[Session]:
        query = select(sessions).where(sessions.c.person == person).order_by(sessions.c.seen_us.desc())
        async with self._engine.connect() as connection:
            return [Session(**row._mapping) for row in await connection.execute(query)]

    async def touch(self, session: str, *, seen_us: int, expires_us: int) -> None:
        values = {"seen_us": seen_us, "expires_us": expires_us}
        await self._write(update(sessions).where(sessions.c.id == session).values(values))

    async def end_session(self, session: str, *, person: str) -> bool:
        return await self._write(delete(sessions).where(sessions.c.id == session, sessions.c.person == person)) > 0

    async def end_expired(self, *, now_us: int) -> None:
        await self._write(delete(sessions).where(sessions.c.expires_us <= now_us))

    async def setup_code_hash(self) -> str | None:
        row = await self._row(select(setup_codes.c.code_hash))
        return None if row is None else str(row[0])

    async def set_setup_code_hash(self, code_hash: str) -> None:
        async with self._engine.begin() as connection:
            await connection.execute(delete(setup_codes))
            await connection.execute(insert(setup_codes).values(place=1, code_hash=code_hash))

    async def _row(self, query: Any) -> Row[Any] | None:
        async with self._engine.connect() as connection:
            return (await connection.execute(query)).first()

    async def _write(self, statement: Any) -> int:
        async with self._engine.begin() as connection:
            return int((await connection.execute(statement)).rowcount)


def _person(row: Row[Any] | None) -> Person | None:
    return None if row is None else Person(**row._mapping)
