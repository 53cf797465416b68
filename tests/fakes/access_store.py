"""People and sessions in memory, and a password hash that costs nothing."""

from collections.abc import Sequence
from dataclasses import replace

from tawny.hub.access.decisions import name_key
from tawny.hub.access.model import Person, Session


class FakeStore:
    """The port `access.ports.Store` in memory."""

    def __init__(self) -> None:
        self._people: dict[str, Person] = {}
        self._owner: str | None = None
        self._sessions: dict[str, Session] = {}
        self._code_hash: str | None = None

    async def owner(self) -> Person | None:
        return self._people[self._owner] if self._owner else None

    async def person(self, person: str) -> Person | None:
        return self._people.get(person)

    async def person_named(self, name: str) -> Person | None:
        return next((p for p in self._people.values() if name_key(p.name) == name_key(name)), None)

    async def add_owner(self, person: Person) -> bool:
        if self._owner is not None:
            return False
        self._people[person.id], self._owner, self._code_hash = person, person.id, None
        return True

    async def set_password(self, person: str, password_hash: str) -> None:
        self._people[person] = replace(self._people[person], password_hash=password_hash)
        self._sessions = {key: s for key, s in self._sessions.items() if s.person != person}

    async def rename(self, person: str, name: str) -> None:
        self._people[person] = replace(self._people[person], name=name)

    async def add_session(self, session: Session) -> None:
        self._sessions[session.id] = session

    async def session_by_token(self, token_hash: bytes) -> Session | None:
        return next((s for s in self._sessions.values() if s.token_hash == token_hash), None)

    async def sessions_of(self, person: str) -> Sequence[Session]:
        found = [s for s in self._sessions.values() if s.person == person]
        return sorted(found, key=lambda s: -s.seen_us)

    async def touch(self, session: str, *, seen_us: int, expires_us: int) -> None:
        if session in self._sessions:
            self._sessions[session] = replace(self._sessions[session], seen_us=seen_us, expires_us=expires_us)

    async def end_session(self, session: str, *, person: str) -> bool:
        if session not in self._sessions or self._sessions[session].person != person:
            return False
        del self._sessions[session]
        return True

    async def end_expired(self, *, now_us: int) -> None:
        self._sessions = {key: s for key, s in self._sessions.items() if s.expires_us > now_us}

    async def setup_code_hash(self) -> str | None:
        return self._code_hash

    async def set_setup_code_hash(self, code_hash: str) -> None:
        self._code_hash = code_hash


class FakePasswords:
    """The port `access.ports.Passwords`, readable; *verified* tells how often the slow part would have run."""

    def __init__(self) -> None:
        self.verified = 0

    async def hash(self, password: str) -> str:
        return f"hash of {password}"

    async def verify(self, password: str, password_hash: str | None) -> bool:
        self.verified += 1
        return password_hash == f"hash of {password}"
