from collections.abc import Sequence
from dataclasses import replace

import pytest

from tawny.recorder.archive.model import StreamKey
from tawny.recorder.ingest.broadcast import Broadcast
from tawny.recorder.ingest.camera_session import CameraSession, Now
from tawny.recorder.ingest.model import Trouble
from tawny.recorder.ingest.troubles import Failure
from tawny.wire.depacketize.interleaved import SLACK
from tawny.wire.feed import FeedKind, FeedMessage, FeedReader, read_unit
from tawny.wire.media import AUDIO_TRACK, METADATA_TRACK, VIDEO_TRACK, StreamName
from tests.fakes.camera import FakeLink, Pictures, connection
from tests.fakes.recording import FakeRecording
from tests.fakes.rtp import (
    LARGE_SPS,
    PPS,
    PPS_265,
    SPS_265,
    VPS_265,
    Sender,
    aggregation_265,
    idr,
    idr_265,
    sender_report,
    slice_265,
)

KEY = StreamKey(camera="cam_a", stream=StreamName.MAIN)
START_US = 1_800_000_000_000_000


class Watching:
    """A subscriber that keeps what it was sent."""

    def __init__(self) -> None:
        self.messages: list[FeedMessage] = []
        self._reader = FeedReader()

    def put(self, messages: Sequence[bytes]) -> None:
        for message in messages:
            self.messages += self._reader.feed(message)


class Rig:
    """A session with a link that a test feeds, sweep by sweep of 40 ms."""

    def __init__(
        self,
        *,
        sound: bool = False,
        metadata: bool = False,
        not_before_us: int = 0,
        unread: bytes = b"",
        hasty: bool = False,
    ) -> None:
        self.link = FakeLink()
        self.recording = FakeRecording()
        self.broadcast = Broadcast(KEY, self.recording, later=lambda call: call())
        self.seconds = 0.0
        self.told: list[tuple[int, bytes]] = []
        self.session = CameraSession(
            KEY,
            replace(connection(self.link, sound=sound, metadata=metadata, unread=unread), hasty=hasty),
            self.recording,
            self.broadcast,
            records=True,
            now=self.now,
            not_before_us=not_before_us,
            tell=lambda utc_us, document: self.told.append((utc_us, document)),
        )
        self._buffer = bytearray((1 << 18) + SLACK)

    @property
    def now(self) -> Now:
        return Now(START_US + round(self.seconds * 1_000_000), self.seconds)

    def sweep(self, data: bytes = b"") -> bool:
        self.seconds = round(self.seconds + 0.04, 2)
        if data:
            self.link.incoming.append(data)
        came_online = self.session.poll(self._buffer, memoryview(self._buffer), self.now)
        self.broadcast.flush()
        return came_online

    def play(self, pictures: Pictures, count: int) -> list[bool]:
        return [self.sweep(pictures.next()) for _ in range(count)]

    def repeat(self, data: bytes, count: int) -> None:
        for _ in range(count):
            self.sweep(data)


def test_a_camera_is_online_and_recorded_from_its_first_key_frame() -> None:
    rig = Rig()
    pictures = Pictures()
    pictures.count = 20  # joined late in a group

    moments = rig.play(pictures, 100)
    end_us = rig.session.finish()

    assert moments.index(True) == 25  # once the clock has settled
    assert sum(moments) == 1
    (segment,) = rig.recording.segments[KEY]
    assert segment.start_us == START_US + 6 * 40_000  # the sixth picture, when it arrived
    assert end_us == segment.end_us == START_US + 101 * 40_000
    assert len(rig.recording.frames(KEY)) == 95
    assert rig.link.closed


def test_a_timestamp_that_wraps_jumps_or_goes_back_loses_no_picture() -> None:
    rig = Rig()
    pictures = Pictures()

    rig.play(pictures, 60)
    for jump_s in (7200, -7200, 15, -3):
        pictures.timestamp += jump_s * 90_000
        rig.play(pictures, 30)
    rig.session.finish()

    assert len(rig.recording.frames(KEY)) == 180
    (segment,) = rig.recording.segments[KEY]
    assert segment.ticks() == 180 * 3600
    assert [d for f in segment.video for d in f.durations] == [3600] * 180


def test_a_camera_that_is_silent_for_five_seconds_is_given_up() -> None:
    rig = Rig()
    rig.play(Pictures(), 50)

    with pytest.raises(Failure) as raised:
        rig.repeat(b"", 150)

    assert raised.value.kind is Trouble.SILENT
    assert rig.seconds == pytest.approx(7.04, abs=0.05)


def test_a_camera_without_key_frames_is_given_up_after_twenty_seconds() -> None:
    rig = Rig()
    pictures = Pictures(group=100_000)
    pictures.count = 1

    with pytest.raises(Failure) as raised:
        rig.play(pictures, 600)

    assert raised.value.kind is Trouble.NO_KEY_FRAME
    assert rig.seconds == pytest.approx(20, abs=0.1)


def test_a_camera_that_sends_no_picture_at_all_is_given_up_after_twenty_seconds() -> None:
    rig = Rig()

    with pytest.raises(Failure) as raised:
        rig.repeat(sender_report(1, ntp_s=1, rtp=1), 600)

    assert raised.value.kind is Trouble.NO_KEY_FRAME


def test_a_closed_connection_ends_the_footage_with_the_last_picture() -> None:
    rig = Rig()
    rig.play(Pictures(), 60)
    rig.link.closed_by_camera = True

    with pytest.raises(Failure) as raised:
        rig.sweep()
    rig.session.finish()

    assert raised.value.kind is Trouble.CLOSED
    assert len(rig.recording.frames(KEY)) == 60


def test_a_session_that_ends_within_its_first_second_is_stored() -> None:
    rig = Rig()
    rig.play(Pictures(), 10)

    rig.session.finish()

    assert len(rig.recording.frames(KEY)) == 10


def test_what_came_with_the_handshake_is_media_too_however_much() -> None:
    pictures = Pictures()
    rig = Rig(unread=b"".join(pictures.next() for _ in range(1000)))

    rig.repeat(b"", 10)
    rig.session.finish()

    assert len(rig.recording.frames(KEY)) == 1000


def test_garbage_instead_of_packets_ends_the_session() -> None:
    rig = Rig()
    rig.play(Pictures(), 30)

    with pytest.raises(Failure) as raised:
        rig.sweep(b"\x00" * 100)

    assert raised.value.kind is Trouble.BAD_STREAM


def test_keepalives_are_sent_and_replies_handed_on() -> None:
    rig = Rig()
    pictures = Pictures()

    rig.play(pictures, 25 * 60)
    rig.sweep(b"RTSP/1.0 200 OK\r\nCSeq: 9\r\n\r\n" + pictures.next())

    assert rig.link.keepalives == 2
    assert rig.link.replies == [b"RTSP/1.0 200 OK\r\nCSeq: 9\r\n\r\n"]


def test_a_new_size_begins_a_segment_without_a_hole() -> None:
    rig = Rig()
    pictures = Pictures()
    rig.play(pictures, 50)

    pictures.timestamp += 3600
    rig.sweep(pictures.sender.picture(LARGE_SPS, PPS, idr(), timestamp=pictures.timestamp))
    pictures.count += 1
    rig.play(pictures, 20)
    rig.session.finish()

    assert [s.format.width for s in rig.recording.segments[KEY]] == [638, 1920]
    assert rig.recording.seams_us(KEY) == [0]


@pytest.mark.parametrize("aggregated", [False, True])
def test_a_codec_that_is_changed_in_the_camera_begins_a_segment_and_loses_no_picture(*, aggregated: bool) -> None:
    rig = Rig()
    pictures = Pictures()
    rig.play(pictures, 50)

    for number in range(30):
        pictures.timestamp += 3600
        sets = (VPS_265, SPS_265, PPS_265)
        first = (aggregation_265(*sets), idr_265()) if aggregated else (*sets, idr_265())
        pictures.sender.h265 = True
        rig.sweep(pictures.sender.picture(*(first if number == 0 else (slice_265(),)), timestamp=pictures.timestamp))
    pictures.sender.h265 = False
    pictures.count = 0
    rig.play(pictures, 20)
    rig.session.finish()

    assert [s.format.codec for s in rig.recording.segments[KEY]] == ["h264", "h265", "h264"]
    assert rig.recording.seams_us(KEY) == [0, 0]
    assert len(rig.recording.frames(KEY)) == 100
    assert rig.link.closed


@pytest.mark.parametrize("hasty", [False, True])
def test_a_connection_that_can_keep_little_is_read_often(*, hasty: bool) -> None:
    rig = Rig(hasty=hasty)

    rig.play(Pictures(), 50)

    assert rig.session.hurried is hasty


def test_a_clock_that_was_set_begins_a_new_timeline_on_the_same_connection() -> None:
    rig = Rig()
    pictures = Pictures()
    rig.play(pictures, 60)

    end_us = rig.session.restart(rig.now)
    rig.play(pictures, 60)
    rig.session.finish()

    first, second = rig.recording.segments[KEY]
    assert end_us == first.end_us == START_US + 61 * 40_000
    assert second.start_us == START_US + 76 * 40_000  # the next key frame
    assert not any(frame in first.video[0].frames for frame in second.video[0].frames)


def test_status_tells_measured_rates() -> None:
    rig, pictures = Rig(), Pictures()
    rig.play(pictures, 50)
    rig.session.measure(rig.now)
    assert rig.session.status is not None
    assert (rig.session.status.fps, rig.session.status.bits_per_second) == (0, 0)  # the first second came in one piece

    rig.play(pictures, 50)
    rig.session.measure(rig.now)

    assert rig.session.status.fps == 25
    assert rig.session.status.key_frame_s == 1  # each 25th picture
    assert rig.session.status.video.width == 638
    assert 90_000 < rig.session.status.bits_per_second < 150_000
    assert rig.session.status.recording


def test_sound_is_stored_from_the_first_picture_on_and_put_right_by_reports() -> None:
    rig = Rig(sound=True)
    pictures, sound = Pictures(first_timestamp=0), Sender(channel=2, payload_type=8)

    for index in range(80):
        late = sound.packet(bytes(320), timestamp=(index - 5) * 320) if index >= 5 else b""
        reports = sender_report(1, ntp_s=9, rtp=3600) + sender_report(3, ntp_s=9, rtp=0) if index == 30 else b""
        rig.sweep(pictures.next() + late + reports)
    rig.session.finish()

    (segment,) = rig.recording.segments[KEY]
    assert segment.of(AUDIO_TRACK)[0].decode_time <= 5 * 320
    assert len(rig.recording.frames(KEY, AUDIO_TRACK)) == 75
    assert segment.ticks(AUDIO_TRACK) <= 80 * 320


def document(number: int) -> bytes:
    return b'<MetadataStream number="%d"/>' % number


def test_metadata_are_stored_and_told_with_the_time_of_their_pictures() -> None:
    rig = Rig(metadata=True)
    pictures, told = Pictures(first_timestamp=0), Sender(channel=4, payload_type=107)

    for index in range(100):  # each document belongs to the picture five before it
        late = b""
        if index >= 5 and index % 5 == 0:
            late = told.packet(document(index), timestamp=(index - 5) * 3600 + 77, marker=True)
        reports = sender_report(1, ntp_s=9, rtp=3600) + sender_report(5, ntp_s=9, rtp=77) if index == 8 else b""
        rig.sweep(pictures.next() + late + reports)
    rig.session.finish()

    (segment,) = rig.recording.segments[KEY]
    documents = segment.of(METADATA_TRACK)
    assert [frame for f in documents for frame in f.frames] == [document(n) for n in range(5, 100, 5)]
    times = [f.decode_time + sum(f.durations[:at]) for f in documents for at in range(len(f.frames))]
    assert times == [n * 3600 for n in range(0, 95, 5)]
    first_us = segment.start_us
    assert rig.told == [(first_us + n * 40_000, document(n + 5)) for n in range(0, 95, 5)]


def test_metadata_change_nothing_about_the_pictures_and_lie_behind_those_of_their_time() -> None:
    rigs = {True: Rig(metadata=True), False: Rig()}

    for with_metadata, rig in rigs.items():
        pictures, told = Pictures(first_timestamp=0), Sender(channel=4, payload_type=107)
        for index in range(100):
            rig.sweep(pictures.next())
            if with_metadata:
                rig.link.incoming.append(told.packet(document(index), timestamp=index * 3600, marker=True))
        rig.session.finish()

    with_, without = (rigs[which].recording.segments[KEY][0] for which in (True, False))
    assert with_.video == without.video
    assert [f.track for f in with_.fragments[-6:]] == [VIDEO_TRACK, METADATA_TRACK] * 3


def test_metadata_without_a_usable_clock_are_kept_all_the_same() -> None:
    rig = Rig(metadata=True)
    pictures, told = Pictures(), Sender(channel=4, payload_type=107)

    for index in range(50):
        rig.sweep(pictures.next() + told.packet(document(index), timestamp=index * 0x31234567, marker=True))
    rig.session.finish()

    assert len(rig.recording.frames(KEY, METADATA_TRACK)) == 50


def test_a_watcher_gets_metadata_too_once_each() -> None:
    rig, watching = Rig(metadata=True), Watching()
    pictures, told = Pictures(first_timestamp=0), Sender(channel=4, payload_type=107)

    for index in range(100):
        if index == 60:
            rig.broadcast.watch(watching)
        rig.sweep(pictures.next() + told.packet(document(index), timestamp=index * 3600, marker=True))

    units = [m for m in watching.messages if m.kind is FeedKind.UNIT and m.track == METADATA_TRACK]
    stored = b"".join(m.payload for m in watching.messages if m.kind is FeedKind.FRAGMENTS)
    live = [read_unit(m.payload).data for m in units]
    assert live[-40:] == [document(n) for n in range(60, 100)]
    assert not any(each in stored for each in live)


@pytest.mark.parametrize("joined_after", [5, 30, 37, 49, 61, 26])
def test_a_watcher_gets_every_picture_once_whenever_it_comes(joined_after: int) -> None:
    rig = Rig()
    rig.recording.answers_at_once = False
    pictures = Pictures(group=50)
    watching = Watching()
    rig.play(pictures, joined_after)

    rig.broadcast.watch(watching)
    rig.play(pictures, 7)
    rig.recording.answer_requests()
    rig.play(pictures, 60)

    kinds = [message.kind for message in watching.messages]
    assert kinds[0] is FeedKind.FORMAT
    assert kinds.count(FeedKind.FORMAT) == 1
    stored = b"".join(m.payload for m in watching.messages if m.kind is FeedKind.FRAGMENTS)
    units = [read_unit(m.payload).data for m in watching.messages if m.kind is FeedKind.UNIT]
    rig.session.finish()
    everything = rig.recording.frames(KEY)
    start = joined_after // 50 * 50 if joined_after > 50 else 0
    in_fragments = [frame for frame in everything if frame in stored]
    assert in_fragments + units == everything[start:]
