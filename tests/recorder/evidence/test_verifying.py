"""What `tawny archive verify` finds: nothing in what was recorded, and each harm where it was done."""

import json
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from tawny.recorder.archive.paths import LEDGER, segment_path
from tawny.recorder.evidence.verifying import Verification, Wanted, index_leaves, verify
from tawny.runtime.data_directory import DataDirectory
from tawny.wire.evidence.chains import read_root
from tawny.wire.evidence.ledgers import kind_of, lines
from tests.fakes.time_stamps import OpensslService
from tests.recorder.archive.building import MAIN, NOON_US, OTHER, SECOND
from tests.recorder.evidence.recorded import MINUTE, Recorded, ordinary

DAY = "2026-11-22"


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    recorded = ordinary(tmp_path_factory.mktemp("recorded"))
    recorded.rig.stop()
    return recorded.rig.data.root


@pytest.fixture
def data(once: Path, tmp_path: Path) -> DataDirectory:
    """A copy of the archive, to be harmed."""
    return DataDirectory(root=shutil.copytree(once, tmp_path / "data"))


def verified(data: DataDirectory, *, wanted: Wanted | None = None, remember: bool = True) -> Verification:
    volume = json.loads((data.archive / "volume.json").read_bytes())["id"]
    forgotten = data.root / "nowhere"
    return verify(
        {volume: data.archive},
        [read_root((data.keys / "root.pem").read_bytes())],
        wanted=wanted or Wanted(),
        base=data.root,
        leaves=index_leaves(data.index if remember else forgotten),
    )


def ledger(data: DataDirectory, owner: str = MAIN.camera) -> Path:
    return data.archive / owner / DAY / LEDGER


def segment(data: DataDirectory, minute: int) -> Path:
    return segment_path(data.archive, MAIN, NOON_US + minute * MINUTE)


def test_what_was_recorded_is_found_as_it_was_recorded(data: DataDirectory) -> None:
    found = verified(data)

    assert (found.segments, found.signed) == (20, 20)
    assert (found.faults, found.recovered, found.unsigned, found.unknown) == ([], [], [], [])


def test_a_flipped_bit_is_named_with_file_offset_and_time(data: DataDirectory) -> None:
    path = segment(data, 4)
    harmed = bytearray(path.read_bytes())
    at = len(harmed) * 3 // 4
    harmed[at] ^= 1
    path.write_bytes(harmed)

    [fault] = verified(data).faults

    assert fault.path == f"archive/{path.relative_to(data.archive)}"
    assert fault.fault == "a fragment is not as it was recorded"
    assert fault.offset is not None
    assert 0 < fault.offset <= at
    assert fault.at_us is not None
    assert NOON_US + 4 * MINUTE <= fault.at_us < NOON_US + 4 * MINUTE + 2 * SECOND


def test_without_the_index_the_segment_is_named_still(data: DataDirectory) -> None:
    path = segment(data, 4)
    harmed = bytearray(path.read_bytes())
    harmed[-10] ^= 1
    path.write_bytes(harmed)

    [fault] = verified(data, remember=False).faults

    assert fault.path.endswith(path.name)
    assert (fault.fault, fault.offset) == ("the content is not what was recorded", None)


def change(find: bytes, put: bytes) -> Callable[[bytes], bytes]:
    def changed(data: bytes) -> bytes:
        assert find in data
        return data.replace(find, put, 1)

    return changed


def without_heads(data: bytes) -> bytes:
    return b"".join(line + b"\n" for line in lines(data) if kind_of(line) != "head")


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (change(b'"bytes":', b'"bytes":1'), "not as it was signed"),
        (change(b'"kind":"segment"', b'"kind":"segmens"'), "not as it was signed"),
        (lambda data: data[data.index(b"\n") + 1 :], "head is of another ledger"),
        (lambda data: b"\n".join(data.split(b"\n")[:7]) + b"\n", "its end was taken away"),
        (change(b'"size":1,', b'"size":2,'), "head is of another ledger"),
        (change(b'"signature":"', b'"signature":"A'), "can't be read"),
        (change(b'"volume":"vol_', b'"volume":"vol-'), "of another ledger"),
        (without_heads, "nobody signed for it"),
        (lambda data: b"", "its end was taken away"),
        (lambda data: b"\xff" * 500 + b"\n" + data, "of another ledger|not as it was signed"),
    ],
)
def test_each_harm_to_a_ledger_is_found(data: DataDirectory, harm: Callable[[bytes], bytes], words: str) -> None:
    path = ledger(data)
    path.write_bytes(harm(path.read_bytes()))

    faults = verified(data).faults

    assert any(word in fault.fault for fault in faults for word in words.split("|")), faults
    assert all(MAIN.camera in fault.path for fault in faults)


def test_a_changed_line_is_named_between_the_heads_around_it(data: DataDirectory) -> None:
    path = ledger(data)
    whole = list(lines(path.read_bytes()))
    number = [n for n, line in enumerate(whole) if kind_of(line) == "segment"][5]
    whole[number] = whole[number].replace(b'"sequence":6', b'"sequence":9')
    path.write_bytes(b"\n".join(whole) + b"\n")

    fault = verified(data).faults[0]

    first, last = (int(word) for word in fault.fault.split() if word.isdigit())
    assert first <= number + 1 <= last
    assert fault.offset is not None
    assert fault.offset <= sum(len(line) + 1 for line in whole[:number])


def test_a_file_that_is_gone_without_a_line_is_missed(data: DataDirectory) -> None:
    segment(data, 3).unlink()

    [fault] = verified(data).faults

    assert "no line tells of its deletion" in fault.fault


def test_a_deletion_that_nobody_signed_is_not_passed_over(data: DataDirectory) -> None:
    segment(data, 3).unlink()
    path = ledger(data)
    [line] = [line for line in lines(path.read_bytes()) if b"12:03:00" in line and kind_of(line) == "segment"]
    with path.open("ab") as file:
        file.write(line.replace(b'"kind":"segment"', b'"kind":"deleted"')[:-1] + b',"cause":"depth"}\n')

    [fault] = verified(data).faults

    assert fault.fault == "nobody signed for it"
    assert fault.path.endswith("12/20261122T120300.000000Z-main.mp4")


def test_a_file_that_was_put_there_is_found(data: DataDirectory) -> None:
    stray = segment(data, 3).with_name("20261122T120330.000000Z-main.mp4")
    shutil.copy(segment(data, 3), stray)

    [fault] = verified(data).faults

    assert (fault.path.endswith(stray.name), fault.fault) == (True, "no ledger tells of this file")


def test_a_segment_in_the_place_of_another_is_found(data: DataDirectory) -> None:
    shutil.copy(segment(data, 3), segment(data, 5))

    assert len(verified(data).faults) == 1


def test_a_ledger_that_is_gone_is_missed(data: DataDirectory) -> None:
    shutil.rmtree(data.archive / MAIN.camera)

    [fault] = verified(data).faults

    assert "the ledger is gone" in fault.fault


def test_a_cut_that_the_camera_s_own_ledger_hides_is_told_by_the_recorders(data: DataDirectory) -> None:
    path = ledger(data)
    whole = list(lines(path.read_bytes()))
    third = [n for n, line in enumerate(whole) if kind_of(line) == "head"][2]
    path.write_bytes(b"\n".join(whole[: third + 1]) + b"\n")
    for minute in range(3, 10):
        segment(data, minute).unlink(missing_ok=True)

    [fault] = verified(data).faults

    assert "its end was taken away" in fault.fault


def test_another_recorders_root_believes_nothing(data: DataDirectory, tmp_path: Path) -> None:
    other = Recorded(tmp_path / "other")
    (data.keys / "root.pem").write_bytes((other.rig.data.keys / "root.pem").read_bytes())

    found = verified(data)

    assert found.signed == 0
    assert any("was not issued by a trusted recorder" in fault.fault for fault in found.faults)


def test_only_what_is_wanted_is_read(data: DataDirectory) -> None:
    segment(data, 8).unlink()
    wanted = Wanted(from_us=NOON_US + 2 * MINUTE, to_us=NOON_US + 5 * MINUTE, camera=MAIN.camera)

    found = verified(data, wanted=wanted)

    assert (found.segments, found.faults) == (3, [])
    assert verified(data, wanted=Wanted(camera=OTHER.camera)).segments == 10


def test_a_deletion_that_was_signed_is_as_it_should_be(tmp_path: Path) -> None:
    recorded = ordinary(tmp_path)
    recorded.deleted(2)
    recorded.rig.stop()

    found = verified(recorded.rig.data)

    assert (found.segments, found.faults) == (19, [])


def test_a_tail_that_a_crash_left_is_recovered_and_never_plainly_signed(tmp_path: Path) -> None:
    recorded = ordinary(tmp_path)
    recorded.record(12, close=False)
    recorded.rig.kill()
    recorded.rig.clock.wait(3600)
    recorded.rig.start()
    recorded.rig.cycle(5)
    recorded.rig.stop()

    found = verified(recorded.rig.data)

    [(path, until_us)] = found.recovered
    assert path.endswith("12/20261122T121200.000000Z-main.mp4")
    assert until_us is not None
    assert until_us > NOON_US + 3600 * SECOND
    assert found.faults == []
    assert found.signed == found.segments == 21


def test_what_is_being_recorded_is_not_signed_yet(tmp_path: Path) -> None:
    recorded = ordinary(tmp_path)
    recorded.record(12, close=False)

    found = verified(recorded.rig.data)

    assert [Path(path).name for path in found.unsigned] == ["20261122T121200.000000Z-main.mp4"]
    assert found.faults == []


def test_after_a_rotation_both_keys_are_believed(tmp_path: Path) -> None:
    recorded = Recorded(tmp_path)
    recorded.record(0)
    recorded.keys.rotate()
    recorded.begin()
    recorded.record(5)
    recorded.rig.stop()

    found = verified(recorded.rig.data)

    assert (found.signed, found.faults) == (2, [])


def test_a_time_stamp_is_of_the_head_that_it_names(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    openssl = OpensslService(tmp_path_factory.mktemp("tsa"))
    recorded = ordinary(tmp_path)
    recorded.stamp(openssl.token)
    good = verified(recorded.rig.data)
    recorded.stamp(lambda line: openssl.token(sha256(line).digest()))

    assert good.faults == []
    assert [f.fault for f in verified(recorded.rig.data).faults] == ["a time stamp is not of the head it names"]


def test_a_volume_by_itself_is_verified_with_its_own_certificates(data: DataDirectory, tmp_path: Path) -> None:
    root = read_root((data.keys / "root.pem").read_bytes())
    copy = shutil.copytree(data.archive, tmp_path / "copy")
    volume = json.loads((copy / "volume.json").read_bytes())["id"]

    found = verify({volume: copy}, [root], wanted=Wanted(), base=copy)

    assert (found.segments, found.signed, found.faults) == (20, 20, [])


def test_each_volume_is_held_against_what_the_first_says_of_it(tmp_path: Path) -> None:
    recorded = Recorded(tmp_path, volumes=2)
    for minute in range(6):
        recorded.record(minute)
        recorded.record(minute, key=OTHER)
    recorded.name_heads()
    recorded.rig.stop()
    data = recorded.rig.data
    volumes = {volume.id: volume.path for volume in recorded.rig.known}

    def found() -> Verification:
        return verify(volumes, [read_root((data.keys / "root.pem").read_bytes())], wanted=Wanted(), base=data.root)

    whole = found()
    used = [path for path in volumes.values() if list(path.rglob("*.mp4"))]
    shutil.rmtree(used[-1] / OTHER.camera, ignore_errors=True)
    shutil.rmtree(used[-1] / MAIN.camera, ignore_errors=True)

    assert (whole.segments, whole.signed, whole.faults, whole.unknown) == (12, 12, [], [])
    assert any("the ledger is gone" in fault.fault for fault in found().faults)
