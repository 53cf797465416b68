"""Renders once for the module; the full check of every scene at both sizes takes a minute and is a journey."""

from pathlib import Path

import pytest

from tawny.camera.scenes import cache, load, render, rendered
from tawny.camera.scenes.cache import default_directory
from tawny.camera.scenes.rendering import NAMES
from tawny.runtime.problem import Kind, Problem
from tawny.wire.media import AUDIO_TRACK, VIDEO_TRACK, AudioCodec, VideoCodec
from tests.camera.scenes.decoding import decoded
from tests.journeys.frame_counter import is_main, read_counter


@pytest.fixture(scope="module")
def rough(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("scenes")
    render(directory, scenes=NAMES, rough=True)
    return directory


@pytest.mark.parametrize("name", NAMES)
def test_rough_scenes_stand_in_until_the_fine_ones_are_there(name: str, rough: Path) -> None:
    main, sub = load(name, rough)

    assert not rendered(name, rough)
    assert (main.video.width, main.video.height) == (1920, 1080)
    assert (sub.video.width, sub.video.height) == (640, 360)
    assert main.duration_s == sub.duration_s == 2.0


@pytest.mark.parametrize("name", NAMES)
def test_the_counter_survives_the_encoder_at_both_sizes(name: str, rough: Path) -> None:
    main, sub = (list(decoded(rough / f"{name}-{stream}-rough.mp4")) for stream in ("main", "sub"))

    assert [read_counter(luma) for luma in main] == list(range(50))
    assert [read_counter(luma) for luma in sub] == list(range(0, 50, 2))
    assert all(is_main(luma) is True for luma in main)
    assert all(is_main(luma) is False for luma in sub)


def test_clips_start_with_a_key_frame_and_have_no_reordering(rough: Path) -> None:
    main, _ = load("gate", rough)

    video = [s for s in main.samples if s.track == VIDEO_TRACK]
    assert video[0].key
    assert all(s.composition_offset == 0 for s in video)
    assert main.video.codec is VideoCodec.H264
    assert main.video.codec_string.startswith("avc1.64"), "High"


def test_sound_fits_the_clip_in_whole_frames(rough: Path) -> None:
    main, sub = load("gate", rough)

    sound = [s for s in main.samples if s.track == AUDIO_TRACK]
    assert main.audio is not None
    assert (main.audio.codec, main.audio.sample_rate, main.audio.channels) == (AudioCodec.AAC, 16_000, 1)
    assert [s.time for s in sound] == [number * 1024 for number in range(31)]
    assert sub.audio is None


def test_a_second_render_draws_nothing(rough: Path) -> None:
    told: list[str] = []
    before = (rough / "gate-main-rough.mp4").stat().st_mtime_ns

    render(rough, scenes=("gate",), progress=told.append, rough=True)

    assert told == []
    assert (rough / "gate-main-rough.mp4").stat().st_mtime_ns == before


def test_files_of_another_version_of_the_drawing_code_do_not_count(tmp_path: Path) -> None:
    (tmp_path / "gate.stamp").write_text("of another version")

    assert not rendered("gate", tmp_path)


def test_a_scene_never_drawn_is_told_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="has not been drawn yet") as told:
        load("gate", tmp_path)

    assert told.value.kind is Kind.NOT_FOUND
    assert "python -m tawny.camera.scenes" in told.value.remedy


def test_what_a_killed_render_left_is_cleared_away(rough: Path) -> None:
    left = rough / "parts-rough"
    left.mkdir()
    (left / "gate-main-1.mp4").write_bytes(b"half")
    (rough / "gate-rough.stamp").unlink()

    render(rough, scenes=("gate",), rough=True)

    assert not left.exists()
    assert load("gate", rough)[0].duration_s == 2.0


def test_the_cache_is_the_users_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    assert default_directory() == tmp_path / "tawny" / "scenes"


def test_the_version_follows_the_code() -> None:
    assert cache.version() == cache.version()
    assert len(cache.version()) == 64
