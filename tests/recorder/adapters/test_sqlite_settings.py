import json
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tawny.recorder.adapters.sealing import Seal
from tawny.recorder.adapters.sqlite_settings import SqliteSettings
from tawny.recorder.cameras.model import Camera
from tawny.runtime.problem import Kind, Problem

KEY = Seal(bytes(32))


def opened(path: Path, *, seal: Seal = KEY) -> SqliteSettings:
    return SqliteSettings(path / "recorder.db", seal=seal, time_zone="Europe/Prague")


def camera(camera_id: str = "cam_a") -> Camera:
    return Camera(
        id=camera_id, name="Gate", url="rtsp://192.0.2.7/", sub_url="", user="admin", password="Kolotoč7", added_us=1
    )


def test_settings_are_there_at_the_next_start(tmp_path: Path) -> None:
    first = opened(tmp_path)
    first.save(camera())
    identity = first.recorder()
    first.close()

    again = opened(tmp_path)

    assert again.cameras() == [camera()]
    assert again.recorder() == identity
    again.close()


def test_no_password_stands_readable_in_any_file(tmp_path: Path) -> None:
    settings = opened(tmp_path)

    settings.save(camera())

    assert all("Kolotoč7".encode() not in path.read_bytes() for path in tmp_path.iterdir())
    settings.close()


def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    opened(tmp_path).close()

    assert (tmp_path / "recorder.db").stat().st_mode & 0o777 == 0o600


def test_a_password_moved_to_another_camera_is_not_used(tmp_path: Path) -> None:
    settings = opened(tmp_path)
    settings.save(camera("cam_a"))
    settings.save(camera("cam_b"))
    settings.close()
    with sqlite3.connect(tmp_path / "recorder.db") as db:
        db.execute("UPDATE cameras SET password = (SELECT password FROM cameras WHERE id = 'cam_a')")
    db.close()

    settings = opened(tmp_path)

    assert [c.password for c in settings.cameras()] == ["Kolotoč7", ""]
    settings.close()


def test_another_key_leaves_cameras_without_password_rather_than_no_cameras(tmp_path: Path) -> None:
    settings = opened(tmp_path)
    settings.save(camera())
    settings.close()

    settings = opened(tmp_path, seal=Seal(bytes(31) + b"\1"))

    assert [(c.name, c.password) for c in settings.cameras()] == [("Gate", "")]
    settings.close()


def test_a_file_of_a_newer_form_is_left_alone(tmp_path: Path) -> None:
    opened(tmp_path).close()
    with sqlite3.connect(tmp_path / "recorder.db") as db:
        db.execute("PRAGMA user_version = 5")
    db.close()

    with pytest.raises(ValueError, match="newer"):
        opened(tmp_path)


ADDRESS = {"host": "192.0.2.7", "port": 80, "path": "/onvif/device_service", "secure": False}
FIRST_FORM = """
CREATE TABLE recorder (only INTEGER PRIMARY KEY CHECK (only = 1), id TEXT NOT NULL, name TEXT NOT NULL, time_zone TEXT NOT NULL) STRICT;
CREATE TABLE cameras (position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, url TEXT NOT NULL,
    sub_url TEXT NOT NULL, user TEXT NOT NULL, password BLOB NOT NULL, enabled INTEGER NOT NULL, sound INTEGER NOT NULL,
    added_us INTEGER NOT NULL) STRICT;
INSERT INTO recorder VALUES (1, 'rec_first', 'Recorder', 'Europe/Prague');
PRAGMA user_version = 1;
"""


def test_a_file_of_the_first_form_keeps_its_cameras(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "recorder.db") as db:
        db.executescript(FIRST_FORM)
        sealed = KEY.seal("Kolotoč7", row="recorder.db/cameras/cam_a/password")
        values = ("cam_a", "Gate", "rtsp://192.0.2.7/", "", "admin", sealed, 1, 0, 1)
        db.execute(f"INSERT INTO cameras VALUES (5{', ?' * len(values)})", values)
    db.close()

    settings = opened(tmp_path)

    assert settings.cameras() == [replace(camera(), allow_basic=True)]  # it was not asked for, and shall go on
    assert settings.recorder().id == "rec_first"
    settings.set_value("depth", 30)
    settings.close()
    again = opened(tmp_path)
    assert again.value("depth") == 30
    again.close()


@pytest.mark.parametrize(
    ("details", "allowed"),
    [
        ({"device": None}, True),
        ({"device": {"address": ADDRESS, "main_profile": "p", "allow_basic": False}}, False),
        ({"device": {"address": ADDRESS, "main_profile": "p", "allow_basic": True}}, True),
    ],
)
def test_of_the_third_form_only_rtsp_cameras_and_those_of_owners_who_agreed_may_send_passwords_readable(
    tmp_path: Path, details: dict[str, Any], *, allowed: bool
) -> None:
    settings = opened(tmp_path)
    settings.save(camera())
    settings.close()
    with sqlite3.connect(tmp_path / "recorder.db") as db:
        db.execute("UPDATE cameras SET details = ?", (json.dumps(details),))
        db.execute("PRAGMA user_version = 3")
    db.close()

    again = opened(tmp_path)

    (kept,) = again.cameras()
    again.close()
    assert kept.allow_basic is allowed
    assert (kept.device is None) == (details["device"] is None)


def test_a_removed_camera_s_login_leaves_the_file(tmp_path: Path) -> None:
    settings = opened(tmp_path)
    settings.save(replace(camera(), user="Vilémovič"))

    settings.forget("cam_a", removed_us=7)
    settings.close()

    assert "Vilémovič".encode() not in (tmp_path / "recorder.db").read_bytes()
    again = opened(tmp_path)
    assert [gone.name for gone in again.removed()] == ["Gate"]
    again.close()


def test_a_disk_that_takes_no_settings_is_a_problem_with_a_remedy(tmp_path: Path) -> None:
    settings = opened(tmp_path)
    holder = sqlite3.connect(tmp_path / "recorder.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")

    with pytest.raises(Problem) as caught:
        settings.save(camera())

    assert caught.value.kind is Kind.UNAVAILABLE
    assert caught.value.remedy
    holder.close()
    settings.close()
