"""A camera's settings, steering, talk, events and identity in the app: in Debian's Chromium, over a hub whose recorder is documents."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from bench.browser import log_in, page_of, screenshot, wait_in_page
from bench.processes import wait_for
from bench.tawny_under_test import Tawny
from tests.fakes.steering import (
    camera_settings_document,
    controls_document,
    event_document,
    result_document,
)
from tests.fakes.storage import camera_document
from tests.hub.running import PASSWORD, USER
from tests.journeys.staged import Stage, staged
from tests.journeys.test_web_app import demo, page, violations

__all__ = ["demo", "page"]
pytestmark = pytest.mark.journey

SETTINGS = "/cameras/cam_1/settings"
PTZ = "/cameras/cam_1/ptz"
MALICE = '<img src=x onerror="window.hacked=1">'
EVENTS = [
    event_document(1, "person", classes=["Human"], until=None),
    event_document(2, "tamper", title="The camera is covered."),
    event_document(3, "line", camera="cam_2", classes=["Vehicle"]),
    event_document(2000, "other", title=MALICE, camera="cam_gone"),
]
CAMERAS = {"items": [camera_document(1, "Gate", ptz=True, clock_offset_s=-3725.0), camera_document(2, "Yard")]}


@contextmanager
def stage(answers: Mapping[tuple[str, str], Any] | None = None) -> Iterator[Stage]:
    """A recorder with a camera that can do everything."""
    usual: dict[tuple[str, str], Any] = {
        ("GET", "/cameras"): CAMERAS,
        ("GET", SETTINGS): camera_settings_document(),
        ("PATCH", SETTINGS): {"settings": camera_settings_document(), "results": []},
        ("POST", f"{SETTINGS}/actions"): {"title": "The camera is being restarted."},
        ("GET", "/cameras/cam_1/controls"): controls_document(),
        ("GET", "/cameras/cam_2/controls"): controls_document(ptz=None, focus=None, relays=[], inputs=[], talk=False),
        ("POST", PTZ): controls_document(),
        ("POST", "/cameras/cam_1/focus"): controls_document(),
        ("POST", "/cameras/cam_1/relay"): controls_document(),
        ("GET", "/events"): {"items": EVENTS, "next": None},
        ("PATCH", "/cameras/cam_1"): camera_document(1, "Gate"),
    }
    with staged({**usual, **(answers or {})}) as playing:
        yield playing


@contextmanager
def opened(playing: Stage, path: str, *, width: int = 1440) -> Iterator[Page]:
    with page_of(playing.url + path, width=width) as page:
        log_in(page, {"user": USER, "password": PASSWORD})
        yield page


def asked(playing: Stage, method: str, path: str, count: int = 1) -> list[Any]:
    """With what the recorder was asked there, once it was asked so often."""
    wait_for(lambda: len(playing.bodies(method, path)) >= count, timeout_s=10, what=f"{count} of {method} {path}")
    return playing.bodies(method, path)


def middle(target: Locator) -> tuple[float, float]:
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_what_was_changed_is_saved_and_each_field_says_what_became_of_it() -> None:
    results = [
        result_document("video.main", "frame_rate", 13, 12, title="The camera made it 12."),
        result_document("video.main", "bitrate", 9000, 4096, ok=False, title="The camera refused this bit rate."),
        result_document("video.main", "encoding", "H265", "H265"),
    ]
    written = {"settings": camera_settings_document(frames=12), "results": results}
    with (
        stage({("PATCH", SETTINGS): written}) as playing,
        opened(playing, "/cameras/cam_1?part=settings") as page,
    ):
        frames, bits = page.get_by_label("Frame rate (fps)"), page.get_by_label("Bit rate (kbit/s)")
        save = page.get_by_role("button", name="Save to the camera")
        bits.fill("20")
        expect(page.get_by_text("This camera takes 64 to 16,384 kbit/s.")).to_be_visible()
        expect(save).to_be_disabled()
        bits.fill("9000")
        frames.fill("13")
        page.get_by_label("Codec").select_option(label="H.265")
        expect(page.get_by_text("3 changes are not saved yet.")).to_be_visible()
        screenshot(page, "settings-changed")
        save.click()

        expect(page.get_by_text("The camera made it 12.")).to_be_visible()
        expect(page.get_by_text("The camera refused this bit rate.")).to_be_visible()
        expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
        expect(page.get_by_text("1 of 3 changes were saved as you wished.")).to_be_visible()
        expect(frames).to_have_value("12")
        screenshot(page, "settings-saved")
        assert violations(page) == []

    wanted = {"video.main": {"encoding": "H265", "frame_rate": 13, "bitrate": 9000}}
    assert playing.bodies("PATCH", SETTINGS) == [{"settings": wanted}]


def test_a_value_that_is_put_back_is_not_sent() -> None:
    with stage() as playing, opened(playing, "/cameras/cam_1?part=settings") as page:
        frames = page.get_by_label("Frame rate (fps)")
        frames.fill("10")
        expect(page.get_by_role("button", name="Save to the camera")).to_be_visible()
        frames.fill("25")

        expect(page.get_by_role("button", name="Save to the camera")).to_be_hidden()


def test_what_is_not_saved_yet_stays_while_another_part_is_looked_at() -> None:
    with stage() as playing, opened(playing, "/cameras/cam_1?part=settings") as page:
        page.get_by_label("Frame rate (fps)").fill("10")
        page.get_by_role("link", name="About").click()
        marked = page.get_by_role("link", name="Settings Not saved yet")
        expect(marked).to_be_visible()
        screenshot(page, "settings-unsaved")
        assert violations(page) == []
        asked: list[str] = []

        def leave(dialog: Dialog) -> None:
            asked.append(dialog.type)
            dialog.accept()

        page.on("dialog", leave)
        page.get_by_role("link", name="Events").first.click()
        page.go_back()
        marked.click()

        expect(page.get_by_label("Frame rate (fps)")).to_have_value("10")
        page.reload()
        expect(page.get_by_role("link", name="Settings", exact=True)).to_be_visible()

    assert asked == ["beforeunload"]


def test_what_can_only_be_read_is_told_and_what_has_consequences_is_asked_for_twice() -> None:
    with stage() as playing, opened(playing, "/cameras/cam_1?part=settings") as page:
        page.get_by_role("heading", name="Picture").click()
        expect(page.get_by_text("Day and night decide.")).to_be_visible()
        expect(page.get_by_label("Infrared filter")).to_have_count(0)
        page.get_by_role("heading", name="Device").click()
        page.get_by_role("button", name="Restart").click()
        expect(page.get_by_text("Nothing is recorded for about a minute.")).to_be_visible()
        assert playing.bodies("POST", f"{SETTINGS}/actions") == []
        page.get_by_role("dialog").get_by_role("button", name="Continue").click()

        expect(page.get_by_text("The camera is being restarted.")).to_be_visible()

    assert playing.bodies("POST", f"{SETTINGS}/actions") == [{"action": "reboot"}]


def test_masks_are_drawn_over_the_picture_with_pointer_and_keys() -> None:
    with stage() as playing, opened(playing, "/cameras/cam_1?part=settings") as page:
        page.get_by_role("heading", name="Privacy masks").click()
        page.get_by_role("button", name="Add an area").click()
        expect(page.get_by_text("This camera takes at most 2 areas.")).to_be_visible()
        expect(page.get_by_role("button", name="Add an area")).to_be_disabled()
        corner = page.get_by_role("button", name="Corner 3 of area 1")
        x, y = middle(corner)
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x - 30, y + 20, steps=4)
        page.mouse.up()
        page.get_by_role("button", name="Area 2: move").press("Shift+ArrowLeft")
        screenshot(page, "masks")
        assert violations(page) == []
        page.get_by_role("button", name="Save to the camera").click()
        [body] = asked(playing, "PATCH", SETTINGS)

    first, second = body["settings"]["masks"]["areas"]
    (left, top), (right, bottom) = first["points"][0], first["points"][2]
    assert (left, top) == (0.1, 0.1)
    assert 0.2 < right < 0.3
    assert bottom > 0.4
    assert first["points"] == [[left, top], [right, top], [right, bottom], [left, bottom]]
    assert second["points"][0] == [0.385, 0.435]


def test_a_mask_is_taken_away_by_its_key() -> None:
    with stage() as playing, opened(playing, "/cameras/cam_1?part=settings") as page:
        page.get_by_role("heading", name="Privacy masks").click()
        page.get_by_role("button", name="Area 1: move").press("Delete")
        expect(page.get_by_text("Nothing is hidden.")).to_be_visible()
        page.get_by_role("button", name="Save to the camera").click()
        [body] = asked(playing, "PATCH", SETTINGS)

    assert body["settings"] == {"masks": {"areas": []}}


def test_the_camera_turns_for_as_long_as_a_button_is_held_and_stops_when_it_is_let_go() -> None:
    with stage() as playing, opened(playing, "/cameras/cam_1?part=control") as page:
        page.mouse.move(*middle(page.get_by_role("button", name="Right", exact=True)))
        page.mouse.down()
        asked(playing, "POST", PTZ, 3)
        page.mouse.up()
        wait_for(lambda: playing.bodies("POST", PTZ)[-1] == {"do": "stop"}, timeout_s=10, what="a stop")
        screenshot(page, "control")
        assert violations(page) == []

    *moves, stop = playing.bodies("POST", PTZ)
    assert all(move == {"do": "move", "pan": 0.5, "tilt": 0, "zoom": 0} for move in moves)
    assert stop == {"do": "stop"}


def test_arrow_keys_on_the_pad_turn_the_camera_and_not_the_player() -> None:
    with stage() as playing, opened(playing, "/cameras/cam_1?part=control") as page:
        page.get_by_role("button", name="Up", exact=True).focus()
        page.keyboard.down("ArrowLeft")
        asked(playing, "POST", PTZ)
        page.keyboard.up("ArrowLeft")
        asked(playing, "POST", PTZ, 2)

        assert page.url.endswith("/cameras/cam_1?part=control")

    assert playing.bodies("POST", PTZ) == [{"do": "move", "pan": -0.5, "tilt": 0, "zoom": 0}, {"do": "stop"}]


def test_positions_focus_and_outputs_are_used_by_name() -> None:
    with stage() as playing, opened(playing, "/cameras/cam_1?part=control") as page:
        page.get_by_role("button", name="Go to Entrance").click()
        page.get_by_role("button", name="Keep this view…").click()
        page.get_by_label("Name", exact=True).fill("Bins")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("Bins was kept.")).to_be_visible()
        page.get_by_role("switch", name="Focus by itself").click()
        page.get_by_role("button", name="Trigger Gate opener").click()
        page.get_by_role("switch", name="Floodlight").click()
        asked(playing, "POST", "/cameras/cam_1/relay", 2)
        expect(page.get_by_text("No change seen yet")).to_be_visible()

    assert playing.bodies("POST", PTZ) == [{"do": "preset", "preset": "1"}, {"do": "set_preset", "name": "Bins"}]
    assert playing.bodies("POST", "/cameras/cam_1/focus") == [{"do": "auto"}]
    assert playing.bodies("POST", "/cameras/cam_1/relay") == [
        {"relay": "r1", "active": True},
        {"relay": "r2", "active": False},
    ]


def test_only_what_a_camera_has_is_offered() -> None:
    with stage() as playing, opened(playing, "/cameras/cam_2") as page:
        parts = page.get_by_role("navigation", name="About the camera").get_by_role("link")
        expect(page.get_by_role("heading", name="Device")).to_be_visible()
        wait_for(lambda: bool(playing.bodies("GET", "/cameras/cam_2/controls")), timeout_s=10, what="the controls")

        expect(parts).to_have_text(["About", "Events", "Settings"])


def test_without_a_microphone_the_page_says_so_and_the_camera_is_not_disturbed() -> None:
    with (
        stage({("POST", "/cameras/cam_1/talk"): None}) as playing,
        opened(playing, "/cameras/cam_1?part=control") as page,
    ):
        page.mouse.move(*middle(page.get_by_role("button", name="Hold to talk")))
        page.mouse.down()

        expect(page.get_by_text("microphone").first).to_be_visible()
        page.mouse.up()

    assert playing.bodies("POST", "/cameras/cam_1/talk") == []


def test_events_of_all_cameras_are_listed_and_new_ones_appear_by_themselves() -> None:
    with stage() as playing, opened(playing, "/events") as page:
        rows = page.get_by_role("main").get_by_role("listitem")
        expect(rows).to_have_count(4)
        expect(rows.first).to_contain_text("Now")
        expect(rows.last).to_contain_text("Removed camera")
        expect(rows.last.get_by_role("link")).to_have_attribute("href", re.compile("^/devices/removed/cam_gone"))
        assert page.evaluate("window.hacked") is None
        playing.tell("event", event_document(0, "vehicle", camera="cam_2"))
        expect(rows).to_have_count(5)
        expect(rows.first).to_contain_text("Vehicle")
        playing.tell("event", event_document(1, "person", classes=["Human"]))
        expect(rows.filter(has_text="Now")).to_have_count(0)
        screenshot(page, "events")
        assert violations(page) == []


def test_filters_are_in_the_address_and_survive_a_reload() -> None:
    with stage() as playing, opened(playing, "/events") as page:
        page.get_by_role("button", name="Sabotage").click()
        page.get_by_label("Camera", exact=True).select_option(label="Gate")
        page.get_by_label("Day", exact=True).fill("2026-11-22")
        wait_in_page(page, "location.search.includes('day=2026-11-22')")
        assert page.url.endswith("/events?camera=cam_1&kind=tamper,blur,dark,bright&day=2026-11-22")
        page.reload()

        expect(page.get_by_role("button", name="Sabotage")).to_have_attribute("aria-pressed", "true")
        rows = page.get_by_role("main").get_by_role("listitem")
        expect(rows).to_have_count(4)
        playing.tell("event", event_document(0, "plate", title="Another kind", id="evt_other"))
        playing.tell("event", event_document(0, "blur", title="The lens is out of focus", id="evt_blur"))
        expect(rows.filter(has_text="The lens is out of focus")).to_have_count(1)
        expect(rows.filter(has_text="Another kind")).to_have_count(0)
        page.get_by_role("button", name="Show all").click()
        wait_in_page(page, "location.pathname + location.search === '/events'")


def test_an_event_leads_to_its_moment() -> None:
    with stage() as playing, opened(playing, "/events") as page:
        page.get_by_role("link", name="The camera is covered.").click()

        wait_in_page(page, "location.pathname === '/cameras/cam_1'")
        assert "?t=2026-11-22T11:57:58Z" in page.url


@pytest.mark.parametrize(
    ("kind", "button", "confirm", "body"),
    [
        ("certificate", "Trust the new certificate…", "Trust it", {"accept": "certificate"}),
        ("identity", "It is the same camera…", "Record it", {"accept": "identity"}),
    ],
)
def test_another_certificate_or_device_waits_for_a_persons_word(
    kind: str, button: str, confirm: str, body: Mapping[str, str]
) -> None:
    gate = camera_document(1, "Gate", fingerprint="ab" * 32)
    gate["device"] |= {"phase": "waiting", "kind": kind, "title": "Something else answers.", "remedy": "Look at it."}
    with (
        stage({("GET", "/cameras"): {"items": [gate]}}) as playing,
        opened(playing, "/cameras/cam_1") as page,
    ):
        expect(page.get_by_role("alert").filter(has_text="Something else answers.")).to_be_visible()
        page.get_by_role("button", name=button).click()
        screenshot(page, kind)
        assert violations(page) == []
        page.get_by_role("dialog").get_by_role("button", name=confirm).click()

        expect(page.get_by_role("dialog")).to_be_hidden()

    assert playing.bodies("PATCH", "/cameras/cam_1") == [body]


def test_a_refused_login_is_given_anew() -> None:
    gate = camera_document(1, "Gate")
    gate["device"] |= {"phase": "waiting", "kind": "credentials", "title": "The camera refused the login."}
    with (
        stage({("GET", "/cameras"): {"items": [gate]}}) as playing,
        opened(playing, "/cameras/cam_1") as page,
    ):
        page.get_by_role("button", name="Update the login").click()
        page.get_by_label("Password").fill("better secret")
        page.get_by_role("button", name="Sign in").click()

        expect(page.get_by_text("The login was changed.")).to_be_visible()

    assert playing.bodies("PATCH", "/cameras/cam_1") == [{"user": "viewer", "password": "better secret"}]


def test_a_clock_that_is_wrong_leads_to_where_it_is_set() -> None:
    with stage() as playing, opened(playing, "/cameras/cam_1") as page:
        expect(page.get_by_text("1 h 2 min behind")).to_be_visible()

        page.get_by_role("link", name="Set the clock").click()
        expect(page.get_by_role("heading", name="Main stream")).to_be_visible()


def test_on_a_phone_the_picture_stays_above_what_steers_it() -> None:
    with stage() as playing, opened(playing, "/cameras/cam_1?part=control", width=390) as page:
        x, y = middle(page.get_by_role("button", name="Trigger Gate opener"))
        box = page.locator("[data-zoomed]").bounding_box()

        screenshot(page, "control-phone")
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] < y
        assert x < 390


def test_on_a_phone_what_steers_the_player_takes_two_rows_and_the_rest_is_in_a_menu() -> None:
    camera = camera_document(1, "Gate")
    camera["streams"]["main"]["audio"] = {"codec": "aac", "sample_rate": 16000, "channels": 1}
    answers: dict[tuple[str, str], Any] = {("GET", "/cameras"): {"items": [camera]}}
    with stage(answers) as playing, opened(playing, "/cameras/cam_1", width=360) as page:
        expect(page.get_by_role("button", name="Sound on")).to_be_visible()
        controls = page.get_by_role("group", name="Player controls")
        box = controls.bounding_box()
        page.get_by_role("button", name="More", exact=True).click()
        expect(page.get_by_role("menuitem", name="Previous frame")).to_be_visible()
        screenshot(page, "player-phone")
        page.get_by_role("menuitem", name="Select a range").click()

        expect(page.get_by_role("region", name="Selected range")).to_be_visible()
        assert box is not None
        assert box["height"] < 110


HOSTILE = ("W" * 64, "بوابة المستودع الرئيسية", "<b>x</b> " * 7)
WIDER = """() => [...document.querySelectorAll('main *')].filter((each) => {
  const box = each.getBoundingClientRect();
  if (box.width === 0 || box.right <= innerWidth + 1) return false;
  for (let up = each.parentElement; up; up = up.parentElement)
    if (getComputedStyle(up).overflowX !== 'visible') return false;
  return true;
}).map((each) => `${each.tagName} ${each.textContent.slice(0, 40)}`).slice(0, 3)"""


def too_wide(page: Page) -> list[Any]:
    """What is wider than the window: the page as a whole, and what sticks out of it."""
    width = page.evaluate("document.documentElement.scrollWidth > innerWidth && document.documentElement.scrollWidth")
    return [*([width] if width else []), *page.evaluate(WIDER)]


@pytest.mark.parametrize("width", [360, 390, 720])
def test_names_of_any_length_and_direction_fit_every_page(width: int) -> None:
    long = {"make": "M" * 64, "model": "Model " * 20, "firmware": "1." * 50, "serial": "S" * 80}
    url = f"rtsp://{'host-' * 12}.example:30072/a/very/long/path/{'x' * 60}?a=1&b=2"
    cameras = {"items": [camera_document(i + 1, name, url=url, **long) for i, name in enumerate(HOSTILE)]}
    events = [event_document(i + 1, "person", camera=f"cam_{i + 1}", title="T" * 90) for i in range(3)]
    answers: dict[tuple[str, str], Any] = {
        ("GET", "/cameras"): cameras,
        ("GET", "/events"): {"items": events, "next": None},
    }
    paths = (
        "/",
        "/timeline?cameras=cam_1,cam_2",
        "/events",
        "/events?camera=cam_1",
        "/devices",
        *(f"/cameras/cam_{number}" for number in (1, 2, 3)),
        *(f"/cameras/cam_1?part={part}" for part in ("control", "events", "settings")),
    )
    with stage(answers) as playing, opened(playing, "/", width=width) as page:
        found = {}
        for path in paths:
            page.goto(playing.url + path)
            page.get_by_role("heading").first.wait_for(state="attached")
            page.wait_for_timeout(600)
            screenshot(page, f"long{path.replace('/', '-').replace('?', '-')}-{width}")
            found[path] = too_wide(page)

    assert {path: wide for path, wide in found.items() if wide} == {}


@pytest.mark.parametrize("width", [360, 390])
def test_no_page_is_wider_than_a_phone(demo: Tawny, width: int) -> None:
    ids = [each["id"] for each in demo.call("GET", "/cameras")["items"]]
    system = ("", "/storage", "/holds", "/exports", "/shares", "/evidence", "/evidence/sheet", "/verify")
    paths = (
        "/",
        f"/timeline?cameras={','.join(ids)}",
        "/events",
        "/devices",
        "/devices/add",
        "/devices/many",
        "/shared",
        "/design",
        "/nothing",
        *(f"/cameras/{ids[0]}?part={part}" for part in ("about", "control", "events", "settings")),
        *(f"/system{part}" for part in system),
    )
    with page_of(demo.url, width=width) as page:
        log_in(page, demo.login)
        found = {}
        for path in paths:
            page.goto(demo.url + path)
            page.get_by_role("heading").first.wait_for()
            page.wait_for_timeout(600)
            found[path] = too_wide(page)

    assert {path: wide for path, wide in found.items() if wide} == {}


def test_every_key_is_in_the_help() -> None:
    with stage() as playing, opened(playing, "/cameras/cam_1") as page:
        page.keyboard.press("?")
        help_ = page.get_by_role("dialog", name="Keyboard")

        for words in ("Find a camera", "This help", "Previous or next event", "Turn the camera"):
            expect(help_.get_by_text(words)).to_be_visible()
        screenshot(page, "help")
        page.keyboard.press("Escape")
        page.keyboard.press("/")
        expect(page.get_by_role("dialog")).to_be_visible()


def test_a_real_camera_is_set_turned_and_its_events_are_followed(page: Page, demo: Tawny) -> None:
    gate = next(each["id"] for each in demo.call("GET", "/cameras")["items"] if each["name"] == "Gate")
    where = f"{demo.url}/cameras/{gate}"

    page.goto(f"{where}?part=settings")
    page.get_by_role("heading", name="Picture", exact=True).click()
    page.get_by_role("spinbutton", name="Brightness").fill("60")
    page.get_by_role("button", name="Save to the camera").click()
    expect(page.get_by_text("The change was saved.")).to_be_visible(timeout=15_000)

    page.goto(f"{where}?part=control")
    page.mouse.move(*middle(page.get_by_role("button", name="Right", exact=True)))
    page.mouse.down()
    wait_for(lambda: pan_of(demo, gate) > 0.1, timeout_s=15, what="the camera turned")
    page.mouse.up()
    wait_for(lambda: pan_of(demo, gate) == pan_of(demo, gate), timeout_s=15, what="the camera standing still")
    page.get_by_role("button", name="Go to the home position").click()

    page.goto(f"{where}?part=events")
    rows = page.get_by_role("complementary").get_by_role("listitem")
    rows.filter(has_text="Person").first.click(timeout=30_000)
    wait_in_page(page, "location.search.includes('t=') && location.search.includes('part=events')")
    entered = page.url
    page.keyboard.press("c")
    wait_in_page(page, f"location.href !== {entered!r}")

    brightness = [field["value"] for field in fields_of(demo, gate) if field["id"] == "brightness"]
    assert brightness == [60]


def pan_of(demo: Tawny, camera: str) -> float:
    pan: float = demo.call("GET", f"/cameras/{camera}/controls")["ptz"]["position"]["pan"]
    return pan


def fields_of(demo: Tawny, camera: str) -> list[dict[str, Any]]:
    parts = demo.call("GET", f"/cameras/{camera}/settings")["parts"]
    return [field for part in parts for field in part["fields"]]
