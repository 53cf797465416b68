"""The assertion: written, read back, and read strictly."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawny.wire.evidence.recording import (
    CameraName,
    Case,
    Part,
    ProvenGap,
    ProvenLedger,
    ProvenLine,
    ProvenSegment,
    RecorderName,
    Recording,
    Witness,
)

NOON_US = 1_795_348_800_000_000
LINE = ProvenLine(line=3, entry='{"kind":"segment"}', path=(bytes(32), b"\1" * 32))
RECORDING = Recording(
    recorder=RecorderName(id="rec_1", name="Hütte", time_zone="Europe/Berlin", software="Tawny 0.1"),
    camera=CameraName(id="cam_gate", name="Gate"),
    stream="main",
    audio=True,
    asked_from_us=NOON_US,
    asked_to_us=NOON_US + 60_000_000,
    part=Part(export="exp_1", number=1, of=2),
    exported_us=NOON_US + 123_456_789,
    exported_by="ada",
    case=Case(number="4711", reason="Theft", officer="Kovács"),
    segments=(ProvenSegment(start_us=NOON_US, ledger=0, proof=LINE, present=((0, 3), (5, 1)), absent=bytes(64)),),
    gaps=(ProvenGap(ledger=0, proof=LINE),),
    ledgers=(ProvenLedger(volume="vol_1", owner="cam_gate", day="2026-11-22", line=9, head="{}"),),
    certificates={"00112233445566aa": "-----BEGIN CERTIFICATE-----"},
    witnesses=(Witness(head="{}", heads=LINE, token=b"token"),),
)


def test_the_assertion_reads_back_from_its_text() -> None:
    assert Recording.from_json(RECORDING.to_json()) == RECORDING


def test_the_assertion_has_the_members_of_its_design() -> None:
    document = json.loads(RECORDING.to_json())

    assert document["version"] == 1
    assert document["asked"] == {"from": "2026-11-22T12:00:00Z", "to": "2026-11-22T12:01:00Z"}
    assert document["exported"] == {"at": "2026-11-22T12:02:03.456789Z", "by": "ada"}
    assert document["segments"][0]["present"] == [[0, 3], [5, 1]]
    assert document["segments"][0]["path"] == ["00" * 32, "01" * 32]
    assert document["ledgers"][0]["head"] == {"line": 9, "entry": "{}"}
    assert document["witnesses"][0]["token"] == "dG9rZW4="


def _places(value: Any, place: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place, *(found for name, item in items for found in _places(item, (*place, name)))]


PLACES = _places(RECORDING.document())


@given(
    st.sampled_from(PLACES[1:]),
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.just([]) | st.just({}),
)
def test_a_changed_member_is_refused_or_read_as_it_stands(place: tuple[str | int, ...], value: object) -> None:
    document: Any = json.loads(RECORDING.to_json())
    at = document
    for name in place[:-1]:
        at = at[name]
    at[place[-1]] = value

    try:
        found = Recording.from_json(json.dumps(document))
    except ValueError:
        return

    assert Recording.from_json(found.to_json()) == found


@pytest.mark.parametrize("place", [p for p in PLACES if isinstance(p[-1:] and p[-1], str)])
def test_a_missing_member_is_refused(place: tuple[str | int, ...]) -> None:
    document: Any = json.loads(RECORDING.to_json())
    at = document
    for name in place[:-1]:
        at = at[name]
    del at[place[-1]]

    if place[0] == "certificates" and len(place) == 2:
        assert Recording.from_json(json.dumps(document)).certificates == {}
    else:
        with pytest.raises(ValueError, match="missing"):
            Recording.from_json(json.dumps(document))


@pytest.mark.parametrize("place", [p for p in PLACES if p != ("certificates",)])
def test_a_member_that_nobody_knows_is_refused(place: tuple[str | int, ...]) -> None:
    document: Any = json.loads(RECORDING.to_json())
    at = document
    for name in place:
        at = at[name]
    if not isinstance(at, dict):
        return
    at["note"] = "trust me"

    with pytest.raises(ValueError, match="note is not known"):
        Recording.from_json(json.dumps(document))


def test_a_line_of_an_unnamed_ledger_is_refused() -> None:
    document = RECORDING.document()
    document["gaps"][0]["ledger"] = 1

    with pytest.raises(ValueError, match="ledger that is not named"):
        Recording.from_json(json.dumps(document))


@given(st.binary(max_size=100))
def test_any_bytes_are_refused(noise: bytes) -> None:
    with pytest.raises(ValueError):
        Recording.from_json(noise)
