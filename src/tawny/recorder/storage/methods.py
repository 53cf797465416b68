"""What may be asked about disks and volumes (``docs/design/programs.md``, "Control")."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from tawny.recorder.archive.model import Role
from tawny.recorder.cameras.requests import Request
from tawny.recorder.storage.document import Document
from tawny.recorder.storage.formatting import FILE_SYSTEMS
from tawny.recorder.storage.service import Storage
from tawny.runtime.problem import Kind, Problem

MAX_PATH: Final = 1024
MAX_NAME: Final = 64
_HOW: Final = {"adopt": Role.RECORD, "read_only": Role.READ_ONLY}


def methods(storage: Storage) -> Mapping[str, Callable[[Request], Any]]:
    """The methods by name."""
    return {
        "storage.read": lambda request: _read(storage, request),
        "volumes.add": lambda request: _add(storage, request),
        "volumes.adopt": lambda request: _adopt(storage, request),
        "volumes.change": lambda request: _change(storage, request),
        "volumes.forget": lambda request: _forget(storage, request),
        "volumes.format": lambda request: _format(storage, request),
        "drives.list": lambda request: _drives(storage, request),
    }


def _read(storage: Storage, request: Request) -> Document:
    request.finish()
    return storage.document()


def _add(storage: Storage, request: Request) -> Awaitable[Document]:
    path, name = request.text("path", limit=MAX_PATH), _name(request)
    request.finish()
    return storage.add(path, name)


def _adopt(storage: Storage, request: Request) -> Awaitable[Document]:
    path = request.text("path", limit=MAX_PATH)
    role = _HOW[_choice(request, "how", tuple(_HOW))]
    request.finish()
    return storage.adopt(path, role)


def _change(storage: Storage, request: Request) -> Awaitable[Document]:
    volume, name = request.text("volume"), _name(request)
    role = Role(_choice(request, "role", tuple(Role))) if "role" in request else None
    request.finish()
    return storage.change(volume, name=name, role=role)


def _forget(storage: Storage, request: Request) -> Awaitable[Document]:
    volume = request.text("volume")
    request.finish()
    return storage.forget(volume)


def _format(storage: Storage, request: Request) -> Awaitable[Document]:
    volume = request.text("volume") if "volume" in request else None
    device = request.text("device", limit=MAX_PATH) if "device" in request else None
    if (volume is None) == (device is None):
        raise Problem(Kind.INVALID, "Name either the volume or the device to format.", field="volume")
    file_system, name = _choice(request, "file_system", FILE_SYSTEMS), _name(request)
    confirm = request.text("confirm")
    request.finish()
    return storage.format(volume=volume, device=device, file_system=file_system, name=name, confirm=confirm)


def _drives(storage: Storage, request: Request) -> Document:
    request.finish()
    return {"items": storage.drives()}


def _name(request: Request) -> str | None:
    if "name" not in request:
        return None
    name = request.text("name").strip()
    if not name or len(name) > MAX_NAME:
        raise Problem(Kind.INVALID, f"The name has to have 1 to {MAX_NAME} characters.", field="name")
    return name


def _choice(request: Request, name: str, among: tuple[str, ...]) -> str:
    value = request.text(name)
    if value not in among:
        raise Problem(Kind.INVALID, f"“{name}” has to be one of: {', '.join(among)}.", field=name)
    return value
