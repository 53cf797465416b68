from pathlib import Path

import pytest

from tawny.recorder.adapters.block_devices import LinuxBlockDevices
from tawny.recorder.adapters.file_systems import LinuxFileSystems
from tawny.recorder.adapters.programs import Programs
from tests.recorder.adapters.loop_devices import loop_device


@pytest.mark.parametrize("kind", ["ext4", "xfs"])
def test_a_file_system_is_made_mounted_found_and_unmounted(tmp_path: Path, kind: str) -> None:
    programs = Programs()
    systems, devices = LinuxFileSystems(programs), LinuxBlockDevices(programs)
    place = tmp_path / "place"
    with loop_device(tmp_path) as device:
        systems.make(device, kind, label="tawny")
        systems.mount(device, place, kind)
        (place / "file").write_text("here")
        machine = devices.read()
        systems.unmount(place)
        systems.mount(device, place, kind, read_only=True)
        again = devices.read()
        try:
            refused = (place / "other").write_text
            with pytest.raises(OSError, match="Read-only"):
                refused("there")
            assert (place / "file").read_text() == "here"
        finally:
            systems.unmount(place)

    found = next(each for each in machine.devices if each.path == device)
    assert (found.file_system, found.label, bool(found.uuid)) == (kind, "tawny", True)
    assert [(m.source, m.file_system, m.writable) for m in machine.mounts if m.path == str(place)] == [
        (device, kind, True)
    ]
    assert [m.writable for m in again.mounts if m.path == str(place)] == [False]


def test_what_is_mounted_is_not_formatted(tmp_path: Path) -> None:
    systems, place = LinuxFileSystems(Programs()), tmp_path / "place"
    with loop_device(tmp_path) as device:
        systems.make(device, "ext4", label="tawny")
        systems.mount(device, place, "ext4")
        try:
            with pytest.raises(OSError, match="busy"):
                systems.make(device, "xfs", label="tawny")
        finally:
            systems.unmount(place)


def test_a_refusal_has_the_machines_own_words(tmp_path: Path) -> None:
    systems = LinuxFileSystems(Programs())

    with loop_device(tmp_path, size=1024**2) as device, pytest.raises(OSError, match=r"\w"):
        systems.make(device, "xfs", label="tawny")
    with pytest.raises(ValueError, match="ntfs"):
        systems.make("/dev/null", "ntfs", label="tawny")
