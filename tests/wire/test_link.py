from tawny.runtime.problem import Kind
from tawny.wire.link import STATUS_OF_KIND, live_path, playback_path


def test_every_kind_of_problem_has_a_status_of_its_own() -> None:
    assert set(STATUS_OF_KIND) == {str(kind) for kind in Kind}
    assert len(set(STATUS_OF_KIND.values())) == len(Kind)
    assert all(400 <= status < 600 for status in STATUS_OF_KIND.values())


def test_a_kind_finds_its_status_as_it_is() -> None:
    assert STATUS_OF_KIND[Kind.UNAVAILABLE] == 503


def test_paths_name_camera_stream_and_moment() -> None:
    assert live_path("cam_a", "sub") == "/cameras/cam_a/live?stream=sub"
    assert playback_path("cam_a", "main", "2026-11-22T12:00:00Z") == (
        "/cameras/cam_a/playback?from=2026-11-22T12:00:00Z&stream=main"
    )


def test_a_playback_that_is_not_at_normal_speed_names_its_manner() -> None:
    assert playback_path("cam_a", "sub", "2026-11-22T12:00:00Z", speed=-2, frames="key") == (
        "/cameras/cam_a/playback?from=2026-11-22T12:00:00Z&stream=sub&speed=-2&frames=key"
    )
