import numpy as np
import pytest

from tawny.camera.scenes.scene import Ambience
from tawny.camera.scenes.sound import RATE, synthesize


def tone(sound: np.ndarray[tuple[int], np.dtype[np.float32]], hertz: float) -> float:
    time = np.arange(len(sound)) / RATE
    return float(np.abs((sound * np.exp(-2j * np.pi * hertz * time)).mean()))


@pytest.mark.parametrize("second", [0, 1, 3])
def test_each_second_starts_with_a_beep(second: int) -> None:
    sound = synthesize(Ambience(hum=50, air=0.5), 4)

    start = second * RATE
    beep, after = sound[start : start + 960], sound[start + 2000 : start + 2960]

    assert tone(beep, 1000) > 10 * tone(after, 1000)


def test_footsteps_are_heard_where_they_fall() -> None:
    quiet, walked = (synthesize(Ambience(hum=50, air=0.2, steps=steps), 2) for steps in ((), (0.5,)))

    difference = np.abs(walked - quiet)

    assert difference[: RATE // 2].max() == 0
    assert difference[RATE // 2 : RATE // 2 + 1000].max() > 0.03


def test_sound_neither_clips_nor_is_silent() -> None:
    sound = synthesize(Ambience(hum=120, air=0.8, steps=(0.0, 1.9)), 2)

    assert len(sound) == 2 * RATE
    assert 0.005 < np.abs(sound).mean() < 0.2
    assert np.abs(sound).max() < 1
