from tawny.recorder.archive.model import StreamKey
from tawny.recorder.ingest.broadcast import GATHERED_BYTES, GROUP_BYTES, Broadcast, Unit
from tawny.wire.feed import FeedKind
from tawny.wire.h26x import video_format
from tawny.wire.media import AUDIO_TRACK, VIDEO_TRACK, StreamName, VideoCodec
from tests.fakes.recording import FakeRecording
from tests.fakes.rtp import PPS, SPS
from tests.recorder.ingest.test_camera_session import Watching

KEY = StreamKey(camera="cam_a", stream=StreamName.MAIN)
FORMATS = {VIDEO_TRACK: video_format(VideoCodec.H264, (SPS, PPS))}


def broadcast(recording: FakeRecording | None) -> Broadcast:
    made = Broadcast(KEY, recording, later=lambda call: call())
    made.begin(FORMATS, 0, list)
    return made


def unit(number: int, *, key: bool = False, track: int = VIDEO_TRACK, size: int = 8) -> Unit:
    return Unit(track, number, 3600, 0, number.to_bytes(size, "big"), key)


def seen(watching: Watching) -> list[int | FeedKind]:
    return [m.utc_us if m.kind is FeedKind.UNIT else m.kind for m in watching.messages]


def test_an_unrecorded_stream_is_kept_from_its_last_key_frame_on() -> None:
    live, watching = broadcast(None), Watching()
    for number in range(10):
        live.unit(unit(number, key=number % 4 == 0))
        live.unit(unit(number, track=AUDIO_TRACK))

    live.watch(watching)
    live.flush()

    assert seen(watching) == [FeedKind.FORMAT, 8, 8, 9, 9]


def test_a_group_too_large_to_keep_is_given_up_until_the_next_key_frame() -> None:
    live, watching = broadcast(None), Watching()
    live.unit(unit(0, key=True, size=GROUP_BYTES // 2))
    for number in range(1, 4):
        live.unit(unit(number, size=GROUP_BYTES // 2))

    live.watch(watching)
    live.unit(unit(4))
    live.unit(unit(5, key=True))
    live.flush()

    assert seen(watching) == [FeedKind.FORMAT, 5]


def test_where_nothing_is_recorded_after_all_a_watcher_begins_at_the_next_key_frame() -> None:
    recording = FakeRecording()
    live, watching = broadcast(recording), Watching()
    live.unit(unit(1))

    live.watch(watching)
    live.unit(unit(2))
    live.unit(unit(3, key=True))
    live.flush()

    assert seen(watching) == [FeedKind.FORMAT, 3]


def test_an_archive_that_does_not_answer_costs_a_watcher_the_group_but_no_memory() -> None:
    recording = FakeRecording()
    recording.answers_at_once = False
    live, watching = broadcast(recording), Watching()
    live.watch(watching)

    for number in range(12):
        live.unit(unit(number, size=GATHERED_BYTES // 8))
    live.unit(unit(20, key=True))
    recording.answer_requests()
    live.flush()

    assert seen(watching) == [FeedKind.FORMAT, 20]


def test_after_a_session_a_watcher_gets_the_new_format_and_a_key_frame() -> None:
    live, watching = broadcast(FakeRecording()), Watching()
    live.watch(watching)
    live.unit(unit(1, key=True))
    live.end()
    live.begin(FORMATS, 10, list)

    live.unit(unit(11))
    live.unit(unit(12, key=True))
    live.flush()

    assert seen(watching) == [FeedKind.FORMAT, 1, FeedKind.FORMAT, 12]


def test_who_left_is_sent_nothing() -> None:
    live, watching = broadcast(None), Watching()
    live.watch(watching)

    live.unwatch(watching)
    live.unit(unit(1, key=True))
    live.flush()

    assert watching.messages == []
    assert not live.watched
