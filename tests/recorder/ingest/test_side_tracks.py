import pytest

from tawny.recorder.ingest.connection import AudioTrack, MetadataTrack
from tawny.recorder.ingest.side_tracks import Documents, Sound
from tawny.recorder.ingest.timing import MediaClock
from tawny.wire.depacketize.audio import G711Depacketizer
from tawny.wire.depacketize.interleaved import SenderReport
from tawny.wire.depacketize.metadata import MetadataDepacketizer
from tawny.wire.media import (
    AUDIO_TRACK,
    METADATA_TRACK,
    VIDEO_TRACK,
    AccessUnit,
    AudioCodec,
    AudioFormat,
    MetadataFormat,
)

START_US = 1_800_000_000_000_000
NTP = 9 << 32


def documents() -> Documents:
    track = MetadataTrack(format=MetadataFormat(), depacketizer=MetadataDepacketizer(), clock_rate=90_000)
    return Documents(METADATA_TRACK, track)


def sound(clock_rate: int = 8000) -> Sound:
    form = AudioFormat(codec=AudioCodec.PCMA, sample_rate=8000, channels=1)
    track = AudioTrack(format=form, depacketizer=G711Depacketizer(), clock_rate=clock_rate, frame_ticks=0)
    return Sound(AUDIO_TRACK, track)


def video() -> MediaClock:
    clock = MediaClock(90_000)
    clock.ticks(0, START_US)
    return clock


def send(track: Documents, rtp: int, arrival_us: int, data: bytes = b"d") -> None:
    track.track.depacketizer.units.append(AccessUnit(rtp, data, key=True))
    track.take(arrival_us)


def test_documents_are_timed_by_arrival_until_the_camera_reports_its_clocks() -> None:
    track = documents()
    reports = {VIDEO_TRACK: SenderReport(NTP, 0), METADATA_TRACK: SenderReport(NTP, 500)}

    send(track, 500, START_US + 700_000)
    assert track.align(video(), {VIDEO_TRACK: reports[VIDEO_TRACK]}) is False
    before = track.released()
    assert track.align(video(), reports)
    send(track, 500 + 9000, START_US + 800_000)

    assert before == [(START_US + 700_000, b"d")]
    assert track.aligned
    assert track.released() == [(START_US + 100_000, b"d")]


def test_more_documents_than_there_is_room_for_are_left_out_while_the_clock_settles() -> None:
    track = documents()

    for number in range(1200):
        send(track, number * 90, START_US + number * 1000)

    assert len(track.released()) == 1000
    assert track.released() == []


@pytest.mark.parametrize("clock_rate", [8000, 16_000])
def test_sound_is_set_beside_the_picture_where_its_clock_is_that_of_its_format(clock_rate: int) -> None:
    track = sound(clock_rate)
    track.track.depacketizer.units.append(AccessUnit(0, bytes(80), key=True))
    reports = {VIDEO_TRACK: SenderReport(NTP, 0), AUDIO_TRACK: SenderReport(NTP, 0)}

    assert track.take(START_US + 300_000) == [(0, 80, bytes(80))]

    assert track.align(video(), reports) is (clock_rate == 8000)
    assert track.clock.utc_us(0) == START_US + (0 if clock_rate == 8000 else 300_000)


def test_without_reports_a_clock_follows_what_arrives() -> None:
    track = documents()
    for number in range(200):  # its clock is slow: each document comes a little later than it says
        send(track, number * 9000, START_US + number * 100_050)

    track.follow(video(), {}, 20_000_000)

    assert START_US < track.clock.utc_us(0) <= START_US + 10_000
