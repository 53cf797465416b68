"""Holds: footage that the machine never deletes, with who asked for it and why.

A hold stands in the recorder's ledger, so that it outlives settings and index, and in the settings, so that it outlives a drive. Either is enough:
what one of them holds and none of them releases is held.
"""

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final

from tawny.recorder.archive.ledger import Entry, moment, read_moment
from tawny.recorder.archive.paths import is_camera
from tawny.recorder.archive.retention import Kept, Retention
from tawny.recorder.cameras.requests import Request
from tawny.recorder.storage.clock_trust import Values
from tawny.recorder.storage.leases import by_camera, requested_range
from tawny.runtime.clock import Clock
from tawny.runtime.problem import Kind, Problem
from tawny.wire.moments import rfc3339

SETTING: Final = "holds"
MAX_HOLDS: Final = 1000
MAX_KNOWN: Final = 20_000  # with those that were released; a ledger that tells of more is not ours
MAX_CAMERAS: Final = 512
MAX_WHY: Final = 500
MAX_WHO: Final = 64
_CAMERAS_A_LINE: Final = 16  # a line of a ledger is short: a hold of many cameras takes several, with one id
_MAX_AHEAD_US: Final = 366 * 86_400_000_000
_OVER: Final = "Its time was over."

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """The end of a hold; nobody's where its time was over."""

    at_us: int
    who: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A range of some cameras' footage that stays, until it is released or *until_us* comes."""

    id: str
    cameras: tuple[str, ...]
    kept: Kept
    why: str
    who: str
    made_us: int
    until_us: int | None
    released: Release | None = None

    def document(self, size_bytes: int) -> dict[str, Any]:
        """The hold as the API tells it."""
        end = self.released
        return {
            "id": self.id,
            "cameras": list(self.cameras),
            "from": rfc3339(self.kept.from_us),
            "to": rfc3339(self.kept.to_us),
            "why": self.why,
            "who": self.who,
            "made_at": rfc3339(self.made_us),
            "until": None if self.until_us is None else rfc3339(self.until_us),
            "bytes": size_bytes,
            "released": None if end is None else {"at": rfc3339(end.at_us), "who": end.who, "why": end.why},
        }


class Holds:
    """All holds that were ever made here, in the order of their making.

    Invariants: the retention keeps what is held before anybody is told that it is; a hold or its release is in the settings and on its way into the
    ledger before the answer.
    """

    def __init__(
        self,
        *,
        retention: Retention,
        settings: Values,
        note: Callable[[Entry], None],
        clock: Clock,
        new_id: Callable[[str], str],
    ) -> None:
        self._retention = retention
        self._settings = settings
        self._note = note
        self._clock = clock
        self._new_id = new_id
        self._holds: dict[str, Hold] = {}
        self._releases: dict[str, Release] = {}  # also of holds that stand in a ledger not read yet
        self._take_all(entry for hold in settings.value(SETTING) or [] for entry in hold)
        self._apply()

    def all(self) -> list[Hold]:
        return list(self._holds.values())

    def active(self) -> list[Hold]:
        """Those that keep something."""
        return [hold for hold in self._holds.values() if hold.released is None]

    def read(self, entries: Iterable[Entry]) -> None:
        """Take in what a volume's ledger says. ValueError where it tells of more holds than anybody made."""
        before = dict(self._holds)
        self._take_all(entries)
        if self._holds != before:
            self._apply()
            with suppress(Problem):  # the ledger has it; at the next start it is read again
                self._save()

    def requested(self, request: Request) -> Hold:
        """The hold that *request* describes, not in force yet."""
        cameras = request.texts("cameras", most=MAX_CAMERAS)
        kept = requested_range(request)
        why, who = request.text("why", limit=MAX_WHY).strip(), request.text("who", limit=MAX_WHO)
        until_us = request.moment("until", optional=True)
        now_us = self._clock.utc_us()
        if wrong := [camera for camera in cameras if not is_camera(camera)]:
            raise Problem(Kind.INVALID, f"There is no camera “{wrong[0]}”.", field="cameras")
        if not why:
            raise Problem(Kind.INVALID, "A hold needs a reason: say why this footage has to stay.", field="why")
        if until_us is not None and until_us <= now_us:
            raise Problem(Kind.INVALID, "“until” has to be ahead.", field="until")
        if kept.to_us > now_us + _MAX_AHEAD_US:
            raise Problem(Kind.INVALID, "A hold reaches at most a year ahead.", field="to")
        return Hold(
            id=self._new_id("hold"),
            cameras=tuple(dict.fromkeys(cameras)),
            kept=kept,
            why=why,
            who=who,
            made_us=now_us,
            until_us=until_us,
        )

    def protect(self, hold: Hold) -> None:
        """Let *hold* keep its footage from this moment on, before it is decided whether it is made."""
        if len(self.active()) >= MAX_HOLDS:
            raise Problem(Kind.EXHAUSTED, f"There are {MAX_HOLDS} holds already.", remedy="Release some that are done.")
        self._holds[hold.id] = hold
        self._apply()

    def withdraw(self, hold: Hold) -> None:
        """It is not made."""
        del self._holds[hold.id]
        self._apply()

    def make(self, hold: Hold) -> None:
        """Write down a hold that is protected already."""
        try:
            self._save()
        except Problem:
            self.withdraw(hold)
            raise
        for at in range(0, len(hold.cameras), _CAMERAS_A_LINE):
            self._note(_hold_entry(hold, hold.cameras[at : at + _CAMERAS_A_LINE], self._new_id("led")))

    def release(self, hold_id: str, *, who: str, why: str) -> Hold:
        """End a hold: what it kept goes when its turn comes."""
        hold = self._holds.get(hold_id)
        if hold is None:
            raise Problem(Kind.NOT_FOUND, "There is no such hold.")
        if hold.released is not None:
            return hold
        ended = replace(hold, released=Release(at_us=self._clock.utc_us(), who=who, why=why))
        self._holds[hold_id] = ended
        try:
            self._save()
        except Problem:
            self._holds[hold_id] = hold
            raise
        assert ended.released is not None
        self._releases[hold_id] = ended.released
        self._note(_release_entry(ended, self._new_id("led")))
        self._apply()
        return ended

    def expire(self) -> None:
        """End the holds whose time is over; only while the clock is trusted."""
        now_us = self._clock.utc_us()
        for hold in self.active():
            if hold.until_us is not None and hold.until_us <= now_us:
                self.release(hold.id, who="", why=_OVER)

    def _apply(self) -> None:
        self._retention.change(held=by_camera((hold.cameras, hold.kept) for hold in self.active()))

    def _save(self) -> None:
        released = [hold for hold in self._holds.values() if hold.released is not None][-MAX_HOLDS:]
        self._settings.set_value(SETTING, [_setting(hold) for hold in [*released, *self.active()]])

    def _take_all(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            try:
                self._take(entry)
            except (KeyError, ValueError, TypeError, AttributeError) as error:  # damaged: it says nothing
                _log.warning("an entry about a hold can't be read: %s", error)
            if max(len(self._holds), len(self._releases)) > MAX_KNOWN:
                raise ValueError("the ledger tells of too many holds")
        self._holds = dict(sorted(self._holds.items(), key=lambda item: item[1].made_us))

    def _take(self, entry: Entry) -> None:
        if entry["kind"] == "hold":
            hold = _read_hold(entry)
            if (known := self._holds.get(hold.id)) is not None:  # a further line of it, or from another place
                hold = replace(known, cameras=tuple(dict.fromkeys((*known.cameras, *hold.cameras))))
            self._holds[hold.id] = replace(hold, released=self._releases.get(hold.id, hold.released))
        elif entry["kind"] == "hold_released":
            end = Release(at_us=read_moment(entry["utc"]), who=_text(entry, "who"), why=_text(entry, "why"))
            hold_id = _id(entry)
            self._releases.setdefault(hold_id, end)
            if (held := self._holds.get(hold_id)) is not None:
                self._holds[hold_id] = replace(held, released=self._releases[hold_id])


def _hold_entry(hold: Hold, cameras: tuple[str, ...], entry_id: str) -> Entry:
    return {
        "id": entry_id,
        "utc": moment(hold.made_us),
        "kind": "hold",
        "hold": hold.id,
        "cameras": list(cameras),
        "from": moment(hold.kept.from_us),
        "to": moment(hold.kept.to_us),
        "why": hold.why,
        "who": hold.who,
        **({} if hold.until_us is None else {"until": moment(hold.until_us)}),
    }


def _release_entry(hold: Hold, entry_id: str) -> Entry:
    assert hold.released is not None
    end = hold.released
    return {
        "id": entry_id,
        "utc": moment(end.at_us),
        "kind": "hold_released",
        "hold": hold.id,
        "who": end.who,
        "why": end.why,
    }


def _setting(hold: Hold) -> list[Entry]:
    """A hold as the settings keep it: its ledger entries."""
    return [_hold_entry(hold, hold.cameras, ""), *([] if hold.released is None else [_release_entry(hold, "")])]


def _read_hold(entry: Entry) -> Hold:
    until = entry.get("until")
    return Hold(
        id=_id(entry),
        cameras=tuple(camera for camera in entry["cameras"] if is_camera(camera)),
        kept=Kept(read_moment(entry["from"]), read_moment(entry["to"])),
        why=_text(entry, "why"),
        who=_text(entry, "who"),
        made_us=read_moment(entry["utc"]),
        until_us=None if until is None else read_moment(until),
    )


def _id(entry: Entry) -> str:
    """The hold that *entry* is about: an adopted drive's ledger may say anything."""
    found = str(entry["hold"])
    if not is_camera(found):  # ids have one form
        raise ValueError("no id of a hold")
    return found


def _text(entry: Entry, name: str) -> str:
    return str(entry.get(name, ""))[:MAX_WHY].encode(errors="replace").decode()
