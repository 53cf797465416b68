"""The rules of shares, as pure functions."""

import hashlib

from tawny.hub.shares.model import VISIT_US, Opening, Share
from tawny.runtime.problem import Kind, Problem

KEPT_US = 90 * 86_400 * 1_000_000
"""A share stands in the list for so long after it ended, with who opened it."""


def secret_hash(secret: str) -> bytes:
    """What is kept of a secret: 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).digest()


def usable(share: Share, *, now_us: int) -> bool:
    return share.revoked_us is None and now_us < share.expires_us


def visiting(opening: Opening, *, now_us: int) -> bool:
    """Whether files may still be fetched after *opening*. A clock that was set back ends the visit too."""
    return 0 <= now_us - opening.at_us < VISIT_US


def forgotten(now_us: int) -> int:
    """Shares that ended before this moment need not be kept."""
    return now_us - KEPT_US


def check_expiry(expires_us: int, *, now_us: int, export_ends_us: int) -> None:
    """Problem(INVALID) where a link would end before it began, or outlive what it leads to."""
    if expires_us <= now_us:
        raise Problem(Kind.INVALID, "The link's end has to lie ahead.", field="expires_at")
    if expires_us > export_ends_us:
        raise Problem(
            Kind.INVALID,
            "The export is removed before this link would end.",
            remedy="Choose an earlier end for the link.",
            field="expires_at",
        )


def no_such_link() -> Problem:
    """One answer for what never was, has ended or was withdrawn: a stranger learns nothing from it."""
    return Problem(
        Kind.NOT_FOUND,
        "This link leads nowhere: it has ended, was withdrawn, or is not complete.",
        remedy="Ask who sent it for a new one.",
    )
