"""Ingest as a whole, its media thread stood in for by the test, which runs it step by step."""

from collections.abc import Callable
from random import Random

from tawny.recorder.archive.model import GapReason, StreamKey
from tawny.recorder.cameras.requests import Request
from tawny.recorder.ingest.connection import Connection
from tawny.recorder.ingest.methods import methods
from tawny.recorder.ingest.model import CameraSource, Phase, Trouble
from tawny.recorder.ingest.service import Ingest
from tawny.recorder.ingest.troubles import Failure, failure
from tawny.runtime.clock import SimulatedClock
from tawny.wire.feed import FeedKind
from tawny.wire.media import StreamName
from tests.fakes.camera import FakeCamera, FakeLink, Pictures, connection
from tests.fakes.recording import FakeRecording
from tests.recorder.ingest.test_camera_session import Watching

MAIN = StreamKey(camera="cam_a", stream=StreamName.MAIN)
SUB = StreamKey(camera="cam_a", stream=StreamName.SUB)


def source(
    camera: str = "cam_a", *, url: str = "rtsp://a/1", sub: str | None = None, record: bool = True
) -> CameraSource:
    return CameraSource(camera=camera, main_url=url, sub_url=sub, user="u", password="p", sound=False, record=record)


class Rig:
    """Ingest with fake cameras; attempts are answered at once, in the step after them."""

    def __init__(self) -> None:
        self.clock = SimulatedClock()
        self.recording = FakeRecording()
        self.links: dict[StreamKey, FakeLink] = {}
        self.pictures: dict[StreamKey, Pictures] = {}
        self.trouble: dict[StreamKey, Failure] = {}
        self.changes: list[str] = []
        self.camera = FakeCamera(self._connect)
        self.ingest = Ingest(
            recording=self.recording,
            camera=self.camera,
            clock=self.clock,
            random=Random(1),
            on_change=self.changes.append,
        )
        self.ingest._connector.connect = self._attempt  # type: ignore[method-assign] # no threads here

    def _attempt(self, source: CameraSource, key: StreamKey, answer: Callable[[Connection | Failure], None]) -> None:
        try:
            answer(self.camera.connect(source, key))
        except Failure as problem:
            answer(problem)

    def _connect(self, source: CameraSource, key: StreamKey) -> Connection | Failure:
        if key in self.trouble:
            return self.trouble[key]
        self.links[key] = link = FakeLink()
        self.pictures[key] = Pictures()
        return connection(link)

    def run(self, seconds: float, *, sending: bool = True) -> None:
        for _ in range(round(seconds * 25)):
            self.clock.wait(0.04)
            for key, link in self.links.items():
                if sending and not link.closed and not link.closed_by_camera:
                    link.incoming.append(self.pictures[key].next())
            for _ in range(4):  # what a step posts runs in the next
                self.ingest._loop.run_once()


def test_a_camera_comes_online_is_recorded_and_says_so() -> None:
    rig = Rig()

    rig.ingest.set_camera(source(sub="rtsp://a/2"))
    before = rig.ingest.state("cam_a").phase
    rig.run(6)

    assert before is Phase.CONNECTING
    assert rig.ingest.state("cam_a").phase is Phase.ONLINE
    streams = rig.ingest.streams("cam_a")
    assert streams[StreamName.MAIN] is not None
    assert streams[StreamName.SUB] is not None
    assert set(rig.recording.open) == {MAIN, SUB}
    assert "cam_a" in rig.changes
    assert rig.recording.gaps == []


def test_a_camera_that_drops_every_five_seconds_is_connected_again_and_each_gap_has_its_reason() -> None:
    rig = Rig()
    rig.ingest.set_camera(source())

    for _ in range(4):
        rig.run(5)
        rig.links[MAIN].closed_by_camera = True
        rig.run(2.5)

    segments = rig.recording.segments[MAIN]
    assert len(segments) >= 4
    assert [(gap[2], gap[1]) for gap in rig.recording.gaps] == [
        (GapReason.CAMERA_LOST, segment.end_us) for segment in segments[: len(rig.recording.gaps)]
    ]
    assert rig.ingest.state("cam_a").title in {"", "The camera closed the connection."}


def test_a_refused_password_is_a_state_a_gap_and_keeps_the_sub_stream_from_trying() -> None:
    rig = Rig()
    rig.trouble[MAIN] = failure(Trouble.CREDENTIALS)

    rig.ingest.set_camera(source(sub="rtsp://a/2"))
    rig.run(40)

    state = rig.ingest.state("cam_a")
    assert (state.phase, state.kind) == (Phase.WAITING, Trouble.CREDENTIALS)
    assert state.title == "The camera refused the user or password."
    assert rig.camera.attempts == [MAIN]
    assert [(gap[0], gap[2]) for gap in rig.recording.gaps] == [(MAIN, GapReason.CAMERA_REFUSED)]


def test_a_reason_that_lasts_is_told_once_and_a_new_one_again() -> None:
    rig = Rig()
    rig.trouble[MAIN] = failure(Trouble.UNREACHABLE)
    rig.ingest.set_camera(source())
    rig.run(20)

    rig.trouble[MAIN] = failure(Trouble.NOT_FOUND)
    rig.run(40)

    assert [gap[2] for gap in rig.recording.gaps] == [GapReason.CAMERA_LOST, GapReason.CAMERA_REFUSED]
    assert len(rig.camera.attempts) > 4


def test_a_change_of_the_sub_address_leaves_the_main_stream_alone() -> None:
    rig = Rig()
    rig.ingest.set_camera(source(sub="rtsp://a/2"))
    rig.run(4)
    main, sub = rig.links[MAIN], rig.links[SUB]

    rig.ingest.set_camera(source(sub="rtsp://a/3"))
    rig.run(4)

    assert not main.closed
    assert sub.closed
    assert rig.links[SUB] is not sub
    assert rig.recording.seams_us(SUB)[0] > 0
    assert len(rig.recording.segments[MAIN]) == 1


def test_setting_a_camera_as_it_is_changes_nothing() -> None:
    rig = Rig()
    rig.ingest.set_camera(source())
    rig.run(3)

    rig.ingest.set_camera(source())
    rig.run(3)

    assert rig.camera.attempts == [MAIN]
    assert len(rig.recording.segments[MAIN]) == 1


def test_a_removed_camera_is_closed_with_its_reason() -> None:
    rig = Rig()
    rig.ingest.set_camera(source())
    rig.run(3)

    rig.ingest.remove_camera("cam_a", GapReason.DISABLED)
    rig.run(3)

    (segment,) = rig.recording.segments[MAIN]
    assert segment.end_us is not None
    assert rig.recording.gaps == [(MAIN, segment.end_us, GapReason.DISABLED, "The camera is switched off.")]
    assert rig.links[MAIN].closed
    assert rig.ingest.state("cam_a").phase is Phase.DISABLED
    assert rig.camera.attempts == [MAIN]


def test_a_refused_camera_is_left_with_the_reason_until_it_is_set_again() -> None:
    rig = Rig()
    rig.ingest.set_camera(source(sub="rtsp://a/2"))
    rig.run(6)

    rig.ingest.refuse("cam_a", failure(Trouble.IDENTITY))
    rig.run(120)
    refused, attempts = rig.ingest.state("cam_a"), len(rig.camera.attempts)
    rig.ingest.set_camera(source(sub="rtsp://a/2"))
    rig.run(6)

    assert (refused.phase, refused.kind, refused.retry_at_us) == (Phase.WAITING, Trouble.IDENTITY, None)
    assert attempts == 2
    assert rig.ingest.state("cam_a").phase is Phase.ONLINE
    assert GapReason.CAMERA_LOST in [reason for key, _, reason, _ in rig.recording.gaps if key == MAIN]


def test_a_clock_set_by_an_hour_is_a_gap_with_that_reason_and_times_never_go_back() -> None:
    for step_s in (3600, -3600):
        rig = Rig()
        rig.ingest.set_camera(source())
        rig.run(5)

        rig.clock.step(step_s)
        rig.run(10)

        first, second = rig.recording.segments[MAIN]
        assert first.end_us is not None
        assert [gap[2] for gap in rig.recording.gaps] == [GapReason.CLOCK]
        assert second.start_us >= first.end_us
        assert (second.start_us - first.end_us > 3_500_000_000) == (step_s > 0)


def test_one_camera_that_sends_garbage_or_ten_times_as_much_disturbs_no_other() -> None:
    rig = Rig()
    for camera in ("cam_a", "cam_b", "cam_c"):
        rig.ingest.set_camera(source(camera))
    rig.run(3)
    keys = [StreamKey(camera=camera, stream=StreamName.MAIN) for camera in ("cam_a", "cam_b", "cam_c")]

    for _ in range(50):
        rig.links[keys[1]].incoming.append(b"\xff" * 1000)
        rig.links[keys[2]].incoming += [rig.pictures[keys[2]].next() for _ in range(9)]
        rig.run(0.04)
    rig.run(2)

    (segment,) = rig.recording.segments[keys[0]]
    assert segment.end_us is None
    assert len(rig.recording.frames(keys[0])) >= 25 * 5
    assert rig.ingest.state("cam_a").phase is Phase.ONLINE


def test_an_unrecorded_camera_is_watched_from_memory_and_leaves_no_trace() -> None:
    rig = Rig()
    rig.ingest.set_camera(source("try_a", record=False))
    rig.run(3.5)
    watching = Watching()

    unwatch = rig.ingest.watch("try_a", StreamName.MAIN, watching)
    rig.run(1)
    unwatch()
    rig.run(1)

    kinds = [message.kind for message in watching.messages]
    assert kinds[0] is FeedKind.FORMAT
    assert set(kinds[1:]) == {FeedKind.UNIT}
    assert watching.messages[1].key
    assert 25 <= len(kinds) <= 52
    assert not rig.recording.segments
    assert not rig.recording.gaps


def test_a_watcher_of_a_camera_that_is_away_is_told_why_and_sees_it_come_back() -> None:
    rig = Rig()
    rig.trouble[MAIN] = failure(Trouble.UNREACHABLE)
    rig.ingest.set_camera(source())
    rig.run(1)
    watching = Watching()

    rig.ingest.watch("cam_a", StreamName.MAIN, watching)
    rig.run(1)
    told = [message.kind for message in watching.messages]
    rig.trouble.clear()
    rig.run(6)

    assert set(told) == {FeedKind.STATE}
    assert b"does not answer" in watching.messages[0].payload
    later = [message.kind for message in watching.messages[len(told) :]]
    assert FeedKind.FORMAT in later
    assert later.index(FeedKind.FORMAT) < later.index(FeedKind.UNIT)


def test_stopping_closes_everything_within_its_time() -> None:
    rig = Rig()
    rig.ingest.set_camera(source())
    rig.run(3)
    rig.ingest.start()

    rig.ingest.stop()

    assert not rig.recording.open
    assert rig.links[MAIN].closed
    assert rig.recording.gaps == []


def test_sealing_a_camera_ends_the_segments_of_its_streams_and_of_no_other() -> None:
    rig = Rig()
    rig.ingest.set_camera(source(sub="rtsp://a/2"))
    rig.ingest.set_camera(source("cam_b"))
    rig.run(6)

    methods(rig.ingest)["archive.seal"](Request({"camera": "cam_a"}))
    rig.run(6)

    other = StreamKey(camera="cam_b", stream=StreamName.MAIN)
    assert [len(rig.recording.segments[key]) for key in (MAIN, SUB, other)] == [2, 2, 1]
    assert rig.recording.segments[MAIN][0].end_us == rig.recording.segments[MAIN][1].start_us
