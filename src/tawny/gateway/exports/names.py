"""Names that any system can store, made of what people typed."""

import re
import unicodedata


def plain(text: str) -> str:
    """*text* in letters, digits, spaces, dashes and dots of ASCII; never empty, and hidden nowhere."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9 ._-]+", "-", ascii_only).strip(" .-") or "export"


def zip_name(text: str) -> str:
    """The file name of an export called *text*."""
    return re.sub(r"[ .-]+", "-", plain(text))[:80].strip("-") + ".zip"
