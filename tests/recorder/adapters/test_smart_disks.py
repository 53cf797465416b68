import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.recorder.adapters.programs import Programs
from tawny.recorder.adapters.smart_disks import SmartDisks, read_smart
from tawny.recorder.storage.model import Health, Smart
from tests.fakes.machine import disk

SATA: dict[str, Any] = {
    "smart_status": {"passed": True},
    "temperature": {"current": 31, "op_limit_max": 65},
    "ata_smart_attributes": {
        "table": [
            {"id": 5, "raw": {"value": 0}},
            {"id": 194, "raw": {"value": 522125343}},
        ]
    },
}
NVME: dict[str, Any] = {
    "smart_status": {"passed": True},
    "temperature": {"current": 49},
    "nvme_smart_health_information_log": {"critical_warning": 0, "percentage_used": 3},
}


def read(document: dict[str, Any], code: int = 0) -> Health:
    return read_smart(json.dumps(document).encode(), code)


def smartctl(directory: Path, *, says: str, code: int) -> SmartDisks:
    path = directory / "smartctl"
    path.write_text(f'#!/bin/sh\necho "$@" > {directory}/asked\nprintf %s {shlex.quote(says)}\nexit {code}\n')
    path.chmod(0o755)
    return SmartDisks(Programs(f"{directory}:/usr/bin:/bin"))


def test_a_drive_is_asked_without_being_woken(tmp_path: Path) -> None:
    disks = smartctl(tmp_path, says=json.dumps(SATA), code=0)

    health = disks.read(disk("sdb"))

    assert (health.smart, health.temperature_c, health.limit_c) == (Smart.OK, 31, 65)
    assert (tmp_path / "asked").read_text().split() == ["--json", "--all", "--nocheck=standby", "/dev/sdb"]


def test_a_sleeping_drive_stays_asleep(tmp_path: Path) -> None:
    says = json.dumps({"smartctl": {"messages": [{"string": "Device is in STANDBY mode, exit(2)"}]}})

    health = smartctl(tmp_path, says=says, code=2).read(disk("sdb"))

    assert health.asleep
    assert health.smart is Smart.UNKNOWN


def test_a_drive_without_smart_is_unknown_and_not_well(tmp_path: Path) -> None:
    says = json.dumps({"smartctl": {"messages": [{"string": "/dev/vda: Unable to detect device type"}]}})

    health = smartctl(tmp_path, says=says, code=1).read(disk("vda"))

    assert health.smart is Smart.UNKNOWN
    assert health.temperature_c is None


def test_a_machine_without_smartctl_says_so(tmp_path: Path) -> None:
    health = SmartDisks(Programs(str(tmp_path))).read(disk("sdb"))

    assert health.smart is Smart.UNKNOWN
    assert "smartmontools" in health.title


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (SATA | {"smart_status": {"passed": False}}, 0),
        (SATA, 0b0000_1000),  # DISK FAILING
        (SATA, 0b0001_0000),  # a prefail attribute below its threshold
        (NVME | {"nvme_smart_health_information_log": {"critical_warning": 0b0100}}, 0),
        (NVME | {"nvme_smart_health_information_log": {"critical_warning": 0b1000}}, 0b1000),
    ],
)
def test_a_failing_drive_is_told(document: dict[str, Any], code: int) -> None:
    assert read(document, code).smart is Smart.FAILING


def test_heat_alone_does_not_make_a_drive_fail() -> None:
    hot = NVME | {
        "smart_status": {"passed": False},
        "nvme_smart_health_information_log": {"critical_warning": 0b0010},
    }

    assert read(hot, 0b1000).smart is Smart.OK


def test_old_entries_in_the_error_log_do_not_make_a_drive_fail() -> None:
    assert read(SATA, 0b1100_0000).smart is Smart.OK


def test_bad_sectors_and_age_are_remarked_on() -> None:
    sectors = SATA | {"ata_smart_attributes": {"table": [{"id": 197, "raw": {"value": 8}}]}}
    worn = NVME | {"nvme_smart_health_information_log": {"critical_warning": 0, "percentage_used": 104}}

    assert "8 sectors" in read(sectors).title
    assert "age" in read(worn).title


def test_a_sensor_that_talks_nonsense_is_not_believed() -> None:
    assert read(SATA | {"temperature": {"current": 522125343}}).temperature_c is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "smart_status",
                    "passed",
                    "temperature",
                    "current",
                    "op_limit_max",
                    "ata_smart_attributes",
                    "table",
                    "id",
                    "raw",
                    "value",
                    "smartctl",
                    "messages",
                    "string",
                    "nvme_smart_health_information_log",
                    "critical_warning",
                    "percentage_used",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150)
@given(document=JSON, code=st.integers(0, 255))
def test_whatever_a_drive_says_is_taken(document: Any, code: int) -> None:
    health = read_smart(json.dumps(document).encode(), code)

    assert health.temperature_c is None or 0 < health.temperature_c < 150


@given(output=st.binary(max_size=50))
def test_noise_is_unknown(output: bytes) -> None:
    assert read_smart(output, 0).smart is Smart.UNKNOWN
