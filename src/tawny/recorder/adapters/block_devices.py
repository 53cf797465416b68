"""The machine's disks as ``lsblk`` and ``blkid`` tell them, its mounts as the kernel does (proc(5), "mountinfo").

The programs run only when the kernel's own lists changed, so looking often costs next to nothing. ``blkid -p`` asks the
disk itself: without udev, ``lsblk`` does not know a file system that was made just now.
"""

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from tawny.recorder.adapters.programs import Programs
from tawny.recorder.storage.model import BlockDevice, Machine, Mount

_COLUMNS: Final = "NAME,PATH,TYPE,SIZE,RM,HOTPLUG,RO,MAJ:MIN,MODEL,SERIAL,TRAN,ROTA,FSTYPE,LABEL,UUID"
_TIMEOUT_S: Final = 10
_MAX_DEVICES: Final = 512
_MAX_DEPTH: Final = 16
_ESCAPE = re.compile(r"\\([0-7]{3})")

_log = logging.getLogger(__name__)


class LinuxBlockDevices:
    """`BlockDevices` of a Linux machine; *proc* is where the kernel tells of itself."""

    def __init__(self, programs: Programs, proc: Path = Path("/proc")) -> None:
        self._programs = programs
        self._proc = proc
        self._seen = ""
        self._machine = Machine()

    def read(self) -> Machine:
        seen = "\n".join(_text(self._proc / name) for name in ("partitions", "self/mountinfo", "swaps"))
        if seen != self._seen:
            try:
                self._machine = self._read()
            except (OSError, ValueError) as error:
                _log.warning("the machine does not tell its disks: %s", error)
                self._machine = Machine(mounts=self._mounts())
            self._seen = seen
        return self._machine

    def forget(self) -> None:
        """Ask anew at the next `read`: a file system was made, which changes none of the kernel's lists."""
        self._seen = ""

    def _read(self) -> Machine:
        ended = self._programs.run("lsblk", "--json", "--bytes", "--output", _COLUMNS, timeout_s=_TIMEOUT_S)
        devices = [self._probed(device) for device in read_lsblk(ended.output)]
        swaps = frozenset(line.split()[0] for line in _text(self._proc / "swaps").splitlines()[1:] if line.strip())
        return Machine(devices=tuple(devices), mounts=self._mounts(), swaps=swaps)

    def _mounts(self) -> tuple[Mount, ...]:
        return tuple(read_mountinfo(_text(self._proc / "self/mountinfo")))

    def _probed(self, device: BlockDevice) -> BlockDevice:
        if device.kind == "rom" or not device.size_bytes:
            return device
        ended = self._programs.run("blkid", "--probe", "--output", "export", device.path, timeout_s=_TIMEOUT_S)
        tags = dict(line.partition("=")[::2] for line in ended.output.decode(errors="replace").splitlines())
        if not tags:  # not ours to read, or nothing on it: what udev said stands
            return device
        return replace(
            device,
            file_system=tags.get("TYPE", tags.get("PTTYPE", "")),
            label=tags.get("LABEL", ""),
            uuid=tags.get("UUID", tags.get("PTUUID", "")),
        )


def read_lsblk(output: bytes) -> list[BlockDevice]:
    """The devices in what ``lsblk --json`` said, each once. ValueError where it is something else."""
    try:
        top = json.loads(output)["blockdevices"]
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("lsblk did not list devices") from error
    found: dict[str, BlockDevice] = {}
    for entry, parents, model in _walk(top, (), {}, 0):
        device = _device(entry, parents, model)
        before = found.get(device.name)
        if before is not None:  # what is made of several disks is listed below each
            parents = (*before.parents, *parents)
        found[device.name] = _device(entry, parents, model)
        if len(found) >= _MAX_DEVICES:
            break
    return list(found.values())


def _walk(
    entries: Any, parents: tuple[str, ...], disk: dict[str, Any], depth: int
) -> Iterator[tuple[dict[str, Any], tuple[str, ...], dict[str, Any]]]:
    if not isinstance(entries, list) or depth > _MAX_DEPTH:
        return
    for entry in entries:
        if isinstance(entry, dict) and isinstance(entry.get("name"), str):
            of_disk = disk if entry.get("type") == "part" else entry  # a partition lacks model and serial
            yield entry, parents, of_disk
            yield from _walk(entry.get("children"), (entry["name"],), of_disk, depth + 1)


def _device(entry: dict[str, Any], parents: tuple[str, ...], disk: dict[str, Any]) -> BlockDevice:
    return BlockDevice(
        name=entry["name"],
        path=_word(entry, "path"),
        kind=_word(entry, "type"),
        size_bytes=entry["size"] if isinstance(entry.get("size"), int) else 0,
        removable=bool(disk.get("rm")) or bool(disk.get("hotplug")),
        read_only=bool(entry.get("ro")),
        number=_word(entry, "maj:min"),
        model=_word(disk, "model"),
        serial=_word(disk, "serial"),
        transport=_word(disk, "tran"),
        rotational=bool(disk.get("rota")),
        file_system=_word(entry, "fstype"),
        label=_word(entry, "label"),
        uuid=_word(entry, "uuid"),
        parents=parents,
    )


def _word(entry: dict[str, Any], name: str) -> str:
    value = entry.get(name)
    return value.strip()[:256] if isinstance(value, str) else ""


def read_mountinfo(text: str) -> Iterator[Mount]:
    """The mounts in the kernel's own list, those of the same path in the order in which they cover each other."""
    for line in text.splitlines():
        before, separator, after = line.partition(" - ")
        fields, sources = before.split(), after.split()
        if separator and len(fields) >= 6 and len(sources) >= 3:
            writable = "rw" in fields[5].split(",") and "rw" in sources[2].split(",")
            yield Mount(
                path=_unescaped(fields[4]),
                number=fields[2],
                root=_unescaped(fields[3]),
                source=_unescaped(sources[1]),
                file_system=sources[0],
                writable=writable,
            )


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 8)), text)


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""  # a machine without it tells nothing
