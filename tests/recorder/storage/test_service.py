import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tawny.recorder.adapters.index_sizes import IndexSizes
from tawny.recorder.archive.model import Role, VolumeState
from tawny.recorder.cameras.requests import Request
from tawny.recorder.storage.held import Held
from tawny.recorder.storage.methods import methods
from tawny.recorder.storage.model import Condition, FoundArchive, Health, Inside, Machine, Severity, Smart
from tawny.recorder.storage.mounts import LABEL, NAME
from tawny.recorder.storage.service import TOLD_S, Delays, Machinery, Storage
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.data_directory import DataDirectory
from tawny.runtime.problem import Problem
from tests.fakes.machine import (
    FakeDevices,
    FakeFileSystems,
    FakeHealth,
    FakePlaces,
    FakeSensors,
    FakeVolumes,
    disk,
    mount,
    refusal,
    system,
    volume,
)
from tests.fakes.settings import FakeSettings

FAR = disk("sdb", uuid="99", file_system="xfs", label=LABEL)


class Keeping:
    """Retention that keeps everything for thirty days."""

    def document(self) -> dict[str, Any]:
        return {"depth": {"days": 30}, "holds": {"bytes": 0}}

    def held_bytes(self, volume: str) -> int:
        return len(volume)


class Rig:
    def __init__(self, directory: Path, machine: Machine, *volumes: Any) -> None:
        self.data = DataDirectory(root=directory)
        self.clock = SimulatedClock()
        self.archive = FakeVolumes(*volumes)
        self.devices = FakeDevices(machine)
        self.systems = FakeFileSystems(self.devices)
        self.health = FakeHealth()
        self.places = FakePlaces()
        self.settings = FakeSettings()
        self.conditions: list[Condition] = []
        self.changes = 0
        self.storage = Storage(
            data=self.data,
            clock=self.clock,
            archive=self.archive,
            machinery=Machinery(
                devices=self.devices,
                health=self.health,
                temperatures=FakeSensors(),
                file_systems=self.systems,
                places=self.places,
            ),
            kept=self.settings,
            keeping=Keeping(),
            delays=lambda: Delays(self.clock.monotonic(), 0.5),
            conditions=[lambda: self.conditions],
            held=Held(holds=list, sizes=IndexSizes(directory / "index.db"), clock=self.clock),
            holds_known=lambda _: True,
            locks=lambda: None,
            formatted=lambda _: None,
            on_look=lambda: None,
            changed=self._changed,
        )
        self.table = methods(self.storage)

    def _changed(self) -> None:
        self.changes += 1

    async def ask(self, method: str, **params: Any) -> Any:
        answer = self.table[method](Request(params))
        return await answer if asyncio.iscoroutine(answer) else answer


@asynccontextmanager
async def rig(directory: Path, machine: Machine | None = None, *volumes: Any) -> AsyncIterator[Rig]:
    made = Rig(directory, machine or system(), *volumes)
    try:
        yield made
    finally:
        await made.storage.stop()


async def test_the_document_has_volumes_retention_and_delays(tmp_path: Path) -> None:
    async with rig(tmp_path, system(), volume()) as it:
        told = await it.ask("storage.read")

    assert (told["icon"], told["unsynced_s"], told["depth"]) == ("connected", 0.5, {"days": 30})
    assert [(each["id"], each["held_bytes"]) for each in told["volumes"]] == [("vol_1", 5)]


async def test_a_place_becomes_a_volume_with_the_next_free_name(tmp_path: Path) -> None:
    async with rig(tmp_path, system(), volume()) as it:
        told = await it.ask("volumes.add", path="/mnt/two")

    assert it.archive.done == ["add two Drive 2"]
    assert [each["name"] for each in told["volumes"]] == ["Drive 1", "Drive 2"]


async def test_the_archives_refusal_reaches_who_asked(tmp_path: Path) -> None:
    async with rig(tmp_path) as it:
        it.archive.refuses = refusal("The place is not empty.")
        with pytest.raises(Problem, match="not empty"):
            await it.ask("volumes.add", path="/mnt/two", name="Two")


@pytest.mark.parametrize("path", ["mnt/two", "/mnt/../etc", ""])
async def test_a_place_is_named_by_its_whole_path(tmp_path: Path, path: str) -> None:
    async with rig(tmp_path) as it:
        with pytest.raises(Problem, match="whole path"):
            await it.ask("volumes.add", path=path)


@pytest.mark.parametrize(
    ("method", "params", "field"),
    [
        ("volumes.adopt", {"path": "/mnt/two", "how": "steal"}, "how"),
        ("volumes.change", {"volume": "vol_1", "role": "boss"}, "role"),
        ("volumes.change", {"volume": "vol_1", "name": " "}, "name"),
        ("volumes.change", {"volume": "vol_1", "name": "x" * 65}, "name"),
        ("volumes.format", {"file_system": "ext4", "confirm": "x"}, "volume"),
        ("volumes.format", {"volume": "a", "device": "b", "file_system": "ext4", "confirm": "x"}, "volume"),
        ("volumes.format", {"volume": "vol_1", "file_system": "ntfs", "confirm": "x"}, "file_system"),
        ("storage.read", {"x": 1}, "x"),
    ],
)
async def test_a_request_that_is_wrong_names_its_field(
    tmp_path: Path, method: str, params: dict[str, Any], field: str
) -> None:
    async with rig(tmp_path, system(), volume()) as it:
        with pytest.raises(Problem) as refused:
            await it.ask(method, **params)

    assert refused.value.extra == {"field": field}
    assert it.archive.done == []


async def test_a_drive_of_another_tawny_is_mounted_for_good_when_it_is_adopted(tmp_path: Path) -> None:
    async with rig(tmp_path, system(FAR)) as it:
        found = it.data.drives.resolve() / "found-99"
        archive = FoundArchive(volume="vol_far", oldest_us=1, newest_us=2)
        it.places.inside[str(found)] = Inside(
            path=str(found / "archive"), empty=False, writable=False, archive=archive, total_bytes=9, free_bytes=4
        )
        told = await it.ask("volumes.change", volume="vol_x")
        (place,) = told["found"]

        await it.ask("volumes.adopt", path=place["path"], how="read_only")

        assert it.systems.done == [
            "mount /dev/sdb found-99 read-only",
            "unmount found-99",
            "mount /dev/sdb drive-99 read-only",
        ]
        assert it.archive.done[-1] == "adopt archive read_only"
        assert it.settings.value(NAME)[0]["place"] == "drive-99"


async def test_what_was_pulled_out_meanwhile_is_not_adopted(tmp_path: Path) -> None:
    async with rig(tmp_path) as it:
        with pytest.raises(Problem, match="any more"):
            await it.ask("volumes.adopt", path=str(it.data.drives.resolve() / "found-99"), how="adopt")

    assert it.archive.done == []


async def test_a_drive_that_is_forgotten_is_released(tmp_path: Path) -> None:
    async with rig(tmp_path) as it:
        place = it.data.drives.resolve() / "drive-99"
        plain = replace(FAR, label="mine")
        it.devices.machine = system(plain, mounts=(mount(plain, str(place)),))
        it.archive.add_volume(place, "Two")

        await it.ask("volumes.forget", volume="vol_1")

        assert it.archive.done[-1] == "forget vol_1"
        assert it.systems.done == ["unmount drive-99"]


async def test_a_volume_that_is_not_there_cannot_be_forgotten(tmp_path: Path) -> None:
    async with rig(tmp_path) as it:
        with pytest.raises(Problem, match="no such volume"):
            await it.ask("volumes.forget", volume="vol_9")
        with pytest.raises(Problem, match="no such volume"):
            await it.ask("volumes.format", volume="vol_9", file_system="ext4", confirm="x")


async def test_a_volumes_role_is_changed(tmp_path: Path) -> None:
    async with rig(tmp_path, system(), volume()) as it:
        told = await it.ask("volumes.change", volume="vol_1", role="read_only")

    assert told["volumes"][0]["role"] == Role.READ_ONLY


async def test_trouble_becomes_an_alarm_and_goes_again(tmp_path: Path) -> None:
    async with rig(tmp_path, system(), volume()) as it:
        assert not it.storage.refresh()

        it.archive.set("vol_1", state=VolumeState.ERROR, title="The drive reports errors.")
        it.conditions.append(Condition(kind="clock", severity=Severity.WARNING, title="Late.", remedy=""))

        assert it.storage.refresh()
        assert [alarm["kind"] for alarm in it.storage.alarms()] == ["volume_error", "clock"]
        it.archive.set("vol_1", state=VolumeState.OK)
        it.conditions.clear()
        assert it.storage.refresh()
        assert it.storage.alarms() == []


async def test_a_hot_drive_is_an_alarm_until_it_has_cooled_down(tmp_path: Path) -> None:
    sdb = disk("sdb")
    async with rig(tmp_path, system(sdb, mounts=(mount(sdb, "/mnt/one"),)), volume()) as it:

        async def alarms(degrees: int) -> list[str]:
            it.health.healths["sdb"] = Health(smart=Smart.OK, title="Well.", temperature_c=degrees)
            await it.clock.advance(130)
            await it.ask("volumes.change", volume="vol_1")
            return [alarm["kind"] for alarm in it.storage.alarms()]

        assert await alarms(59) == []
        assert await alarms(60) == ["disk_hot"]
        assert await alarms(59) == ["disk_hot"]
        assert await alarms(56) == []


async def test_a_change_is_told_once_and_delays_alone_are_no_change(tmp_path: Path) -> None:
    async with rig(tmp_path, system(), volume()) as it:
        it.storage.refresh()
        await it.clock.advance(TOLD_S)
        assert it.changes == 1

        for _ in range(5):
            it.storage.refresh()
        await it.clock.advance(TOLD_S)
        assert it.changes == 1

        it.archive.set("vol_1", free_bytes=1)
        it.storage.refresh()
        it.storage.refresh()
        await it.clock.advance(TOLD_S)
        assert it.changes == 2


async def test_what_changed_while_the_last_change_was_told_is_told_after_it(tmp_path: Path) -> None:
    async with rig(tmp_path, system(), volume()) as it:
        it.storage.refresh()
        await it.clock.advance(TOLD_S / 2)
        it.archive.set("vol_1", free_bytes=1)
        it.storage.refresh()
        await it.clock.advance(TOLD_S)

        assert it.changes == 2


async def test_drives_for_exports_are_listed(tmp_path: Path) -> None:
    stick = disk("sdc", transport="usb", label="EVIDENCE", uuid="7")
    async with rig(tmp_path, system(stick, mounts=(mount(stick, "/media/stick", file_system="vfat"),))) as it:
        await it.ask("volumes.change", volume="vol_1")
        listed = await it.ask("drives.list")

    assert [(drive["name"], drive["path"]) for drive in listed["items"]] == [("EVIDENCE", "/media/stick")]
