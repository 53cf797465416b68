"""``volumes.json`` in the data directory: the volumes that this installation knows, and where they are.

A volume inside the data directory is named by its path below it, so that the directory can be moved; any other by its whole path.
"""

import json
import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tawny.recorder.archive.model import Role
from tawny.recorder.archive.ports import Files
from tawny.runtime.data_directory import DataDirectory

KNOWN = "volumes.json"
IDENTITY = "volume.json"
DEFAULT_NAME = "Drive 1"
MAX_VOLUMES = 64
_MAX_SIZE = 256 * 1024
MAX_NAME = 64
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownVolume:
    """A volume as `volumes.json` remembers it."""

    id: str
    name: str
    path: Path
    role: Role


def read_volumes(data: DataDirectory) -> tuple[KnownVolume, ...]:
    """The volumes that are known; none before the first start, and where the file can't be understood."""
    try:
        with (data.root / KNOWN).open("rb") as file:
            document = json.loads(file.read(_MAX_SIZE))
        if "id" in document:  # as version 0.1 wrote it, for its one volume
            document = {"volumes": [{"id": document["id"]}]}
        return tuple(_read(data, item) for item in document["volumes"][:MAX_VOLUMES])
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        _log.error("%s can't be read: %s", data.root / KNOWN, error)
        return ()


def set_aside_damaged(data: DataDirectory) -> None:
    """Keep a `volumes.json` that can't be understood under another name: what it named can be added again."""
    path = data.root / KNOWN
    if path.exists() and not read_volumes(data):
        path.rename(path.with_name(f"damaged-{KNOWN}"))


def _read(data: DataDirectory, item: dict[str, Any]) -> KnownVolume:
    path = str(item.get("path", data.archive.name))
    if not _ID.fullmatch(str(item["id"])) or "\0" in path:
        raise ValueError(f"no volume: {item}")
    return KnownVolume(
        id=str(item["id"]),
        name=str(item.get("name", DEFAULT_NAME))[:MAX_NAME],
        path=data.root / path,  # an absolute one stays as it is
        role=Role(item.get("role", Role.RECORD)),
    )


def write_volumes(data: DataDirectory, volumes: Iterable[KnownVolume], files: Files) -> None:
    """Remember *volumes*. OSError where the data directory refuses: then what was remembered is as before."""
    items = [
        {"id": volume.id, "name": volume.name, "path": _written(data, volume.path), "role": volume.role}
        for volume in volumes
    ]
    files.replace(data.root / KNOWN, json.dumps({"volumes": items}, indent=1, ensure_ascii=False).encode() + b"\n")


def _written(data: DataDirectory, path: Path) -> str:
    return str(path.relative_to(data.root)) if path.is_relative_to(data.root) else str(path.absolute())


def read_identity(path: Path) -> str | None:
    """The id of the volume whose root *path* is; None where there is none."""
    try:
        with (path / IDENTITY).open("rb") as file:
            found = json.loads(file.read(_MAX_SIZE))
    except (OSError, ValueError, RecursionError):
        return None
    name = str(found.get("id")) if isinstance(found, dict) else ""
    return name if _ID.fullmatch(name) else None


def volume_paths(data: DataDirectory) -> dict[str, Path]:
    """The root of each known volume by its id, for whoever reads the archive."""
    known = read_volumes(data)
    if not known and (found := read_identity(data.archive)) is not None:
        return {found: data.archive}
    return {volume.id: volume.path for volume in known}


class VolumePaths:
    """`volume_paths`, read again when the file has changed."""

    def __init__(self, data: DataDirectory) -> None:
        self._data = data
        self._seen: tuple[int, int, int] | None = None
        self._paths: dict[str, Path] = {}

    def all(self) -> dict[str, Path]:
        """The root of each volume by its id."""
        try:
            found = (self._data.root / KNOWN).stat()
            seen = (found.st_ino, found.st_mtime_ns, found.st_size)
        except OSError:
            seen = None
        if seen is None or seen != self._seen:
            self._paths, self._seen = volume_paths(self._data), seen
        return self._paths

    def of(self, volume: str) -> Path:
        """The root of *volume*; of one that is not known, the place of the first."""
        return self.all().get(volume, self._data.archive)
