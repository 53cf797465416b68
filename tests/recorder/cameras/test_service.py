from typing import Any

import pytest

from tawny.recorder.archive.model import GapReason
from tawny.recorder.cameras.requests import Request
from tawny.recorder.cameras.service import Cameras
from tawny.recorder.ingest.model import CameraSource
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.problem import Kind, Problem
from tests.fakes.ingest import FakeIngest
from tests.fakes.settings import FakeSettings


class Rig:
    def __init__(self) -> None:
        self.clock = SimulatedClock()
        self.ingest = FakeIngest()
        self.settings = FakeSettings()
        self.cameras = self.restarted()

    def restarted(self) -> Cameras:
        return Cameras(settings=self.settings, ingest=self.ingest, clock=self.clock)

    def add(self, **members: Any) -> str:
        return self.cameras.add(Request({"name": "Gate", "url": "rtsp://192.0.2.7/a"} | members)).id


def test_an_added_camera_is_kept_and_connected() -> None:
    rig = Rig()

    camera_id = rig.add(user="admin", password="secret", sub_url="rtsp://192.0.2.7/b", sound=True)

    assert rig.ingest.sources[camera_id] == CameraSource(
        camera=camera_id,
        main_url="rtsp://192.0.2.7/a",
        sub_url="rtsp://192.0.2.7/b",
        user="admin",
        password="secret",
        sound=True,
        record=True,
    )
    assert [c.id for c in rig.settings.cameras()] == [camera_id]


def test_a_login_inside_the_address_is_used_and_not_shown() -> None:
    rig = Rig()

    camera_id = rig.add(url="rtsp://admin:secret@192.0.2.7/a")

    camera = rig.cameras.get(camera_id)
    assert camera is not None
    assert (camera.url, camera.user, camera.password) == ("rtsp://192.0.2.7/a", "admin", "secret")
    assert "secret" not in repr(camera)


def test_sound_is_off_unless_asked_for() -> None:
    rig = Rig()

    assert not rig.ingest.sources[rig.add()].sound


def test_kept_cameras_are_connected_at_the_next_start_unless_disabled() -> None:
    rig = Rig()
    first, second = rig.add(), rig.add()
    rig.cameras.change(second, Request({"enabled": False}))
    rig.ingest.sources.clear()

    rig.restarted().start()

    assert list(rig.ingest.sources) == [first]


def test_a_disabled_camera_is_disconnected_with_that_reason_and_can_come_back() -> None:
    rig = Rig()
    camera_id = rig.add()

    rig.cameras.change(camera_id, Request({"enabled": False}))
    assert rig.ingest.removed == [(camera_id, GapReason.DISABLED)]

    rig.cameras.change(camera_id, Request({"enabled": True}))
    assert camera_id in rig.ingest.sources


def test_a_new_name_disturbs_no_connection() -> None:
    rig = Rig()
    camera_id = rig.add()
    rig.ingest.sources.clear()

    camera = rig.cameras.change(camera_id, Request({"name": " Back door "}))

    assert camera.name == "Back door"
    assert rig.settings.cameras()[0].name == "Back door"
    assert not rig.ingest.sources


def test_a_new_password_connects_anew_and_the_rest_stays() -> None:
    rig = Rig()
    camera_id = rig.add(user="admin", password="old")

    rig.cameras.change(camera_id, Request({"password": "new"}))

    source = rig.ingest.sources[camera_id]
    assert (source.user, source.password, source.main_url) == ("admin", "new", "rtsp://192.0.2.7/a")


def test_a_change_that_is_refused_changes_nothing() -> None:
    rig = Rig()
    camera_id = rig.add()
    before = rig.cameras.get(camera_id)

    with pytest.raises(Problem):
        rig.cameras.change(camera_id, Request({"name": "Other", "url": "http://192.0.2.7/"}))
    with pytest.raises(Problem):
        rig.cameras.change(camera_id, Request({"name": "Other", "colour": "red"}))

    assert rig.cameras.get(camera_id) == before


def test_a_removed_camera_is_disconnected_and_forgotten() -> None:
    rig = Rig()
    camera_id = rig.add()

    rig.cameras.remove(camera_id)

    assert not rig.ingest.sources
    assert not rig.settings.cameras()
    with pytest.raises(Problem) as caught:
        rig.cameras.remove(camera_id)
    assert caught.value.kind is Kind.NOT_FOUND


def test_a_camera_gets_a_depth_of_its_own_and_loses_it_again() -> None:
    rig = Rig()
    camera_id = rig.add()

    own = rig.cameras.change(camera_id, Request({"depth_days": 90}))
    kept = rig.restarted().get(camera_id)
    again = rig.cameras.change(camera_id, Request({"depth_days": None}))

    assert own.depth_days == 90
    assert kept == own
    assert again.depth_days is None


def test_a_depth_beyond_a_year_is_refused() -> None:
    rig = Rig()
    camera_id = rig.add()

    with pytest.raises(Problem) as caught:
        rig.cameras.change(camera_id, Request({"depth_days": 361}))

    assert caught.value.extra["field"] == "depth_days"
