"""What the recorder's ledgers said is read once, and again where it is not the same any more."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.recorder.adapters.segment_files import SegmentFiles
from tawny.recorder.archive.ledger import RECORDER, Ledger
from tawny.recorder.archive.paths import LEDGER, day_of
from tawny.recorder.archive.recalled import Recalled
from tawny.recorder.archive.volumes import IDENTITY
from tests.recorder.archive.building import NOON_US

DAY_US = 86_400_000_000


class Shelf:
    """A volume with the recorder's ledgers, and what is remembered of them."""

    def __init__(self, directory: Path) -> None:
        self.root = directory / "volume"
        self.cache = directory / "ledgers-read.json"
        self.root.mkdir()
        (self.root / IDENTITY).write_text('{"id": "vol_1"}')
        self._ledger = Ledger(self.root, SegmentFiles())
        self._numbers = iter(range(1, 1000))

    def write(self, kind: str, *, day: int = 0) -> None:
        self._ledger.append(RECORDER, NOON_US + day * DAY_US, {"id": f"led_{next(self._numbers)}", "kind": kind})

    def path(self, day: int = 0) -> Path:
        return self.root / RECORDER / day_of(NOON_US + day * DAY_US) / LEDGER

    def found(self) -> list[str]:
        """As the next start finds it."""
        return [entry["id"] for entry in Recalled(self.cache, mention=b'"hold').entries(self.root)]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def test_only_what_is_asked_about_is_told_oldest_first(shelf: Shelf) -> None:
    for day, kind in ((1, "heads"), (3, "hold"), (0, "hold"), (2, "hold_released")):
        shelf.write(kind, day=day)

    assert shelf.found() == ["led_3", "led_4", "led_2"]


def test_what_was_read_is_not_read_again(shelf: Shelf) -> None:
    for kind in ("hold", *["heads"] * 20):
        shelf.write(kind, day=1)
    before = shelf.found()
    text = shelf.path(1).read_bytes()
    shelf.path(1).write_bytes(b"#" * 10 + text[10:])  # its first bytes are not looked at any more

    assert shelf.found() == before


def test_what_was_added_since_is_read(shelf: Shelf) -> None:
    shelf.write("hold")
    shelf.write("heads", day=1)
    shelf.found()

    shelf.write("hold")
    shelf.write("hold", day=1)

    assert shelf.found() == ["led_1", "led_3", "led_4"]


def test_a_line_that_is_being_written_is_read_once_it_is_whole(shelf: Shelf) -> None:
    shelf.write("hold")
    line = shelf.path().read_bytes()
    shelf.path().write_bytes(line[:-5])
    assert shelf.found() == []

    shelf.path().write_bytes(line)

    assert shelf.found() == ["led_1"]


def test_a_ledger_that_lost_its_end_and_went_on_otherwise_is_read_whole(shelf: Shelf) -> None:
    shelf.write("hold")
    whole = shelf.path().read_bytes()
    shelf.write("heads")
    shelf.found()

    shelf.path().write_bytes(whole)  # a power cut took the last line
    shelf.write("hold")

    assert shelf.found() == ["led_1", "led_3"]


@pytest.mark.parametrize("damage", [b"", b"[]", b'{"vol_1/x": 5}', b"\xff", b'{"vol_1/2026-11-22": {"size": -1}}'])
def test_without_what_was_remembered_all_is_read(damage: bytes, shelf: Shelf) -> None:
    shelf.write("hold")
    shelf.found()

    shelf.cache.write_bytes(damage)

    assert shelf.found() == ["led_1"]
    assert "vol_1/2026-11-22" in json.loads(shelf.cache.read_bytes())


def test_each_volume_has_its_own(shelf: Shelf, tmp_path: Path) -> None:
    shelf.write("hold")
    shelf.found()
    (tmp_path / "two").mkdir()
    other = Shelf(tmp_path / "two")
    (other.root / IDENTITY).write_text('{"id": "vol_2"}')
    other.cache = shelf.cache
    other.write("hold", day=1)

    assert other.found() == ["led_1"]
    assert set(json.loads(shelf.cache.read_bytes())) == {"vol_1/2026-11-22", "vol_2/2026-11-23"}


def test_a_place_without_a_volume_has_no_ledgers(shelf: Shelf) -> None:
    (shelf.root / IDENTITY).unlink()

    with pytest.raises(FileNotFoundError):
        shelf.found()


@given(st.lists(st.binary(max_size=40) | st.just(b"x" * 70_000) | st.just(b'{"id":"1","kind":"hold"}'), max_size=8))
@settings(max_examples=30)
def test_any_bytes_are_read_without_harm_and_in_parts_as_at_once(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]
) -> None:
    shelf = Shelf(tmp_path_factory.mktemp("shelf"))
    shelf.write("hold")

    for piece in pieces:
        with shelf.path().open("ab") as file:
            file.write(piece + b"\n")
        shelf.found()
    in_parts = shelf.found()
    shelf.cache.unlink()

    assert shelf.found() == in_parts
    assert in_parts.count("1") == sum(piece.strip() == b'{"id":"1","kind":"hold"}' for piece in pieces)
