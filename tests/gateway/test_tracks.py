from tawny.gateway.tracks import Tracks
from tests.gateway.media import INIT


def test_moments_become_ticks_of_each_track_to_the_nearest() -> None:
    tracks = Tracks(INIT)

    assert tracks.ticks(1, 1_000_000) == 90_000
    assert tracks.ticks(2, 1_000_000) == 8_000
    assert tracks.ticks(1, 11) == 1
    assert tracks.ticks(1, 5) == 0


def test_media_time_is_never_negative() -> None:
    assert Tracks(INIT).ticks(1, -1_000_000) == 0


def test_ticks_become_microseconds_also_backwards() -> None:
    assert Tracks(INIT).us(1, -3600) == -40_000


def test_without_an_init_segment_there_are_no_tracks() -> None:
    assert Tracks(b"").numbers == []
    assert not list(Tracks(b"").inits())
