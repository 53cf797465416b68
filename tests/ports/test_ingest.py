"""What the settings rely on of whatever connects to cameras, on the fake and on the real one (without its thread)."""

import random

import pytest

from tawny.recorder.archive.model import Fragment, GapReason, GroupAnswer, StreamKey
from tawny.recorder.cameras.ports import Ingest
from tawny.recorder.ingest.connection import Connection
from tawny.recorder.ingest.model import CameraSource, Phase
from tawny.recorder.ingest.service import Ingest as RealIngest
from tawny.runtime.clock import SimulatedClock
from tests.fakes.ingest import FakeIngest


class NoCamera:
    def connect(self, source: CameraSource, key: StreamKey) -> Connection:
        raise AssertionError("nothing connects before ingest is started")


class NoRecording:
    def open_segment(self, key: StreamKey, *, start_us: int, formats: object) -> None: ...
    def append(self, key: StreamKey, fragment: Fragment) -> None: ...
    def close_segment(self, key: StreamKey, *, end_us: int) -> None: ...
    def gap(self, key: StreamKey, *, start_us: int, reason: GapReason, title: str) -> None: ...
    def flush(self) -> None: ...

    def request_group(self, key: StreamKey, answer: GroupAnswer) -> None: ...


@pytest.fixture(params=["fake", "real"])
def ingest(request: pytest.FixtureRequest) -> Ingest:
    if request.param == "fake":
        return FakeIngest()
    return RealIngest(
        recording=NoRecording(),
        camera=NoCamera(),
        clock=SimulatedClock(),
        random=random.Random(1),
        on_change=lambda _: None,
    )


def source(url: str = "rtsp://192.0.2.7/a") -> CameraSource:
    return CameraSource(camera="cam_a", main_url=url, sub_url=None, user="", password="", sound=False, record=True)


def test_a_camera_that_nobody_set_is_disabled_and_delivers_nothing(ingest: Ingest) -> None:
    assert ingest.state("cam_a").phase is Phase.DISABLED
    assert not any(ingest.streams("cam_a").values())


def test_a_camera_that_was_set_is_connecting_at_once(ingest: Ingest) -> None:
    ingest.set_camera(source())

    assert ingest.state("cam_a").phase is Phase.CONNECTING


def test_a_camera_may_be_set_again(ingest: Ingest) -> None:
    ingest.set_camera(source())
    ingest.set_camera(source("rtsp://192.0.2.8/a"))

    assert ingest.state("cam_a").phase is Phase.CONNECTING


def test_a_removed_camera_is_disabled_at_once_and_removing_it_again_does_nothing(ingest: Ingest) -> None:
    ingest.set_camera(source())

    ingest.remove_camera("cam_a", reason=GapReason.DISABLED)
    ingest.remove_camera("cam_a", reason=GapReason.DISABLED)

    assert ingest.state("cam_a").phase is Phase.DISABLED
