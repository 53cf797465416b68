import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawny.recorder.adapters.block_devices import LinuxBlockDevices, read_lsblk, read_mountinfo
from tawny.recorder.adapters.programs import Programs

TREE: dict[str, Any] = {
    "blockdevices": [
        {
            "name": "sda",
            "path": "/dev/sda",
            "type": "disk",
            "size": 4_000_000_000_000,
            "rm": False,
            "hotplug": False,
            "ro": False,
            "maj:min": "8:0",
            "model": "WDC WD40PURX ",
            "serial": "WD-1",
            "tran": "sata",
            "rota": True,
            "children": [
                {"name": "sda1", "path": "/dev/sda1", "type": "part", "size": 1, "maj:min": "8:1"},
                {"name": "md0", "path": "/dev/md0", "type": "raid1", "size": 2, "maj:min": "9:0"},
            ],
        },
        {
            "name": "sdb",
            "type": "disk",
            "size": 4,
            "hotplug": True,
            "children": [{"name": "md0", "path": "/dev/md0", "type": "raid1", "size": 2, "maj:min": "9:0"}],
        },
    ]
}


def test_partitions_have_the_model_and_serial_of_their_disk() -> None:
    found = {device.name: device for device in read_lsblk(json.dumps(TREE).encode())}

    assert (found["sda1"].model, found["sda1"].serial, found["sda1"].parents) == ("WDC WD40PURX", "WD-1", ("sda",))
    assert found["sdb"].removable


def test_what_is_made_of_two_disks_is_listed_once_with_both() -> None:
    found = [device for device in read_lsblk(json.dumps(TREE).encode()) if device.name == "md0"]

    assert [device.parents for device in found] == [("sda", "sdb")]


@pytest.mark.parametrize("output", [b"", b"[]", b"{}", b"[" * 5000, b"\xff"])
def test_what_is_no_list_of_devices_is_refused(output: bytes) -> None:
    with pytest.raises(ValueError):
        read_lsblk(output)


def test_a_machine_without_devices_has_none() -> None:
    assert read_lsblk(b'{"blockdevices": {}}') == []


@given(
    entry=st.dictionaries(
        st.sampled_from(["name", "path", "type", "size", "rm", "maj:min", "children", "model"]),
        st.none() | st.integers() | st.text(max_size=5) | st.lists(st.none(), max_size=2),
    )
)
def test_strange_devices_are_taken_as_they_are(entry: dict[str, Any]) -> None:
    for device in read_lsblk(json.dumps({"blockdevices": [entry]}).encode()):
        assert device.name == entry["name"]


def test_mounts_are_read_from_the_kernels_list() -> None:
    line = "42 27 7:0 /sub /mnt/a\\040b rw,nosuid - ext4 /dev/loop0 ro,errors=continue"

    (mount,) = read_mountinfo(line + "\ngarbage\n1 2 3 - x")

    assert (mount.path, mount.number, mount.source, mount.root) == ("/mnt/a b", "7:0", "/dev/loop0", "/sub")
    assert not mount.writable


def fake_machine(directory: Path, *, lsblk: str) -> LinuxBlockDevices:
    for name, body in {"lsblk": lsblk, "blkid": "exit 2"}.items():
        path = directory / name
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)
    proc = directory / "proc"
    (proc / "self").mkdir(parents=True)
    (proc / "partitions").write_text("8 0 4 sda")
    (proc / "self/mountinfo").write_text("1 1 8:1 / / rw - ext4 /dev/sda1 rw")
    (proc / "swaps").write_text("Filename Type Size\n/dev/sda1 partition 1\n")
    return LinuxBlockDevices(Programs(f"{directory}:/usr/bin:/bin"), proc)


def test_the_programs_run_only_when_the_kernels_lists_change(tmp_path: Path) -> None:
    devices = fake_machine(tmp_path, lsblk=f"echo x >> {tmp_path}/runs; echo '{json.dumps(TREE)}'")

    first, second = devices.read(), devices.read()
    (tmp_path / "proc/partitions").write_text("8 0 4 sda\n8 16 4 sdb")
    devices.read()
    devices.forget()
    devices.read()

    assert first is second
    assert (tmp_path / "runs").read_text().split() == ["x"] * 3
    assert first.swaps == {"/dev/sda1"}


def test_a_machine_that_does_not_tell_its_disks_has_mounts_at_least(tmp_path: Path) -> None:
    machine = fake_machine(tmp_path, lsblk="echo nonsense; exit 1").read()

    assert machine.devices == ()
    assert [mount.path for mount in machine.mounts] == ["/"]


def test_this_machine_tells_its_mounts() -> None:
    assert "/" in {mount.path for mount in LinuxBlockDevices(Programs()).read().mounts}
