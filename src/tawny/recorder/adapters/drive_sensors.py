"""Temperature sensors of drives in the kernel's hwmon tree (drivers ``drivetemp`` and ``nvme``)."""

from pathlib import Path
from typing import Final

_DRIVERS: Final = frozenset({"drivetemp", "nvme"})
_MILLI: Final = 1000
_HOTTEST_C: Final = 150  # readings beyond are the sensor's fault


class DriveSensors:
    """`Temperatures` from hwmon; *root* is ``/sys/class/hwmon``."""

    def __init__(self, root: Path = Path("/sys/class/hwmon")) -> None:
        self._root = root

    def read(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for sensor in sorted(self._root.glob("hwmon*")):
            if _word(sensor / "name") in _DRIVERS and (degrees := _degrees(sensor / "temp1_input")) is not None:
                found.update(dict.fromkeys(_disks(sensor / "device"), degrees))
        return found


def _disks(device: Path) -> list[str]:
    """The disks behind a sensor: below ``block`` for SCSI and SATA, beside the controller's own files for NVMe."""
    return [path.name for path in (*device.glob("block/*"), *device.glob("nvme*n*"))]


def _degrees(path: Path) -> int | None:
    try:
        degrees = round(int(_word(path)) / _MILLI)
    except ValueError:
        return None
    return degrees if 0 < degrees < _HOTTEST_C else None


def _word(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip()
    except OSError:
        return ""  # drives answer with EIO while they sleep
