"""A fake of where settings are kept: in memory."""

from tawny.recorder.cameras.model import Camera, Recorder


class FakeSettings:
    """Holds settings as `Settings` does, as long as the object lives."""

    def __init__(self) -> None:
        self._cameras: dict[str, Camera] = {}

    def recorder(self) -> Recorder:
        return Recorder(id="rec_abcdefghijkmnpqr", name="Recorder", time_zone="Europe/Prague")

    def cameras(self) -> list[Camera]:
        return list(self._cameras.values())

    def save(self, camera: Camera) -> None:
        self._cameras[camera.id] = camera

    def forget(self, camera_id: str) -> None:
        self._cameras.pop(camera_id, None)
