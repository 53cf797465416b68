"""The users of a device: who may do what, kept in a file of its own.

The passwords stand in the file as they are (only its owner may read it): both kinds of login need them.
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tawny.runtime.problem import Kind, Problem
from tawny.wire.onvif.answers import adoption
from tawny.wire.onvif.answers.access import Level

MOST_USERS = 16
LONGEST_NAME = 64
LONGEST_PASSWORD = 128
_LARGEST_FILE = 64 << 10


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who may use the device."""

    name: str
    level: Level
    password: str = field(repr=False)


class Users(Mapping[str, str]):
    """Passwords by user name, and how they change.

    Invariants: what `change` was given is in the file when it returns (written beside and moved over it), so a crash
    leaves the users of before or of after. It counts as true even while it is empty: without users nobody is let in,
    but who has the *code* of the adoption; the first user makes that worthless.
    """

    def __init__(self, path: Path | None, users: Mapping[str, User], *, code: str = "") -> None:
        self._path = path
        self._users = dict(users)
        self._adopting = User(name=adoption.USER, level=Level.ADMINISTRATOR, password=code) if code else None

    @property
    def code(self) -> str:
        """What adopts the device; empty where it has users."""
        return "" if self._users or self._adopting is None else self._adopting.password

    def _known(self) -> dict[str, User]:
        if self._users or self._adopting is None:
            return self._users
        return {self._adopting.name: self._adopting}

    def __getitem__(self, name: str) -> str:
        return self._known()[name].password

    def __iter__(self) -> Iterator[str]:
        return iter(self._known())

    def __len__(self) -> int:
        return len(self._known())

    def __bool__(self) -> bool:
        return True

    def listed(self) -> list[User]:
        """All users in the order in which they came."""
        return list(self._users.values())

    def level(self, name: str | None) -> Level | None:
        """The level of the user *name*; None for nobody."""
        user = self._known().get(name or "")
        return None if user is None else user.level

    def change(self, users: list[User]) -> None:
        """Have exactly these *users* from now on."""
        if self._path is not None:
            _write(self._path, users)
        self._users = {user.name: user for user in users}


def read_users(path: Path, *, code: str = "") -> Users:
    """The users in the file *path*; none where there is no file, and then *code* adopts the device.

    Raises Problem where the file can't be read.
    """
    try:
        with path.open("rb") as file:
            listed = json.loads(file.read(_LARGEST_FILE))
        users = [User(name=str(u["name"]), level=Level(u["level"]), password=str(u["password"])) for u in listed]
    except FileNotFoundError:
        return Users(path, {}, code=code)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise Problem(
            Kind.CONFLICT,
            f"The camera's users can't be read from {path}.",
            remedy="Remove the file to adopt the camera anew.",
        ) from error
    return Users(path, {user.name: user for user in users})


def _write(path: Path, users: list[User]) -> None:
    beside = path.with_suffix(".new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump([asdict(user) for user in users], file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
