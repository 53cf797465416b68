"""HTTP authentication as RTSP and ONVIF use it: Digest (RFC 7616, RFC 2617, RFC 2069) and Basic (RFC 7617).

For a client: `challenges` reads what a server asks, `Login` answers request after request. For a server: `asking`
writes the challenges and `judge` decides on an answer, in constant time; how long a nonce lives is the caller's.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

_HASHES: dict[str, Callable[[bytes], str]] = {
    "MD5": lambda data: hashlib.md5(data, usedforsecurity=False).hexdigest(),
    "SHA-256": lambda data: hashlib.sha256(data).hexdigest(),
}
_STRENGTH = ["BASIC", "MD5", "MD5-SESS", "SHA-256", "SHA-256-SESS"]  # weakest first
_LIMIT = 16_384
_TOKEN = re.compile(r'\s*(?:([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))|([A-Za-z][A-Za-z0-9-]*))\s*,?')


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """One way in which a server lets itself be convinced; *algorithm* is "BASIC", "MD5", "SHA-256", "MD5-SESS", ..."""

    algorithm: str
    realm: str
    nonce: str = ""
    opaque: str | None = None
    qop: tuple[str, ...] = ()
    stale: bool = False
    named: bool = False  # the challenge named its algorithm, so the answer does too: some old cameras choke on it else


def challenges(values: Iterable[str]) -> tuple[Challenge, ...]:
    """Read WWW-Authenticate headers: one challenge each, or several after another; unreadable ones are left out."""
    found = []
    for value in values:
        for scheme, parameters in _schemes(value[:_LIMIT]):
            if (challenge := _challenge(scheme, parameters)) is not None:
                found.append(challenge)
    return tuple(found)


def strongest(offered: Iterable[Challenge]) -> Challenge | None:
    """The best challenge that we can answer, or None."""
    usable = [c for c in offered if c.algorithm in _STRENGTH and (not c.qop or "auth" in c.qop)]
    return max(usable, key=lambda c: _STRENGTH.index(c.algorithm), default=None)


def answer(
    offered: Iterable[Challenge], *, method: str, uri: str, user: str, password: str, cnonce: str, count: int = 1
) -> str:
    """The Authorization header for a request; *count* numbers the requests made with one nonce, from 1.

    Raises ValueError where the server offers nothing that we know.
    """
    chosen = strongest(offered)
    if chosen is None:
        raise ValueError("the server asks for a kind of login that is not supported")
    if chosen.algorithm == "BASIC":
        return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
    nc = f"{count:08x}"
    qop = "auth" if chosen.qop else ""
    response = _response(chosen.algorithm, user, chosen.realm, password, chosen.nonce, method, uri, qop, nc, cnonce)
    fields = [f"username={_quoted(user)}", f"realm={_quoted(chosen.realm)}", f"nonce={_quoted(chosen.nonce)}"]
    fields += [f"uri={_quoted(uri)}", f'response="{response}"']
    if chosen.named:
        fields.append(f"algorithm={chosen.algorithm.replace('-SESS', '-sess')}")
    if chosen.opaque is not None:
        fields.append(f"opaque={_quoted(chosen.opaque)}")
    if qop:
        fields += [f"qop={qop}", f"nc={nc}"]
    if qop or chosen.algorithm.endswith("-SESS"):
        fields.append(f"cnonce={_quoted(cnonce)}")
    return "Digest " + ", ".join(fields)


def unreadable(offered: Iterable[Challenge]) -> tuple[Challenge, ...]:
    """The challenges that can be answered without showing the password to whoever listens."""
    return tuple(challenge for challenge in offered if challenge.algorithm != "BASIC")


class Login:
    """A client's answers to one server, request after request.

    Invariant: with one nonce every answer has a higher count (RFC 7616, 3.4), and the password appears nowhere but in
    answers.
    """

    def __init__(self, user: str, password: str, cnonce: Callable[[], str]) -> None:
        self._user = user
        self._password = password
        self._cnonce = cnonce
        self._offered: tuple[Challenge, ...] = ()
        self._count = 0

    @property
    def challenged(self) -> bool:
        """Whether the server has asked: answers are possible."""
        return bool(self._offered)

    def challenge(self, offered: tuple[Challenge, ...]) -> None:
        """Take what the server asks now; a nonce as before keeps its count."""
        before, chosen = strongest(self._offered), strongest(offered)
        if before is None or chosen is None or before.nonce != chosen.nonce:
            self._count = 0
        self._offered = offered

    def answer(self, *, method: str, uri: str) -> str:
        """The Authorization header of the next request."""
        self._count += 1
        return answer(
            self._offered,
            method=method,
            uri=uri,
            user=self._user,
            password=self._password,
            cnonce=self._cnonce(),
            count=self._count,
        )


class Verdict(Enum):
    """What a server makes of an answer: *STALE* means right but for its nonce, so that asking again is worth it."""

    ACCEPTED = "accepted"
    STALE = "stale"
    REFUSED = "refused"


def asking(realm: str, nonce: str, *, stale: bool = False, basic: bool = False) -> tuple[str, ...]:
    """The WWW-Authenticate headers of a 401: Digest by SHA-256 first, then MD5 for old clients, then Basic if asked."""
    tail = f'realm={_quoted(realm)}, nonce={_quoted(nonce)}, qop="auth"' + (", stale=true" if stale else "")
    digests = tuple(f"Digest {tail}, algorithm={algorithm}" for algorithm in ("SHA-256", "MD5"))
    return (*digests, f"Basic realm={_quoted(realm)}") if basic else digests


def judge(
    authorization: str,
    *,
    method: str,
    uri: str,
    realm: str,
    passwords: Mapping[str, str],
    fresh: Callable[[str], bool],
    basic: bool = False,
) -> Verdict:
    """Decide on an Authorization header; *fresh* tells of a nonce whether it is ours and still valid.

    An unknown user takes as long as a wrong password does.
    """
    scheme, parameters = next(iter(_schemes(authorization[:_LIMIT])), ("", {}))
    if scheme == "basic" and basic:
        return _judge_basic(authorization, passwords)
    if scheme != "digest":
        return Verdict.REFUSED
    claimed = parameters.get("uri", "")
    algorithm = parameters.get("algorithm", "MD5").upper()
    if algorithm.removesuffix("-SESS") not in _HASHES or not _covers(claimed, uri):
        return Verdict.REFUSED
    user, nonce, qop = parameters.get("username", ""), parameters.get("nonce", ""), parameters.get("qop", "")
    nc, cnonce = parameters.get("nc", ""), parameters.get("cnonce", "")
    expected = _response(algorithm, user, realm, passwords.get(user, ""), nonce, method, claimed, qop, nc, cnonce)
    equal = hmac.compare_digest(expected.encode(), parameters.get("response", "").lower().encode())
    if not equal or user not in passwords or qop not in {"", "auth"}:
        return Verdict.REFUSED
    return Verdict.ACCEPTED if fresh(nonce) else Verdict.STALE


def claimed_user(authorization: str) -> str:
    """The user that a Digest answer names; whether it is true, `judge` decides."""
    return next(iter(_schemes(authorization[:_LIMIT])), ("", {}))[1].get("username", "")


def _judge_basic(authorization: str, passwords: Mapping[str, str]) -> Verdict:
    try:
        decoded = base64.b64decode(authorization.split(None, 1)[1], validate=True)
    except (IndexError, ValueError):  # also binascii.Error
        return Verdict.REFUSED
    user, _, password = decoded.decode("utf-8", "replace").partition(":")
    equal = hmac.compare_digest(passwords.get(user, "").encode(), password.encode())
    return Verdict.ACCEPTED if equal and user in passwords else Verdict.REFUSED


def _covers(claimed: str, uri: str) -> bool:
    """Whether an answer for *claimed* counts for *uri*: VLC answers a track's SETUP for the whole stream."""
    return claimed == uri or (bool(claimed) and uri.startswith(claimed.rstrip("/") + "/"))


def _response(
    algorithm: str,
    user: str,
    realm: str,
    password: str,
    nonce: str,
    method: str,
    uri: str,
    qop: str,
    nc: str,
    cnonce: str,
) -> str:
    digest = _HASHES[algorithm.removesuffix("-SESS")]

    def joined(*parts: str) -> str:
        return digest(":".join(parts).encode())

    secret = joined(user, realm, password)
    if algorithm.endswith("-SESS"):
        secret = joined(secret, nonce, cnonce)
    request = joined(method, uri)
    return joined(secret, nonce, nc, cnonce, qop, request) if qop else joined(secret, nonce, request)


def _schemes(value: str) -> list[tuple[str, dict[str, str]]]:
    """The schemes of a header, lower case, each with its parameters."""
    found: list[tuple[str, dict[str, str]]] = []
    position = 0
    while match := _TOKEN.match(value, position):
        position = match.end()
        if match[4] is not None:
            found.append((match[4].lower(), {}))
        elif found:
            text = match[3] if match[2] is None else re.sub(r"\\(.)", r"\1", match[2])
            found[-1][1].setdefault(match[1].lower(), text)
    return found


def _challenge(scheme: str, parameters: dict[str, str]) -> Challenge | None:
    realm = parameters.get("realm", "")
    if scheme == "basic":
        return Challenge(algorithm="BASIC", realm=realm)
    if scheme != "digest" or not parameters.get("nonce"):
        return None
    return Challenge(
        algorithm=parameters.get("algorithm", "MD5").upper() or "MD5",
        realm=realm,
        nonce=parameters["nonce"],
        opaque=parameters.get("opaque"),
        qop=tuple(word.strip().lower() for word in parameters.get("qop", "").split(",") if word.strip()),
        stale=parameters.get("stale", "").lower() == "true",
        named="algorithm" in parameters,
    )


def _quoted(text: str) -> str:
    return '"' + re.sub(r"[\r\n\0]", "", text).replace("\\", "\\\\").replace('"', '\\"') + '"'
