from tawny.recorder.events.model import By
from tawny.recorder.events.outages import Outages
from tawny.recorder.ingest.model import CameraState, Phase, Trouble
from tests.recorder.events.building import NOON_US, SECOND_US
from tests.recorder.events.test_log import Rig


def lost(kind: Trouble = Trouble.UNREACHABLE, since_us: int = NOON_US) -> CameraState:
    return CameraState(phase=Phase.WAITING, since_us=since_us, title="The camera does not answer.", kind=kind)


def state(phase: Phase) -> CameraState:
    return CameraState(phase=phase, since_us=NOON_US)


async def test_an_outage_lasts_from_the_last_picture_until_the_next() -> None:
    rig = Rig()
    outages = Outages(rig.log)
    await rig.clock.advance(60)

    outages.see("cam_a", lost())
    outages.see("cam_a", state(Phase.CONNECTING))
    outages.see("cam_a", lost())
    await rig.clock.advance(60)
    outages.see("cam_a", state(Phase.ONLINE))

    begun, ended = rig.told
    assert (begun.at_us, begun.until_us, begun.title, begun.by) == (
        NOON_US,
        None,
        "The camera does not answer.",
        By.RECORDER,
    )
    assert (ended.id, ended.until_us) == (begun.id, NOON_US + 120 * SECOND_US)


async def test_another_trouble_ends_the_one_before() -> None:
    rig = Rig()
    outages = Outages(rig.log)
    outages.see("cam_a", lost())
    await rig.clock.advance(30)

    outages.see("cam_a", lost(Trouble.CREDENTIALS))

    assert [(each.data["kind"], each.at_us, each.until_us) for each in rig.told] == [
        ("unreachable", NOON_US, None),
        ("unreachable", NOON_US, NOON_US + 30 * SECOND_US),
        ("credentials", NOON_US + 30 * SECOND_US, None),
    ]


async def test_a_camera_that_was_switched_off_or_removed_is_not_out() -> None:
    rig = Rig()
    outages = Outages(rig.log)
    outages.see("cam_a", lost())
    outages.see("cam_b", lost())

    outages.see("cam_a", state(Phase.DISABLED))
    outages.forget("cam_b")

    assert [each.camera for each in rig.told if each.until_us is not None] == ["cam_a", "cam_b"]
