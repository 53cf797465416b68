"""The verdict on real exports: untouched, changed in every way that we could think of, signed by others."""

import io
import os
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography import x509

from tawny.export.progress import Progress
from tawny.recorder.archive.model import GapReason
from tawny.runtime.problem import Problem
from tawny.verification.service import verify
from tawny.verification.verdict import Verdict, Word
from tawny.wire.evidence.chains import read_root
from tawny.wire.mp4.boxes import box
from tawny.wire.mp4.export import Extent, Layout, read_layout
from tests.export.building import NOON_US, SECOND, SignedArchive, item
from tests.verification.building import exported, small_archive, tiny
from tests.wire.mp4.clips import joined, metadata_clip
from tests.wire.mp4.ffmpeg import packets


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SignedArchive]:
    archive = small_archive(tmp_path_factory.mktemp("archive"))
    yield archive
    archive.close()


@pytest.fixture(scope="module")
def original(archive: SignedArchive) -> Path:
    return exported(archive, audio=False)


@pytest.fixture(scope="module")
def root(archive: SignedArchive) -> x509.Certificate:
    return read_root(archive.root_pem.read_bytes())


def codes(verdict: Verdict) -> list[str]:
    return [reason.code for reason in verdict.reasons]


@pytest.mark.parametrize("audio", [True, False])
@pytest.mark.parametrize(("start", "end"), [(0, 5), (0.3, 4.5), (1, 2), (4.2, 4.4)])
def test_an_export_is_authentic_with_and_without_sound_whole_and_in_part(
    archive: SignedArchive, root: x509.Certificate, start: float, end: float, *, audio: bool
) -> None:
    file = exported(archive, start, end, audio=audio)

    verdict = verify(file, trust=[root])

    assert (verdict.word, verdict.reasons, verdict.exit_code) == (Word.AUTHENTIC, (), 0)
    assert verdict.from_us == NOON_US + round(start * SECOND)


@pytest.mark.parametrize("audio", [True, False])
@pytest.mark.parametrize(("start", "end"), [(0, 2), (0.3, 1.5)])
def test_metadata_go_along_as_a_track_of_their_own_and_the_export_is_authentic(
    start: float, end: float, *, audio: bool, tmp_path: Path
) -> None:
    archive = SignedArchive(tmp_path)
    for second in range(2):
        archive.segment(second, joined(tiny(), metadata_clip(seconds=1)))
    archive.sign()

    file = exported(archive, start, end, audio=audio)
    verdict = verify(file, trust=[read_root(archive.root_pem.read_bytes())])
    archive.close()

    assert (verdict.word, verdict.reasons) == (Word.AUTHENTIC, ())
    data = file.read_bytes()
    assert data.count(b"<MetadataStream n=") == 10
    assert len(packets(file, "d")) == (10 if start == 0 else 9)  # the edit list hides what comes before
    assert bool(packets(file, "a")) is audio


def test_the_verdict_tells_of_camera_time_and_holes(original: Path, root: x509.Certificate) -> None:
    document = verify(original, trust=[root]).document()

    assert document["verdict"] == "authentic"
    assert document["camera"] == {"id": "cam_gate", "name": "Gate Süd"}
    assert (document["from"], document["to"]) == ("2026-11-22T12:00:00Z", "2026-11-22T12:00:05Z")
    (hole,) = document["gaps"]
    assert (hole["reason"], hole["title"]) == ("camera_lost", "The camera does not answer.")


def test_without_a_named_root_nothing_is_authentic(original: Path) -> None:
    verdict = verify(original)

    assert (verdict.word, codes(verdict), verdict.exit_code) == (Word.NOT_SIGNED, ["no_trust"], 2)


def test_an_export_of_another_recorder_is_not_signed(original: Path, tmp_path: Path) -> None:
    stranger = SignedArchive(tmp_path)

    verdict = verify(original, trust=[read_root(stranger.root_pem.read_bytes())])
    stranger.close()

    assert (verdict.word, codes(verdict)) == (Word.NOT_SIGNED, ["untrusted"])


def test_footage_that_a_crash_left_unsigned_is_never_plainly_authentic(tmp_path: Path) -> None:
    archive = SignedArchive(tmp_path)
    archive.segment(0, tiny())
    archive.segment(1, tiny(), recovered=True)
    archive.sign()

    verdict = verify(exported(archive), trust=[read_root(archive.root_pem.read_bytes())])
    archive.close()

    assert (verdict.word, codes(verdict), verdict.exit_code) == (Word.NOT_SIGNED, ["recovered"], 2)
    assert [one.from_us for one in verdict.recovered] == [NOON_US + SECOND]


def test_a_drive_of_another_recorder_needs_its_root_too(tmp_path: Path) -> None:
    archive = SignedArchive(tmp_path / "ours")
    stranger = SignedArchive(tmp_path / "theirs")
    archive.segment(0, tiny())
    ours, archive.key = archive.key, stranger.key
    archive.sign()
    archive.key = ours
    (archive.data.archive / "certificates.pem").write_text(f"\n{ours.chain}\ntorn{stranger.key.chain}")
    roots = [read_root(one.root_pem.read_bytes()) for one in (archive, stranger)]

    file = exported(archive)
    one, both = verify(file, trust=roots[:1]), verify(file, trust=roots)
    archive.close()
    stranger.close()

    assert (one.word, codes(one)) == (Word.NOT_SIGNED, ["untrusted"])
    assert both.word is Word.AUTHENTIC


def test_a_head_of_a_key_that_nobody_knows_can_not_be_exported(tmp_path: Path) -> None:
    archive = SignedArchive(tmp_path / "ours")
    stranger = SignedArchive(tmp_path / "theirs")
    archive.segment(0, tiny())
    ours, archive.key = archive.key, stranger.key
    archive.sign()
    archive.key = ours

    with pytest.raises(Problem, match="is not here"):
        exported(archive)
    archive.close()
    stranger.close()


def _layout(data: bytes) -> Layout:
    return read_layout(lambda offset, size: data[offset : offset + size], len(data))


def _without(data: bytes, *extents: Extent) -> bytes:
    for extent in sorted(extents, key=lambda one: -one.offset):
        data = data[: extent.offset] + data[extent.end :]
    return data


def _swapped(data: bytes, layout: Layout) -> bytes:
    first, second, *_ = layout.media
    head, rest = data[: first.offset], data[second.end :]
    return head + data[second.offset : second.end] + data[first.offset : first.end] + rest


def _flipped(at: int) -> Callable[[bytes, Layout], bytes]:
    return lambda data, layout: data[:at] + bytes((data[at] ^ 1,)) + data[at + 1 :]


def _flipped_in(which: str, back: int) -> Callable[[bytes, Layout], bytes]:
    def flip(data: bytes, layout: Layout) -> bytes:
        extent = {"uuid": layout.signature, "moov": layout.moov, "meta": layout.meta, "mdat": layout.media[1]}[which]
        return _flipped(extent.end - back)(data, layout)

    return flip


CHANGES: dict[str, tuple[Callable[[bytes, Layout], bytes], str]] = {
    "the brand": (_flipped(8), "layout"),
    "a minor version": (_flipped(15), "layout"),
    "the uuid": (_flipped(40), "layout"),
    "the uuid box's version": (_flipped(52), "layout"),
    "the uuid box's offset field": (_flipped(70), "layout"),
    "the signature": (_flipped_in("uuid", 1), "signature"),
    "the padding before it": (_flipped_in("uuid", 100), "manifest"),
    "the index": (_flipped_in("moov", 1), "content"),
    "the description": (_flipped_in("meta", 1), "content"),
    "a picture": (_flipped_in("mdat", 1), "content"),
    "raw bytes behind": (lambda data, layout: data + b"12345", "layout"),
    "zeros behind": (lambda data, layout: data + bytes(64), "layout"),
    "free behind": (lambda data, layout: data + box(b"free", b"x" * 20), "layout"),
    "skip behind": (lambda data, layout: data + box(b"skip", b"x" * 20), "layout"),
    "mfra behind": (lambda data, layout: data + box(b"mfra", b"x" * 20), "layout"),
    "media behind": (lambda data, layout: data + box(b"mdat", b"x" * 20), "content"),
    "a second signature": (
        lambda data, layout: data + data[layout.signature.offset : layout.signature.end],
        "layout",
    ),
    "a second index": (lambda data, layout: data + data[layout.moov.offset : layout.moov.end], "layout"),
    "free before the index": (
        lambda data, layout: data[: layout.moov.offset] + box(b"free", b"") + data[layout.moov.offset :],
        "layout",
    ),
    "segments change places": (_swapped, "content"),
    "the first segment is gone": (lambda data, layout: _without(data, layout.media[0]), "content"),
    "the last segment is gone": (lambda data, layout: _without(data, layout.media[-1]), "content"),
    "a segment stands twice": (
        lambda data, layout: data + data[layout.media[-1].offset : layout.media[-1].end],
        "content",
    ),
    "the end is cut off": (lambda data, layout: data[:-1000], "layout"),
    "all media is gone": (lambda data, layout: data[: layout.media[0].offset], "layout"),
    "the signature became free": (
        lambda data, layout: data[:32] + b"free" + data[36:],
        "layout",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_found(name: str, original: Path, root: x509.Certificate, tmp_path: Path) -> None:
    change, code = CHANGES[name]
    data = original.read_bytes()
    changed = tmp_path / "changed.mp4"
    changed.write_bytes(change(data, _layout(data)))

    verdict = verify(changed, trust=[root])

    assert (verdict.word, codes(verdict)[0], verdict.exit_code) == (Word.CHANGED, code, 1)


def test_the_segment_that_was_changed_is_named(original: Path, root: x509.Certificate, tmp_path: Path) -> None:
    data = original.read_bytes()
    changed = tmp_path / "changed.mp4"
    changed.write_bytes(_flipped_in("mdat", 5)(data, _layout(data)))

    verdict = verify(changed, trust=[root])

    assert codes(verdict) == ["content", "footage"]
    assert verdict.reasons[1].offset == _layout(data).media[1].offset
    assert verdict.reasons[1].at_us == NOON_US + SECOND


def test_no_byte_of_an_export_can_be_changed_unseen(original: Path, root: x509.Certificate, tmp_path: Path) -> None:
    """A sample of them; all with TAWNY_EVERY_BYTE=1 (half a minute)."""
    data = original.read_bytes()
    step = 1 if os.environ.get("TAWNY_EVERY_BYTE") else 97
    changed = tmp_path / "changed.mp4"
    changed.write_bytes(data)
    unseen = []

    with changed.open("r+b", buffering=0) as file:
        for at in range(0, len(data), step):
            os.pwrite(file.fileno(), bytes((data[at] ^ 1 << at % 8,)), at)
            if verify(changed, trust=[root]).word is not Word.CHANGED:
                unseen.append(at)
            os.pwrite(file.fileno(), data[at : at + 1], at)

    assert unseen == []


@pytest.mark.parametrize(
    ("data", "word", "code"),
    [
        (b"", Word.UNREADABLE, "unreadable"),
        (b"no video at all", Word.UNREADABLE, "unreadable"),
        (struct.pack(">I4s4sI", 16, b"ftyp", b"isom", 0) + box(b"moov", b""), Word.NOT_SIGNED, "foreign"),
    ],
)
def test_what_never_was_an_export_is_told_apart(data: bytes, word: Word, code: str, tmp_path: Path) -> None:
    file = tmp_path / "file.mp4"
    file.write_bytes(data)

    verdict = verify(file)

    assert (verdict.word, codes(verdict)) == (word, [code])


def test_a_file_that_is_not_there_is_unreadable(tmp_path: Path) -> None:
    verdict = verify(tmp_path / "none.mp4")

    assert (verdict.word, verdict.exit_code) == (Word.UNREADABLE, 3)


def test_a_segment_missing_in_the_middle_makes_two_parts_each_authentic(tmp_path: Path) -> None:
    archive = SignedArchive(tmp_path)
    archive.segment(0, tiny())
    archive.segment(1, tiny(), skip=1)
    archive.gap(1.5, None, GapReason.UNKNOWN, "?")
    archive.sign()
    directory = archive.job([item(0, 5)])

    done = archive.run(directory, Progress(io.StringIO(), archive.clock, threading.Event()))

    root = read_root(archive.root_pem.read_bytes())
    archive.close()
    words = [verify(directory / "files" / one["name"], trust=[root]).word for one in done["files"]]
    assert words == [Word.AUTHENTIC, Word.AUTHENTIC]
