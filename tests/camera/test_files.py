from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from tawny.camera.files import read_clip
from tawny.runtime.problem import Kind, Problem
from tawny.wire.h26x import H264_PPS, H264_SPS, nal_type, nals_of_sample
from tawny.wire.media import AUDIO_TRACK, VIDEO_TRACK, AudioCodec, VideoCodec
from tawny.wire.packetize import MOST_PAYLOAD, payloads

X265 = {"x265-params": "log-level=none:keyint=10"}


def video_file(path: Path, *, codec: str = "libx264", sound: str = "", bframes: int = 0, width: int = 320) -> Path:
    """One second at 25 frames a second, a key frame every 10, with a second and a half of *sound*."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25, options={"preset": "ultrafast", **X265})
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt, stream.gop_size = width, 180, "yuv420p", 10
        stream.max_b_frames = bframes
        if sound:
            add_sound(container, sound)
        for number in range(25):
            picture = np.full((180, width, 3), (number * 9, 90, 200), np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path


def add_sound(container: av.container.OutputContainer, codec: str) -> None:
    rate = 48_000 if codec == "aac" else 8000
    stream = container.add_stream(codec, rate=rate, layout="mono")
    assert isinstance(stream, av.AudioStream)
    form = stream.codec_context.format.name
    for at in range(0, rate * 3 // 2, 1024):
        samples = np.zeros((1, 1024), np.float32 if form == "fltp" else np.int16)
        frame = av.AudioFrame.from_ndarray(samples, format=form, layout="mono")
        frame.sample_rate, frame.pts = rate, at
        container.mux(stream.encode(frame))
    container.mux(stream.encode())


@pytest.mark.parametrize(
    ("name", "codec", "video", "sound", "audio"),
    [
        ("a.mp4", "libx264", VideoCodec.H264, "aac", AudioCodec.AAC),
        ("a.mp4", "libx265", VideoCodec.H265, "aac", AudioCodec.AAC),
        ("a.mov", "libx264", VideoCodec.H264, "pcm_alaw", AudioCodec.PCMA),
        ("a.mov", "libx265", VideoCodec.H265, "pcm_mulaw", AudioCodec.PCMU),
        ("a.ts", "libx264", VideoCodec.H264, "", None),
    ],
)
def test_files_of_each_kind_become_clips(
    tmp_path: Path, name: str, codec: str, video: VideoCodec, sound: str, audio: AudioCodec | None
) -> None:
    clip = read_clip(video_file(tmp_path / name, codec=codec, sound=sound))

    pictures = [s for s in clip.samples if s.track == VIDEO_TRACK]
    assert (clip.video.codec, clip.video.width, clip.video.height) == (video, 320, 180)
    assert (clip.audio.codec if clip.audio else None) == audio
    assert clip.duration_s == 1.0
    assert [s.time for s in pictures] == [3600 * n for n in range(25)]
    assert {s.duration for s in pictures} == {3600}
    assert pictures[0].key


def test_every_key_frame_starts_with_its_parameter_sets(tmp_path: Path) -> None:
    for name in ("a.mp4", "a.ts"):
        clip = read_clip(video_file(tmp_path / name))

        keys = [[nal_type(VideoCodec.H264, n) for n in nals_of_sample(s.data)] for s in clip.samples if s.key]
        assert len(keys) == 3
        assert all(H264_SPS in kinds and H264_PPS in kinds for kinds in keys)


def test_b_frames_are_sent_in_decoding_order_with_their_times_of_presentation(tmp_path: Path) -> None:
    clip = read_clip(video_file(tmp_path / "a.mp4", bframes=2))

    shown = [s.time + s.composition_offset for s in clip.samples]
    assert shown != sorted(shown)
    assert [b - a for a, b in pairwise(sorted(shown))] == [3600] * 24


def test_sound_ends_with_the_picture_and_stands_in_order(tmp_path: Path) -> None:
    clip = read_clip(video_file(tmp_path / "a.mp4", sound="aac"))

    assert clip.audio is not None
    sound = [s for s in clip.samples if s.track == AUDIO_TRACK]
    assert 40 < len(sound) < 48
    assert all(s.time >= 0 and s.time + s.duration <= 48_000 for s in sound)
    times = [s.time / (48_000 if s.track == AUDIO_TRACK else 90_000) for s in clip.samples]
    assert times == sorted(times)


def test_g711_comes_in_runs_that_fit_a_packet(tmp_path: Path) -> None:
    clip = read_clip(video_file(tmp_path / "a.mov", sound="pcm_alaw"))

    assert clip.audio is not None
    runs = [s for s in clip.samples if s.track == AUDIO_TRACK]
    assert all(len(s.data) == s.duration <= MOST_PAYLOAD for s in runs)
    assert all(b.time == a.time + a.duration for a, b in pairwise(runs))
    assert all(len(payloads(clip.audio, s.data)) == 1 for s in runs)


@pytest.mark.parametrize("content", [b"", b"no video at all", bytes(5000)])
def test_what_is_no_video_is_said_plainly(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "holiday.mp4"
    path.write_bytes(content)

    with pytest.raises(Problem, match=r"holiday\.mp4 can't be played as a camera") as refused:
        read_clip(path)

    assert refused.value.kind is Kind.INVALID
    assert "H.264" in refused.value.remedy


def test_a_codec_that_no_camera_of_ours_sends_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"no H\.264 or H\.265 video"):
        read_clip(video_file(tmp_path / "a.mkv", codec="mpeg4"))


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"nothing\.mp4"):
        read_clip(tmp_path / "nothing.mp4")
