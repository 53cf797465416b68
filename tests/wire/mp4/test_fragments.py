"""Fragments and init segments, judged by ffmpeg."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawny.wire.media import AUDIO_TRACK, METADATA_TRACK, VIDEO_TRACK, AudioCodec
from tawny.wire.mp4.fragments import (
    MAX_SAMPLES,
    fragment_head,
    from_ntp,
    init_segment,
    live_fragment,
    ntp,
    single_track_init,
)
from tests.wire.mp4.clips import (
    START_US,
    Clip,
    aac_clip,
    g711_clip,
    groups,
    joined,
    metadata_clip,
    mjpeg_clip,
    opus_clip,
    segment,
    video_clip,
)
from tests.wire.mp4.ffmpeg import decode, packets, probe, steps

CLIPS: dict[str, Callable[[], Clip]] = {
    "H.264 and AAC": lambda: joined(video_clip(), aac_clip()),
    "H.264 with B-frames and A-law": lambda: joined(video_clip(bframes=2), g711_clip()),
    "H.265 and mu-law": lambda: joined(video_clip("h265"), g711_clip(law=AudioCodec.PCMU)),
    "H.264 and Opus": lambda: joined(video_clip(), opus_clip()),
    "H.264 alone": video_clip,
    "MJPEG and Opus": lambda: joined(mjpeg_clip(), opus_clip()),
}


def complaints(said: str) -> list[str]:
    # ffmpeg announces that it takes one channel of G.711 for mono
    return [line for line in said.splitlines() if line.strip() and "Guessed Channel Layout" not in line]


@pytest.mark.parametrize("name", CLIPS)
def test_ffmpeg_reads_a_segment_file_whole_and_without_a_message(name: str, tmp_path: Path) -> None:
    clip = CLIPS[name]()
    file = tmp_path / "segment.mp4"

    file.write_bytes(b"".join(segment(clip)))

    found = {s["codec_type"]: s for s in probe(file)["streams"]}
    assert int(found["video"]["nb_read_packets"]) == 100
    assert float(found["video"]["duration"]) == pytest.approx(4.0)
    if AUDIO_TRACK in clip.formats:
        assert int(found["audio"]["nb_read_packets"]) == len(clip.samples[AUDIO_TRACK])
        assert float(found["audio"]["duration"]) == pytest.approx(4.0, abs=0.05)
    assert complaints(decode(file)) == []


def test_metadata_lie_beside_picture_and_sound_and_disturb_no_player(tmp_path: Path) -> None:
    clip = joined(video_clip(), aac_clip(), metadata_clip())
    file = tmp_path / "segment.mp4"

    file.write_bytes(b"".join(segment(clip)))

    assert decode(file) == ""
    assert len(packets(file, "v")) == 100
    times = [round(time * 90_000) for time, _ in packets(file, "d")]
    assert times == [sample.decode_time for sample in clip.samples[METADATA_TRACK]]


def test_pictures_keep_their_order_with_b_frames(tmp_path: Path) -> None:
    clip = video_clip(bframes=2)
    file = tmp_path / "segment.mp4"

    file.write_bytes(b"".join(segment(clip)))

    expected = [s.decode_time + s.shift for s in clip.samples[VIDEO_TRACK]]
    assert steps(file, "v") == expected
    assert expected != sorted(expected)


def test_live_fragments_of_one_frame_each_behind_their_own_init_play(tmp_path: Path) -> None:
    clip = joined(video_clip(), aac_clip())
    file = tmp_path / "live.mp4"
    live = [
        live_fragment(
            track=VIDEO_TRACK,
            sequence=at + 1,
            decode_time=sample.decode_time,
            samples=[sample.data],
            durations=[sample.duration],
            shifts=None,
            key=sample.key,
        )
        for at, sample in enumerate(clip.samples[VIDEO_TRACK])
    ]

    file.write_bytes(single_track_init(clip.formats, VIDEO_TRACK) + b"".join(live))

    found = probe(file)
    assert [s["nb_read_packets"] for s in found["streams"]] == ["100"]
    assert decode(file) == ""


def test_a_segment_cut_anywhere_in_its_media_plays_up_to_the_cut(tmp_path: Path) -> None:
    clip = video_clip()
    parts = segment(clip)
    file = tmp_path / "cut.mp4"
    whole = parts[0] + parts[1]
    frames = len(groups(clip)[0][1])

    for cut in range(0, len(parts[2]), max(1, len(parts[2]) // 5)):
        file.write_bytes(whole + parts[2][:cut])

        assert len(packets(file, "v")) >= frames


@pytest.mark.parametrize("count", [0, MAX_SAMPLES + 1])
def test_a_fragment_without_or_with_too_many_samples_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="samples"):
        fragment_head(
            track=1,
            sequence=1,
            decode_time=0,
            utc_us=START_US,
            durations=[1] * count,
            sizes=[1] * count,
            shifts=None,
            key=True,
        )


@given(st.integers(0, 4_000_000_000_000_000))
def test_times_survive_ntp_beyond_its_first_era(us: int) -> None:
    assert from_ntp(ntp(us)) == us


def test_an_init_segment_lists_its_tracks_in_order() -> None:
    clip = joined(video_clip(), aac_clip())

    one, other = init_segment(clip.formats), init_segment(dict(reversed(clip.formats.items())))

    assert one == other
