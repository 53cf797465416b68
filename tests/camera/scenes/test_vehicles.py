import numpy as np
import pytest

from tawny.camera.scenes.shading import Light
from tawny.camera.scenes.vehicles import Car, paint
from tests.camera.scenes.builders import brush, changed

DIM = Light(sky=(0.4, 0.4, 0.4), echo=(0.2, 0.2, 0.2))


def test_places_on_a_car_turn_with_it() -> None:
    car = Car(x=1, y=10, heading=90)

    assert car.place(4, 0, 0.5) == pytest.approx((-3, 10, 0.5))
    assert car.place(0, 0.8, 0.5) == pytest.approx((1, 9.2, 0.5))
    assert car.place(3, 4, 0)[:2] == pytest.approx((-2, 6))


@pytest.mark.parametrize("heading", range(0, 360, 45))
def test_a_car_is_painted_from_every_side(heading: int) -> None:
    painted = brush(light=DIM)

    paint(painted, Car(x=0, y=9, heading=heading))

    rows, columns = np.nonzero(changed(painted))
    assert len(rows) > 400
    assert np.ptp(columns) < 200


def test_wheels_turn_as_it_rolls() -> None:
    first, second = brush(light=DIM), brush(light=DIM)

    paint(first, Car(x=-2, y=7, heading=-90, rolled=0.0))
    paint(second, Car(x=-2, y=7, heading=-90, rolled=0.2))

    assert (first.picture.luma != second.picture.luma).any()


def test_headlights_dazzle_only_from_the_front() -> None:
    lights = {heading: [brush(light=DIM), brush(light=DIM)] for heading in (0, 180)}

    for heading, (off, on) in lights.items():
        paint(off, Car(x=0, y=9, heading=heading))
        paint(on, Car(x=0, y=9, heading=heading, headlights=1.0))

    brighter = {h: int(on.picture.luma.astype(int).sum() - off.picture.luma.sum()) for h, (off, on) in lights.items()}
    assert brighter[180] > 5000
    assert brighter[0] == 0


def test_a_car_throws_one_shadow() -> None:
    painted = brush()

    paint(painted, Car(x=0, y=9, heading=0))

    spot = painted.lens.project(np.array([(1.15, 7.0, 0.0)], np.float32))[0]
    at = int(spot[1]), int(spot[0])
    assert painted.picture.luma[at] < painted.backdrop.picture.luma[at] - 15
