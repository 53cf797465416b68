"""What every place that keeps settings promises, on the fake and on SQLite."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tawny.recorder.adapters.sealing import Seal
from tawny.recorder.adapters.sqlite_settings import SqliteSettings
from tawny.recorder.cameras.model import Camera, OnvifSource, RemovedCamera, Settings
from tawny.recorder.ingest.model import MediaTransport
from tawny.recorder.onvif.model import DeviceAddress, Identity
from tests.fakes.settings import FakeSettings


@pytest.fixture(params=["fake", "sqlite"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    if request.param == "fake":
        yield FakeSettings()
        return
    kept = SqliteSettings(tmp_path / "recorder.db", seal=Seal.at(tmp_path / "key"), time_zone="Europe/Prague")
    yield kept
    kept.close()


def camera(number: int = 1) -> Camera:
    return Camera(
        id=f"cam_{number}",
        name='<img src=x onerror="alert(1)"> ďáblík 👨‍👩‍👧',
        url="rtsp://192.0.2.7/main",
        sub_url="",
        user="admin",
        password="p'ä\"ss",
        enabled=False,
        sound=True,
        added_us=1_800_000_000_000_001,
        depth_days=90,
    )


def test_a_saved_camera_comes_back_whole(settings: Settings) -> None:
    settings.save(camera())

    assert settings.cameras() == [camera()]


def test_cameras_come_in_the_order_in_which_they_were_added(settings: Settings) -> None:
    for number in (3, 1, 2):
        settings.save(camera(number))
    settings.save(replace(camera(3), name="Changed"))

    assert [c.id for c in settings.cameras()] == ["cam_3", "cam_1", "cam_2"]
    assert settings.cameras()[0].name == "Changed"


def test_a_forgotten_camera_is_gone_and_others_stay(settings: Settings) -> None:
    settings.save(camera(1))
    settings.save(camera(2))

    settings.forget("cam_1", removed_us=5)
    settings.forget("cam_unknown", removed_us=6)

    assert settings.cameras() == [camera(2)]


def test_of_a_forgotten_camera_its_name_and_times_stay(settings: Settings) -> None:
    for number in (1, 2):
        settings.save(camera(number))
        settings.forget(f"cam_{number}", removed_us=1_900_000_000_000_000 + number)

    assert [gone.id for gone in settings.removed()] == ["cam_2", "cam_1"]
    assert settings.removed()[1] == RemovedCamera(
        id="cam_1",
        name=camera().name,
        added_us=1_800_000_000_000_001,
        removed_us=1_900_000_000_000_001,
    )


def test_a_camera_s_onvif_side_and_who_it_is_come_back_whole(settings: Settings) -> None:
    onvif = replace(
        camera(),
        device=OnvifSource(
            address=DeviceAddress(host="fe80::1%eth0", port=8443, path="/x", secure=True),
            main_profile="Profile_1",
            sub_profile="Profile_2",
            channel="VideoSource_1",
            ptz=True,
        ),
        identity=Identity(uuid="u", serial="s", mac="02:00:00:00:00:01", make="Axis", model="ď", certificate="ab"),
        transport=MediaTransport.UDP,
        fingerprint="cd",
        allow_basic=True,
    )

    settings.save(camera())
    settings.save(onvif)

    assert settings.cameras() == [onvif]


def test_the_recorder_is_the_same_each_time_it_is_asked(settings: Settings) -> None:
    assert settings.recorder() == settings.recorder()
    assert settings.recorder().id.startswith("rec_")
    assert settings.recorder().time_zone == "Europe/Prague"


def test_a_value_is_what_was_kept_last_under_its_name(settings: Settings) -> None:
    settings.set_value("a", {"days": 30})
    settings.set_value("b", ["ř", None, 1.5])
    settings.set_value("a", {"days": None})

    assert settings.value("a") == {"days": None}
    assert settings.value("b") == ["ř", None, 1.5]
    assert settings.value("c") is None


def test_a_camera_has_no_depth_of_its_own_until_it_gets_one(settings: Settings) -> None:
    settings.save(replace(camera(), depth_days=None))
    before = settings.cameras()[0].depth_days
    settings.save(replace(camera(), depth_days=7))

    assert (before, settings.cameras()[0].depth_days) == (None, 7)
