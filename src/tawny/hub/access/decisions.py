"""The rules of access, as pure functions."""

import hashlib
import unicodedata
from ipaddress import IPv6Address, IPv6Network, ip_address

from tawny.hub.access.model import SESSION_LIFETIME_US, Session
from tawny.runtime.problem import Kind, Problem

MIN_PASSWORD, MAX_PASSWORD = 10, 256
MAX_NAME = 64
_CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without I, L, O, 0 and 1, which people mistake
_TOUCH_AFTER_US = 60_000_000  # a session's last use is written at most this often


def name_key(name: str) -> str:
    """What two spellings of one name have in common."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def check_name(name: str) -> str:
    """*name* without surrounding blanks; Problem(INVALID) where it can't be one."""
    shown = unicodedata.normalize("NFC", name).strip()
    if not shown or len(shown) > MAX_NAME or not shown.isprintable():
        raise Problem(Kind.INVALID, f"A user name has 1 to {MAX_NAME} visible characters.", field="user")
    return shown


def check_new_password(password: str) -> None:
    """Problem(INVALID) where *password* is too short to keep, or too long to hash."""
    if len(password) < MIN_PASSWORD:
        raise Problem(
            Kind.INVALID,
            f"The password is too short: it needs at least {MIN_PASSWORD} characters.",
            remedy="Three or four words that don't belong together make a good one.",
            field="password",
        )
    if len(password) > MAX_PASSWORD:
        raise Problem(Kind.INVALID, f"The password is longer than {MAX_PASSWORD} characters.", field="password")


def token_hash(token: str) -> bytes:
    """What is kept of a session's secret: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).digest()


def code_from(random_bytes: bytes) -> str:
    """A set-up code such as ``7KQ2-M9XW`` from 8 random bytes."""
    letters = "".join(_CODE_ALPHABET[byte % len(_CODE_ALPHABET)] for byte in random_bytes[:8])
    return f"{letters[:4]}-{letters[4:]}"


def code_key(code: str) -> str:
    """What is compared of a set-up code: people leave out the dash and write small letters."""
    return "".join(letter for letter in code.upper() if letter.isalnum())


def expired(session: Session, *, now_us: int) -> bool:
    return now_us >= session.expires_us


def touch_due(session: Session, *, now_us: int) -> bool:
    """Whether the session's last use is worth writing down again."""
    return now_us - session.seen_us >= _TOUCH_AFTER_US


def expiry(now_us: int) -> int:
    return now_us + SESSION_LIFETIME_US


def neighbourhood(address: str) -> str:
    """What one guesser can use at will: an IPv4 address, or the /64 network that an IPv6 subscriber owns."""
    try:
        value = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(value, IPv6Address):
        return str(value)
    if value.ipv4_mapped is not None:
        return str(value.ipv4_mapped)
    return str(IPv6Network((value, 64), strict=False))
