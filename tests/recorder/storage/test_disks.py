from dataclasses import replace
from pathlib import Path

import pytest

from tawny.recorder.storage.disks import (
    device_under,
    disk_kind,
    disks_of,
    is_removable,
    mount_of,
    refusal,
    size,
    spoken,
    system_disks,
)
from tawny.recorder.storage.model import BlockDevice, DiskKind, Machine
from tests.fakes.machine import disk, mount, part, system

DATA = Path("/var/lib/tawny")


def test_a_directory_lies_on_the_mount_that_covers_it_last() -> None:
    sdb, sdc = disk("sdb"), disk("sdc")
    machine = system(sdb, sdc, mounts=(mount(sdb, "/mnt/a"), mount(sdc, "/mnt/a")))

    found = mount_of(machine, Path("/mnt/a/archive"))

    assert found is not None
    assert found.source == "/dev/sdc"
    assert device_under(machine, Path("/mnt/ab")) == machine.devices[1]


def test_a_mirror_is_on_both_its_disks() -> None:
    sdb, sdc = disk("sdb"), disk("sdc")
    mirror = disk("md0", kind="raid1", parents=("sdb", "sdc"))
    machine = system(sdb, sdc, mirror)

    assert {each.name for each in disks_of(machine, mirror)} == {"sdb", "sdc"}


def test_devices_that_claim_to_be_their_own_parents_do_not_hold_us_up() -> None:
    first, second = disk("x", parents=("y",)), disk("y", parents=("x",))

    assert disks_of(Machine(devices=(first, second)), first) == []


@pytest.mark.parametrize(
    ("device", "kind"),
    [
        (disk("sdb"), DiskKind.HDD),
        (disk("sdb", rotational=False), DiskKind.SSD),
        (disk("nvme0n1", transport="nvme", rotational=False), DiskKind.NVME),
        (disk("vda", model="", transport="", rotational=True), DiskKind.UNKNOWN),
    ],
)
def test_what_kind_of_drive_it_is(device: BlockDevice, kind: DiskKind) -> None:
    assert disk_kind(device) is kind


def test_an_unused_drive_may_be_emptied() -> None:
    sdb = disk("sdb")

    assert refusal(system(sdb), sdb, DATA) is None


def test_a_stick_is_removable_and_so_are_its_parts() -> None:
    stick, first = disk("sdb", transport="usb"), part("sdb1", "sdb", transport="usb")
    machine = system(stick, first)

    assert is_removable(machine, first)
    assert not is_removable(machine, machine.devices[0])


SDB = disk("sdb")


@pytest.mark.parametrize(
    ("device", "machine", "reason"),
    [
        (replace(SDB, read_only=True), system(replace(SDB, read_only=True)), "only be read"),
        (disk("sr0", kind="rom"), system(disk("sr0", kind="rom")), "not a drive"),
        (replace(SDB, size_bytes=10**6), system(replace(SDB, size_bytes=10**6)), "too small"),
        (SDB, system(SDB, part("sdb1", "sdb")), "divided"),
        (SDB, system(SDB, disk("luks", kind="crypt", parents=("sdb",))), "divided"),
        (SDB, system(SDB, mounts=(mount(SDB, "/mnt/films"),)), "in use at /mnt/films"),
        (SDB, system(SDB, mounts=(mount(SDB, "/etc/hosts", root="/hosts"),)), "in use at /etc/hosts"),
        (SDB, replace(system(SDB), swaps=frozenset({"/dev/sdb"})), "as memory"),
        (system().devices[0], system(), "runs from"),
        (part("sda2", "sda"), system(part("sda2", "sda")), "runs from"),
        (SDB, system(SDB, mounts=(mount(SDB, "/var/lib/tawny"),)), "runs from"),
    ],
)
def test_a_drive_that_somebody_needs_may_not_be_emptied(device: BlockDevice, machine: Machine, reason: str) -> None:
    assert reason in (refusal(machine, device, DATA) or "")


def test_a_drive_that_we_have_mounted_ourselves_may_be_emptied() -> None:
    machine = system(SDB, mounts=(mount(SDB, "/var/lib/tawny/volumes/found-1"),))

    assert refusal(machine, SDB, DATA, ours="/var/lib/tawny/volumes/found-1") is None


def test_both_disks_of_a_mirrored_system_are_the_systems() -> None:
    sda, sdb = disk("sda"), disk("sdb")
    mirror = disk("md0", kind="raid1", parents=("sda", "sdb"))
    machine = Machine(devices=(sda, sdb, mirror), mounts=(mount(mirror, "/"),))

    assert system_disks(machine, DATA) == {"sda", "sdb"}


def test_sizes_and_drives_are_told_as_on_their_labels() -> None:
    assert [size(n) for n in (999, 1500, 4 * 10**12, 16 * 10**15)] == ["999 B", "1.5 kB", "4 TB", "16000 TB"]
    assert spoken(SDB, system(SDB)) == "Surveillance 4000 4 TB (sdb)"
