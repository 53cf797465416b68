import pytest

from tawny.camera.onvif.actors import HUMAN, VEHICLE, seen
from tawny.camera.scenes import NAMES


@pytest.mark.parametrize("place", NAMES)
def test_each_scene_has_a_time_with_nobody_and_one_with_somebody_in_it(place: str) -> None:
    counts = [len(seen(place, at / 4)) for at in range(64)]

    assert min(counts) == 0 or place == "gate"
    assert max(counts) >= 1


def test_the_car_comes_through_the_gate_while_people_walk_by() -> None:
    kinds = {at: [actor.kind for actor in seen("gate", at)] for at in (4.0, 12.0)}

    assert VEHICLE in kinds[4.0]
    assert set(kinds[12.0]) == {HUMAN}


@pytest.mark.parametrize("place", NAMES)
def test_boxes_are_in_the_picture_and_have_an_extent(place: str) -> None:
    boxes = [actor.box for at in range(160) for actor in seen(place, at / 10)]

    assert boxes
    assert all(0 <= b.left < b.right <= 1 and 0 <= b.top < b.bottom <= 1 for b in boxes)


def test_a_place_that_is_no_scene_has_nobody() -> None:
    assert seen("door", 3.0) == ()
