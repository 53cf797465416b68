"""The errors a caller acts on, with words for the person who will read them.

Inside a program builtin exceptions do; a `Problem` is for what crosses to a person or another program. Each server has
one table from `Kind` to its own status. RFC 9457 is the form in which a problem travels.
"""

from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a caller can do about it, never what went wrong inside."""

    INVALID = "invalid"  # the request is wrong: correct it
    UNAUTHENTICATED = "unauthenticated"  # log in first
    FORBIDDEN = "forbidden"  # logged in, yet not allowed
    NOT_FOUND = "not_found"  # there is no such thing
    CONFLICT = "conflict"  # not in this state
    TOO_MANY = "too_many"  # slow down, try later
    EXHAUSTED = "exhausted"  # no room left (disk, quota)
    UNREACHABLE = "unreachable"  # the camera, recorder or service asked does not answer
    REFUSED = "refused"  # it answered and said no (its password, its codec)
    UNAVAILABLE = "unavailable"  # a part of ours is down just now: try again


class Problem(Exception):  # noqa: N818 - the word of RFC 9457
    """Something a person or a calling program must act on.

    *title* is a plain sentence for a person, *remedy* what to do about it, *extra* further members of the problem
    document (RFC 9457, section 3.2), for example ``field``.
    """

    def __init__(self, kind: Kind, title: str, *, remedy: str = "", **extra: Any) -> None:
        super().__init__(title)
        self.kind = kind
        self.title = title
        self.remedy = remedy
        self.extra = extra

    def document(self) -> dict[str, Any]:
        """The members ``type``, ``title`` and, where there is one, ``detail`` (the remedy), then the extra ones."""
        detail = {"detail": self.remedy} if self.remedy else {}
        return {"type": f"urn:tawny:problem:{self.kind}", "title": self.title, **detail, **self.extra}

    @classmethod
    def read(cls, document: dict[str, Any]) -> "Problem":
        """The problem that `document` wrote; an unknown type reads as `Kind.UNAVAILABLE`."""
        known = {f"urn:tawny:problem:{kind}": kind for kind in Kind}
        extra = {k: v for k, v in document.items() if k not in {"type", "title", "detail", "status"}}
        kind = known.get(str(document.get("type")), Kind.UNAVAILABLE)
        return cls(kind, str(document.get("title", "")), remedy=str(document.get("detail", "")), **extra)
