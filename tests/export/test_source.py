"""A segment read for an export is held against what was recorded."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tawny.export.model import Item
from tawny.export.proofs import Ledgers
from tawny.export.selection import choose, recorded
from tawny.export.source import Damaged, Source, load
from tawny.recorder.archive.reader import ArchiveReader
from tawny.wire.evidence import tree
from tawny.wire.evidence.segments import segment_root
from tests.export.building import KEY, NOON_US, SECOND, VOLUME, SignedArchive
from tests.verification.building import tiny


def loaded(
    root: Path, change: Callable[[bytes], bytes] = lambda data: data, *, audio: bool = True
) -> tuple[Source, bytes]:
    """A segment of a second, changed after it was chosen; and its root in the ledger."""
    archive = SignedArchive(root)
    path = archive.segment(0, tiny())
    archive.sign()
    reader = ArchiveReader(archive.data)
    ((chosen,), _) = choose(reader, Item(key=KEY, from_us=NOON_US, to_us=NOON_US + SECOND, audio=audio))
    found = recorded(chosen, Ledgers({VOLUME: archive.data.archive}, KEY.camera))
    assert found is not None
    reader.close()
    archive.close()
    path.write_bytes(change(path.read_bytes()))
    return load(chosen, found.entry, audio=audio, read=lambda size: None), found.entry.root


@pytest.mark.parametrize("audio", [True, False])
def test_leaves_that_are_present_and_absent_give_the_root(tmp_path: Path, *, audio: bool) -> None:
    source, root = loaded(tmp_path, audio=audio)
    data = Path(source.part.source).read_bytes()
    hashes = [tree.first_leaf(KEY.camera, "main", 1, source.part.init)]
    ends = [offset for offset, _ in source.part.heads[1:]]
    video = data[source.part.heads[0][0] : ends[0] if ends else len(data)]

    assert source.present == (((0, 3),) if audio else ((0, 2),))
    if not audio:
        size = len(video) - _sound_size(data, source)
        hashes.append(tree.leaf([video[:size]]))
        assert segment_root(fragments=2, present=source.present, hashes=hashes, absent=source.absent) == root
    else:
        assert source.absent == b""


def _sound_size(data: bytes, source: Source) -> int:
    """The size of the fragment of sound behind the only one of video."""
    start = source.part.heads[0][0]
    return len(data) - data.index(b"prft", start + 8) + 4


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[:-1] + bytes((data[-1] ^ 1,)),
        lambda data: data[:30] + bytes((data[30] ^ 1,)) + data[31:],
        lambda data: data[:-1],
        lambda data: data + b"x",
    ],
    ids=["a picture", "the beginning", "shorter", "longer"],
)
def test_a_segment_that_is_not_what_was_recorded_is_damaged(change: Callable[[bytes], bytes], tmp_path: Path) -> None:
    with pytest.raises(Damaged):
        loaded(tmp_path, change)
