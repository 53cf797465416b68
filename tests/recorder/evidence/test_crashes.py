"""Killed, or without power, at any step: what was signed stays true, what was not is signed later, and an edited tail never passes for signed footage."""

from pathlib import Path

import pytest

from tawny.recorder.archive.paths import segment_path
from tawny.recorder.evidence.verifying import Verification, Wanted, verify
from tawny.wire.evidence.chains import read_root
from tests.fakes.faulty_files import Killed
from tests.recorder.archive.building import MAIN, NOON_US, OTHER, SECOND, audio, formats, video
from tests.recorder.evidence.recorded import MINUTE, Recorded

STEPS = range(0, 130, 7)  # of the changes that the scenario makes to the disk


def scenario(recorded: Recorded) -> None:
    for minute in range(3):
        recorded.record(minute)
        recorded.record(minute, key=OTHER)
        recorded.name_heads()


def verified(recorded: Recorded) -> Verification:
    data = recorded.rig.data
    volumes = {volume.id: volume.path for volume in recorded.rig.known}
    return verify(volumes, [read_root((data.keys / "root.pem").read_bytes())], wanted=Wanted(), base=data.root)


def crash_at(recorded: Recorded, step: int) -> bool:
    """Run the scenario up to that change; False where it makes fewer."""
    recorded.rig.files.steps = step
    try:
        scenario(recorded)
    except Killed:
        return True
    finally:
        recorded.rig.files.steps = None
    return False


def go_on(recorded: Recorded) -> None:
    recorded.begin()  # the signer of the next process
    recorded.rig.start()
    recorded.rig.cycle(4)
    recorded.record(10)
    recorded.rig.stop()


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("power", [True, False])
def test_what_a_crash_leaves_is_verified_before_and_after_the_next_start(
    tmp_path: Path, step: int, *, power: bool
) -> None:
    recorded = Recorded(tmp_path)

    assert crash_at(recorded, step)
    recorded.rig.kill()
    if not power:
        recorded.rig.files.power_cut(lambda size: size // 2)
    at_once = verified(recorded)
    go_on(recorded)
    later = verified(recorded)

    assert at_once.faults == []
    assert (later.faults, later.unsigned, later.unknown) == ([], [], [])
    assert later.signed == later.segments >= at_once.segments


def test_the_scenario_is_as_long_as_its_steps(tmp_path: Path) -> None:
    assert crash_at(Recorded(tmp_path), max(STEPS))
    assert not crash_at(Recorded(tmp_path / "whole"), 10_000)


def test_a_tail_edited_after_a_kill_is_recovered_and_never_plainly_signed(tmp_path: Path) -> None:
    recorded = Recorded(tmp_path)
    recorded.record(0)
    at = NOON_US + MINUTE
    recorded.rig.writer.open_segment(MAIN, at, formats())
    for second in range(2):
        recorded.rig.writer.append(MAIN, video(second, start_us=at))
        recorded.rig.writer.append(MAIN, audio(second, start_us=at))
    recorded.rig.cycle(2)
    recorded.rig.kill()
    path = segment_path(recorded.rig.data.archive, MAIN, at)
    edited = bytearray(path.read_bytes())
    edited[-20] ^= 1
    path.write_bytes(edited)

    recorded.rig.clock.wait(600)
    go_on(recorded)
    found = verified(recorded)

    [(name, until_us)] = found.recovered
    assert name.endswith(path.name)
    assert until_us is not None
    assert until_us >= NOON_US + 600 * SECOND
