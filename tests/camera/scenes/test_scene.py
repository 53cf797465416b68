from dataclasses import replace

import numpy as np
import pytest

from tawny.camera.scenes.rendering import NAMES, scene
from tawny.camera.scenes.scene import LOOP_FRAMES, LOOP_S, Film, Scene, path

WAY = ((1.0, 0.0, 0.0), (3.0, 4.0, 0.0), (5.0, 4.0, 8.0))


def small(name: str) -> Scene:
    place = scene(name)
    lens = replace(place.stage.lens, width=320, height=180)
    return replace(place, stage=replace(place.stage, lens=lens))


@pytest.mark.parametrize(("at", "where"), [(1.0, (0, 0)), (2.0, (2, 0)), (4.0, (4, 4)), (0.9, None), (5.0, None)])
def test_a_way_is_walked_from_point_to_point_and_nobody_is_there_before_or_after(
    at: float, where: tuple[float, float] | None
) -> None:
    assert path(WAY, at) == where


@pytest.mark.parametrize("name", NAMES)
def test_a_scene_looks_like_a_place_and_something_moves_in_it(name: str) -> None:
    film = Film(small(name))

    empty, busy = film.frame(0), film.frame(LOOP_FRAMES // 2)

    luma = empty.luma.astype(int)
    assert luma.std() > 15, "not a blank"
    assert 40 < luma.mean() < 200
    assert (np.abs(luma - busy.luma) > 25).sum() > 40, "people or vehicles"


@pytest.mark.parametrize("name", NAMES)
def test_who_moves_has_left_when_the_loop_ends(name: str) -> None:
    film = Film(replace(small(name), noise=0.0))

    first, last = film.frame(0), film.frame(LOOP_FRAMES - 1)

    moved = np.abs(first.luma.astype(int) - last.luma) > 25
    assert moved.mean() < 0.004


def test_a_frame_depends_on_its_number_alone() -> None:
    film, other = Film(small("gate")), Film(small("gate"))

    film.frame(3)

    assert np.array_equal(film.frame(150).luma, other.frame(150).luma)


def test_the_yard_by_night_has_hardly_any_colour_and_the_shop_has() -> None:
    spread = {name: float(Film(small(name)).still(0).red.std()) for name in ("yard", "shop")}

    assert spread["yard"] < 2 < spread["shop"]


def test_footsteps_fall_inside_the_loop() -> None:
    assert all(0 <= step < LOOP_S for name in NAMES for step in scene(name).ambience.steps)
