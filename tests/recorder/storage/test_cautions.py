"""What people must know of what is kept, in words."""

import pytest

from tawny.recorder.storage import cautions
from tawny.recorder.storage.depth import Lowering
from tawny.recorder.storage.model import Condition
from tests.recorder.storage.footage import FIRST, GATE, volume


def lowering(size_bytes: int) -> Lowering:
    return Lowering(days=7, at_us=0, bytes=size_bytes, from_us=None, to_us=None)


@pytest.mark.parametrize(("size_bytes", "words"), [(1, "1 MB"), (42_000_000, "42 MB"), (22_000_000_000, "22.0 GB")])
def test_a_lower_depth_says_how_much_will_go(size_bytes: int, words: str) -> None:
    found = cautions.lowered(None, lowering(size_bytes))

    assert f"about {words} of video" in found.title
    assert found.camera is None


@pytest.mark.parametrize(
    ("found", "about"),
    [
        (cautions.clock("The clock leapt."), (None, None)),
        (cautions.lowered(GATE, lowering(1)), (None, GATE)),
        (cautions.over_quota(volume(FIRST)), (FIRST, None)),
        (cautions.filling(), (None, None)),
        (cautions.unread(FIRST), (FIRST, None)),
    ],
    ids=lambda found: found.kind if isinstance(found, Condition) else "",
)
def test_each_is_a_sentence_with_a_remedy_about_its_own(found: Condition, about: tuple[str | None, str | None]) -> None:
    assert found.title.endswith(".")
    assert found.remedy.endswith(".")
    assert (found.volume, found.camera) == about
