import errno
from dataclasses import replace
from pathlib import Path

from tawny.recorder.storage.mounts import LABEL, Mounts
from tests.fakes.machine import FakeDevices, FakeFileSystems, disk, mount, system
from tests.fakes.settings import FakeSettings

SDB = disk("sdb", uuid="1234-abcd", file_system="ext4", label=LABEL)


class Rig:
    def __init__(self, directory: Path, *, settings: FakeSettings | None = None) -> None:
        self.root = directory / "volumes"
        self.devices = FakeDevices(system())
        self.systems = FakeFileSystems(self.devices)
        self.settings = settings or FakeSettings()
        self.mounts = Mounts(self.root, file_systems=self.systems)
        self.mounts.load(self.settings)

    def keep(self) -> bool:
        return self.mounts.keep(self.devices.machine)


def test_a_drive_of_ours_is_mounted_at_its_place_whenever_it_is_there(tmp_path: Path) -> None:
    first = Rig(tmp_path)
    first.devices.plug(SDB)
    path = first.mounts.settle(SDB)
    first.mounts.save(first.settings)

    again = Rig(tmp_path, settings=first.settings)
    assert not again.keep()
    again.devices.plug(replace(SDB, name="sdc", path="/dev/sdc"))

    assert again.keep()
    assert again.systems.done == [f"mount /dev/sdc {path.name}"]
    assert not again.keep()


def test_a_drive_of_another_tawny_is_mounted_to_be_looked_at_only(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    rig.devices.plug(SDB)
    rig.devices.plug(disk("sdc", uuid="5678", file_system="ext4", label="holiday"))

    rig.keep()

    assert rig.systems.done == ["mount /dev/sdb found-1234abcd read-only"]


def test_a_drive_that_was_pulled_out_is_let_go_and_taken_again(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    rig.devices.plug(SDB)
    path = rig.mounts.settle(SDB)
    rig.devices.pull("sdb")

    assert rig.keep()
    assert rig.systems.done[-1] == f"unmount {path.name} gone"

    rig.devices.plug(SDB)
    assert rig.keep()
    assert rig.systems.done[-1] == f"mount /dev/sdb {path.name}"


def test_mounts_of_others_are_left_alone(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    gone = disk("sdz")
    rig.devices.machine = system(mounts=(mount(gone, "/mnt/films"),))

    assert not rig.keep()


def test_a_copy_of_a_drive_is_not_mounted_over_it(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    rig.devices.plug(SDB)
    rig.mounts.settle(SDB)

    rig.devices.plug(replace(SDB, name="sdc", path="/dev/sdc", number="8:99"))

    assert not rig.keep()


def test_a_drive_that_cannot_be_mounted_is_tried_once_until_it_comes_again(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    rig.devices.plug(SDB)
    rig.systems.refuses = OSError(errno.EPERM, "only root may mount")

    assert not rig.keep()
    rig.systems.refuses = None
    assert not rig.keep()
    assert list(rig.mounts.troubles().values()) == ["only root may mount"]

    rig.devices.pull("sdb")
    rig.keep()
    rig.devices.plug(SDB)

    assert rig.keep()
    assert rig.mounts.troubles() == {}


def test_a_drive_that_is_being_formatted_is_left_alone(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    rig.devices.plug(SDB)

    assert rig.mounts.reserve(SDB.path)
    assert not rig.mounts.reserve(SDB.path)
    assert not rig.keep()

    rig.mounts.give_back(SDB.path)
    assert rig.keep()


def test_a_place_that_was_left_is_forgotten(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    rig.devices.plug(replace(SDB, label="mine"))
    path = rig.mounts.settle(SDB)

    rig.mounts.unsettle(path)

    assert not rig.keep()
    assert not path.exists()
