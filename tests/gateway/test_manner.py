import pytest

from tawny.gateway.manner import Manner, manner


@pytest.mark.parametrize(
    ("speed", "frames", "key_only"),
    [
        (0.125, None, False),
        (4, None, False),
        (4.5, None, True),
        (32, None, True),
        (32, "all", False),
        (1, "key", True),
        (-4, None, False),
        (-1, "key", True),
    ],
)
def test_above_four_times_only_key_frames_are_sent_unless_asked_otherwise(
    speed: float, frames: str | None, key_only: bool
) -> None:
    assert manner(speed, frames) == Manner(speed=speed, key_only=key_only)


@pytest.mark.parametrize("speed", [0, 0.1, 33, -0.5, -5, float("nan"), float("inf")])
def test_other_speeds_are_refused(speed: float) -> None:
    with pytest.raises(ValueError, match="speed"):
        manner(speed, None)


def test_other_frames_are_refused() -> None:
    with pytest.raises(ValueError, match="frames"):
        manner(1, "some")


def test_no_more_key_frames_are_sent_than_anyone_sees() -> None:
    assert Manner(speed=32, key_only=True).step_us == 1_280_000
