"""Names of files: plain ASCII, so that any system takes them; they tell camera, stream and UTC time."""

import re
import unicodedata
from typing import Final

from tawny.runtime.clock import from_utc_us

_LONGEST: Final = 40


def file_name(number: int, camera: str, stream: str, from_us: int, *, derived: bool = False) -> str:
    """``03-front-door-main-20261122T170405Z.mp4``; a derived copy says so."""
    moment = from_utc_us(from_us).strftime("%Y%m%dT%H%M%SZ")
    copy = "-compatible-copy" if derived else ""
    return f"{number:02d}-{plain(camera)}-{stream}-{moment}{copy}.mp4"


def plain(text: str) -> str:
    """*text* in small ASCII letters, digits and hyphens; ``camera`` where nothing of it is left."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:_LONGEST].strip("-") or "camera"
