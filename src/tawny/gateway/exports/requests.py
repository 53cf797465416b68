"""Reads what is asked for; each mistake is a `Problem` that names its field."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from tawny.gateway.exports.model import DAY_US, Case, Document, Item
from tawny.runtime.problem import Kind, Problem
from tawny.wire.media import StreamName
from tawny.wire.moments import parse_rfc3339

MAX_ITEMS: Final = 64
SHORTEST_US: Final = 3_000_000
LONGEST_US: Final = DAY_US
AHEAD_US: Final = 60_000_000
_CAMERA: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_MEMBERS: Final = {"items", "name", "compatible", "drive", "hold", "case", "by"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """The hold that goes with an export."""

    why: str
    until: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What somebody wants exported."""

    items: tuple[Item, ...]
    name: str
    by: str
    compatible: bool
    drive: str | None
    hold: Hold | None
    case: Case | None


def read_order(document: Document, *, person: str, now_us: int) -> Order:
    """The order in *document*; *person* stands in where no name was sent along."""
    if unknown := sorted(set(document) - _MEMBERS):
        _refuse(unknown[0][:64], "The request has a member that is not known here.")
    items = document.get("items")
    if not isinstance(items, list) or not 1 <= len(items) <= MAX_ITEMS:
        _refuse("items", f"An export has 1 to {MAX_ITEMS} ranges.")
    return Order(
        items=tuple(_item(_members(item, f"items.{n}"), f"items.{n}", now_us) for n, item in enumerate(items)),
        name=_text(document, "name", "name", 100),
        by=_text(document, "by", "by", 100) or person,
        compatible=_flag(document, "compatible", "compatible", default=False),
        drive=_text(document, "drive", "drive", 200) or None,
        hold=_hold(_members(document["hold"], "hold")) if document.get("hold") is not None else None,
        case=_case(_members(document["case"], "case")) if document.get("case") is not None else None,
    )


def _item(item: Document, field: str, now_us: int) -> Item:
    camera = _text(item, "camera", f"{field}.camera", 64)
    if not _CAMERA.fullmatch(camera):
        _refuse(f"{field}.camera", "A range has to name a camera.")
    try:
        stream = StreamName(item.get("stream", "main"))
    except ValueError:
        _refuse(f"{field}.stream", "A camera's streams are called main and sub.")
    from_us, to_us = _moment(item, "from", f"{field}.from"), _moment(item, "to", f"{field}.to")
    if not SHORTEST_US <= to_us - from_us <= LONGEST_US:
        _refuse(f"{field}.to", "A range is 3 seconds to 24 hours long.")
    if to_us > now_us + AHEAD_US:
        _refuse(f"{field}.to", "A range may end at most a minute from now.")
    audio = _flag(item, "audio", f"{field}.audio", default=True)
    return Item(camera=camera, stream=stream, from_us=from_us, to_us=to_us, audio=audio)


def _hold(hold: Document) -> Hold:
    why = _text(hold, "why", "hold.why", 500)
    if not why:
        _refuse("hold.why", "A hold needs its reason.")
    until = hold.get("until")
    if until is not None:
        _moment(hold, "until", "hold.until")
    return Hold(why=why, until=until)


def _case(case: Document) -> Case:
    return Case(
        number=_text(case, "number", "case.number", 200),
        reason=_text(case, "reason", "case.reason", 500),
        officer=_text(case, "officer", "case.officer", 200),
    )


def _members(value: Any, field: str) -> Document:
    if not isinstance(value, dict):
        _refuse(field, f"“{field}” has to be a JSON object.")
    return value


def _text(members: Document, name: str, field: str, limit: int) -> str:
    value = members.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > limit:
        _refuse(field, f"“{field}” has to be text of at most {limit} characters.")
    if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t" for c in value):
        _refuse(field, f"“{field}” holds a control character.")
    return value.strip()


def _flag(members: Document, name: str, field: str, *, default: bool) -> bool:
    value = members.get(name, default)
    if not isinstance(value, bool):
        _refuse(field, f"“{field}” has to be true or false.")
    return value


def _moment(members: Document, name: str, field: str) -> int:
    try:
        return parse_rfc3339(members[name])
    except (KeyError, ValueError, TypeError):
        _refuse(field, f"“{field}” has to be a moment such as 2026-11-22T17:04:05Z.")


def _refuse(field: str, title: str) -> NoReturn:
    raise Problem(Kind.INVALID, title, field=field)
