"""Who asks: HTTP digest (MD5 and SHA-256) and WS-UsernameToken, and a lock-out for those who guess.

What came with a request must hold, both where both came (ONVIF Core, 5.9.1). A client that sends nothing is nobody,
and is challenged where the operation asks for somebody.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tawny.wire import auth
from tawny.wire.onvif import security
from tawny.wire.onvif.elements import Element

REALM = "Tawny"
NONCE_LIFETIME_S = 300.0
MOST_WRONG = 5  # wrong logins of one address within a minute, after which it waits
_WITHIN_S = 60.0
LOCKED_S = 60.0
_MOST_ADDRESSES = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a request brought: *header* is that of its envelope, *peer* the address it came from."""

    method: str
    target: str
    authorization: str
    header: Element | None
    peer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """The login holds; *user* is None where there was none."""

    user: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenged:
    """The HTTP login does not hold: answer 401 with these WWW-Authenticate headers."""

    headers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The WS-UsernameToken does not hold, or nothing does for a while; *reason* says which, in plain words."""

    reason: str
    locked_s: float = 0.0


Outcome = Admitted | Challenged | Refused


class Lockout:
    """Wrong logins by address.

    Invariants: an address with `MOST_WRONG` of them within a minute is locked for `LOCKED_S` and then starts anew; no
    more than a bounded number of addresses is remembered, and those who went wrong last are.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._wrong: dict[str, list[float]] = {}
        self._until: dict[str, float] = {}

    def remaining_s(self, peer: str) -> float:
        """How long *peer* still has to wait."""
        return max(0.0, self._until.get(peer, 0.0) - self._now())

    def wrong(self, peer: str) -> None:
        """Take note of a wrong login."""
        now = self._now()
        recent = [moment for moment in self._wrong.pop(peer, []) if now - moment < _WITHIN_S]
        self._wrong[peer] = [*recent, now]
        if len(self._wrong[peer]) >= MOST_WRONG:
            del self._wrong[peer]
            self._until.pop(peer, None)
            self._until[peer] = now + LOCKED_S
        for remembered in (self._wrong, self._until):
            if len(remembered) > _MOST_ADDRESSES:
                del remembered[next(iter(remembered))]


class Gate:
    """Decides on the logins of a device.

    Invariants: an address that is locked learns nothing about its passwords; only wrong passwords count towards that,
    never a stale nonce or a clock that is off.

    *passwords* maps users to passwords, *secret* signs nonces, *now* is a monotonic time and *utc_us* the device's
    time of day.
    """

    def __init__(
        self, *, passwords: Mapping[str, str], secret: bytes, now: Callable[[], float], utc_us: Callable[[], int]
    ) -> None:
        self._passwords = passwords
        self._secret = secret
        self._now = now
        self._utc_us = utc_us
        self._nonces = security.Nonces()
        self._lockout = Lockout(now)

    def admit(self, given: Credentials) -> Outcome:
        """Decide on what came with a request."""
        if (locked_s := self._lockout.remaining_s(given.peer)) > 0:
            reason = f"The login is locked for {locked_s:.0f} s after too many wrong passwords."
            return Refused(reason=reason, locked_s=locked_s)
        http = self._http(given) if given.authorization else Admitted(user=None)
        if not isinstance(http, Admitted):
            return http
        token = self._token(given)
        if not isinstance(token, Admitted) or token.user is None:
            return http if isinstance(token, Admitted) else token
        if http.user not in {None, token.user}:
            return Refused(reason="The two logins of the request name different users.")
        return token

    def challenge(self, *, stale: bool = False) -> Challenged:
        """What to answer to somebody who brought no login where one is needed."""
        return Challenged(headers=auth.asking(REALM, self._nonce(), stale=stale))

    def _http(self, given: Credentials) -> Admitted | Challenged:
        verdict = auth.judge(
            given.authorization,
            method=given.method,
            uri=given.target,
            realm=REALM,
            passwords=self._passwords,
            fresh=self._fresh,
        )
        if verdict is auth.Verdict.ACCEPTED:
            return Admitted(user=auth.claimed_user(given.authorization))
        if verdict is auth.Verdict.REFUSED:
            self._lockout.wrong(given.peer)
        return self.challenge(stale=verdict is auth.Verdict.STALE)

    def _token(self, given: Credentials) -> Admitted | Refused:
        try:
            token = security.read_token(given.header)
        except ValueError:
            return Refused(reason="The user name token can't be read.")
        if token is None:
            return Admitted(user=None)
        verdict = security.judge(token, passwords=self._passwords, now_us=self._utc_us(), nonces=self._nonces)
        match verdict:
            case security.Verdict.ACCEPTED:
                return Admitted(user=token.user)
            case security.Verdict.REFUSED:
                self._lockout.wrong(given.peer)
                return Refused(reason="The user or the password is wrong.")
            case security.Verdict.STALE:
                return Refused(reason="The time of the login is off: the clocks of client and device differ.")
            case security.Verdict.REPLAYED:
                return Refused(reason="The login was used before.")

    def _nonce(self) -> str:
        made = f"{int(self._now()):x}"
        return f"{made}-{self._signature(made)}"

    def _fresh(self, nonce: str) -> bool:
        made, _, signature = nonce.partition("-")
        if not hmac.compare_digest(self._signature(made).encode(), signature.encode()):
            return False
        return self._now() - int(made, 16) < NONCE_LIFETIME_S

    def _signature(self, made: str) -> str:
        return hmac.new(self._secret, made.encode(), hashlib.sha256).hexdigest()[:32]
