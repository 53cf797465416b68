"""Logins: made at random, given to the hub's own command, written for scripts."""

import json
import os
import secrets
import string
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

_LENGTH = 16
_LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True, kw_only=True)
class Login:
    """How to get in."""

    url: str
    user: str
    password: str


def random_password() -> str:
    """16 letters and digits: 95 bits."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def write_privately(path: Path, text: str) -> None:
    """Replace *path* by a file with *text* that only this user may read; never half of it is seen."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def write_login(path: Path, login: Login) -> None:
    """Write *login* as JSON for scripts."""
    write_privately(path, json.dumps(asdict(login)) + "\n")


def read_login(path: Path) -> Login | None:
    """The login that an earlier start wrote; None where there is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Login(url=str(found["url"]), user=str(found["user"]), password=str(found["password"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
