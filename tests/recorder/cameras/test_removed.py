from tawny.recorder.cameras.removed import Footage, removed_cameras
from tests.recorder.cameras.test_service import Rig

DAY_US = 86_400_000_000


def test_removed_cameras_with_footage_are_listed_the_latest_first() -> None:
    rig = Rig()
    first, second, third, kept = (rig.add(name=name) for name in ("Gate", "Yard", "Door", "Hall"))
    for camera in (first, second, third):
        rig.cameras.remove(camera)
        rig.clock.step(60)
    left = Footage(oldest_us=0, newest_us=DAY_US, size_bytes=7)

    listed = removed_cameras(rig.restarted(), {first: left, second: left, kept: left})

    assert [(each["id"], each["name"]) for each in listed] == [(second, "Yard"), (first, "Gate")]
    assert (listed[0]["oldest"], listed[0]["newest"], listed[0]["bytes"]) == (
        "1970-01-01T00:00:00Z",
        "1970-01-02T00:00:00Z",
        7,
    )
    assert listed[0]["removed_at"] > listed[1]["removed_at"]


def test_footage_of_a_camera_that_nobody_knows_can_be_found_too() -> None:
    rig = Rig()

    (listed,) = removed_cameras(rig.cameras, {"cam_old": Footage(oldest_us=0, newest_us=DAY_US, size_bytes=1)})

    assert (listed["id"], listed["name"], listed["removed_at"]) == (
        "cam_old",
        "Removed camera",
        "1970-01-02T00:00:00Z",
    )
