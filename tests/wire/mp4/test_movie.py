"""Plain MP4 over stored fragments, judged by ffmpeg."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tawny.wire.media import AUDIO_TRACK, METADATA_TRACK, VIDEO_TRACK
from tawny.wire.mp4.movie import Movie, MoviePart, joinable, plan_movie
from tawny.wire.mp4.reading import PREFIX_SIZE, head_size, read_init, walk
from tests.wire.mp4.clips import START_US, Clip, aac_clip, g711_clip, joined, metadata_clip, segment, video_clip
from tests.wire.mp4.ffmpeg import decode, packets, probe, steps

SECOND = 1_000_000


def stored(
    clip: Clip, file: Path, *, start_us: int = START_US, tracks: Sequence[int] = (1, 2), skip: int = 0
) -> MoviePart:
    """Write a segment file of *clip*; the part of it that has *tracks*, without the first *skip* fragments."""
    data = b"".join(segment(clip, start_us=start_us))
    file.write_bytes(data)
    size = read_init(data).size
    heads = [
        (f.offset, data[f.offset : f.offset + head_size(data[f.offset : f.offset + PREFIX_SIZE])])
        for f in list(walk(data, offset=size))[skip:]
        if f.track in tracks
    ]
    return MoviePart(source=str(file), start_us=start_us, init=data[:size], heads=heads)


def write(movie: Movie, file: Path) -> Path:
    """Copy the movie together as a server would."""
    pieces = [p.data or Path(p.source).read_bytes()[p.offset : p.offset + p.size] for p in movie.pieces]
    assert [len(data) for data in pieces] == [p.size for p in movie.pieces]
    file.write_bytes(b"".join(pieces))
    assert file.stat().st_size == movie.size
    return file


def hashes(file: Path, stream: str) -> list[str]:
    return [found for _, found in packets(file, stream)]


@pytest.mark.parametrize("codec", ["h264", "h265"])
def test_a_movie_of_two_segments_has_their_packets_and_duration(codec: str, tmp_path: Path) -> None:
    clip = joined(video_clip(codec), aac_clip())
    parts = [stored(clip, tmp_path / f"{n}.mp4", start_us=START_US + n * 4 * SECOND) for n in range(2)]

    movie = plan_movie(parts)

    file = write(movie, tmp_path / "movie.mp4")
    assert float(probe(file)["format"]["duration"]) == pytest.approx(8.0)
    assert decode(file) == ""
    for stream in ("v", "a"):
        assert hashes(file, stream) == hashes(tmp_path / "0.mp4", stream) * 2
    assert (movie.start_us, movie.duration_us) == (START_US, 8 * SECOND)


def test_after_a_hole_time_stays_true(tmp_path: Path) -> None:
    clip = joined(video_clip(), aac_clip())
    parts = [stored(clip, tmp_path / f"{n}.mp4", start_us=START_US + n * 9 * SECOND) for n in range(2)]

    file = write(plan_movie(parts), tmp_path / "movie.mp4")

    times = [time for time, _ in packets(file, "v")]
    assert times[100] == pytest.approx(9.0)
    assert float(probe(file)["format"]["duration"]) == pytest.approx(13.0)


def test_a_start_inside_a_group_hides_what_comes_before_it(tmp_path: Path) -> None:
    part = stored(joined(video_clip(), aac_clip()), tmp_path / "0.mp4")

    movie = plan_movie([part], from_us=START_US + SECOND // 2)

    file = write(movie, tmp_path / "movie.mp4")
    assert movie.start_us == START_US + SECOND // 2
    assert movie.duration_us == 3_500_000
    assert float(probe(file)["format"]["duration"]) == pytest.approx(3.5)
    assert packets(file, "v")[0][0] == pytest.approx(-0.5, abs=0.04)


def test_a_track_that_starts_late_is_shifted_by_an_empty_edit(tmp_path: Path) -> None:
    clip = joined(video_clip(), aac_clip())
    part = stored(clip, tmp_path / "0.mp4")
    late = [head for at, head in enumerate(part.heads) if at != 1]  # the first second of sound

    movie = plan_movie([MoviePart(source=part.source, start_us=part.start_us, init=part.init, heads=late)])

    file = write(movie, tmp_path / "movie.mp4")
    assert packets(file, "v")[0][0] == 0
    assert packets(file, "a")[0][0] == pytest.approx(1.0, abs=0.03)
    assert decode(file) == ""


def test_a_track_can_be_left_out_with_its_bytes(tmp_path: Path) -> None:
    clip = joined(video_clip(), g711_clip())
    both = plan_movie([stored(clip, tmp_path / "0.mp4")])

    movie = plan_movie([stored(clip, tmp_path / "0.mp4", tracks=[VIDEO_TRACK])])

    file = write(movie, tmp_path / "movie.mp4")
    assert [s["codec_type"] for s in probe(file)["streams"]] == ["video"]
    assert movie.size < both.size - 32_000
    assert decode(file) == ""


def test_metadata_are_a_track_of_their_own_at_the_times_of_their_pictures(tmp_path: Path) -> None:
    clip = joined(video_clip(), metadata_clip())
    parts = [
        stored(clip, tmp_path / f"{n}.mp4", start_us=START_US + n * 4 * SECOND, tracks=[VIDEO_TRACK, METADATA_TRACK])
        for n in range(2)
    ]

    movie = plan_movie(parts)

    file = write(movie, tmp_path / "movie.mp4")
    assert [round(time * 5) for time, _ in packets(file, "d")] == list(range(40))
    assert len(packets(file, "v")) == 200
    assert decode(file) == ""


def test_b_frames_keep_their_order(tmp_path: Path) -> None:
    clip = video_clip(bframes=2)

    file = write(plan_movie([stored(clip, tmp_path / "0.mp4")]), tmp_path / "movie.mp4")

    assert steps(file, "v") == [s.decode_time + s.shift for s in clip.samples[VIDEO_TRACK]]
    assert decode(file) == ""


def test_a_change_of_picture_size_gets_a_second_sample_entry(tmp_path: Path) -> None:
    clips = [video_clip(), video_clip(width=640, height=360), video_clip()]
    parts = [stored(clip, tmp_path / f"{n}.mp4", start_us=START_US + n * 4 * SECOND) for n, clip in enumerate(clips)]

    movie = plan_movie(parts)

    file = write(movie, tmp_path / "movie.mp4")
    assert movie.head.count(b"avc1") == 2
    assert len(packets(file, "v")) == 300


def test_a_change_of_codec_is_refused(tmp_path: Path) -> None:
    one, other = video_clip(), video_clip("h265")
    parts = [stored(one, tmp_path / "0.mp4"), stored(other, tmp_path / "1.mp4", start_us=START_US + 4 * SECOND)]

    with pytest.raises(ValueError, match="codec changes"):
        plan_movie(parts)
    assert not joinable(one.formats, other.formats)
    assert joinable(one.formats, aac_clip().formats)


def test_segments_that_overlap_by_a_clocks_rounding_stay_in_order(tmp_path: Path) -> None:
    clip = video_clip()
    parts = [stored(clip, tmp_path / f"{n}.mp4", start_us=START_US + n * (4 * SECOND - 20)) for n in range(3)]

    file = write(plan_movie(parts), tmp_path / "movie.mp4")

    times = [time for time, _ in packets(file, "v")]
    assert times == sorted(times)
    assert times[-1] == pytest.approx(11.96, abs=0.001)


def test_nothing_to_show_is_refused(tmp_path: Path) -> None:
    part = stored(video_clip(), tmp_path / "0.mp4", tracks=[AUDIO_TRACK])

    with pytest.raises(ValueError, match="no media"):
        plan_movie([part])
