import asyncio
import errno
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tawny.recorder.adapters.block_devices import LinuxBlockDevices
from tawny.recorder.adapters.file_systems import LinuxFileSystems
from tawny.recorder.adapters.places import DirectoryPlaces
from tawny.recorder.adapters.programs import Programs
from tawny.recorder.archive.model import VolumeState
from tawny.recorder.storage.formatting import Formatting
from tawny.recorder.storage.held import Held
from tawny.recorder.storage.model import Machine
from tawny.recorder.storage.mounts import NAME, Mounts
from tawny.recorder.storage.survey import Survey
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.problem import Kind, Problem
from tests.fakes.machine import (
    FakeDevices,
    FakeFileSystems,
    FakeHealth,
    FakePlaces,
    FakeSensors,
    FakeVolumes,
    disk,
    mount,
    part,
    refusal,
    system,
    volume,
)
from tests.fakes.settings import FakeSettings
from tests.recorder.adapters.loop_devices import loop_device

SDB = disk("sdb")


class FakeHeld(Held):
    """Held footage as the test says, from one weighing to the next."""

    def __init__(self, rig: "Rig") -> None:
        self._rig = rig

    async def weigh(self, volume: str, *, records: bool) -> int:
        held = self._rig.held
        return held.pop(0) if len(held) > 1 else held[0]


class Rig:
    def __init__(self, data: Path, machine: Machine, *volumes: Any, real: bool = False) -> None:
        programs = Programs()
        self.data = data.resolve()
        self.archive = FakeVolumes(*volumes)
        self.fakes = FakeDevices(machine)
        self.fake_systems = FakeFileSystems(self.fakes)
        self.fake_places = FakePlaces()
        self.devices = LinuxBlockDevices(programs) if real else self.fakes
        systems = LinuxFileSystems(programs) if real else self.fake_systems
        places = DirectoryPlaces() if real else self.fake_places
        self.settings = FakeSettings()
        self.mounts = Mounts(self.data / "volumes", file_systems=systems)
        self.locked: str | None = None
        self.held = [0]  # from one weighing to the next
        self.holds_known = True
        self.formatted: list[str] = []
        self.told = asyncio.Event()
        self.survey = Survey(
            data=self.data,
            clock=SimulatedClock(),
            devices=self.devices,
            health=FakeHealth(),
            temperatures=FakeSensors(),
            places=places,
            mounts=self.mounts,
            volumes=lambda: {each.id: each.path for each in self.archive.volumes()},
            on_look=lambda: None,
        )
        self._loop = asyncio.get_running_loop()
        self.formatting = Formatting(
            data=self.data,
            archive=self.archive,
            survey=self.survey,
            mounts=self.mounts,
            file_systems=systems,
            places=places,
            kept=self.settings,
            locks=lambda: self.locked,
            held=FakeHeld(self),
            holds_known=lambda _: self.holds_known,
            formatted=self.formatted.append,
            changed=self._changed,
        )

    def _changed(self) -> None:
        self._loop.call_soon_threadsafe(self.told.set)

    async def device(self, path: str = "/dev/sdb", *, file_system: str = "ext4", confirm: str = "SN-sdb") -> None:
        self.formatting.begin_device(path, file_system=file_system, name="Two", confirm=confirm)

    async def volume(
        self, *, file_system: str = "directory", confirm: str = "Drive 1", name: str | None = None
    ) -> None:
        one = self.archive.volumes()[0]
        await self.formatting.begin_volume(one, file_system=file_system, name=name, confirm=confirm)

    async def ended(self) -> None:
        async with asyncio.timeout(60):
            while any(state.progress is not None for state in self.formatting.states.values()):
                self.told.clear()
                await self.told.wait()


@asynccontextmanager
async def rig(directory: Path, machine: Machine | None = None, *volumes: Any, real: bool = False) -> AsyncIterator[Rig]:
    made = Rig(directory, system(SDB) if machine is None else machine, *volumes, real=real)
    await asyncio.to_thread(made.survey.look)
    try:
        yield made
    finally:
        await made.formatting.stop()


async def test_a_new_drive_becomes_a_volume(tmp_path: Path) -> None:
    async with rig(tmp_path) as it:
        await it.device()
        assert it.formatting.states["/dev/sdb"].progress == 0.0
        await it.ended()

        assert it.fake_systems.done == ["make ext4 /dev/sdb", "mount /dev/sdb drive-new1"]
        assert it.archive.done == ["add drive-new1 Two"]
        assert it.settings.value(NAME) == [
            {"uuid": "new-1", "file_system": "ext4", "place": "drive-new1", "read_only": False}
        ]
        assert it.formatting.states == {}


async def test_a_drive_that_was_mounted_to_be_looked_at_is_unmounted_first(tmp_path: Path) -> None:
    far = replace(SDB, uuid="99", label="tawny", file_system="xfs")
    async with rig(tmp_path, system(far)) as it:
        await it.device(file_system="xfs")
        await it.ended()

        assert it.fake_systems.done == [
            "mount /dev/sdb found-99 read-only",
            "unmount found-99",
            "make xfs /dev/sdb",
            "mount /dev/sdb drive-new3",
        ]


async def test_a_volume_is_emptied_file_by_file(tmp_path: Path) -> None:
    async with rig(tmp_path, system(), volume()) as it:
        await it.volume()
        await it.ended()

        assert it.archive.done == ["release vol_1", "take vol_1"]
        assert it.fake_places.erased == [(Path("/mnt/one"), "vol_1")]
        assert it.formatted == ["vol_1_again"]


async def test_a_volume_on_a_drive_of_ours_gets_a_new_file_system_in_its_place(tmp_path: Path) -> None:
    place = tmp_path / "volumes" / "drive-old"
    machine = system(SDB, mounts=(mount(SDB, str(place)),))
    async with rig(tmp_path, machine, volume(path=place)) as it:
        place.mkdir(parents=True)
        await it.volume(file_system="xfs")
        await it.ended()

        assert it.fake_systems.done == ["unmount drive-old", "make xfs /dev/sdb", "mount /dev/sdb drive-old"]
        assert it.archive.done == ["release vol_1", "take vol_1"]
        assert it.settings.value(NAME)[0]["place"] == "drive-old"


async def test_a_volume_may_get_another_name_with_its_new_beginning(tmp_path: Path) -> None:
    async with rig(tmp_path, system(), volume()) as it:
        await it.volume(name="Gate")
        await it.ended()

        assert [each.name for each in it.archive.volumes()] == ["Gate"]


async def test_a_volume_is_taken_back_when_formatting_fails(tmp_path: Path) -> None:
    async with rig(tmp_path, system(), volume()) as it:
        it.fake_places.refuses = OSError(errno.EIO, "Input/output error")
        await it.volume()
        await it.ended()

        assert it.archive.done == ["release vol_1", "take vol_1"]
        assert it.formatted == []
        state = it.formatting.states["vol_1"]
        assert state.title == "Formatting failed: Input/output error."
        assert "replace the drive" in state.remedy


async def test_the_archives_refusal_is_told(tmp_path: Path) -> None:
    async with rig(tmp_path, system(), volume()) as it:
        it.archive.refuses = refusal("The volume is busy")
        await it.volume()
        await it.ended()

        assert it.formatting.states["vol_1"].title == "Formatting failed: The volume is busy."
        assert it.fake_places.erased == []


async def test_another_drive_under_the_same_name_is_not_formatted(tmp_path: Path) -> None:
    async with rig(tmp_path) as it:
        it.fakes.pull("sdb")
        it.fakes.plug(replace(SDB, serial="SN-other"))
        await it.device()
        await it.ended()

        assert it.fake_systems.done == []
        assert "taken out" in it.formatting.states["/dev/sdb"].title


Attempt = Callable[[Rig], Awaitable[None]]


@pytest.mark.parametrize(
    ("attempt", "kind", "words"),
    [
        (lambda it: it.device(confirm="yes"), Kind.INVALID, "does not match"),
        (lambda it: it.volume(confirm=""), Kind.INVALID, "does not match"),
        (lambda it: it.device("/dev/sdz"), Kind.NOT_FOUND, "no such drive"),
        (lambda it: it.device("/dev/sda", confirm="SN-sda"), Kind.CONFLICT, "runs from"),
        (lambda it: it.device("/dev/sdc", confirm="SN-sdc"), Kind.CONFLICT, "in use at /mnt/films"),
        (lambda it: it.device(file_system="directory"), Kind.INVALID, "ext4 or xfs"),
        (lambda it: it.volume(file_system="ext4"), Kind.CONFLICT, "did not format"),
    ],
)
async def test_what_must_not_be_formatted_is_refused(tmp_path: Path, attempt: Attempt, kind: Kind, words: str) -> None:
    films = disk("sdc")
    machine = system(SDB, films, part("sdb9", "sdx"), mounts=(mount(films, "/mnt/films"),))
    async with rig(tmp_path, machine, volume()) as it:
        with pytest.raises(Problem, match=words) as refused:
            await attempt(it)

        assert refused.value.kind is kind
        assert (it.fake_systems.done, it.archive.done) == ([], [])


async def test_nothing_is_formatted_while_armed_or_held_or_in_the_wrong_place(tmp_path: Path) -> None:
    async with rig(tmp_path, system(SDB), volume()) as it:
        it.locked = "The space is armed."
        with pytest.raises(Problem, match="armed") as armed:
            await it.device()
        it.locked = None
        it.held = [5]
        with pytest.raises(Problem, match="held footage"):
            await it.volume()
        it.held = [0]
        it.holds_known = False
        with pytest.raises(Problem, match="not known yet"):
            await it.volume()
        it.archive.set("vol_1", state=VolumeState.SWAPPED)
        with pytest.raises(Problem, match="Another drive"):
            await it.volume()
        it.archive.set("vol_1", state=VolumeState.NEEDS_FORMAT)
        with pytest.raises(Problem, match="marked as Tawny's"):
            await it.volume()

        assert armed.value.kind is Kind.FORBIDDEN
        assert it.fake_systems.done == []


async def test_footage_that_was_being_recorded_and_is_held_stays(tmp_path: Path) -> None:
    async with rig(tmp_path, system(), volume()) as it:
        it.held = [0, 7]
        await it.volume()
        await it.ended()

        assert it.archive.done == ["release vol_1", "take vol_1"]
        assert it.fake_places.erased == []
        state = it.formatting.states["vol_1"]
        assert state.title == "Formatting failed: There is held footage on this drive."
        assert state.remedy == "Export it and release the holds first."
        assert [each.id for each in it.archive.volumes()] == ["vol_1"]


async def test_formatting_is_broken_off_when_the_recorder_ends(tmp_path: Path) -> None:
    async with rig(tmp_path, system(), volume()) as it:
        await it.volume()

        await it.formatting.stop()

        assert it.fake_places.erased == []
        assert it.archive.done == ["release vol_1", "take vol_1"]
        assert "stopped" in it.formatting.states["vol_1"].title


async def test_one_drive_is_formatted_at_a_time(tmp_path: Path) -> None:
    async with rig(tmp_path, system(SDB), volume()) as it:
        await it.volume()

        with pytest.raises(Problem, match="just now"):
            await it.device()

        await it.ended()


@pytest.mark.parametrize("kind", ["ext4", "xfs"])
async def test_a_real_drive_is_formatted_mounted_and_formatted_again(tmp_path: Path, kind: str) -> None:
    with loop_device(tmp_path) as device:
        name = Path(device).name
        async with rig(tmp_path / "data", real=True) as it:
            await it.device(device, file_system=kind, confirm=name)
            await it.ended()
            assert it.formatting.states == {}
            (made,) = it.archive.volumes()
            (made.path / "volume.json").write_text("{}")

            await it.volume(file_system=kind, confirm="Two")
            await it.ended()
            (made,) = it.archive.volumes()
            try:
                assert it.formatting.states == {}
                assert [path.name for path in made.path.iterdir()] in ([], ["lost+found"])
                disks = (await asyncio.to_thread(it.survey.look)).disks
                assert (disks[made.id].file_system, disks[made.id].device.path) == (kind, device)
            finally:
                it.mounts.unsettle(made.path)
