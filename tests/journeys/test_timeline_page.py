"""Several recordings in step, and looking for a moment, in Debian's Chromium over the whole system."""

import re
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bench.browser import painted, screenshot, wait_in_page
from bench.tawny_under_test import Tawny
from tests.journeys.test_web_app import demo, page, stamp, violations

__all__ = ["demo", "page"]
pytestmark = pytest.mark.journey

PICTURE_US = 80_000  # of the second streams: 12.5 a second

# How long after each move of the pointer the page has drawn the small picture of that moment.
WATCH_PREVIEWS = """
() => {
  window.previews = [];
  let movedMs = 0;
  document.addEventListener('pointermove', (event) => { movedMs = event.timeStamp; }, true);
  document.addEventListener('tawny:preview', () => {
    const started = movedMs;
    requestAnimationFrame(() => setTimeout(() => window.previews.push(performance.now() - started)));
  }, true);
}
"""


def open_timeline(page: Page, demo: Tawny, *, ago_s: float = 12) -> None:
    """The timeline as a colleague's link opens it."""
    at = datetime.now(UTC) - timedelta(seconds=ago_s)
    page.goto(f"{demo.url}/timeline?t={stamp(at)}")
    wait_in_page(page, "document.querySelectorAll('article canvas').length >= 4", timeout_s=15)


def moments(page: Page, seconds: float) -> dict[int, list[dict[str, Any]]]:
    """What is painted during *seconds*, by tile."""
    page.evaluate(
        """() => {
          window.tiles = [];
          for (const [index, tile] of [...document.querySelectorAll('article')].entries()) {
            tile.addEventListener('tawny:frame', (event) => {
              window.tiles.push({ tile: index, at: performance.now(), utcUs: event.detail.utcUs });
            }, true);
          }
        }"""
    )
    time.sleep(seconds)
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for each in page.evaluate("window.tiles"):
        found[each["tile"]].append(each)
    return found


def spreads_us(tiles: dict[int, list[dict[str, Any]]]) -> list[float]:
    """How far apart the tiles' pictures are, each time that one changes."""
    shown: dict[int, float] = {}
    found = []
    for each in sorted((frame for frames in tiles.values() for frame in frames), key=lambda frame: frame["at"]):
        shown[each["tile"]] = each["utcUs"]
        if len(shown) == len(tiles):
            found.append(max(shown.values()) - min(shown.values()))
    return sorted(found)


def test_four_recordings_play_on_one_clock(page: Page, demo: Tawny) -> None:
    open_timeline(page, demo)
    time.sleep(2)

    tiles = moments(page, 4)

    screenshot(page, "timeline")
    assert len(tiles) == 4
    assert all(len(frames) > 4 * 12.5 * 0.5 for frames in tiles.values())
    spread = spreads_us(tiles)
    print(f"in step: {spread[len(spread) // 2] / 1000:.0f} ms median, {spread[len(spread) * 95 // 100] / 1000:.0f} p95")
    assert spread[len(spread) * 9 // 10] <= 2 * PICTURE_US  # each camera takes its pictures when it likes
    assert violations(page) == []


def test_they_run_backwards_together_and_step_together(page: Page, demo: Tawny) -> None:
    open_timeline(page, demo, ago_s=8)
    time.sleep(2)

    page.keyboard.press("j")
    wait_in_page(page, "window.painted.length > 0", timeout_s=10)
    time.sleep(1.5)
    tiles = moments(page, 2)
    page.keyboard.press("k")
    time.sleep(0.5)
    page.evaluate("window.painted = []")
    page.keyboard.press(",")
    time.sleep(1)
    page.keyboard.press(",")
    time.sleep(1)

    for frames in tiles.values():
        assert [later["utcUs"] < earlier["utcUs"] for earlier, later in pairwise(frames)] == [True] * (len(frames) - 1)
    assert len(tiles) == 4
    last = {picture["utcUs"] for picture in painted(page)[-2:]}
    assert last
    assert max(last) - min(last) <= PICTURE_US


def test_cameras_can_be_left_out_and_the_address_remembers_it(page: Page, demo: Tawny) -> None:
    open_timeline(page, demo)

    page.get_by_role("checkbox", name="Corridor").uncheck()

    expect(page.locator("article")).to_have_count(3)
    expect(page).to_have_url(re.compile(r"/timeline\?cameras=\w+,\w+,\w+&t="))


def test_a_range_is_selected_with_the_keyboard_and_offered_for_export(page: Page, demo: Tawny) -> None:
    open_timeline(page, demo)
    page.keyboard.press("k")
    timeline = page.get_by_role("slider", name="Moment shown")

    timeline.focus()
    page.keyboard.press("i")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("o")
    selection = page.get_by_role("region", name="Selected range")
    expect(selection).to_be_visible()
    selection.get_by_role("button", name="Export").click()

    expect(page.get_by_role("dialog")).to_contain_text("From")


def test_the_pointer_on_the_timeline_shows_the_moment_at_once(page: Page) -> None:
    page.get_by_role("link", name=re.compile("Gate")).first.click()
    canvas = page.get_by_role("slider", name="Moment shown")
    box = canvas.bounding_box()
    assert box is not None
    page.evaluate(f"({WATCH_PREVIEWS})()")
    right = box["x"] + box["width"] * 0.9
    page.mouse.move(right, box["y"] + 40)
    wait_in_page(page, "document.querySelector('[class*=card]')", timeout_s=10)
    time.sleep(3)  # previews are fetched ahead

    for step in range(60):
        page.mouse.move(right - step * 4, box["y"] + 40)
        page.wait_for_timeout(16)

    waits = sorted(page.evaluate("window.previews"))
    print(
        f"pointer to picture: {waits[len(waits) // 2]:.0f} ms median, {waits[len(waits) * 95 // 100]:.0f} ms p95, {len(waits)} moves"
    )
    screenshot(page, "preview")
    assert len(waits) >= 3
