"""What comes of an examination."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from tawny.wire.evidence.recording import Recording
from tawny.wire.moments import rfc3339


class Word(StrEnum):
    """The verdict in one word; the words are a contract with whoever reads the JSON."""

    AUTHENTIC = "authentic"
    CHANGED = "changed"
    NOT_SIGNED = "not_signed"
    UNREADABLE = "unreadable"


EXIT_CODES: Final = {Word.AUTHENTIC: 0, Word.CHANGED: 1, Word.NOT_SIGNED: 2, Word.UNREADABLE: 3}
_TITLES: Final = {
    Word.AUTHENTIC: "Authentic: this is what the recorder recorded.",
    Word.CHANGED: "Changed: this is not what the recorder exported.",
    Word.NOT_SIGNED: "Not signed by a recorder that you trust.",
    Word.UNREADABLE: "The file can't be read.",
}
_RECOVERED: Final = "Unchanged, but a part was signed only after a crash."


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why: *code* is stable, *title* is for people; *offset* of the first byte in doubt, *at_us* of its time."""

    code: str
    title: str
    offset: int | None = None
    at_us: int | None = None

    def document(self) -> dict[str, Any]:
        offset = {} if self.offset is None else {"offset": self.offset}
        at = {} if self.at_us is None else {"at": rfc3339(self.at_us)}
        return {"code": self.code, "title": self.title, **offset, **at}


class Flaw(Exception):  # noqa: N818 - what was found
    """A check failed, so that the rest need not be looked at."""

    def __init__(self, code: str, title: str, *, offset: int | None = None, at_us: int | None = None) -> None:
        super().__init__(title)
        self.reason = Reason(code=code, title=title, offset=offset, at_us=at_us)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of time that something is to be said of: a hole with its reason, or footage that was recovered."""

    from_us: int
    to_us: int
    reason: str = ""
    title: str = ""
    until_us: int | None = None

    def document(self) -> dict[str, Any]:
        told = {"reason": self.reason, "title": self.title} if self.reason else {}
        until = {} if self.until_us is None else {"unsigned_until": rfc3339(self.until_us)}
        return {"from": rfc3339(self.from_us), "to": rfc3339(self.to_us), **told, **until}


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Whose key signed the file, by its certificate; *root* is the fingerprint of the root that the file names."""

    name: str
    key: str
    root: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The verdict on one file. What *recording* says is to be believed only of an authentic one.

    *from_us* and *to_us* are what the file shows, where that is known.
    """

    word: Word
    reasons: tuple[Reason, ...] = ()
    recording: Recording | None = None
    signer: Signer | None = None
    from_us: int | None = None
    to_us: int | None = None
    recovered: tuple[Stretch, ...] = ()
    holes: tuple[Stretch, ...] = ()

    @property
    def title(self) -> str:
        only_recovered = bool(self.reasons) and all(reason.code == "recovered" for reason in self.reasons)
        return _RECOVERED if only_recovered else _TITLES[self.word]

    @property
    def exit_code(self) -> int:
        return EXIT_CODES[self.word]

    def document(self) -> dict[str, Any]:
        """The verdict as JSON."""
        return {
            "verdict": str(self.word),
            "title": self.title,
            "reasons": [reason.document() for reason in self.reasons],
            **_told(self.recording),
            "from": _moment(self.from_us),
            "to": _moment(self.to_us),
            "signed_by": None
            if self.signer is None
            else {"name": self.signer.name, "key": self.signer.key, "root": self.signer.root},
            "recovered": [stretch.document() for stretch in self.recovered],
            "gaps": [stretch.document() for stretch in self.holes],
        }


def _moment(utc_us: int | None) -> str | None:
    """*utc_us* as text; None for what no calendar has: a forged file may show thousands of years."""
    try:
        return None if utc_us is None else rfc3339(utc_us)
    except OverflowError:
        return None


def _told(recording: Recording | None) -> dict[str, Any]:
    if recording is None:
        return dict.fromkeys(("recorder", "camera", "stream", "asked", "exported", "case", "parts"))
    document = recording.document()
    names = ("recorder", "camera", "stream", "asked", "exported", "case")
    return {**{name: document[name] for name in names}, "parts": document["part"]}
