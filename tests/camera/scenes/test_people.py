import pytest

from tawny.camera.scenes.people import Looks, Pose, dressed, paint, walking
from tests.camera.scenes.builders import brush, changed

WAY = ((0.0, 0.0, 4.0), (4.0, 4.0, 4.0), (6.0, 4.0, 4.0), (8.0, 4.0, 6.0))


def heights(pose: Pose, looks: Looks) -> list[float]:
    ends = [(limb.start[2], limb.end[2]) for piece in dressed(looks, pose) for limb in piece.limbs]
    return [height for pair in ends for height in pair]


@pytest.mark.parametrize("walked", [0.0, 0.3, 0.6, 0.9, 1.2])
def test_a_body_stands_between_the_ground_and_its_height(walked: float) -> None:
    found = heights(Pose(x=0, y=6, heading=30, walked=walked), Looks(tall=1.8))

    assert -0.02 < min(found) < 0.15
    assert 1.6 < max(found) < 1.85


def test_someone_who_stands_does_not_swing_their_limbs() -> None:
    still = [dressed(Looks(), Pose(x=0, y=6, heading=0, walked=w, moving=False)) for w in (0.0, 0.4)]
    going = [dressed(Looks(), Pose(x=0, y=6, heading=0, walked=w)) for w in (0.0, 0.4)]

    assert still[0] == still[1]
    assert going[0] != going[1]


def test_reaching_lifts_the_right_hand() -> None:
    def hand(reach: float) -> float:
        pose = Pose(x=0, y=6, heading=0, moving=False, reach=reach)
        skin = [piece for piece in dressed(Looks(skin=(0.123, 0.1, 0.1)), pose) if piece.colour[0] == 0.123]
        return max(limb.end[2] for piece in skin for limb in piece.limbs if limb.end[2] < 1.5 and limb.end[0] > 0.1)

    assert hand(1.0) > hand(0.0) + 0.3


@pytest.mark.parametrize(
    ("at", "heading", "walked", "moving"), [(2.0, 90, 2.0, True), (5.0, 90, 4.0, False), (7.0, 0, 5.0, True)]
)
def test_on_a_way_people_face_where_they_go_and_rest_where_it_rests(
    at: float, heading: float, walked: float, moving: bool
) -> None:
    pose = walking(WAY, at)

    assert pose.heading == pytest.approx(heading)
    assert pose.walked == pytest.approx(walked)
    assert pose.moving is moving


def test_a_polished_floor_mirrors_them() -> None:
    plain, polished = brush(), brush()

    for painted, mirrored in ((plain, 0.0), (polished, 0.3)):
        paint(painted, Looks(top=(0.9, 0.1, 0.1)), Pose(x=0, y=6, heading=180), mirrored=mirrored)

    assert changed(polished).sum() > changed(plain).sum() + 50


def test_clothes_differ_by_looks() -> None:
    pose = Pose(x=0, y=6, heading=180)
    bare, packed = dressed(Looks(), pose), dressed(Looks(bag=(1, 0, 0), apron=(0, 1, 0), shirt=(0, 0, 1)), pose)

    assert {piece.colour for piece in packed} - {piece.colour for piece in bare} == {(1, 0, 0), (0, 1, 0), (0, 0, 1)}
