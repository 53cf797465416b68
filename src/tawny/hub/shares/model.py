"""Shares and their openings."""

from dataclasses import dataclass

VISIT_US = 3600 * 1_000_000
"""How long files can be fetched after the link was opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A link to an export. The secret itself is with its holders only: we keep its hash.

    *made_by* is the person in whose name the recorder is asked for the files.
    """

    id: str
    secret_hash: bytes
    export: str
    note: str
    made_by: str
    made_us: int
    expires_us: int
    revoked_us: int | None
    password_hash: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Somebody opened a share; *token_hash* is of what lets them fetch its files for `VISIT_US`."""

    share: str
    token_hash: bytes
    at_us: int
    address: str
    agent: str
