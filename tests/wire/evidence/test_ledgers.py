"""Lines of ledgers, as leaves and as what they tell."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawny.wire.evidence.ledgers import (
    MAX_LINE,
    HeadEntry,
    kind_of,
    line_hash,
    lines,
    read_gap,
    read_head,
    read_segment,
)
from tawny.wire.evidence.tree import leaf

HEAD = HeadEntry(
    id="led_1",
    utc="2026-11-22T12:00:00.000000Z",
    volume="vol_1",
    ledger="cam_gate/2026-11-22",
    size=7,
    root=bytes(range(32)),
    key="00112233445566aa",
    signature=bytes(range(64)),
)
SEGMENT = {
    "id": "led_2",
    "utc": "2026-11-22T12:01:01.000000Z",
    "kind": "segment",
    "stream": "main",
    "file": "12/20261122T120000.000000Z-main.mp4",
    "from": "2026-11-22T12:00:00.000000Z",
    "to": "2026-11-22T12:01:00.000000Z",
    "bytes": 100,
    "fragments": 60,
    "sequence": 3,
    "root": "ab" * 32,
}


def test_torn_lines_count_and_empty_ones_do_not() -> None:
    assert list(lines(b'{"a":1}\n\n{"b":\n{"c":3}\nbehind the last line end')) == [b'{"a":1}', b'{"b":', b'{"c":3}']
    assert line_hash(b"x") == leaf([b"x"])


def test_a_head_reads_back_from_its_line() -> None:
    assert read_head(HEAD.line()) == HEAD
    assert kind_of(HEAD.line()) == "head"
    assert HEAD.statement("rec_1").startswith(b"tawny head v1\nrec_1\nvol_1\ncam_gate/2026-11-22\n7\n0001")


@pytest.mark.parametrize(
    "change",
    [{"size": 0}, {"size": True}, {"key": "x" * 16}, {"root": "00"}, {"utc": "noon"}, {"more": 1}, {"kind": "gap"}],
)
def test_a_head_with_anything_wrong_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        read_head(json.dumps(HEAD.entry() | change))


def test_a_segment_reads_back_from_its_line() -> None:
    entry = read_segment(json.dumps(SEGMENT))

    assert (entry.sequence, entry.fragments, entry.root, entry.recovered) == (3, 60, b"\xab" * 32, False)
    assert entry.to_us - entry.from_us == 60_000_000


def test_a_recovered_segment_tells_until_when_nobody_vouched_for_it() -> None:
    entry = read_segment(json.dumps(SEGMENT | {"recovered": True, "unsigned_until": "2026-11-22T12:05:00Z"}))

    assert entry.recovered
    assert entry.unsigned_until_us == entry.from_us + 300_000_000


def test_gaps_are_read_in_their_three_kinds() -> None:
    common = {"id": "gap_1", "utc": SEGMENT["utc"], "stream": "main"}
    begun = read_gap(
        json.dumps(common | {"kind": "gap", "from": SEGMENT["from"], "reason": "camera_lost", "title": "Gone."})
    )
    ended = read_gap(json.dumps(common | {"kind": "gap_ended", "gap": "gap_1", "to": SEGMENT["to"]}))
    deleted = read_gap(json.dumps(SEGMENT | {"kind": "deleted", "cause": "depth"}))

    assert (begun.reason, begun.title, begun.to_us) == ("camera_lost", "Gone.", None)
    assert (ended.gap, ended.from_us) == (begun.id, None)
    assert (deleted.reason, deleted.sequence) == ("depth", 3)


@given(st.binary(max_size=200) | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_any_line_is_read_or_refused(noise: bytes | str) -> None:
    for read in (read_head, read_segment, read_gap):
        with pytest.raises(ValueError):
            read(noise)


@given(st.dictionaries(st.sampled_from(sorted(HEAD.entry())), st.none() | st.integers() | st.text(max_size=20)))
def test_a_changed_head_is_refused_or_tells_the_change(change: dict[str, object]) -> None:
    try:
        found = read_head(json.dumps(HEAD.entry() | change))
    except ValueError:
        return

    assert found.entry() == HEAD.entry() | change


def test_a_line_that_other_readers_read_otherwise_is_torn() -> None:
    assert kind_of(b'{"kind":"gap","kind":"head"}') is None
    assert kind_of(b'{"kind":"gap","at":NaN}') is None
    assert kind_of(b"[" * 10_000) is None
    assert kind_of(b'{"kind":"' + b"x" * MAX_LINE + b'"}') is None
    assert kind_of(replace(HEAD, id="led_9").line()) == "head"
