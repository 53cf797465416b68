"""How to log in to one device: tried, learned, never made weaker, and never tried often. No I/O.

The order is HTTP Digest (SHA-256 before MD5), then WS-UsernameToken; Basic only where TLS hides it or somebody allowed
it. A camera locks its users out after a few wrong passwords, so refusals are counted (`Tries`), over RTSP too where
somebody tries both. Who refused a digest and still asks for one is not asked by a token at the cost of another login.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tawny.recorder.onvif.model import Authentication, DeviceError, DeviceTrouble, Login, device_error
from tawny.recorder.onvif.refusals import Refusal
from tawny.wire import auth
from tawny.wire.auth import Challenge
from tawny.wire.onvif.elements import Element
from tawny.wire.onvif.security import username_token
from tawny.wire.tries import Tries

_MOST_STALE = 1  # in a row: the device does not know itself which nonces it takes
_ALGORITHMS = {
    "SHA-256": Authentication.DIGEST_SHA256,
    "SHA-256-SESS": Authentication.DIGEST_SHA256,
    "MD5": Authentication.DIGEST_MD5,
    "MD5-SESS": Authentication.DIGEST_MD5,
    "BASIC": Authentication.BASIC,
}
_DIGESTS = frozenset({Authentication.DIGEST_MD5, Authentication.DIGEST_SHA256})


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What goes along with a request: *kind* none means that nothing does."""

    kind: Authentication = Authentication.NONE
    authorization: str = ""
    token: Element | None = None


class Negotiation:
    """The login of one device, request after request.

    Invariants: no more requests carry a login that turns out wrong than *tries* has left, for when one was given up,
    every further question gets the same error; nothing weaker than *learned* is ever sent, and Basic only if readable.
    """

    def __init__(
        self,
        login: Login,
        *,
        learned: Authentication,
        secure: bool,
        random_bytes: Callable[[int], bytes],
        tries: Tries | None = None,
    ) -> None:
        self._login = login
        self._tries = tries or Tries()
        self._learned = learned
        self._readable = secure or login.allow_basic
        self._random_bytes = random_bytes
        self._kind = Authentication.WSSE if learned is Authentication.WSSE else Authentication.NONE
        self._http = auth.Login(login.user, login.password, lambda: random_bytes(8).hex())
        self._tried: set[Authentication] = set()
        self._stale = 0
        self.end: DeviceError | None = None
        self.proven = False

    @property
    def begun(self) -> bool:
        """Whether the next request carries a login."""
        return self._kind is not Authentication.NONE

    @property
    def learned(self) -> Authentication:
        """The strongest kind of login that the device took."""
        return self._learned

    def credentials(self, *, path: str, camera_us: int) -> Credentials:
        """What the next request to *path* carries; *camera_us* is the time on the camera's clock.

        Raises DeviceError where logging in was given up.
        """
        if self.end is not None:
            raise self.end.again()
        if self._kind is Authentication.NONE:
            return Credentials()
        if not self.proven and not self._may(self._kind):
            raise self._ended(device_error(DeviceTrouble.CREDENTIALS))
        if self._kind is Authentication.WSSE:
            token = username_token(
                user=self._login.user,
                password=self._login.password,
                nonce=self._random_bytes(16),
                created_us=camera_us,
            )
            return Credentials(kind=self._kind, token=token)
        return Credentials(kind=self._kind, authorization=self._http.answer(method="POST", uri=path))

    def accepted(self, sent: Authentication) -> bool:
        """A request that carried *sent* was answered; says whether that is news.

        A request without a login proves nothing: the operation may be open to all.
        """
        if sent is Authentication.NONE or sent is not self._kind:
            return False
        self._stale = 0
        news = not self.proven or self._learned is not sent
        self.proven = True
        self._learned = sent
        return news

    def refused(self, sent: Authentication, refusal: Refusal) -> None:
        """A request that carried *sent* was refused: choose what to try next; raises DeviceError to end it."""
        if self.end is not None:
            raise self.end.again()
        if refusal.locked:
            raise self._ended(device_error(DeviceTrouble.LOCKED_OUT, minutes=refusal.minutes, reason=refusal.reason))
        if refusal.not_activated:
            error = device_error(DeviceTrouble.NOT_ACTIVATED, reason=refusal.reason)
            # who has no login yet may go on, for instance to set the first password
            raise error if self._login.empty else self._ended(error)
        if self._login.empty:
            raise self._ended(device_error(DeviceTrouble.CREDENTIALS, title="The camera wants a user and a password."))
        if sent in _DIGESTS and refusal.stale and _of(sent, refusal) and self._stale < _MOST_STALE:
            self._stale += 1
            self._choose(sent, refusal)
            return
        if sent is not Authentication.NONE:
            self.proven = False
            self._tried.add(sent)
            self._count(sent)
        if not self._tries.left:
            raise self._ended(device_error(DeviceTrouble.CREDENTIALS, reason=refusal.reason))
        self._next(refusal)

    def renew(self, refusal: Refusal) -> None:
        """Take the nonce that came with *refusal* of a login that was right before; raises DeviceError."""
        if refusal.locked:
            raise self._ended(device_error(DeviceTrouble.LOCKED_OUT, minutes=refusal.minutes, reason=refusal.reason))
        if self._kind in _DIGESTS and refusal.challenges:
            if not _of(self._kind, refusal):
                raise self._ended(self._weaker(refusal))
            self._choose(self._kind, refusal)

    def give_up(self, refusal: Refusal) -> DeviceError:
        """The login was right once and is not any more."""
        self._count(self._kind)
        return self._ended(device_error(DeviceTrouble.CREDENTIALS, reason=refusal.reason))

    def _next(self, refusal: Refusal) -> None:
        offered = {kind for kind in Authentication if _of(kind, refusal)}
        wanted = [Authentication.DIGEST_SHA256, Authentication.DIGEST_MD5]
        candidates = [kind for kind in wanted if kind in offered]
        if refusal.soap or offered != {Authentication.BASIC}:  # who asks for Basic alone by HTTP knows no tokens
            candidates.append(Authentication.WSSE)
        if Authentication.BASIC in offered and self._readable:
            candidates.append(Authentication.BASIC)
        if self._tried & _DIGESTS:
            candidates = [kind for kind in candidates if kind not in _DIGESTS]
        candidates = [kind for kind in candidates if kind not in self._tried]
        allowed = [kind for kind in candidates if kind.strength >= self._learned.strength]
        fresh = [kind for kind in allowed if self._may(kind)]
        if fresh and self._worth_another(refusal):
            self._choose(fresh[0], refusal)
        elif allowed:
            raise self._ended(device_error(DeviceTrouble.CREDENTIALS, reason=refusal.reason))
        elif not self._tried and self._learned is not Authentication.NONE:
            raise self._ended(self._weaker(refusal))
        elif Authentication.BASIC in offered and not self._readable:
            raise self._ended(device_error(DeviceTrouble.BASIC_ONLY))
        else:
            raise self._ended(device_error(DeviceTrouble.CREDENTIALS, reason=refusal.reason))

    def _worth_another(self, refusal: Refusal) -> bool:
        """Whether a second way may do, after one was refused: who knows digests asks for one again (Reolink's SOAP
        answers 400 without asking, and takes tokens).
        """
        asks_again = any(_of(kind, refusal) for kind in _DIGESTS)
        return not self._tried or self._tries.spare or (refusal.soap and not asks_again)

    def _may(self, kind: Authentication) -> bool:
        return self._tries.may(self._login.user, self._login.password, _way(kind))

    def _count(self, kind: Authentication) -> None:
        self._tries.refused(self._login.user, self._login.password, _way(kind))

    def _choose(self, kind: Authentication, refusal: Refusal) -> None:
        self._kind = kind
        if kind is not Authentication.WSSE:
            self._http.challenge(_of(kind, refusal))

    def _weaker(self, refusal: Refusal) -> DeviceError:
        basic = all(each.algorithm == "BASIC" for each in refusal.challenges) and bool(refusal.challenges)
        if basic and not self._readable:
            return device_error(DeviceTrouble.BASIC_ONLY, title="The camera suddenly wants the password sent readable.")
        return device_error(DeviceTrouble.WEAKER_LOGIN)

    def _ended(self, error: DeviceError) -> DeviceError:
        self.end = error
        return error


def _way(kind: Authentication) -> str:
    """What a camera counts as one: a digest is as wrong by one algorithm as by the other."""
    return "digest" if kind in _DIGESTS else str(kind)


def _of(kind: Authentication, refusal: Refusal) -> tuple[Challenge, ...]:
    """The challenges of that kind which we can answer."""
    fitting = (each for each in refusal.challenges if _ALGORITHMS.get(each.algorithm) is kind)
    return tuple(each for each in fitting if auth.strongest((each,)) is not None)
