"""Which segments and fragments are wanted, what the ledgers tell of them, and where one file ends and the next begins."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from tawny.export.model import Item
from tawny.export.proofs import Ledger, Ledgers
from tawny.recorder.archive.model import SegmentInfo
from tawny.recorder.archive.paths import day_of
from tawny.recorder.archive.reader import ArchiveReader
from tawny.wire.evidence.ledgers import SegmentEntry
from tawny.wire.media import AUDIO_TRACK, VIDEO_TRACK, AudioCodec, MetadataCodec, TrackFormat, VideoCodec
from tawny.wire.mp4.fragments import MDAT
from tawny.wire.mp4.reading import FragmentInfo, read_init

MAX_PART_US: Final = 3_600_000_000
MAX_PART_BYTES: Final = 4_000_000_000  # FAT32 holds 4,294,967,295; tables and proofs need room too
MAX_HOLE_US: Final = 600_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Leaves *first* to *last* of a segment (leaf 0 comes with them anyway); *size_bytes* is what they take in the export."""

    segment: SegmentInfo
    formats: Mapping[int, TrackFormat]
    first: int
    last: int
    from_us: int
    to_us: int
    size_bytes: int


def choose(reader: ArchiveReader, item: Item) -> tuple[list[Chosen], list[SegmentInfo]]:
    """What *item* takes of each closed segment, from the key frame at or before its start on, in the order of time; and the segments that can't be read."""
    found = reader.segments(item.key.camera, item.key.stream, from_us=item.from_us, to_us=item.to_us)
    chosen: list[Chosen] = []
    unreadable: list[SegmentInfo] = []
    for segment in found:
        if segment.end_us is None:
            continue
        try:
            one = _chosen(reader, segment, item)
        except (OSError, ValueError):
            unreadable.append(segment)  # deleted meanwhile, or damaged
        else:
            chosen += [one] if one is not None else []
    return chosen, unreadable


def _chosen(reader: ArchiveReader, segment: SegmentInfo, item: Item) -> Chosen | None:
    init = read_init(reader.init(segment))
    fragments = reader.fragments(segment)
    if any(fragment.track not in init.formats for fragment in fragments):
        raise ValueError("a fragment of an unknown track")
    times = [_times(segment, fragment, init.formats[fragment.track]) for fragment in fragments]
    keys = [at for at, fragment in enumerate(fragments) if fragment.track == VIDEO_TRACK and fragment.key]
    before = [at for at in keys if times[at].start_us <= item.from_us]
    if not keys or not any(t.start_us < item.to_us and t.end_us > item.from_us for t in times):
        return None
    first = before[-1] if before else keys[0]
    last = max(at for at, t in enumerate(times) if at == first or t.start_us < item.to_us)
    taken = [at for at in range(first, last + 1) if item.audio or fragments[at].track != AUDIO_TRACK]
    return Chosen(
        segment=segment,
        formats={track: form for track, form in init.formats.items() if item.audio or track != AUDIO_TRACK},
        first=first + 1,
        last=last + 1,
        from_us=times[first].start_us,
        to_us=max(times[at].end_us for at in taken),
        size_bytes=MDAT.size + init.size + sum(fragments[at].size for at in taken),
    )


class _Times(NamedTuple):
    """When a fragment begins and ends."""

    start_us: int
    end_us: int


def _times(segment: SegmentInfo, info: FragmentInfo, form: TrackFormat) -> _Times:
    start, end = info.decode_time, info.decode_time + info.duration
    return _Times(*(segment.start_us + ticks * 1_000_000 // form.timescale for ticks in (start, end)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What is chosen of a segment, with the signed line that tells of the segment: line *line* of *ledger*."""

    chosen: Chosen
    ledger: Ledger
    line: int
    entry: SegmentEntry


def recorded(chosen: Chosen, ledgers: Ledgers) -> Recorded | None:
    """*chosen* with its line; None while no head covers one."""
    segment = chosen.segment
    ledger = ledgers.of(segment.volume, day_of(segment.start_us))
    found = None if ledger is None else ledger.segment(segment.key.stream, segment.start_us)
    if ledger is None or found is None or found[0] >= ledger.covered:
        return None
    return Recorded(chosen=chosen, ledger=ledger, line=found[0], entry=found[1])


def split(segments: Sequence[Recorded]) -> Iterator[tuple[Recorded, ...]]:
    """*segments* as parts: of one hour, of what FAT32 holds, of one format that players follow, without a long hole or a segment left out."""
    part: list[Recorded] = []
    for one in segments:
        if part and not _fits(part, one):
            yield tuple(part)
            part = []
        part.append(one)
    if part:
        yield tuple(part)


def _fits(part: Sequence[Recorded], one: Recorded) -> bool:
    new, last = one.chosen, part[-1].chosen
    return (
        one.entry.sequence == part[-1].entry.sequence + 1
        and new.to_us - part[0].chosen.from_us <= MAX_PART_US
        and sum(each.chosen.size_bytes for each in part) + new.size_bytes <= MAX_PART_BYTES
        and new.from_us - last.to_us <= MAX_HOLE_US
        and all(_follows(each.chosen.formats, new.formats) for each in part)
    )


def _follows(earlier: Mapping[int, TrackFormat], later: Mapping[int, TrackFormat]) -> bool:
    """Players follow another picture size (each key frame has its parameter sets), but no other codec and no other kind of sound."""
    video = [formats.get(VIDEO_TRACK) for formats in (earlier, later)]
    sound = [formats.get(AUDIO_TRACK) for formats in (earlier, later)]
    codecs = {form.codec for form in video if form is not None}
    return len(codecs) <= 1 and (None in sound or sound[0] == sound[1])


def unusual(formats: Mapping[int, TrackFormat]) -> bool:
    """Whether plain players may not know these formats."""
    usual = {VideoCodec.H264, AudioCodec.AAC, MetadataCodec.ONVIF}  # players pass over what they don't know how to show
    return any(form.codec not in usual for form in formats.values())
