"""RTSP addresses: without the login that people write into them, and joined with control attributes."""

import re
from urllib.parse import unquote, urlsplit

_ABSOLUTE = re.compile(r"rtsps?://", re.IGNORECASE)
_UNSAFE = re.compile(r"[^\x21-\x7e]")


def split_login(url: str) -> tuple[str, str, str]:
    """The address without user and password, and these two decoded; raises ValueError when it is no RTSP address.

    The last ``@`` before the path ends the login: people type passwords as they are. What may not stand in a request
    line is percent-encoded.
    """
    match = re.match(r"(rtsps?)://([^/?#]*)(.*)", url.strip(), re.IGNORECASE | re.DOTALL)
    if match is None:
        raise ValueError("an RTSP address starts with rtsp://")
    login, _, host = match[2].rpartition("@")
    clean = f"{match[1].lower()}://{host}{match[3]}"
    _check_host(clean)
    user, _, password = login.partition(":")
    return _UNSAFE.sub(_percent, clean), unquote(user), unquote(password)


def _check_host(url: str) -> None:
    try:
        parts = urlsplit(url)
        named = parts.hostname and parts.port != 0
    except ValueError:
        named = False
    if not named:  # never quoted: it may be half a password
        raise ValueError("the RTSP address has no valid host and port (a / in a password is written %2F)") from None


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogatepass"))


def join(base: str, control: str | None) -> str:
    """The address that *control* (an ``a=control`` or a Content-Base) means beside *base*.

    RFC 2326 C.1.1 asks for RFC 1808 here, but servers append and expect the same: Dahua's base ends in
    ``?channel=1&subtype=0/``, and live555 and FFmpeg, with which cameras are tried, append too.
    """
    control = _UNSAFE.sub(_percent, (control or "").strip())
    if control in {"", "*"}:
        return base
    if _ABSOLUTE.match(control):
        return re.sub(r"^rtsp://(?=rtsps?://)", "", control, flags=re.IGNORECASE)  # seen: rtsp://rtsp://turret/stream
    if control.startswith("/"):
        root = re.match(r"[a-z]+://[^/?#]*", base, re.IGNORECASE)
        return (root[0] if root else "") + control
    return base + ("" if base.endswith("/") or control.startswith("?") else "/") + control


def without_login(url: str) -> str:
    """*url* without user and password, which some servers repeat in their answers."""
    return re.sub(r"^(\w+://)[^/?#]*@", r"\1", url)
