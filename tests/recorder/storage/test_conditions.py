from typing import Any

import pytest

from tawny.recorder.archive.model import Role, VolumeState, VolumeStatus
from tawny.recorder.storage.conditions import (
    FAULT_THRESHOLD,
    FAULT_WINDOW_S,
    disk_conditions,
    format_conditions,
    has_periodic_faults,
    temperature_limit,
    volume_conditions,
)
from tawny.recorder.storage.model import DiskKind, DiskState, FormatState, Health, Severity, Smart
from tests.fakes.machine import disk, fault, volume

NOW = 1_795_000_000_000_000


def state(*, degrees: int | None = 31, **health: Any) -> DiskState:
    given = {"smart": Smart.OK, "title": "It is well.", **health}
    return DiskState(
        device=disk("sdb"),
        disk=disk("sdb"),
        kind=DiskKind.HDD,
        file_system="ext4",
        health=Health(**given),
        temperature_c=degrees,
    )


def kinds(*volumes: VolumeStatus, formatting: tuple[str, ...] = ()) -> list[tuple[str, Severity]]:
    return [(c.kind, c.severity) for c in volume_conditions(volumes, NOW, formatting)]


@pytest.mark.parametrize(
    "trouble", [VolumeState.ERROR, VolumeState.NOT_INSTALLED, VolumeState.SWAPPED, VolumeState.FULL]
)
def test_a_volume_that_does_not_record_is_an_alarm(trouble: VolumeState) -> None:
    assert kinds(volume(state=trouble)) == [(f"volume_{trouble}", Severity.ALARM)]


def test_a_slow_volume_is_a_warning_and_one_that_works_is_nothing() -> None:
    assert kinds(volume(), volume("vol_2", state=VolumeState.SLOW)) == [("volume_slow", Severity.WARNING)]


def test_a_volume_that_is_only_read_may_be_read_only() -> None:
    assert kinds(volume(state=VolumeState.READ_ONLY, role=Role.READ_ONLY)) == []
    assert kinds(volume(state=VolumeState.READ_ONLY)) == [("volume_read_only", Severity.ALARM)]


def test_a_volume_that_is_being_formatted_is_no_alarm() -> None:
    assert kinds(volume(state=VolumeState.NOT_INSTALLED), formatting=("vol_1",)) == []


def test_faults_count_from_the_threshold_on_and_within_the_window() -> None:
    lately = tuple(fault(NOW - n) for n in range(FAULT_THRESHOLD))
    longago = tuple(fault(NOW - FAULT_WINDOW_S * 1_000_000 - n) for n in range(FAULT_THRESHOLD))

    assert kinds(volume(faults=lately)) == [("volume_faults", Severity.WARNING)]
    assert not has_periodic_faults(volume(faults=lately[1:] + longago), NOW)


def test_a_drive_is_too_hot_until_it_has_cooled_down_well() -> None:
    limit = temperature_limit(state())

    def hot(degrees: int, *, before: bool) -> bool:
        was = frozenset({"vol_1"}) if before else frozenset()
        return [c.kind for c in disk_conditions([volume()], {"vol_1": state(degrees=degrees)}, was)] == ["disk_hot"]

    assert not hot(limit - 1, before=False)
    assert hot(limit, before=False)
    assert hot(limit - 1, before=True)
    assert not hot(limit - 4, before=True)


def test_the_drives_own_limit_goes_before_ours() -> None:
    assert temperature_limit(state(limit_c=70)) == 70


def test_a_drive_that_says_that_it_fails_is_an_alarm_and_one_that_says_nothing_is_not() -> None:
    failing = disk_conditions([volume()], {"vol_1": state(smart=Smart.FAILING)}, frozenset())
    silent = disk_conditions([volume()], {"vol_1": state(smart=Smart.UNKNOWN, degrees=None)}, frozenset())

    assert [(c.kind, c.volume) for c in failing] == [("disk_failing", "vol_1")]
    assert list(silent) == []


def test_formatting_that_failed_is_told_and_what_is_on_its_way_is_not() -> None:
    failed = FormatState(progress=None, title="It failed.", remedy="Replace it.")
    formats = {"vol_1": failed, "/dev/sdb": failed, "vol_2": FormatState(progress=0.5)}

    told = [(c.volume, c.title) for c in format_conditions(formats, {"vol_1", "vol_2"})]

    assert told == [("vol_1", "It failed."), (None, "/dev/sdb: It failed.")]
