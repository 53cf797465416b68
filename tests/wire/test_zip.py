"""Planned zips, opened by Python's own reader; a file of 5 GB is planned, not written."""

import io
import string
import struct
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.wire.zip import ZipEntry, plan_zip

names = st.text(string.ascii_letters + string.digits + "._-", min_size=1, max_size=20).filter(lambda n: n[0].isalnum())


def build(files: dict[str, bytes]) -> bytes:
    entries = [ZipEntry(name=name, size=len(data), crc32=zlib.crc32(data)) for name, data in files.items()]
    pieces = plan_zip(entries)
    made = [files[piece.name] if piece.name else piece.data for piece in pieces]
    assert [len(data) for data in made] == [piece.size for piece in pieces]
    return b"".join(made)


@settings(max_examples=30)
@given(st.dictionaries(names, st.binary(max_size=200), max_size=8))
def test_what_goes_in_comes_out(files: dict[str, bytes]) -> None:
    files = {name.lower(): data for name, data in files.items()}

    with zipfile.ZipFile(io.BytesIO(build(files))) as opened:
        assert opened.testzip() is None
        assert {name: opened.read(name) for name in opened.namelist()} == files


def test_the_same_files_give_the_same_zip() -> None:
    assert build({"a.mp4": b"1", "b.txt": b"2"}) == build({"a.mp4": b"1", "b.txt": b"2"})


def test_zip64_only_where_a_size_or_offset_needs_it() -> None:
    small = plan_zip([ZipEntry(name="a.mp4", size=4_000_000_000, crc32=1)])
    large = plan_zip([ZipEntry(name="a.mp4", size=5 << 30, crc32=1), ZipEntry(name="b.txt", size=3, crc32=2)])

    assert b"PK\x06\x06" not in small[-1].data
    assert struct.pack("<HHQQ", 1, 16, 5 << 30, 5 << 30) in large[0].data
    assert struct.pack("<HHQ", 1, 8, large[0].size + (5 << 30)) in large[-1].data
    assert b"PK\x06\x06" in large[-1].data


class _Holes(io.RawIOBase):
    """A large zip whose files are zeros that were never written."""

    def __init__(self, pieces: list[tuple[int, bytes]]) -> None:
        self._pieces = pieces
        self._at = 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset + (0, self._at, sum(size for size, _ in self._pieces))[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1) -> bytes:
        start, found = 0, b""
        for length, data in self._pieces:
            if start <= self._at < start + length:
                found = data[self._at - start :] or bytes(min(size, length))
                break
            start += length
        found = found if size < 0 else found[:size]
        self._at += len(found)
        return found


def test_a_zip_above_4_gb_is_read_by_others() -> None:
    entries = [ZipEntry(name="a.mp4", size=5 << 30, crc32=1), ZipEntry(name="b.mp4", size=1, crc32=2)]
    planned = plan_zip(entries)

    with zipfile.ZipFile(_Holes([(piece.size, piece.data) for piece in planned])) as opened:
        found = [(info.filename, info.file_size, info.header_offset) for info in opened.infolist()]

    assert found == [("a.mp4", 5 << 30, 0), ("b.mp4", 1, planned[0].size + (5 << 30))]


@pytest.mark.parametrize("name", ["", "../a", "a/b", ".hidden", "a b", "ä", "C:x", "a" * 200])
def test_a_name_that_some_system_would_not_take_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        plan_zip([ZipEntry(name=name, size=1, crc32=0)])


def test_two_files_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="name"):
        plan_zip([ZipEntry(name="A.mp4", size=1, crc32=0), ZipEntry(name="a.mp4", size=1, crc32=0)])
