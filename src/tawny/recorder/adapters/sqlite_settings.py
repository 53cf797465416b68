"""``recorder.db``: settings and secrets of the recorder, kept with the standard library's SQLite."""

import json
import logging
import os
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tawny.recorder.adapters.sealing import Seal
from tawny.recorder.cameras.model import Camera, OnvifSource, Recorder, RemovedCamera
from tawny.recorder.ingest.model import MediaTransport
from tawny.recorder.onvif.model import DeviceAddress, Identity
from tawny.runtime.ids import new_id
from tawny.runtime.problem import Kind, Problem

_log = logging.getLogger(__name__)
_VERSION = 4
_BUSY_S = 1.0  # somebody looks into the file with a tool of theirs: the control socket waits this long at most
_FIRST = """
CREATE TABLE recorder (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    time_zone TEXT NOT NULL
) STRICT;
CREATE TABLE cameras (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    sub_url TEXT NOT NULL,
    user TEXT NOT NULL,
    password BLOB NOT NULL,
    enabled INTEGER NOT NULL,
    sound INTEGER NOT NULL,
    added_us INTEGER NOT NULL
) STRICT;
"""
_SECOND = """
ALTER TABLE cameras ADD COLUMN depth_days INTEGER;
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
"""
_THIRD = """
ALTER TABLE cameras ADD COLUMN details TEXT NOT NULL DEFAULT '{}';
CREATE TABLE removed (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    added_us INTEGER NOT NULL,
    removed_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""
# Who typed an RTSP address was not asked before, and what works shall go on; the consent of an ONVIF camera's owner was
# kept with its device.
_FOURTH = """
UPDATE cameras SET details = json_remove(json_set(details, '$.allow_basic',
json(CASE coalesce(json_extract(details, '$.device.allow_basic'), json_type(details, '$.device.address') IS NULL)
WHEN 1 THEN 'true' ELSE 'false' END)), '$.device.allow_basic')
"""
_SCRIPTS = (_FIRST, _SECOND, _THIRD, _FOURTH)
_SAVE = """
INSERT INTO cameras (id, name, url, sub_url, user, password, enabled, sound, added_us, depth_days, details)
VALUES (:id, :name, :url, :sub_url, :user, :password, :enabled, :sound, :added_us, :depth_days, :details)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, url = excluded.url, sub_url = excluded.sub_url,
user = excluded.user, password = excluded.password, enabled = excluded.enabled, sound = excluded.sound,
depth_days = excluded.depth_days, details = excluded.details
"""


class SqliteSettings:
    """The settings in one SQLite file; made with its first recorder identity where there is none.

    Invariant: each change is one transaction, synchronous, so that what was answered is on the disk.
    """

    def __init__(self, path: Path, *, seal: Seal, time_zone: str) -> None:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        self._seal = seal
        self._db = sqlite3.connect(path, isolation_level=None, timeout=_BUSY_S)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA secure_delete = ON")  # a forgotten password leaves the file too
        try:
            self._create(time_zone)
        except BaseException:
            self._db.close()
            raise

    def close(self) -> None:
        self._db.close()

    def recorder(self) -> Recorder:
        row = self._db.execute("SELECT id, name, time_zone FROM recorder").fetchone()
        return Recorder(id=row["id"], name=row["name"], time_zone=row["time_zone"])

    def cameras(self) -> list[Camera]:
        return [self._camera(row) for row in self._db.execute("SELECT * FROM cameras ORDER BY position")]

    def save(self, camera: Camera) -> None:
        password = self._seal.seal(camera.password, row=_row_name(camera.id))
        values: Mapping[str, object] = {
            "id": camera.id,
            "name": camera.name,
            "url": camera.url,
            "sub_url": camera.sub_url,
            "user": camera.user,
            "password": password,
            "enabled": camera.enabled,
            "sound": camera.sound,
            "added_us": camera.added_us,
            "depth_days": camera.depth_days,
            "details": json.dumps(_details(camera), ensure_ascii=False, separators=(",", ":")),
        }
        self._change((_SAVE, values))

    def forget(self, camera_id: str, *, removed_us: int) -> None:
        values: Mapping[str, object] = {"id": camera_id, "removed_us": removed_us}
        kept = "INSERT OR REPLACE INTO removed SELECT id, name, added_us, :removed_us FROM cameras WHERE id = :id"
        self._change((kept, values), ("DELETE FROM cameras WHERE id = :id", values))

    def removed(self) -> list[RemovedCamera]:
        rows = self._db.execute("SELECT id, name, added_us, removed_us FROM removed ORDER BY removed_us DESC, id")
        return [RemovedCamera(**dict(row)) for row in rows]

    def value(self, name: str) -> Any:
        row = self._db.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return None if row is None else json.loads(row["value"])

    def set_value(self, name: str, value: Any) -> None:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        self._change(("INSERT OR REPLACE INTO settings VALUES (:name, :value)", {"name": name, "value": text}))

    def _change(self, *statements: tuple[str, Mapping[str, object]]) -> None:
        """Do all of *statements* or none."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            with self._db:
                for statement, values in statements:
                    self._db.execute(statement, values)
        except sqlite3.OperationalError as error:
            _log.warning("recorder.db: %s", error)
            raise Problem(
                Kind.UNAVAILABLE,
                "The settings could not be saved.",
                remedy="See that the disk with the data directory is neither full nor read-only, then try again.",
            ) from None

    def _create(self, time_zone: str) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version > _VERSION:
            raise ValueError(f"recorder.db was written by a newer Tawny (form {version}, this one knows {_VERSION})")
        if version == _VERSION:
            return
        self._db.execute("BEGIN IMMEDIATE")  # one transaction: a crash leaves nothing or all of it
        for script in _SCRIPTS[version:]:
            self._run(script)
        if version < 1:
            self._db.execute("INSERT INTO recorder VALUES (1, ?, 'Recorder', ?)", (new_id("rec"), time_zone))
        self._db.execute(f"PRAGMA user_version = {_VERSION}")
        self._db.execute("COMMIT")

    def _run(self, script: str) -> None:
        for statement in script.split(";"):  # `executescript` would end the transaction first
            self._db.execute(statement)

    def _camera(self, row: sqlite3.Row) -> Camera:
        details = json.loads(row["details"])
        device = details.get("device")
        return Camera(
            id=row["id"],
            name=row["name"],
            url=row["url"],
            sub_url=row["sub_url"],
            user=row["user"],
            password=self._password(row),
            enabled=bool(row["enabled"]),
            sound=bool(row["sound"]),
            added_us=row["added_us"],
            depth_days=row["depth_days"],
            device=None if device is None else _device(device),
            identity=Identity.read(details.get("identity")),
            transport=MediaTransport(details.get("transport", MediaTransport.AUTOMATIC)),
            fingerprint=details.get("fingerprint", ""),
            allow_basic=details.get("allow_basic", False),
        )

    def _password(self, row: sqlite3.Row) -> str:
        try:
            return self._seal.open(row["password"], row=_row_name(row["id"]))
        except ValueError:
            # The camera will refuse and the app will ask for the password; the other cameras go on recording.
            _log.warning("the password of camera %s can't be read with this key; it has to be typed again", row["id"])
            return ""


def _details(camera: Camera) -> dict[str, Any]:
    """What has no column of its own."""
    return {
        "device": None if camera.device is None else asdict(camera.device),
        "identity": camera.identity.document(),
        "transport": str(camera.transport),
        "fingerprint": camera.fingerprint,
        "allow_basic": camera.allow_basic,
    }


def _device(details: Mapping[str, Any]) -> OnvifSource:
    return OnvifSource(**{**details, "address": DeviceAddress(**details["address"])})


def _row_name(camera_id: str) -> str:
    return f"recorder.db/cameras/{camera_id}/password"
