"""People and their sessions."""

from dataclasses import dataclass

SESSION_LIFETIME_US = 30 * 86_400 * 1_000_000
"""A session ends this long after it was last used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with a password; *name* as it is shown, `decisions.name_key` says which names are the same."""

    id: str
    name: str
    password_hash: str
    created_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One place where a person is signed in. The secret itself is with its holder only: we keep its hash."""

    id: str
    token_hash: bytes
    person: str
    created_us: int
    seen_us: int
    expires_us: int
    user_agent: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Who asks, and through which session."""

    person: Person
    session: Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Where an attempt to sign in comes from: network address, browser, and the session it still holds, if any."""

    address: str
    user_agent: str
    token: str | None = None
