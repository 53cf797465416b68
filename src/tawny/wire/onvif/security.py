"""WS-UsernameToken with a password digest (WS-Security UsernameToken Profile 1.0), both ways.

The digest is Base64(SHA-1(nonce + created + password)). Time and nonces are given; nothing here reads a clock.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from tawny.wire.onvif.elements import Element, child, make, moment_of, spelt_moment, text

_PROFILE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0"
_BASE64 = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary"

WINDOW_S = 300  # how far a token's time may be from ours: more than clocks drift, less than a nonce is remembered
_LONGEST = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class UsernameToken:
    """What a request claims: *digest* in Base64, and *created* as written, since the digest covers its spelling.

    A token with a password in plain text has *digest* None; it is never accepted.
    """

    user: str
    digest: str | None
    nonce: bytes
    created: str


def digest(password: str, nonce: bytes, created: str) -> str:
    """The password's digest."""
    hashed = hashlib.sha1(nonce + created.encode() + password.encode(), usedforsecurity=False).digest()
    return base64.b64encode(hashed).decode()


def username_token(*, user: str, password: str, nonce: bytes, created_us: int) -> Element:
    """The Security header of a request; *created_us* is the time on the camera's clock, *nonce* was never used."""
    created = spelt_moment(created_us // 1_000_000 * 1_000_000)
    return make(
        "wsse:Security",
        make(
            "wsse:UsernameToken",
            make("wsse:Username", user),
            make("wsse:Password", digest(password, nonce, created), Type=f"{_PROFILE}#PasswordDigest"),
            make("wsse:Nonce", base64.b64encode(nonce).decode(), EncodingType=_BASE64),
            make("wsu:Created", created),
        ),
    )


def read_token(header: Element | None) -> UsernameToken | None:
    """The token in a request's header, or None; ValueError where it is there and cannot be read."""
    token = child(header, "Security/UsernameToken")
    if token is None:
        return None
    kind = text(token, "Password/@Type") or ""
    try:
        nonce = base64.b64decode((text(token, "Nonce") or "")[:_LONGEST], validate=True)
    except ValueError as error:
        raise ValueError("the nonce is not Base64") from error
    return UsernameToken(
        user=(text(token, "Username") or "")[:_LONGEST],
        digest=(text(token, "Password") or "")[:_LONGEST] if kind.endswith("#PasswordDigest") else None,
        nonce=nonce,
        created=(text(token, "Created") or "")[:64],
    )


class Verdict(Enum):
    """What a server makes of a token."""

    ACCEPTED = "accepted"
    REFUSED = "refused"  # user or password are wrong, or something is lacking
    STALE = "stale"  # all is right but its time: the client's clock or ours is off
    REPLAYED = "replayed"  # all is right, and it was used before


class Nonces:
    """The nonces that right tokens used lately.

    Invariants: none is forgotten while its token's time could still be accepted; only who knows a password can add
    one, and when there is no room for more, nobody is let in rather than somebody twice.
    """

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._until_us: dict[tuple[str, bytes], int] = {}

    def first(self, user: str, nonce: bytes, now_us: int) -> bool:
        """Take note of *nonce*; False where it was used before or no more can be remembered."""
        key = (user, nonce)
        if len(self._until_us) >= self._most:
            self._until_us = {k: until for k, until in self._until_us.items() if until > now_us}
        if self._until_us.get(key, now_us) > now_us or len(self._until_us) >= self._most:
            return False
        self._until_us[key] = now_us + 2 * WINDOW_S * 1_000_000
        return True


def judge(token: UsernameToken, *, passwords: Mapping[str, str], now_us: int, nonces: Nonces) -> Verdict:
    """Decide on a token; an unknown user takes as long as a wrong password does."""
    expected = digest(passwords.get(token.user, ""), token.nonce, token.created)
    right = hmac.compare_digest(expected.encode(), (token.digest or "").encode())
    created_us = moment_of(token.created)
    if not right or token.user not in passwords or not token.nonce or created_us is None:
        return Verdict.REFUSED
    if abs(created_us - now_us) > WINDOW_S * 1_000_000:
        return Verdict.STALE
    return Verdict.ACCEPTED if nonces.first(token.user, token.nonce, now_us) else Verdict.REPLAYED
