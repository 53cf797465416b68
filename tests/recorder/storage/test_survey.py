from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tawny.recorder.storage.model import BlockDevice, FoundArchive, Health, Inside, Machine, Smart, What
from tawny.recorder.storage.mounts import LABEL, Mounts
from tawny.recorder.storage.survey import HEALTH_S, Survey
from tawny.runtime.clock import SimulatedClock
from tests.fakes.machine import (
    TB,
    FakeDevices,
    FakeFileSystems,
    FakeHealth,
    FakePlaces,
    FakeSensors,
    disk,
    mount,
    part,
    system,
)

SDB = disk("sdb")
STICK = disk("sdc", transport="usb", removable=True, serial="STICK", label="EVIDENCE", uuid="77", file_system="vfat")
ARCHIVE = FoundArchive(volume="vol_far", oldest_us=1, newest_us=2)


class Rig:
    def __init__(self, machine: Machine, *, volumes: Callable[[], dict[str, Path]] | None = None) -> None:
        self.clock = SimulatedClock()
        self.devices = FakeDevices(machine)
        self.health = FakeHealth()
        self.sensors = FakeSensors()
        self.places = FakePlaces()
        self.survey = Survey(
            data=Path("/var/lib/tawny"),
            clock=self.clock,
            devices=self.devices,
            health=self.health,
            temperatures=self.sensors,
            places=self.places,
            mounts=Mounts(Path("/var/lib/tawny/volumes"), file_systems=FakeFileSystems(self.devices)),
            volumes=volumes or (lambda: {"vol_1": Path("/mnt/one")}),
            on_look=lambda: None,
        )


def inside(path: str, *, empty: bool = False, archive: FoundArchive | None = None, writable: bool = True) -> Inside:
    return Inside(path=path, empty=empty, writable=writable, archive=archive, total_bytes=9, free_bytes=4)


def on_sdb(*others: BlockDevice) -> Machine:
    return system(SDB, *others, mounts=(mount(SDB, "/mnt/one"),))


def test_a_volume_has_the_drive_under_it() -> None:
    disks = Rig(on_sdb()).survey.look().disks

    assert (disks["vol_1"].disk.name, disks["vol_1"].file_system) == ("sdb", "ext4")
    assert disks["vol_1"].temperature_c == 31


def test_the_kernels_sensor_goes_before_what_the_drive_said_minutes_ago() -> None:
    rig = Rig(on_sdb())
    rig.sensors.degrees = {"sdb": 44}

    assert rig.survey.look().disks["vol_1"].temperature_c == 44


async def test_a_drive_is_asked_now_and_then_and_what_it_said_holds_while_it_sleeps() -> None:
    rig = Rig(on_sdb())
    rig.survey.look()
    rig.survey.look()
    rig.health.healths["sdb"] = Health(smart=Smart.UNKNOWN, title="It sleeps.", asleep=True)
    await rig.clock.advance(HEALTH_S)

    state = rig.survey.look().disks["vol_1"]

    assert rig.health.asked == ["sdb", "sdb"]
    assert state.health.smart is Smart.OK


def test_a_place_of_ours_without_its_drive_has_no_drive() -> None:
    rig = Rig(system(), volumes=lambda: {"vol_1": Path("/var/lib/tawny/volumes/drive-1234")})

    assert rig.survey.look().disks == {}


def test_an_unused_drive_is_found_with_the_serial_number_to_type() -> None:
    rig = Rig(on_sdb(disk("sdd")))

    (found,) = rig.survey.look().found

    assert (found.device, found.path, found.what, found.confirm) == ("/dev/sdd", "", What.EMPTY, "SN-sdd")
    assert found.total_bytes == 4 * TB


def test_a_drive_with_somebodys_files_is_found_and_named_so() -> None:
    rig = Rig(on_sdb(disk("sdd", file_system="ntfs")))

    (found,) = rig.survey.look().found

    assert found.what is What.OTHER
    assert "Something else" in found.title


def test_the_systems_own_drives_and_volumes_are_not_offered() -> None:
    rig = Rig(on_sdb(part("sda2", "sda")))

    assert rig.survey.look().found == ()


def test_a_divided_drive_is_offered_by_its_parts() -> None:
    rig = Rig(on_sdb(disk("sdd"), part("sdd1", "sdd")))

    assert [found.device for found in rig.survey.look().found] == ["/dev/sdd1"]


def test_an_archive_on_a_drive_of_another_tawny_is_found() -> None:
    far = disk("sdd", uuid="99", file_system="xfs", label=LABEL)
    rig = Rig(on_sdb(far))
    place = "/var/lib/tawny/volumes/found-99"
    rig.places.inside[place] = inside(place, archive=ARCHIVE)
    rig.devices.machine = replace(rig.devices.machine, mounts=(*rig.devices.machine.mounts, mount(far, place)))

    (found,) = rig.survey.look().found

    assert (found.what, found.path, found.archive, found.confirm) == (What.ARCHIVE, place, ARCHIVE, "SN-sdd")


def test_what_is_mounted_by_somebody_else_is_offered_as_a_place_and_never_to_be_formatted() -> None:
    films = disk("sdd")
    rig = Rig(on_sdb(films))
    rig.devices.machine = replace(rig.devices.machine, mounts=(*rig.devices.machine.mounts, mount(films, "/mnt/films")))

    (found,) = rig.survey.look().found

    assert (found.path, found.confirm) == ("/mnt/films", "")


def test_an_archive_that_is_a_volume_already_is_not_found_again() -> None:
    other = disk("sdd")
    rig = Rig(on_sdb(other))
    rig.devices.machine = replace(rig.devices.machine, mounts=(*rig.devices.machine.mounts, mount(other, "/mnt/two")))
    rig.places.inside["/mnt/two"] = inside(
        "/mnt/two", archive=FoundArchive(volume="vol_1", oldest_us=None, newest_us=None)
    )

    assert rig.survey.look().found == ()


def with_stick(*, writable: bool = True, root: str = "/") -> Rig:
    rig = Rig(on_sdb(STICK))
    stick = mount(STICK, "/media/stick", file_system="vfat", writable=writable, root=root)
    rig.devices.machine = replace(rig.devices.machine, mounts=(*rig.devices.machine.mounts, stick))
    return rig


def test_a_stick_is_a_drive_for_exports_with_an_id_of_its_own() -> None:
    (drive,) = with_stick().survey.look().drives
    (again,) = with_stick().survey.look().drives

    assert (drive.name, drive.path, drive.file_system) == ("EVIDENCE", "/media/stick", "vfat")
    assert drive.id == again.id
    assert drive.id.startswith("drv_")


def test_a_stick_that_cannot_be_written_is_no_drive_for_exports() -> None:
    refused = with_stick()
    refused.places.inside["/media/stick"] = inside("/media/stick", writable=False)

    assert with_stick(writable=False).survey.look().drives == ()
    assert with_stick(root="/part").survey.look().drives == ()
    assert refused.survey.look().drives == ()


def test_the_volumes_own_drive_is_no_drive_for_exports() -> None:
    rig = Rig(system(STICK, mounts=(mount(STICK, "/mnt/one"),)))

    assert rig.survey.look().drives == ()
