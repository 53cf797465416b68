"""Makes and mounts file systems: ``mkfs.ext4``, ``mkfs.xfs`` and ``mount``, with argument lists.

Needs root's rights, or ``CAP_SYS_ADMIN`` and write access to the device; without them the machine's refusal is passed on.
"""

import errno
import os
from pathlib import Path
from typing import Final

from tawny.recorder.adapters.programs import Programs

# Segments are large: few inodes (one for 4 MB), no blocks kept back for root, tables filled in later so that 16 TB take seconds.
_MAKE: Final = {
    "ext4": ("mkfs.ext4", "-F", "-q", "-m", "0", "-T", "largefile4", "-E", "lazy_itable_init=1,nodiscard", "-L"),
    "xfs": ("mkfs.xfs", "-f", "-q", "-K", "-L"),
}
_OPTIONS: Final = "nodev,nosuid,noexec,noatime"
# a look must not write: not even what the journal still holds
_UNTOUCHED: Final = {"ext4": "ro,noload", "ext3": "ro,noload", "xfs": "ro,norecovery"}
_MAKE_S: Final = 600
_MOUNT_S: Final = 60
_MAX_LABEL: Final = 12  # XFS


class LinuxFileSystems:
    """`FileSystems` by the machine's own programs."""

    def __init__(self, programs: Programs) -> None:
        self._programs = programs

    def make(self, device: str, kind: str, *, label: str) -> None:
        if kind not in _MAKE:
            raise ValueError(f"no way to make the file system {kind}")
        _check_unused(device)
        self._run(*_MAKE[kind], label[:_MAX_LABEL], device, timeout_s=_MAKE_S)

    def mount(self, device: str, path: Path, kind: str, *, read_only: bool = False) -> None:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        options = f"{_UNTOUCHED.get(kind, 'ro') if read_only else 'rw'},{_OPTIONS}"
        self._run("mount", "-t", kind, "-o", options, "--", device, str(path), timeout_s=_MOUNT_S)

    def unmount(self, path: Path, *, gone: bool = False) -> None:
        self._run("umount", *(("--lazy",) if gone else ()), "--", str(path), timeout_s=_MOUNT_S)

    def _run(self, *arguments: str, timeout_s: float) -> None:
        ended = self._programs.run(*arguments, timeout_s=timeout_s)
        if ended.code != 0:
            said = ended.errors or ended.output.decode(errors="replace").strip()
            raise OSError(errno.EIO, said.splitlines()[-1][:300] if said else f"{arguments[0]} failed")


def _check_unused(device: str) -> None:
    """The kernel's own word that nobody uses the device: an exclusive open fails where it is mounted or part of something."""
    os.close(os.open(device, os.O_RDWR | os.O_EXCL | os.O_CLOEXEC))
