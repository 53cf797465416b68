"""What may be asked of the recorder, by name (``docs/design/programs.md``, "Control")."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from tawny.recorder.cameras.ports import Ingest
from tawny.recorder.cameras.requests import Request
from tawny.recorder.cameras.service import Cameras
from tawny.recorder.status import Document, camera_document, removed_document
from tawny.runtime.problem import Kind, Problem

Method = Callable[[Request], Any]  # a JSON value, or an awaitable of one where the work takes its time; or a Problem


class Methods:
    """The recorder's methods by name: those about cameras, and *tables* of what other parts offer.

    *status* tells about the recorder, *storage* about its disks; *changed* hears of each camera that a method changed.
    """

    def __init__(
        self,
        *,
        cameras: Cameras,
        ingest: Ingest,
        status: Callable[[], Document],
        changed: Callable[[str], None],
        storage: Callable[[], Document] | None = None,
        tables: Sequence[Mapping[str, Method]] = (),
    ) -> None:
        self._cameras = cameras
        self._ingest = ingest
        self._changed = changed
        self.status = status
        self.storage = storage
        own: Mapping[str, Method] = {
            "status": self._status,
            "cameras.list": self._list,
            "cameras.change": self._change,
            "cameras.remove": self._remove,
        }
        self._methods = _joined((own, *tables))

    def call(self, name: str, params: Mapping[str, Any]) -> Any | Awaitable[Any]:
        """The result of the method *name*, or what to await for it."""
        method = self._methods.get(name)
        if method is None:
            raise Problem(Kind.NOT_FOUND, "The recorder knows no such method.")
        return method(Request(params))

    def camera(self, camera_id: str) -> Document:
        """What there is to say about a camera just now; of one that is gone, just that."""
        camera = self._cameras.get(camera_id)
        if camera is None:
            return removed_document(camera_id)
        return camera_document(
            camera,
            self._ingest.state(camera_id),
            self._ingest.streams(camera_id),
            device=self._cameras.device_state(camera_id),
            clock_offset_s=self._cameras.clock_offset_s(camera_id),
        )

    def shown(self, camera_id: str) -> Document:
        """What there is to say about a camera that a method made or changed; watchers are told."""
        self._changed(camera_id)
        return self.camera(camera_id)

    def cameras(self) -> list[Document]:
        """Every camera, in the order in which they were added."""
        return [self.camera(camera.id) for camera in self._cameras.all()]

    def _status(self, request: Request) -> Document:
        request.finish()
        return self.status()

    def _list(self, request: Request) -> list[Document]:
        request.finish()
        return self.cameras()

    def _change(self, request: Request) -> Document:
        return self.shown(self._cameras.change(request.text("camera"), request).id)

    def _remove(self, request: Request) -> None:
        camera_id = request.text("camera")
        request.finish()
        self._cameras.remove(camera_id)
        self._changed(camera_id)


def _joined(tables: Sequence[Mapping[str, Method]]) -> dict[str, Method]:
    joined: dict[str, Method] = {}
    for table in tables:
        if twice := joined.keys() & table.keys():
            raise ValueError(f"two parts offer the method {min(twice)}")
        joined.update(table)
    return joined
