"""A fake of where settings are kept: in memory."""

import json
from typing import Any

from tawny.recorder.cameras.model import Camera, Recorder, RemovedCamera


class FakeSettings:
    """Holds settings as `Settings` does, as long as the object lives."""

    def __init__(self) -> None:
        self._cameras: dict[str, Camera] = {}
        self._removed: dict[str, RemovedCamera] = {}
        self._values: dict[str, str] = {}

    def recorder(self) -> Recorder:
        return Recorder(id="rec_abcdefghijkmnpqr", name="Recorder", time_zone="Europe/Prague")

    def cameras(self) -> list[Camera]:
        return list(self._cameras.values())

    def save(self, camera: Camera) -> None:
        self._cameras[camera.id] = camera

    def forget(self, camera_id: str, *, removed_us: int) -> None:
        if (gone := self._cameras.pop(camera_id, None)) is not None:
            self._removed[camera_id] = RemovedCamera(
                id=camera_id, name=gone.name, added_us=gone.added_us, removed_us=removed_us
            )

    def removed(self) -> list[RemovedCamera]:
        return sorted(self._removed.values(), key=lambda gone: (-gone.removed_us, gone.id))

    def value(self, name: str) -> Any:
        return json.loads(self._values.get(name, "null"))

    def set_value(self, name: str, value: Any) -> None:
        self._values[name] = json.dumps(value)
