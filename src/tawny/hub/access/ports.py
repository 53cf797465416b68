"""What access needs from outside: a store for people, and a slow hash for passwords."""

from collections.abc import Sequence
from typing import Protocol

from tawny.hub.access.model import Person, Session


class Store(Protocol):
    """People, sessions and the set-up code, kept durably. What a method wrote is on disk when it returns."""

    async def owner(self) -> Person | None:
        """The person made first, None before set-up."""
        ...

    async def person(self, person: str) -> Person | None:
        """The person of that id."""
        ...

    async def person_named(self, name: str) -> Person | None:
        """The person whose name has the same `decisions.name_key`."""
        ...

    async def add_owner(self, person: Person) -> bool:
        """Keep *person* and forget the set-up code, if there is nobody yet; False, changing nothing, if there is.

        Of two at the same time one gets True.
        """
        ...

    async def set_password(self, person: str, password_hash: str) -> None:
        """Replace a person's password and end all their sessions, both or neither."""
        ...

    async def rename(self, person: str, name: str) -> None:
        """Give a person another name."""
        ...

    async def add_session(self, session: Session) -> None:
        """Keep a new session."""
        ...

    async def session_by_token(self, token_hash: bytes) -> Session | None:
        """The session with that secret's hash, whether expired or not."""
        ...

    async def sessions_of(self, person: str) -> Sequence[Session]:
        """A person's sessions, the one used last first."""
        ...

    async def touch(self, session: str, *, seen_us: int, expires_us: int) -> None:
        """Note a session's use; nothing happens where it has ended."""
        ...

    async def end_session(self, session: str, *, person: str) -> bool:
        """End that person's session; False where they have none of that id."""
        ...

    async def end_expired(self, *, now_us: int) -> None:
        """Forget sessions that expired."""
        ...

    async def setup_code_hash(self) -> str | None:
        """The hash of the set-up code, None where none is valid."""
        ...

    async def set_setup_code_hash(self, code_hash: str) -> None:
        """Make this the only valid set-up code."""
        ...


class Passwords(Protocol):
    """A slow, salted hash."""

    async def hash(self, password: str) -> str:
        """The hash to keep."""
        ...

    async def verify(self, password: str, password_hash: str | None) -> bool:
        """Whether *password* made the hash. With None (nobody of that name) always False, after the same time."""
        ...
