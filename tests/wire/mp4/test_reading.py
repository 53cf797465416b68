"""Reading stored fragments back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawny.wire.media import AUDIO_TRACK, VIDEO_TRACK
from tawny.wire.mp4.fragments import fragment_head, init_segment, live_fragment
from tawny.wire.mp4.reading import FragmentInfo, head_size, read_head, read_init, samples, walk, with_decode_time
from tests.wire.mp4.clips import START_US, aac_clip, g711_clip, groups, joined, segment, video_clip

rows = st.lists(
    st.tuples(st.integers(0, 2**32 - 1), st.binary(max_size=9), st.integers(-(2**31), 2**31 - 1)),
    min_size=1,
    max_size=8,
)


@st.composite
def stored(draw: st.DrawFn) -> tuple[bytes, FragmentInfo, list[tuple[int, bytes, int]]]:
    """A stored fragment, what must be read of it, and its samples."""
    found = draw(rows)
    track, key = draw(st.sampled_from([VIDEO_TRACK, AUDIO_TRACK])), draw(st.booleans())
    sequence, time = draw(st.integers(1, 2**32 - 1)), draw(st.integers(0, 2**63))
    head = fragment_head(
        track=track,
        sequence=sequence,
        decode_time=time,
        utc_us=START_US,
        durations=[d for d, _, _ in found],
        sizes=[len(data) for _, data, _ in found],
        shifts=[shift for _, _, shift in found],
        key=key,
    )
    data = head + b"".join(data for _, data, _ in found)
    info = FragmentInfo(
        offset=0,
        size=len(data),
        track=track,
        sequence=sequence,
        decode_time=time,
        utc_us=START_US,
        duration=sum(d for d, _, _ in found),
        samples=len(found),
        key=key or track == AUDIO_TRACK,
    )
    return data, info, found


@given(stored())
def test_a_fragment_reads_back_as_it_was_written(
    given_fragment: tuple[bytes, FragmentInfo, list[tuple[int, bytes, int]]],
) -> None:
    data, expected, written = given_fragment

    assert list(walk(data)) == [expected]
    found = samples(data)
    assert [(s.duration, data[s.offset : s.offset + s.size], s.shift) for s in found] == written
    assert found[0].key == expected.key


@given(st.lists(stored(), min_size=1, max_size=4), st.data())
def test_a_walk_over_a_cut_file_gives_the_whole_fragments_before_the_cut(
    fragments: list[tuple[bytes, FragmentInfo, object]], data: st.DataObject
) -> None:
    whole = b"".join(f for f, _, _ in fragments)
    cut = data.draw(st.integers(0, len(whole)))

    found = list(walk(whole[:cut]))

    ends = [sum(len(f) for f, _, _ in fragments[: n + 1]) for n in range(len(fragments))]
    assert [f.offset + f.size for f in found] == [end for end in ends if end <= cut]


@given(stored(), st.data())
def test_a_changed_head_is_refused_or_read_without_harm(
    given_fragment: tuple[bytes, FragmentInfo, object], data: st.DataObject
) -> None:
    changed = bytearray(given_fragment[0])
    for _ in range(data.draw(st.integers(1, 3))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))

    try:
        found = list(walk(changed))
        taken = [samples(changed[f.offset : f.offset + f.size]) for f in found]
    except ValueError:
        return

    assert all(f.offset + f.size <= len(changed) for f in found)
    assert all(s.offset + s.size <= f.size for f, ss in zip(found, taken, strict=True) for s in ss)


@given(st.binary(min_size=120, max_size=300))
def test_noise_is_no_fragment(noise: bytes) -> None:
    with pytest.raises(ValueError):
        list(walk(noise))


@given(stored(), st.integers(0, 2**63))
def test_a_fragment_moves_to_another_decode_time_and_back(
    given_fragment: tuple[bytes, FragmentInfo, object], time: int
) -> None:
    data, info, _ = given_fragment

    moved = with_decode_time(data, time)

    assert next(walk(moved)).decode_time == time
    assert next(walk(moved)).utc_us == info.utc_us
    assert with_decode_time(moved, info.decode_time) == data


def test_a_live_fragment_moves_too() -> None:
    def live(time: int) -> bytes:
        return live_fragment(
            track=1, sequence=1, decode_time=time, samples=[b"abc"], durations=[3600], shifts=None, key=True
        )

    assert with_decode_time(live(7), 2**40) == live(2**40)
    assert samples(live(7))[0].size == 3


def test_the_head_alone_tells_what_the_fragment_holds() -> None:
    data = segment(video_clip())[1]

    size = head_size(data[:120])

    assert read_head(data[:size], offset=99).size == len(data)
    assert data[size - 4 : size] == b"mdat"


@pytest.mark.parametrize("audio", ["aac", "g711"])
def test_an_init_segment_reads_back_with_its_size(audio: str) -> None:
    clip = joined(video_clip(), aac_clip() if audio == "aac" else g711_clip())
    data = init_segment(clip.formats)

    found = read_init(data + b"more")

    assert found.formats == clip.formats
    assert found.size == len(data)


@given(st.data())
def test_a_changed_or_cut_init_segment_is_refused_or_read_without_harm(data: st.DataObject) -> None:
    init = bytearray(init_segment(joined(video_clip(), aac_clip()).formats))
    init[data.draw(st.integers(0, len(init) - 1))] = data.draw(st.integers(0, 255))
    cut = init[: data.draw(st.integers(0, len(init)))]

    try:
        found = read_init(cut)
    except ValueError:
        return

    assert found.size <= len(cut)


def test_a_walk_over_a_segment_finds_every_group_in_order() -> None:
    clip = joined(video_clip(), aac_clip())
    parts = segment(clip)
    data = b"".join(parts)

    found = list(walk(data, offset=len(parts[0])))

    assert [(f.track, f.samples, f.decode_time) for f in found] == [
        (track, len(taken), taken[0].decode_time) for track, taken in groups(clip)
    ]
