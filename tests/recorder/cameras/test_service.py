from typing import Any

import pytest

from tawny.recorder.archive.model import GapReason
from tawny.recorder.cameras.model import Access, Camera, OnvifSource
from tawny.recorder.cameras.requests import Request
from tawny.recorder.cameras.service import Cameras
from tawny.recorder.ingest.model import CameraSource, MediaTransport, Phase, Trouble
from tawny.recorder.onvif.model import DeviceAddress, DevicePhase, DeviceState, Identity
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


def test_a_password_goes_readable_only_where_a_person_says_so() -> None:
    rig = Rig()
    camera_id, allowed = rig.add(), rig.add(allow_basic=True)

    before = rig.ingest.sources[camera_id].allow_basic
    rig.cameras.change(camera_id, Request({"allow_basic": True}))

    assert (before, rig.ingest.sources[camera_id].allow_basic) == (False, True)
    assert rig.ingest.sources[allowed].allow_basic
    assert rig.settings.cameras()[0].allow_basic


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


def source(port: int = 80) -> OnvifSource:
    return OnvifSource(address=DeviceAddress(host="192.0.2.7", port=port), main_profile="main", channel="1")


def access(**changes: Any) -> Access:
    given: dict[str, Any] = {
        "url": "rtsp://192.0.2.7/a",
        "user": "admin",
        "password": "secret",
        "device": source(),
    } | changes
    return Access(**given)


class FakeDevices:
    """Holds ONVIF sides; *states* are what a test puts there."""

    def __init__(self) -> None:
        self.held: dict[str, Camera] = {}
        self.accepted: list[tuple[str, str]] = []
        self.certificate = ""

    def set_camera(self, camera: Camera) -> None:
        self.held[camera.id] = camera

    def remove_camera(self, camera_id: str) -> None:
        self.held.pop(camera_id, None)

    def accept(self, camera_id: str, what: str) -> None:
        self.accepted.append((camera_id, what))

    def state(self, camera_id: str) -> DeviceState:
        return DeviceState(phase=DevicePhase.ONLINE, since_us=0, certificate=self.certificate)

    def clock_offset_s(self, camera_id: str) -> float | None:
        return 1.5


class OnvifRig(Rig):
    """A camera that was added by ONVIF; *told* lists those that changed without a request."""

    def __init__(self) -> None:
        self.devices = FakeDevices()
        self.told: list[str] = []
        super().__init__()
        self.camera = self.cameras.keep(access(identity=Identity(serial="s1", make="Axis")), name="Gate")

    def restarted(self) -> Cameras:
        return Cameras(
            settings=self.settings,
            ingest=self.ingest,
            clock=self.clock,
            devices=self.devices,
            changed=self.told.append,
        )

    def kept(self) -> Camera:
        return self.restarted().known(self.camera.id)


def test_the_onvif_side_of_enabled_cameras_is_held_as_it_is_kept() -> None:
    rig = OnvifRig()
    assert rig.devices.held == {rig.camera.id: rig.camera}

    rig.cameras.change(rig.camera.id, Request({"enabled": False}))
    assert rig.devices.held == {}

    rig.cameras.change(rig.camera.id, Request({"enabled": True, "password": "new"}))
    assert rig.devices.held[rig.camera.id].password == "new"


def test_a_new_name_is_no_news_to_the_onvif_side() -> None:
    rig = OnvifRig()
    rig.devices.held.clear()

    rig.cameras.change(rig.camera.id, Request({"name": "Yard"}))

    assert not rig.devices.held


def test_another_device_at_the_address_is_not_recorded_until_it_is_accepted() -> None:
    rig = OnvifRig()

    rig.cameras.on_identity(rig.camera.id, False)
    state = rig.cameras.state(rig.camera.id)
    rig.cameras.change(rig.camera.id, Request({"password": "new"}))
    rig.cameras.change(rig.camera.id, Request({"accept": "identity"}))
    rig.cameras.identified(rig.camera.id, Identity(serial="s2"))
    rig.cameras.on_identity(rig.camera.id, True)

    assert (state.kind, state.phase) == (Trouble.IDENTITY, Phase.WAITING)
    assert rig.devices.accepted == [(rig.camera.id, "identity")]
    assert rig.cameras.state(rig.camera.id).phase is Phase.CONNECTING
    assert rig.kept().identity == Identity(serial="s2")
    assert rig.told == [rig.camera.id] * 3


def test_a_password_for_another_device_does_not_connect_to_it() -> None:
    rig = OnvifRig()
    rig.cameras.on_identity(rig.camera.id, False)
    before = rig.ingest.sources[rig.camera.id]

    rig.cameras.change(rig.camera.id, Request({"password": "new"}))

    assert rig.ingest.sources[rig.camera.id] == before
    assert rig.devices.held[rig.camera.id].password == "new"


def test_the_same_device_again_is_no_news() -> None:
    rig = OnvifRig()
    rig.ingest.sources.clear()

    rig.cameras.on_identity(rig.camera.id, True)

    assert not rig.ingest.sources
    assert rig.told == []


def test_there_is_nothing_to_accept_where_nothing_is_new() -> None:
    rig = OnvifRig()

    for what in ("identity", "certificate"):
        with pytest.raises(Problem) as caught:
            rig.cameras.change(rig.camera.id, Request({"accept": what}))
        assert caught.value.kind is Kind.CONFLICT
    with pytest.raises(Problem):
        rig.cameras.change(rig.camera.id, Request({"accept": "anything"}))
    assert rig.devices.accepted == []


def test_an_accepted_certificate_is_the_one_that_counts_from_now_on() -> None:
    rig = OnvifRig()
    rig.devices.certificate = "ab" * 32

    rig.cameras.change(rig.camera.id, Request({"accept": "certificate"}))

    assert rig.kept().fingerprint == "ab" * 32
    assert rig.ingest.sources[rig.camera.id].fingerprint == "ab" * 32
    assert rig.devices.held[rig.camera.id].fingerprint == "ab" * 32


def test_a_camera_is_followed_to_another_host() -> None:
    rig = OnvifRig()

    rig.cameras.relocate(rig.camera.id, "192.0.2.99", 8000)

    camera = rig.kept()
    assert camera.device is not None
    assert (camera.device.address.host, camera.device.address.port) == ("192.0.2.99", 8000)
    assert rig.ingest.sources[camera.id].main_url == "rtsp://192.0.2.99/a"
    assert rig.told == [camera.id]


def test_a_camera_that_is_where_it_was_is_not_connected_anew() -> None:
    rig = OnvifRig()
    rig.ingest.sources.clear()

    rig.cameras.relocate(rig.camera.id, "192.0.2.7")

    assert not rig.ingest.sources
    assert rig.told == []


def test_a_swapped_camera_is_no_stranger_any_more() -> None:
    rig = OnvifRig()
    rig.cameras.on_identity(rig.camera.id, False)

    rig.cameras.swap(rig.camera.id, access(url="rtsp://192.0.2.8/a"))

    assert rig.ingest.sources[rig.camera.id].main_url == "rtsp://192.0.2.8/a"


def test_how_media_shall_come_and_which_certificate_counts_reach_ingest() -> None:
    rig = Rig()

    camera = rig.add(url="rtsps://192.0.2.7/a", transport="http", fingerprint="AB:" * 31 + "AB")
    rig.cameras.change(camera, Request({"transport": "udp"}))

    source = rig.ingest.sources[camera]
    assert (source.transport, source.fingerprint) == (MediaTransport.UDP, "ab" * 32)


def test_a_removed_camera_keeps_its_name_and_nothing_else() -> None:
    rig = OnvifRig()

    rig.cameras.remove(rig.camera.id)

    (gone,) = rig.restarted().removed()
    assert (gone.id, gone.name, gone.removed_us) == (rig.camera.id, "Gate", rig.clock.utc_us())
    assert rig.devices.held == {}
