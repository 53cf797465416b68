"""The player and the timeline in Debian's Chromium, on the bundle that Vite makes, against a fake hub.

What is asserted is read off the pictures as a person sees them: the counter in the topmost element of the tile.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, JSHandle, Page, sync_playwright

from bench.browser import CHROMIUM, OPTIONS
from tawny.wire.media import VideoCodec
from tests.fakes import player_samples
from tests.fakes.media_clips import CLIP_S, Clip, Shape, aac, alaw, clip, opus
from tests.fakes.media_server import SECOND, TOLD_US, FakeCamera, FakeMediaServer, Gap, document, gibberish, seen_left

pytestmark = pytest.mark.journey
WEB = Path(__file__).parents[2] / "web"
MAIN = Shape(width=1280, height=720, fps=25, main=True)
SMALLER = Shape(width=960, height=544, fps=25, main=True)
SUB = Shape(width=640, height=360, fps=10, main=False)
H265 = Shape(width=640, height=360, fps=25, main=True, codec=VideoCodec.H265)
JPEG = Shape(width=640, height=360, fps=25, main=True, codec=VideoCodec.MJPEG)
REORDERED = Shape(width=640, height=360, fps=25, main=True, b_frames=2)

MAIN_SILENT = "{ stream: 'main', sound: false }"
# sound elements stand nowhere in the page
HEARING = """(() => {
  globalThis.heard = [];
  const play = HTMLAudioElement.prototype.play;
  HTMLAudioElement.prototype.play = function () { globalThis.heard.push(this); return play.call(this); };
})()"""
INSECURE = "delete globalThis.VideoDecoder"  # what a page over plain HTTP on another host finds
BROKEN_DECODER = """
globalThis.VideoDecoder = class {
  static isConfigSupported(config) { return Promise.resolve({ supported: true, config }); }
  constructor(init) { this.init = init; this.state = "unconfigured"; this.decodeQueueSize = 0; }
  configure() { this.state = "configured"; }
  decode() { this.state = "closed"; queueMicrotask(() => this.init.error(new DOMException("no", "EncodingError"))); }
  reset() {} close() { this.state = "closed"; } flush() { return Promise.resolve(); }
};
"""


def cameras() -> dict[str, FakeCamera]:
    main, sub = clip(MAIN), clip(SUB)
    changing: Clip = clip(SMALLER)
    return {
        "plain": FakeCamera(main=main, sub=sub),
        "recording": FakeCamera(main=main, sub=sub, goes_on=True),
        "main-first": FakeCamera(main=main, sub=sub, main_opens_first=True),
        "gaps": FakeCamera(main=main, sub=sub, gaps=(Gap(from_s=56, to_s=20),)),
        "changed": FakeCamera(main=main, sub=sub, earlier=changing, changed_s=58, alternates=True),
        "h265": FakeCamera(main=clip(H265), sub=sub),
        "only-h265": FakeCamera(main=clip(H265), sub=None),
        "no-sub": FakeCamera(main=main, sub=None),
        "reordered": FakeCamera(main=clip(REORDERED), sub=sub),
        "alaw": FakeCamera(main=main, sub=sub, sound=alaw(), silent_from_s=57),
        "aac": FakeCamera(main=main, sub=sub, sound=aac(), silent_from_s=57),
        "opus": FakeCamera(main=main, sub=sub, sound=opus(), silent_from_s=57),
        "mjpeg": FakeCamera(main=clip(JPEG), sub=None, sound=opus(), silent_from_s=57),
        "sees": FakeCamera(main=main, sub=sub, sees=document),
        "babbles": FakeCamera(main=main, sub=sub, sees=gibberish),
        "down": FakeCamera(main=main, sub=sub, down="The camera refused the password."),
    }


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeMediaServer]:
    pages = tmp_path_factory.mktemp("pages")
    vite = WEB / "node_modules" / ".bin" / "vite"
    assert vite.exists(), "the web app's packages are missing: run `make setup`"
    command = [str(vite), "build", "dev/player", "--outDir", str(pages), "--emptyOutDir", "--logLevel", "error"]
    subprocess.run(command, cwd=WEB, check=True)
    with FakeMediaServer(pages, cameras()).running() as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield started
        started.close()


class Tile:
    """One player of the page."""

    def __init__(self, page: Page) -> None:
        self.handle: JSHandle = page.evaluate_handle("tile()")
        self._page = page

    def do(self, script: str) -> Any:
        """Run *script* with `player` and `tile`."""
        return self.handle.evaluate(f"(tile) => {{ const player = tile.player; return {script}; }}")

    def wait(self, condition: str, *, seconds: float = 8) -> None:
        """Until *condition* (of `tile`) holds."""
        script = f"(tile) => {condition}"
        try:
            self._page.wait_for_function(script, arg=self.handle, timeout=seconds * 1000)
        except Exception as error:
            raise AssertionError(f"{condition}; states {self.states()}; frames {len(self.frames())}") from error

    def frames(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.do("tile.frames")
        return found

    def states(self) -> list[dict[str, Any]]:
        """All states told; members without a value left out."""
        found: list[dict[str, Any]] = self.do("tile.states")
        return [{name: value for name, value in state.items() if value is not None} for state in found]

    def kinds(self) -> list[str]:
        return [state["kind"] for state in self.states()]

    def blacks(self) -> int:
        """How often the tile was seen black, or empty again, after its first picture."""
        return int(
            self.do(
                "(() => { const l = tile.looks; const first = l.findIndex((x) => x.counter !== null);"
                " return l.slice(first).filter((x) => x.black || x.empty).length; })()"
            )
        )


class Pages:
    """One page for each script that runs before all others; what went wrong in any of them."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser = browser
        self._url = url
        self._pages: dict[str, Page] = {}
        self.errors: list[str] = []

    def get(self, script: str) -> Page:
        if script not in self._pages:
            self._pages[script] = self._open(script)
        return self._pages[script]

    def _open(self, script: str) -> Page:
        page = self._browser.new_context(viewport={"width": 900, "height": 900}).new_page()
        page.add_init_script(script or "0")
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.goto(self._url)
        return page


@pytest.fixture(scope="module")
def pages(browser: Browser, server: FakeMediaServer) -> Pages:
    return Pages(browser, f"http://127.0.0.1:{server.port}/")


@pytest.fixture
def page(pages: Pages, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page; a test's parameter is a script that ran before all others."""
    pages.errors.clear()
    opened = pages.get(getattr(request, "param", ""))
    opened.wait_for_function("socket.state === 'open'")
    yield opened
    opened.evaluate("closeTiles()")
    opened.wait_for_timeout(20)
    expected = ("favicon", "404", "WebSocket connection")
    assert not [error for error in pages.errors if not any(words in error for words in expected)]


def counter_at(utc_us: int, fps: int) -> int:
    """The counter of the picture taken at a moment."""
    return utc_us * fps // SECOND % (CLIP_S * fps)


def assert_true_to_time(frames: list[dict[str, Any]]) -> None:
    """Each picture that was painted is the one whose time was told."""
    for frame in frames:
        shape = MAIN if frame["stream"] == "main" else SUB
        assert frame["look"]["counter"] == counter_at(frame["utcUs"] + 1000, shape.fps), frame


def recent(server: FakeMediaServer, seconds: float) -> int:
    """A moment of the recording, so long before its end."""
    return server.started_us - round(seconds * SECOND)


def print_age(page: Page, name: str, frames: list[dict[str, Any]], fps: int) -> None:
    """How old pictures were when painted: the camera has one whole a picture's duration after its time."""
    origin_ms = page.evaluate("performance.timeOrigin")
    ages = sorted(origin_ms + frame["atMs"] - frame["utcUs"] / 1000 - 1000 / fps for frame in frames)
    print(f"{name}: behind {ages[len(ages) // 2]:.0f} ms median, {ages[len(ages) * 95 // 100]:.0f} ms p95")


def live(main: bool = False, sound: bool = False) -> str:
    return f"{{ main: {str(main).lower()}, sound: {str(sound).lower()} }}"


def test_a_live_picture_appears_and_moves(page: Page) -> None:
    tile = Tile(page)

    clicked = tile.do(f"(() => {{ const at = performance.now(); player.live('plain', {live()}); return at; }})()")
    tile.wait("tile.frames.length > 12")

    frames = tile.frames()
    print(f"first picture after {frames[0]['atMs'] - clicked:.0f} ms")
    assert tile.states()[-1] == {"kind": "playing", "stream": "sub", "engine": "webcodecs"}
    assert_true_to_time(frames)
    assert tile.blacks() == 0


def test_main_comes_up_under_sub_without_a_black_picture(page: Page, server: FakeMediaServer) -> None:
    tile = Tile(page)

    tile.do(f"player.live('plain', {live(main=True)})")
    tile.wait("tile.frames.filter((frame) => frame.stream === 'main').length > 25")

    frames = tile.frames()
    print_age(page, "main through WebCodecs", frames[-20:], MAIN.fps)
    assert tile.blacks() == 0
    assert [frame["look"]["main"] for frame in frames] == [frame["stream"] == "main" for frame in frames]
    assert_true_to_time(frames)
    assert server.requests[-1]["type"] == "close"


@pytest.mark.parametrize("page", ["", INSECURE], indirect=True, ids=["webcodecs", "mse"])
def test_main_comes_up_also_where_it_was_ready_before_sub(page: Page) -> None:
    tile = Tile(page)

    tile.do(f"player.live('main-first', {live(main=True)})")
    tile.wait("tile.frames.filter((frame) => frame.stream === 'main').length > 5")

    streams = [frame["stream"] for frame in tile.frames()]
    assert streams[0] == "sub"
    assert streams == sorted(streams, reverse=True)


@pytest.mark.parametrize("page", [INSECURE], indirect=True)
def test_without_webcodecs_live_and_main_come_through_media_source(page: Page) -> None:
    tile = Tile(page)

    tile.do(f"player.live('plain', {live(main=True)})")
    tile.wait("tile.frames.filter((frame) => frame.stream === 'main').length > 40")

    assert tile.states()[-1] == {"kind": "playing", "stream": "main", "engine": "mse"}
    assert tile.blacks() == 0
    frames = [frame for frame in tile.frames() if frame["stream"] == "main"]
    print_age(page, "main through Media Source", frames[20:], MAIN.fps)
    times = [frame["utcUs"] for frame in frames]
    assert times == sorted(times)


@pytest.mark.parametrize("page", [BROKEN_DECODER], indirect=True)
def test_a_decoder_that_fails_at_once_is_not_asked_again(page: Page) -> None:
    tile = Tile(page)

    tile.do(f"player.live('plain', {live()})")
    tile.wait("tile.frames.length > 3")

    assert tile.states()[-1] == {"kind": "playing", "stream": "sub", "engine": "mse"}
    assert "webcodecs avc1" in page.evaluate("localStorage['tawny.unplayable']")


@pytest.mark.parametrize("page", ["", INSECURE], indirect=True, ids=["webcodecs", "mse"])
def test_a_new_size_in_the_middle_of_live_is_shown(page: Page) -> None:
    tile = Tile(page)

    tile.do(f"player.live('changed', {live(main=True)})")
    tile.wait("tile.frames.filter((frame) => frame.stream === 'main').length > 40")

    widths = tile.do(
        "tile.element.querySelector('canvas, video').videoWidth || tile.element.querySelector('canvas').width"
    )
    assert widths in {MAIN.width, SMALLER.width}
    assert tile.blacks() == 0
    assert "failed" not in tile.kinds()


def test_a_main_stream_that_cannot_be_played_leaves_sub_and_says_so(page: Page) -> None:
    tile = Tile(page)

    tile.do(f"player.live('h265', {live(main=True)})")
    tile.wait("tile.states.at(-1).note")

    note = "Shown in low resolution: this browser can't play H.265."
    assert tile.states()[-1] == {"kind": "playing", "stream": "sub", "engine": "webcodecs", "note": note}


def test_where_nothing_can_be_played_the_state_says_what_to_do(page: Page) -> None:
    tile = Tile(page)

    tile.do(f"player.live('only-h265', {live()})")
    tile.wait("tile.states.at(-1).kind === 'failed'")

    assert tile.states()[-1]["title"] == "This browser can't play H.265."
    assert "H.264" in tile.states()[-1]["remedy"]


def test_a_camera_without_sub_stream_shows_main(page: Page) -> None:
    tile = Tile(page)

    tile.do(f"player.live('no-sub', {live()})")
    tile.wait("tile.frames.length > 5")

    assert tile.states()[-1] == {"kind": "playing", "stream": "main", "engine": "webcodecs"}


def test_a_camera_that_is_down_says_why(page: Page) -> None:
    tile = Tile(page)

    tile.do(f"player.live('down', {live()})")
    tile.wait("tile.states.at(-1).kind === 'waiting'")

    assert tile.states()[-1]["title"] == "The camera refused the password."


@pytest.mark.parametrize("camera", ["alaw", "aac", "opus"])
def test_live_sound_is_heard(page: Page, camera: str) -> None:
    tile = Tile(page)

    tile.do(f"player.live('{camera}', {live(main=True, sound=True)})")
    tile.wait("tile.frames.filter((frame) => frame.stream === 'main').length > 30")

    assert tile.do("tile.element.querySelector('video').webkitAudioDecodedByteCount") > 0
    assert tile.do("tile.element.querySelector('video').muted") is False
    assert tile.blacks() == 0


def test_hidden_tiles_stop_streaming_and_come_back_with_their_picture(page: Page, server: FakeMediaServer) -> None:
    tile = Tile(page)
    tile.do(f"player.live('plain', {live()})")
    tile.wait("tile.frames.length > 3")

    tile.do("player.setVisible(false)")
    page.wait_for_timeout(200)
    asked, seen = len(server.requests), len(tile.frames())
    closed = server.requests[-1]["type"]
    tile.do("player.setVisible(true)")
    tile.wait(f"tile.frames.length > {seen + 3}")

    assert closed == "close"
    assert [request["type"] for request in server.requests[asked:]] == ["open"]
    assert tile.blacks() == 0


def test_a_broken_connection_comes_back_by_itself(page: Page, server: FakeMediaServer) -> None:
    tile = Tile(page)
    tile.do(f"player.live('plain', {live()})")
    tile.wait("tile.frames.length > 3")

    server.break_connections()
    tile.wait("tile.states.at(-1).kind === 'waiting'")
    before = len(tile.frames())
    tile.wait(f"tile.states.at(-1).kind === 'playing' && tile.frames.length > {before + 3}")

    assert tile.blacks() == 0


ENGINES = pytest.mark.parametrize("page", ["", INSECURE], indirect=True, ids=["webcodecs", "mse"])


def play(tile: Tile, camera: str, from_us: int, *, sound: bool = False) -> None:
    tile.do(f"player.playback('{camera}', {from_us}, {{ stream: 'main', sound: {str(sound).lower()} }})")


@ENGINES
def test_playback_begins_at_the_moment_asked_for_and_runs_in_real_time(page: Page, server: FakeMediaServer) -> None:
    tile = Tile(page)
    start = recent(server, 60.5)

    play(tile, "plain", start)
    tile.wait("tile.frames.length > 40")

    frames = tile.frames()
    assert start - 41_000 <= frames[0]["utcUs"] <= start + 200_000  # a busy machine may not tell of the very first
    assert [frame["utcUs"] for frame in frames] == sorted(frame["utcUs"] for frame in frames)
    media_s = (frames[-1]["utcUs"] - frames[0]["utcUs"]) / SECOND
    wall_s = (frames[-1]["atMs"] - frames[0]["atMs"]) / 1000
    assert media_s == pytest.approx(wall_s, abs=0.35)
    assert abs(tile.do("player.currentUtcUs()") - frames[-1]["utcUs"]) < 2 * SECOND


@ENGINES
def test_a_gap_is_explained_and_then_crossed(page: Page, server: FakeMediaServer) -> None:
    tile = Tile(page)

    play(tile, "gaps", recent(server, 57))
    tile.wait("tile.states.at(-1).kind === 'gap'")
    gap = tile.states()[-1]
    behind = recent(server, 20)
    tile.wait(f"tile.frames.at(-1).utcUs > {behind + SECOND // 2}")

    assert (gap["title"], gap["reason"]) == ("The camera was not reachable.", "camera_lost")
    assert not [f for f in tile.frames() if recent(server, 56) <= f["utcUs"] < behind - 40_000]
    assert tile.states()[-1]["kind"] == "playing"
    assert tile.blacks() == 0


@ENGINES
def test_playback_that_begins_in_a_gap_says_so_and_goes_to_the_next_footage(
    page: Page, server: FakeMediaServer
) -> None:
    tile = Tile(page)

    play(tile, "gaps", recent(server, 40.5))
    tile.wait("tile.frames.length > 3")

    assert tile.kinds()[:4] == ["idle", "loading", "gap", "playing"]
    assert recent(server, 20) <= tile.frames()[0]["utcUs"] <= recent(server, 19.8)


@ENGINES
def test_a_new_format_in_the_recording_plays_on(page: Page, server: FakeMediaServer) -> None:
    tile = Tile(page)

    play(tile, "changed", recent(server, 59.5))
    tile.wait(f"tile.frames.at(-1)?.utcUs > {recent(server, 57.2)}")

    assert tile.blacks() == 0
    assert tile.kinds() == ["idle", "loading", "playing"]


@ENGINES
def test_seeks_in_the_buffer_ask_for_nothing(page: Page, server: FakeMediaServer) -> None:
    tile = Tile(page)
    play(tile, "plain", recent(server, 60))
    tile.wait("tile.frames.length > 3")
    page.wait_for_timeout(200)
    asked = len(server.requests)

    target = recent(server, 50.02)
    play(tile, "plain", target)
    tile.wait(f"Math.abs(tile.frames.at(-1).utcUs - {target}) < 500000")

    assert [request["type"] for request in server.requests[asked:] if request["type"] == "open"] == []


def test_steps_show_the_very_next_and_the_very_previous_picture(page: Page, server: FakeMediaServer) -> None:
    tile = Tile(page)
    play(tile, "plain", recent(server, 59.4))
    tile.wait("tile.frames.length > 3")
    tile.do("player.pause()")
    page.wait_for_timeout(100)
    start = tile.do("player.currentUtcUs()")

    for count, moved in [(1, 1), (1, 2), (-1, 1), (-1, 0), (-1, -1), (-20, -21)]:
        seen = len(tile.frames())
        tile.do(f"player.step({count})")
        tile.wait(f"tile.frames.length > {seen}")
        frame = tile.frames()[-1]
        assert frame["utcUs"] == start + moved * 40_000
        assert frame["look"]["counter"] == counter_at(frame["utcUs"] + 1000, MAIN.fps)
    assert tile.states()[-1] == {"kind": "paused"}


@pytest.mark.parametrize("page", [INSECURE], indirect=True)
def test_media_source_steps_too(page: Page, server: FakeMediaServer) -> None:
    tile = Tile(page)
    play(tile, "plain", recent(server, 59.4))
    tile.wait("tile.frames.length > 3")
    tile.do("player.pause()")
    page.wait_for_timeout(200)
    start = tile.do("player.currentUtcUs()")

    for count, moved in [(1, 1), (-1, 0), (-1, -1)]:
        seen = len(tile.frames())
        tile.do(f"player.step({count})")
        tile.wait(f"tile.frames.length > {seen}")
        assert abs(tile.frames()[-1]["utcUs"] - (start + moved * 40_000)) <= 1000


@ENGINES
def test_reordered_pictures_are_shown_in_order(page: Page, server: FakeMediaServer) -> None:
    tile = Tile(page)

    play(tile, "reordered", recent(server, 60))
    tile.wait("tile.frames.length > 20")

    times = [frame["utcUs"] for frame in tile.frames()]
    assert times == sorted(times)
    assert tile.kinds() == ["idle", "loading", "playing"]


@ENGINES
def test_fast_playback_keeps_its_speed(page: Page, server: FakeMediaServer) -> None:
    tile = Tile(page)
    tile.do("player.setRate(4)")

    play(tile, "plain", recent(server, 60))
    tile.wait("tile.frames.length > 0")
    page.wait_for_timeout(1200)

    frames = tile.frames()
    media_s = (frames[-1]["utcUs"] - frames[0]["utcUs"]) / SECOND
    assert media_s > 2.2 * (frames[-1]["atMs"] - frames[0]["atMs"]) / 1000


@ENGINES
def test_the_end_of_the_recording_is_told(page: Page, server: FakeMediaServer) -> None:
    tile = Tile(page)

    play(tile, "plain", server.now_us() - 2 * SECOND)
    tile.wait("tile.states.at(-1).kind === 'ended'")

    assert (tile.frames()[-1]["utcUs"] + 41_000) % SECOND < 2_000  # the last picture of a whole second


def test_what_is_recorded_meanwhile_is_played_too(page: Page, server: FakeMediaServer) -> None:
    tile = Tile(page)
    tile.do("player.setRate(4)")
    start = server.now_us()

    play(tile, "recording", start - 15 * SECOND)
    tile.wait(f"tile.frames.at(-1)?.utcUs > {start + SECOND}")

    assert "ended" not in tile.kinds()
    assert tile.blacks() == 0


@ENGINES
def test_a_moment_that_is_not_on_file_yet_is_the_end(page: Page, server: FakeMediaServer) -> None:
    tile = Tile(page)

    play(tile, "plain", server.now_us() + SECOND // 10)
    tile.wait("tile.states.at(-1).kind === 'ended'")

    assert tile.kinds()[-1] == "ended"


@pytest.mark.parametrize("camera", ["alaw", "aac", "opus"])
def test_sound_that_is_missing_for_a_second_does_not_stop_the_picture(
    page: Page, server: FakeMediaServer, camera: str
) -> None:
    tile = Tile(page)

    play(tile, camera, recent(server, 57.7), sound=True)
    tile.wait(f"tile.frames.at(-1)?.utcUs > {recent(server, 55.8)}")

    assert tile.states()[-1]["engine"] == "mse"
    assert tile.do("tile.element.querySelector('video').webkitAudioDecodedByteCount") > 0
    assert "gap" not in tile.kinds()


@pytest.mark.parametrize("page", ["", INSECURE], indirect=True, ids=["webcodecs", "insecure"])
def test_mjpeg_is_drawn_live_with_its_sound_beside_it(page: Page) -> None:
    tile = Tile(page)
    page.evaluate(HEARING)

    tile.do(f"player.live('mjpeg', {live(main=True, sound=True)})")
    tile.wait("tile.frames.length > 40")

    frames = tile.frames()
    print_age(page, "MJPEG live", frames, JPEG.fps)
    assert tile.states()[-1] == {"kind": "playing", "stream": "main", "engine": "webcodecs"}
    assert_true_to_time(frames)
    assert tile.blacks() == 0
    page.wait_for_function("heard.some((each) => each.currentTime > 0 && !each.paused)", timeout=5000)


@pytest.mark.parametrize("page", ["", INSECURE], indirect=True, ids=["webcodecs", "insecure"])
def test_mjpeg_plays_back_in_real_time_steps_and_keeps_its_sound(page: Page, server: FakeMediaServer) -> None:
    tile = Tile(page)
    page.evaluate(HEARING)
    start = recent(server, 58.5)

    play(tile, "mjpeg", start, sound=True)
    tile.wait(f"tile.frames.at(-1)?.utcUs > {recent(server, 55)}", seconds=10)
    apart_s = page.evaluate(
        "tile => (tile.player.currentUtcUs() / 1e6) % 1 - heard.find((each) => !each.paused).currentTime % 1",
        tile.handle,
    )
    tile.do("player.pause()")
    tile.wait("tile.states.at(-1).kind === 'paused'")
    at = tile.do("player.currentUtcUs()")
    tile.do("player.step(1)")
    tile.wait(f"tile.frames.at(-1).utcUs > {at}")

    frames = tile.frames()
    assert_true_to_time(frames)
    assert tile.do("player.currentUtcUs()") - at == pytest.approx(40_000, abs=2)
    assert abs((apart_s + 0.5) % 1 - 0.5) < 0.35  # media times begin at a whole second
    assert "gap" not in tile.kinds()


def test_mjpeg_plays_backwards_and_fast(page: Page, server: FakeMediaServer) -> None:
    tile = Tile(page)
    play(tile, "mjpeg", recent(server, 30))
    tile.wait("tile.frames.length > 5")

    tile.do("player.setRate(-2)")
    before = tile.do("player.currentUtcUs()")
    tile.wait(f"tile.frames.at(-1).utcUs < {before - 2 * SECOND}")
    tile.do("player.setRate(8)")
    tile.wait(f"tile.frames.at(-1).utcUs > {before + 4 * SECOND}")

    assert_true_to_time(tile.frames())


def on_the_way(at_us: int) -> set[float]:
    """Where the object is by the page at that moment: between what was told before and after it, or, while nothing was
    told after it, where it was heading, for the time of one more document. Nowhere in particular when it begins anew."""
    before, now, after = (seen_left(at_us + away) for away in (-TOLD_US, 0, TOLD_US))
    part = at_us % TOLD_US / TOLD_US
    return {now + (after - now) * part, now + (now - before) * part, now} if before < now < after else set()


@ENGINES
def test_what_the_camera_sees_is_told_with_its_picture_live_and_recorded(page: Page, server: FakeMediaServer) -> None:
    for wish in (f"live('sees', {live(main=True)})", f"playback('sees', {recent(server, 60.3)}, {MAIN_SILENT})"):
        tile = Tile(page)
        tile.do(
            "(tile.seen = [], tile.element.addEventListener('tawny:boxes', ({ detail }) => tile.seen.push(detail)))"
        )

        tile.do(f"player.{wish}")
        tile.wait("tile.seen.length > 25")

        seen = [(each, on_the_way(each["utcUs"])) for each in tile.do("tile.seen")[1:]]
        assert sum(bool(places) for _, places in seen) > 5
        for each, places in seen:
            if not places:
                continue
            (box,) = each["boxes"]
            assert any(abs(box["left"] - left) < 0.002 for left in places), each
            assert (box["id"], box["kind"], box["likelihood"]) == ("7", "Human", 0.7)
            assert [box["top"], box["bottom"]] == [pytest.approx(0.25), pytest.approx(0.5)]
            assert box["right"] == pytest.approx(box["left"] + 0.25)


@ENGINES
def test_metadata_that_are_none_disturb_no_picture(page: Page, server: FakeMediaServer) -> None:
    for wish in (f"live('babbles', {live(main=True)})", f"playback('babbles', {recent(server, 60.3)}, {MAIN_SILENT})"):
        tile = Tile(page)
        tile.do(
            "(tile.seen = [], tile.element.addEventListener('tawny:boxes', ({ detail }) => tile.seen.push(detail)))"
        )

        tile.do(f"player.{wish}")
        tile.wait("tile.frames.length > 60")

        assert set(tile.kinds()) <= {"idle", "loading", "playing"}
        assert tile.do("tile.seen") == []


def test_boxes_go_with_the_camera_and_with_its_metadata(page: Page, server: FakeMediaServer) -> None:
    tile = Tile(page)
    tile.do("(tile.seen = [], tile.element.addEventListener('tawny:boxes', ({ detail }) => tile.seen.push(detail)))")
    tile.do(f"player.live('sees', {live()})")
    tile.wait("tile.seen.length > 2")

    tile.do(f"player.live('plain', {live()})")
    tile.wait("tile.frames.length > 20")

    assert tile.do("tile.seen.at(-1).boxes") == []


def test_live_after_playback_and_another_camera_never_show_the_wrong_picture(
    page: Page, server: FakeMediaServer
) -> None:
    tile = Tile(page)
    play(tile, "plain", recent(server, 30))
    tile.wait("tile.frames.length > 3")

    tile.do(f"player.live('plain', {live()})")
    tile.wait("tile.frames.at(-1).stream === 'sub'")
    blacks = tile.blacks()
    left = tile.do(f"(player.live('changed', {live()}), tile.element.querySelectorAll('canvas, video').length)")

    assert blacks == 0
    assert left == 0


def test_a_snapshot_has_the_stream_s_own_size(page: Page) -> None:
    tile = Tile(page)
    tile.do(f"player.live('no-sub', {live()})")
    tile.wait("tile.frames.length > 3")

    size = tile.do(
        "player.snapshot().then(createImageBitmap).then((bitmap) => [bitmap.width, bitmap.height])",
    )

    assert size == [MAIN.width, MAIN.height]


def test_sixteen_players_share_a_page(page: Page) -> None:
    tiles = [Tile(page) for _ in range(16)]
    for tile in tiles:
        tile.do("tile.watching = false")
        tile.do(f"player.live('plain', {live()})")
    for tile in tiles:
        tile.wait("tile.frames.length > 5")

    page.wait_for_timeout(1000)

    told = [len(tile.frames()) for tile in tiles]
    print(f"pictures painted: {told}")
    for tile in tiles:
        assert_true_to_time(tile.frames())
        tile.do("player.close()")
    assert page.evaluate("document.querySelectorAll('#tiles canvas, #tiles video').length") == 0


def test_the_page_s_samples_are_what_our_python_makes() -> None:
    assert player_samples.FILE.read_text() == player_samples.text()


def shade(page: Page, x: float) -> list[int]:
    """The colour of the timeline's lane, in CSS pixels from its left edge."""
    script = (
        "(x) => { const c = document.getElementById('timeline'); const r = devicePixelRatio;"
        " return [...c.getContext('2d').getImageData(x * r, 40 * r, 1, 1).data]; }"
    )
    found: list[int] = page.evaluate(script, x)
    return found


def test_the_timeline_draws_seeks_and_zooms(page: Page) -> None:
    hour = 3600 * SECOND
    start = 1_795_000_000 * SECOND
    gap = {"fromUs": start + hour // 2, "toUs": start + hour * 5 // 8, "reason": "disk", "title": "The disk was full."}
    spans = [{"fromUs": start, "toUs": gap["fromUs"], "kind": "continuous"}]
    piece = {"fromUs": start, "toUs": start + hour, "spans": spans, "gaps": [gap]}
    page.evaluate(
        "([piece, start, hour]) => { timeline.setNow(start + hour); timeline.setZone('Europe/Berlin');"
        " timeline.setRange(start, start + hour); timeline.setLanes([{ name: '', pieces: [piece] }]); timeline.setPlayhead(start + hour / 4, false); }",
        [piece, start, hour],
    )
    page.wait_for_timeout(100)
    box = page.locator("#timeline").bounding_box()
    assert box is not None

    recorded, future = shade(page, 60), shade(page, 790)
    page.mouse.move(box["x"] + 450, box["y"] + 40)
    page.mouse.click(box["x"] + 400, box["y"] + 40)
    page.mouse.wheel(0, -500)
    page.mouse.move(box["x"] + 300, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 350, box["y"] + 40, steps=3)
    page.mouse.up()
    page.wait_for_timeout(50)
    events = page.evaluate("timelineEvents")

    assert recorded != future
    hovered = [event for event in events if event[0] == "hover"]
    assert hovered[0][2]["title"] == "The disk was full."
    sought = [event for event in events if event[0] == "seek"]
    assert sought == [["seek", pytest.approx(start + hour / 2, abs=3 * SECOND)]]
    ranges = [event for event in events if event[0] == "range"]
    assert ranges[0][2] - ranges[0][1] < 0.5 * hour
    assert ranges[-1][1] < ranges[0][1]
