"""Whether segments follow each other, whether something was left out of one, and what is missing between them."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from tawny.verification.footage import Footage
from tawny.verification.verdict import Flaw, Stretch
from tawny.wire.evidence.ledgers import GapEntry
from tawny.wire.evidence.recording import Recording
from tawny.wire.media import VIDEO_TIMESCALE, VIDEO_TRACK

_SEAM_US: Final = 200_000  # rounding, or a late frame: no hole to a person
_LEFT_OUT: Final = VIDEO_TIMESCALE // 2  # ticks: less than a fragment of video has
_UNKNOWN: Final = "There is no video, and no reason was recorded."
_DELETED: Final = "Older video was deleted to make room."


def check_order(footage: Sequence[Footage], gaps: Sequence[GapEntry], recording: Recording) -> None:
    """Flaw where a segment stands in the wrong place or is missing without a word, or where video of one was left out."""
    deleted = {gap.sequence for gap in gaps if gap.kind == "deleted" and gap.stream == recording.stream}
    for before, after in pairwise(footage):
        at_us = after.entry.from_us
        if at_us <= before.entry.from_us or after.entry.sequence <= before.entry.sequence:
            raise Flaw("order", "The footage is not in the order in which it was recorded.", at_us=at_us)
        missing = range(before.entry.sequence + 1, after.entry.sequence)
        if len(missing) > len(deleted) or any(sequence not in deleted for sequence in missing):
            raise Flaw("missing", "Footage was left out, and nothing says why.", at_us=before.entry.to_us)
    for number, one in enumerate(footage):
        _check_inside(one, recording, first=number == 0, last=number == len(footage) - 1)


def _check_inside(footage: Footage, recording: Recording, *, first: bool, last: bool) -> None:
    leaves = [leaf for leaf, _ in footage.fragments]
    video = [(leaf, info) for leaf, info in footage.fragments if info.track == VIDEO_TRACK]
    if not video:
        raise Flaw("left_out", "A piece of footage has no video.", at_us=footage.entry.from_us)
    if recording.audio:
        whole = leaves == list(range(leaves[0], leaves[-1] + 1)) and (first or leaves[0] == 1)
        if not whole or not (last or leaves[-1] == footage.entry.fragments):
            raise Flaw("left_out", "Something was left out of the footage.", at_us=footage.entry.from_us)
        return
    begin, end = video[0][1].decode_time, video[-1][1].decode_time + video[-1][1].duration
    length = (footage.entry.to_us - footage.entry.from_us) * VIDEO_TIMESCALE // 1_000_000
    holes = [b.decode_time - a.decode_time - a.duration for (m, a), (n, b) in pairwise(video) if n > m + 1]
    holes += [] if first or video[0][0] == 1 else [begin]
    holes += [] if last or video[-1][0] == footage.entry.fragments else [length - end]
    if any(hole >= _LEFT_OUT for hole in holes):
        raise Flaw("left_out", "Video was left out.", at_us=footage.entry.from_us)


def holes(footage: Sequence[Footage], gaps: Sequence[GapEntry], recording: Recording) -> Iterator[Stretch]:
    """What is missing between the first and the last picture, each with its reason."""
    for before, after in pairwise(footage):
        from_us, to_us = before.entry.to_us, after.entry.from_us
        if to_us - from_us > _SEAM_US:
            yield _explained(from_us, to_us, gaps, recording.stream)


def _explained(from_us: int, to_us: int, gaps: Sequence[GapEntry], stream: str) -> Stretch:
    ends = {gap.gap: gap.to_us for gap in gaps if gap.kind == "gap_ended"}
    for gap in gaps:
        if gap.stream != stream or gap.from_us is None or gap.from_us >= to_us + _SEAM_US:
            continue
        end_us = gap.to_us if gap.kind == "deleted" else ends.get(gap.id)
        if end_us is None or end_us > from_us - _SEAM_US:
            reason, title = ("deleted", _DELETED) if gap.kind == "deleted" else (gap.reason, gap.title)
            return Stretch(from_us=from_us, to_us=to_us, reason=reason, title=title)
    return Stretch(from_us=from_us, to_us=to_us, reason="unknown", title=_UNKNOWN)
