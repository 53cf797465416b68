"""The player at every speed and backwards, in Debian's Chromium, read off the pictures as a person sees them."""

from itertools import pairwise

import pytest
from playwright.sync_api import Page

from tests.fakes.media_server import SECOND, FakeMediaServer
from tests.journeys.test_player_browser import (
    ENGINES,
    INSECURE,
    MAIN,
    Tile,
    browser,
    counter_at,
    page,
    pages,
    play,
    recent,
    server,
)

__all__ = ["browser", "page", "pages", "server"]
pytestmark = pytest.mark.journey


def play_at(tile: Tile, rate: float, camera: str, from_us: int) -> None:
    tile.do(f"player.setRate({rate})")
    tile.do(f"player.playback('{camera}', {from_us}, {{ stream: 'main', sound: false, hasSub: true }})")


def speed_of(frames: list[dict[str, float]]) -> float:
    media_s = (frames[-1]["utcUs"] - frames[0]["utcUs"]) / SECOND
    return media_s / ((frames[-1]["atMs"] - frames[0]["atMs"]) / 1000)


@pytest.mark.parametrize("rate", [0.125, 4])
def test_up_to_four_times_every_picture_is_asked_for(page: Page, server: FakeMediaServer, rate: float) -> None:
    tile = Tile(page)

    play_at(tile, rate, "plain", recent(server, 60))
    tile.wait("tile.frames.length > 8 && tile.frames.at(-1).atMs - tile.frames[0].atMs > 1000", seconds=15)

    frames = tile.frames()
    assert speed_of(frames) == pytest.approx(rate, rel=0.3)
    opened = [request for request in server.requests if request["type"] == "open"][-1]
    assert (opened["stream"], opened["frames"], opened["speed"]) == ("main", "all", rate)


@pytest.mark.parametrize(("rate", "stream", "which"), [(8, "sub", "all"), (16, "sub", "all"), (32, "main", "key")])
def test_faster_there_are_still_ten_pictures_a_second(
    page: Page, server: FakeMediaServer, rate: int, stream: str, which: str
) -> None:
    tile = Tile(page)

    play_at(tile, rate, "plain", recent(server, 110))
    tile.wait("tile.frames.length > 12", seconds=15)
    page.wait_for_timeout(1200)

    frames = tile.frames()[2:]
    print(f"{rate} times: {len(frames) / (frames[-1]['atMs'] - frames[0]['atMs']) * 1000:.0f} pictures a second")
    assert speed_of(frames) == pytest.approx(rate, rel=0.35)
    assert [later["utcUs"] > earlier["utcUs"] for earlier, later in pairwise(frames)] == [True] * (len(frames) - 1)
    apart_s = sorted((later["utcUs"] - earlier["utcUs"]) / SECOND for earlier, later in pairwise(frames))
    assert apart_s[len(apart_s) // 2] <= rate / 10
    opened = [request for request in server.requests if request["type"] == "open"][-1]
    assert (opened["stream"], opened["frames"]) == (stream, which)
    assert tile.blacks() == 0


@pytest.mark.parametrize("rate", [-1, -2, -4])
def test_backwards_the_pictures_run_back_each_at_its_time(page: Page, server: FakeMediaServer, rate: int) -> None:
    tile = Tile(page)

    play_at(tile, rate, "plain", recent(server, 30.5))
    tile.wait("tile.frames.length > 30", seconds=15)

    frames = tile.frames()
    assert abs(frames[0]["utcUs"] - recent(server, 30.5)) <= 2 * 40_000
    assert [later["utcUs"] < earlier["utcUs"] for earlier, later in pairwise(frames)] == [True] * (len(frames) - 1)
    assert speed_of(frames) == pytest.approx(rate, rel=0.4)
    for frame in frames:
        assert frame["look"]["counter"] == counter_at(frame["utcUs"] + 1000, MAIN.fps)
    assert tile.states()[-1]["kind"] == "playing"
    assert tile.blacks() == 0


def test_backwards_a_gap_is_explained_and_then_crossed(page: Page, server: FakeMediaServer) -> None:
    tile = Tile(page)

    play_at(tile, -1, "gaps", recent(server, 19.3))
    tile.wait("tile.states.at(-1).kind === 'gap'")
    gap = tile.states()[-1]
    tile.wait(f"tile.frames.at(-1).utcUs < {recent(server, 56.2)}")

    assert (gap["title"], gap["reason"]) == ("The camera was not reachable.", "camera_lost")
    assert not [f for f in tile.frames() if recent(server, 56) <= f["utcUs"] < recent(server, 20)]
    assert tile.states()[-1]["kind"] == "playing"


def test_backwards_the_beginning_of_the_recording_is_its_end(page: Page, server: FakeMediaServer) -> None:
    tile = Tile(page)

    play_at(tile, -4, "plain", recent(server, 118))
    tile.wait("tile.states.at(-1).kind === 'ended'", seconds=12)

    assert tile.frames()[-1]["utcUs"] <= recent(server, 119.8)


def test_the_way_can_be_turned_and_single_pictures_looked_at(page: Page, server: FakeMediaServer) -> None:
    tile = Tile(page)
    play(tile, "plain", recent(server, 30))
    tile.wait("tile.frames.length > 10")

    turned_us = tile.do("player.currentUtcUs()")
    tile.do("player.setRate(-1)")
    tile.wait(f"tile.frames.at(-1).utcUs < {turned_us} - 400000")
    tile.do("player.pause()")
    page.wait_for_timeout(100)
    stood_us = tile.do("player.currentUtcUs()")
    seen = len(tile.frames())
    tile.do("player.step(-1)")
    tile.wait(f"tile.frames.length > {seen}")
    stepped = tile.frames()[-1]
    tile.do("player.resume()")
    tile.wait(f"tile.frames.at(-1).utcUs < {stepped['utcUs']} - 400000")

    assert stepped["utcUs"] == stood_us - 40_000
    assert stepped["look"]["counter"] == counter_at(stepped["utcUs"] + 1000, MAIN.fps)
    assert tile.blacks() == 0


@ENGINES
def test_cameras_in_step_show_the_same_moment(page: Page, server: FakeMediaServer) -> None:
    opened = page.evaluate_handle(f"inStep(['plain', 'recording', 'no-sub'], {recent(server, 60)})")
    enough = "({ tiles }) => tiles.every((tile) => tile.frames.length > 30)"
    page.wait_for_function(enough, arg=opened, timeout=15_000)

    found = opened.evaluate("({ tiles }) => tiles.map((tile) => tile.frames)")

    opened.evaluate("({ step }) => step.close()")
    shown: dict[int, int] = {}
    spreads = []
    for _, tile, utc_us in sorted((f["atMs"], i, f["utcUs"]) for i, frames in enumerate(found) for f in frames):
        shown[tile] = utc_us
        if len(shown) == len(found):
            spreads.append((max(shown.values()) - min(shown.values())) / SECOND)
    late = sorted(spreads[len(spreads) // 2 :])
    print(f"apart: {late[len(late) // 2] * 1000:.0f} ms median")
    assert late[len(late) // 2] <= 0.3


@pytest.mark.parametrize("page", [INSECURE], indirect=True)
def test_without_webcodecs_playing_backwards_is_refused_in_plain_words(page: Page, server: FakeMediaServer) -> None:
    tile = Tile(page)

    play_at(tile, -1, "plain", recent(server, 30))
    tile.wait("tile.states.at(-1).kind === 'failed'")

    assert tile.states()[-1]["title"] == "This browser can't play backwards here."
