"""Sample entries written and read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawny.wire.media import AudioCodec, AudioFormat, MetadataFormat, TrackFormat, VideoCodec, VideoFormat
from tawny.wire.mp4.boxes import boxes
from tawny.wire.mp4.sample_entries import read_sample_entry, sample_entry
from tests.wire.mp4.clips import video_clip

audio_formats = st.one_of(
    st.builds(
        AudioFormat,
        codec=st.just(AudioCodec.AAC),
        sample_rate=st.sampled_from([8000, 16000, 44100, 48000, 96000]),
        channels=st.integers(1, 8),
        config=st.binary(min_size=2, max_size=60),
    ),
    st.builds(
        AudioFormat,
        codec=st.sampled_from([AudioCodec.PCMA, AudioCodec.PCMU]),
        sample_rate=st.integers(4000, 48000),
        channels=st.integers(1, 2),
    ),
    st.builds(AudioFormat, codec=st.just(AudioCodec.OPUS), sample_rate=st.just(48_000), channels=st.integers(1, 2)),
)


def read_back(data: bytes, timescale: int) -> TrackFormat:
    return read_sample_entry(data, next(boxes(data, 0, len(data))), timescale)


@given(audio_formats)
def test_an_audio_format_reads_back_as_it_was(form: AudioFormat) -> None:
    assert read_back(sample_entry(form), form.sample_rate) == form


@pytest.mark.parametrize("codec", ["h264", "h265"])
def test_a_video_format_reads_back_as_it_was(codec: str) -> None:
    form = video_clip(codec, seconds=1).formats[1]

    assert read_back(sample_entry(form), form.timescale) == form


def test_metadata_read_back_and_say_whose_they_are() -> None:
    entry = sample_entry(MetadataFormat())

    assert b"http://www.onvif.org/ver10/schema" in entry
    assert read_back(entry, 90_000) == MetadataFormat()


@given(st.data())
def test_a_changed_entry_reads_as_a_format_or_is_refused(data: st.DataObject) -> None:
    forms = [
        video_clip("h264", seconds=1).formats[1],
        video_clip("h265", seconds=1).formats[1],
        VideoFormat(codec=VideoCodec.MJPEG, parameter_sets=(), width=64, height=48, codec_string="mp4v.6C"),
        AudioFormat(codec=AudioCodec.AAC, sample_rate=16000, channels=1, config=b"\x14\x08"),
        MetadataFormat(),
    ]
    entry = bytearray(sample_entry(data.draw(st.sampled_from(forms))))
    for _ in range(data.draw(st.integers(1, 4))):
        entry[data.draw(st.integers(8, len(entry) - 1))] = data.draw(st.integers(0, 255))

    try:
        form = read_back(bytes(entry), 90_000)
    except ValueError:
        return

    assert form.timescale == 90_000


@given(st.integers(1, 2040), st.integers(1, 2040))
def test_mjpeg_reads_back_as_it_was(width: int, height: int) -> None:
    form = VideoFormat(codec=VideoCodec.MJPEG, parameter_sets=(), width=width, height=height, codec_string="mp4v.6C")

    assert read_back(sample_entry(form), form.timescale) == form
