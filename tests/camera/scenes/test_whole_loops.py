"""The scenes as every installation has them, whole: rendered into the user's cache where they are not there yet."""

import pytest

from tawny.camera.scenes import NAMES, default_directory, load, render
from tawny.wire.media import AUDIO_TRACK, VIDEO_TRACK
from tests.camera.scenes.decoding import decoded
from tests.journeys.frame_counter import is_main, read_counter

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("name", NAMES)
def test_every_frame_of_a_loop_carries_its_number_at_both_sizes(name: str) -> None:
    directory = default_directory()
    render(directory)

    main, sub = ([*map(read_counter, decoded(directory / f"{name}-{stream}.mp4"))] for stream in ("main", "sub"))

    assert main == list(range(400))
    assert sub == list(range(0, 400, 2))
    assert is_main(next(decoded(directory / f"{name}-main.mp4"))) is True
    assert is_main(next(decoded(directory / f"{name}-sub.mp4"))) is False


@pytest.mark.parametrize("name", NAMES)
def test_a_loop_is_what_a_camera_sends(name: str) -> None:
    directory = default_directory()
    render(directory)

    main, sub = load(name, directory)

    bits = {clip: sum(8 * len(s.data) for s in clip.samples if s.track == VIDEO_TRACK) / 16 for clip in (main, sub)}
    sound = [s for s in main.samples if s.track == AUDIO_TRACK]
    keys = [n for n, s in enumerate(s for s in main.samples if s.track == VIDEO_TRACK) if s.key]
    assert main.duration_s == sub.duration_s == 16
    assert 3.4e6 < bits[main] < 4.6e6
    assert 0.4e6 < bits[sub] < 0.6e6
    assert keys == list(range(0, 400, 50))
    assert sum(s.duration for s in sound) == 16 * 16_000
