from dataclasses import replace
from typing import Any

import pytest

from tawny.recorder.archive.model import Role, VolumeState
from tawny.recorder.storage.conditions import FAULT_THRESHOLD
from tawny.recorder.storage.document import Picture, storage_document
from tawny.recorder.storage.model import (
    DiskKind,
    DiskState,
    FormatState,
    Found,
    FoundArchive,
    Health,
    Seen,
    Smart,
    What,
)
from tests.fakes.machine import disk, fault, volume

NOW = 1_795_000_000_000_000
HALFWAY = FormatState(progress=0.5)


def document(*volumes: Any, **members: Any) -> dict[str, Any]:
    picture = Picture(
        volumes=volumes,
        seen=Seen(),
        formats={},
        held_bytes=lambda _: 7,
        keeping={"depth": {"days": 30}},
        queue_s=0.25,
        unsynced_s=1.0,
        alarms=[],
        now_us=NOW,
    )
    return storage_document(replace(picture, **members))


@pytest.mark.parametrize(
    ("state", "icon"),
    [
        (VolumeState.OK, "connected"),
        (VolumeState.NOT_INSTALLED, "not_connected"),
        (VolumeState.NEEDS_FORMAT, "needs_format"),
        (VolumeState.ERROR, "faults"),
        (VolumeState.SWAPPED, "faults"),
        (VolumeState.READ_ONLY, "faults"),
    ],
)
def test_the_icon_tells_the_state_of_the_only_drive(state: VolumeState, icon: str) -> None:
    assert document(volume(state=state))["icon"] == icon


def test_without_a_volume_nothing_is_connected() -> None:
    assert document()["icon"] == "not_connected"
    assert document(volume(role=Role.READ_ONLY))["icon"] == "not_connected"


def test_one_of_two_drives_that_is_missing_is_a_fault() -> None:
    told = document(volume(), volume("vol_2", name="Two", state=VolumeState.NOT_INSTALLED, title="Not installed."))

    assert (told["icon"], told["title"]) == ("faults", "Two: Not installed.")


def test_formatting_goes_before_everything_else() -> None:
    told = document(volume(state=VolumeState.ERROR), formats={"vol_1": HALFWAY})

    assert told["icon"] == "formatting"
    assert (told["volumes"][0]["state"], told["volumes"][0]["progress"]) == ("formatting", 0.5)


def test_formatting_that_failed_says_why_and_what_to_do() -> None:
    failed = FormatState(progress=None, title="Formatting failed: no.", remedy="Replace it.")

    (told,) = document(volume(), formats={"vol_1": failed})["volumes"]

    assert (told["state"], told["title"], told["remedy"]) == ("ok", "Formatting failed: no.", "Replace it.")


def test_periodic_faults_ask_for_a_format() -> None:
    told = document(volume(faults=tuple(fault(NOW - n) for n in range(FAULT_THRESHOLD))))

    assert told["icon"] == "needs_format"
    assert (told["volumes"][0]["faults"]["count"], told["volumes"][0]["state"]) == (FAULT_THRESHOLD, "ok")


def test_a_volume_tells_its_drive() -> None:
    health = Health(smart=Smart.UNKNOWN, title="It says nothing.")
    sdb = disk("sdb")
    state = DiskState(device=sdb, disk=sdb, kind=DiskKind.HDD, file_system="xfs", health=health, temperature_c=41)

    (told,) = document(volume(), seen=Seen(disks={"vol_1": state}))["volumes"]

    assert told["disk"] == {
        "device": "/dev/sdb",
        "model": "Surveillance 4000",
        "serial": "SN-sdb",
        "kind": "hdd",
        "temperature_c": 41,
        "temperature_limit_c": 60,
        "smart": "unknown",
        "smart_title": "It says nothing.",
    }
    assert (told["file_system"], told["held_bytes"], told["confirm"]) == ("xfs", 7, "Drive 1")


def test_states_without_words_of_their_own_have_those_of_the_panel() -> None:
    titles = [document(volume(state=state))["volumes"][0]["title"] for state in (VolumeState.OK, VolumeState.ERROR)]

    assert titles == ["OK", "Error"]


def test_a_found_archive_says_how_far_it_reaches() -> None:
    found = Found(
        path="/mnt/b",
        device="/dev/sdb",
        what=What.ARCHIVE,
        title="An archive.",
        total_bytes=100,
        free_bytes=40,
        archive=FoundArchive(volume="vol_b", oldest_us=NOW, newest_us=None),
        confirm="SN-sdb",
    )

    (told,) = document(seen=Seen(found=(found,)))["found"]

    assert told["what"] == "archive"
    assert told["archive"] == {
        "recorder": "vol_b",
        "oldest": "2026-11-18T11:06:40Z",
        "newest": None,
        "bytes": 60,
    }
