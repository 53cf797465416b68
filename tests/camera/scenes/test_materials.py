import numpy as np
import pytest

from tawny.camera.scenes import materials
from tawny.camera.scenes.materials import Material, Surface, band, clouds, speckle
from tawny.camera.scenes.picture import Floats

ALL = {
    "plain": materials.plain((0.4, 0.5, 0.6)),
    "bricks": materials.bricks((0.4, 0.2, 0.1), (0.4, 0.4, 0.4)),
    "tiles": materials.tiles((0.4, 0.4, 0.4), size=0.5),
    "planks": materials.planks((0.4, 0.2, 0.1)),
    "asphalt": materials.asphalt(),
    "grass": materials.grass(),
    "leaves": materials.leaves((0.1, 0.2, 0.05)),
}


def wall(count: int = 3000) -> Surface:
    rng = np.random.default_rng(1)
    point: Floats = rng.uniform(-30, 30, (3, count)).astype(np.float32)
    return Surface(point=point, normal=np.zeros_like(point), u=point[0], v=point[2])


@pytest.mark.parametrize("name", ALL)
def test_a_material_is_coloured_everywhere_and_not_uniform(name: str) -> None:
    material: Material = ALL[name]

    rgb = material(wall())

    assert rgb.shape == (3, 3000)
    assert np.isfinite(rgb).all()
    assert rgb.min() >= 0
    assert rgb.std() > 0.005


def test_mortar_shows_between_bricks() -> None:
    u = np.linspace(0, 2, 2000, dtype=np.float32)
    at = Surface(
        point=np.zeros((3, 2000), np.float32), normal=np.zeros((3, 2000), np.float32), u=u, v=np.full_like(u, 0.042)
    )

    red = materials.bricks((0.9, 0.0, 0.0), (0.0, 0.0, 0.9))(at)

    joints = int((np.diff((red[2] > 0.3).astype(int)) == 1).sum())
    assert 7 <= joints <= 9, "a brick is 25 cm long"


def test_noise_lies_between_0_and_1_and_is_the_same_each_time() -> None:
    at = wall()

    for noise in (clouds(at.u, at.v, 0.7), speckle(at.u, at.v, 0.1)):
        assert 0 <= noise.min() < noise.max() <= 1
    assert np.array_equal(clouds(at.u, at.v, 0.7), clouds(at.u, at.v, 0.7))


def test_a_band_is_1_inside_and_0_outside() -> None:
    shares = band(np.array([0.9, 1.5, 2.1], np.float32), 1.0, 2.0)

    assert shares.tolist() == [0, 1, 0]
