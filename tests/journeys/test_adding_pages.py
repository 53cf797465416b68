"""The pages that find, try, add, swap and lose cameras, in Debian's Chromium over a hub whose recorder is documents."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bench.browser import log_in, page_of, screenshot
from bench.processes import wait_for
from tests.fakes.adding import (
    batch_document,
    channel_document,
    discovery_document,
    found_document,
    lost_document,
    ready_document,
    removed_document,
    report_document,
    result_document,
    settings_document,
    trial_document,
    trouble_document,
)
from tests.fakes.storage import camera_document
from tests.hub.running import PASSWORD, USER
from tests.journeys.staged import Stage, staged
from tests.journeys.test_web_app import violations

pytestmark = pytest.mark.journey

SECRET = "very secret"
FOUND = (
    found_document(7),
    found_document(8, name="", make="", model="", kind="rtsp"),
    found_document(9, name='<img src=x onerror="window.hacked=1">'),
    found_document(11, added=["cam_1"]),
    found_document(12, gone=True),
)
REFUSED = trial_document(
    step="failed",
    title="The camera refused the user or password.",
    remedy="Enter the login that you gave it.",
    problems=[
        trouble_document("credentials", "It wants a login.", "Its own, not Tawny's.", severity="error", fix="login")
    ],
)


@contextmanager
def stage(answers: dict[tuple[str, str], Any] | None = None) -> Iterator[Stage]:
    """A recorder that has found some devices, and lets one be tried."""
    usual: dict[tuple[str, str], Any] = {
        ("GET", "/discovery"): discovery_document(*FOUND),
        ("POST", "/discovery"): discovery_document(*FOUND),
        ("DELETE", "/discovery"): discovery_document(*FOUND, state="stopped"),
        ("POST", "/trials"): trial_document(),
        ("GET", "/trials/try_1"): ready_document(),
        ("DELETE", "/trials/try_1"): None,
        ("GET", "/removed-cameras"): {"items": [removed_document()]},
        ("GET", "/events"): {"items": [], "next": None},
    }
    with staged(usual | (answers or {})) as playing:
        yield playing


@contextmanager
def opened(playing: Stage, path: str, *, width: int = 1440) -> Iterator[Page]:
    with page_of(playing.url + path, width=width) as page:
        log_in(page, {"user": USER, "password": PASSWORD})
        yield page


def test_devices_in_the_network_are_listed_as_they_answer_and_can_be_tried() -> None:
    searching = discovery_document(FOUND[0], state="searching", progress=0.3, title="Asking every address.")
    blocked = "This network keeps cameras from announcing themselves: every address is asked instead."
    with (
        stage({("POST", "/discovery"): searching, ("GET", "/discovery"): searching}) as playing,
        opened(playing, "/devices/add") as page,
    ):
        expect(page.get_by_text("Asking every address.")).to_be_visible()
        expect(page.get_by_role("button", name="Stop")).to_be_visible()
        screenshot(page, "finding-searching")
        playing.answers["GET", "/discovery"] = discovery_document(*FOUND, remedy=blocked)
        expect(page.get_by_text(blocked)).to_be_visible()
        expect(page.get_by_text("Already added")).to_be_visible()
        expect(page.get_by_text("Signed off")).to_be_visible()
        screenshot(page, "finding-found")

        assert violations(page) == []
        assert page.evaluate("window.hacked") is None
        page.get_by_role("button", name="Connect to Hall 7").click()
        wait_for(lambda: bool(playing.bodies("POST", "/trials")), timeout_s=10, what="a trial")

    assert playing.bodies("POST", "/trials") == [{"address": FOUND[0]["address"]}]


def test_a_long_list_of_devices_can_be_searched_and_what_was_chosen_stays_chosen() -> None:
    many = discovery_document(*(found_document(number, name=f"Hall {number}") for number in range(20, 36)))
    with (
        stage({("POST", "/discovery"): many, ("GET", "/discovery"): many}) as playing,
        opened(playing, "/devices/add") as page,
    ):
        page.get_by_label("Select Hall 21").check()
        page.get_by_label("Find in this list").fill("hall 33")
        expect(page.get_by_text("1 of 16 devices")).to_be_visible()
        expect(page.get_by_label("Select Hall 21")).to_be_hidden()
        page.get_by_label("Select Hall 33").check()
        screenshot(page, "finding-searched")
        assert violations(page) == []

        expect(page.get_by_role("link", name="Add 2 devices at once…")).to_be_visible()


def test_what_is_mended_elsewhere_is_tried_again_with_one_key() -> None:
    silent = trial_document(step="failed", title="Nothing answers there.", remedy="Check its power.")
    with (
        stage({("POST", "/trials"): silent, ("GET", "/trials/try_1"): silent}) as playing,
        opened(playing, "/devices/add") as page,
    ):
        page.get_by_label("Address").fill("192.0.2.99")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Check its power.")).to_be_visible()
        for _ in range(3):  # cancel, back, and that
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        wait_for(lambda: len(playing.bodies("POST", "/trials")) == 2, timeout_s=10, what="a second trial")

    assert [body["address"] for body in playing.bodies("POST", "/trials")] == ["192.0.2.99"] * 2


def test_a_search_that_finds_nothing_says_what_may_help() -> None:
    nothing = discovery_document(title="No device answered.")
    with (
        stage({("POST", "/discovery"): nothing, ("GET", "/discovery"): nothing}) as playing,
        opened(playing, "/devices/add") as page,
    ):
        expect(page.get_by_role("heading", name="No cameras were found")).to_be_visible()
        screenshot(page, "finding-nothing")

        assert violations(page) == []


def test_a_refused_login_is_asked_for_again_and_the_third_try_takes_a_word() -> None:
    with (
        stage(
            {("GET", "/trials/try_1"): REFUSED, ("POST", "/trials/try_1/login"): REFUSED | {"tries_left": 0}}
        ) as playing,
        opened(playing, "/devices/add") as page,
    ):
        page.get_by_label("Address").fill("192.0.2.7")
        page.get_by_role("button", name="Connect", exact=True).click()
        expect(page.get_by_text("It wants a login.")).to_be_visible()
        screenshot(page, "trial-login")
        assert violations(page) == []

        playing.answers["GET", "/trials/try_1"] = REFUSED | {"tries_left": 0}
        page.get_by_label("User name").fill("admin")
        page.get_by_label("Password").fill(SECRET)
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("button", name="Try it all the same")).to_be_visible()
        page.get_by_label("Password").fill(SECRET)
        page.get_by_role("button", name="Try it all the same").click()
        wait_for(lambda: len(playing.bodies("POST", "/trials/try_1/login")) == 2, timeout_s=10, what="two logins")

    assert playing.bodies("POST", "/trials/try_1/login") == [
        {"user": "admin", "password": SECRET},
        {"user": "admin", "password": SECRET, "again": True},
    ]


def test_a_camera_is_shown_with_what_is_wrong_and_mended_and_kept() -> None:
    kept = {("POST", "/trials/try_1/cameras"): {"items": [camera_document(5, "Ramp")]}}
    with (
        stage({**kept, ("POST", "/trials/try_1/fix"): ready_document(problems=[])}) as playing,
        opened(playing, "/devices/add") as page,
    ):
        page.get_by_role("button", name="Connect to Hall 7").click()
        expect(page.get_by_text("The camera's clock is 94 s fast.")).to_be_visible()
        screenshot(page, "trial-ready")
        assert violations(page) == []

        page.get_by_role("button", name="Set the camera's clock").click()
        page.get_by_label("Name", exact=True).fill("Ramp")
        page.get_by_role("button", name="Add", exact=True).click()
        page.wait_for_url("**/cameras/cam_5")

    assert playing.bodies("POST", "/trials/try_1/fix") == [{"fix": "set_clock"}]
    assert playing.bodies("POST", "/trials/try_1/cameras") == [
        {"channels": [{"channel": "VS_1", "name": "Ramp", "sound": False}]}
    ]
    assert ("DELETE", "/trials/try_1") not in [(method, path) for method, path, _ in playing.asked]


def test_channels_of_a_device_are_kept_by_their_names_and_sound_only_by_choice() -> None:
    channels = [channel_document(f"VS_{n}", f"Input {n}") for n in range(1, 5)]
    channels[2]["added"] = "cam_1"
    nvr = ready_document(report=report_document(*channels), problems=[])
    kept = {"items": [camera_document(n, f"Input {n}") for n in (5, 6)]}
    with (
        stage({("GET", "/trials/try_1"): nvr, ("POST", "/trials/try_1/cameras"): kept}) as playing,
        opened(playing, "/devices/add") as page,
    ):
        page.get_by_role("button", name="Connect to Hall 7").click()
        page.get_by_role("checkbox", name="Input 4").uncheck()
        page.get_by_label("Name of Input 2").fill("Yard")
        page.get_by_role("switch", name="Record sound").click()
        screenshot(page, "trial-channels")
        assert violations(page) == []

        page.get_by_role("button", name="Add 2 cameras").click()
        page.wait_for_url("**/devices")

    assert playing.bodies("POST", "/trials/try_1/cameras") == [
        {
            "channels": [
                {"channel": "VS_1", "name": "Input 1", "sound": True},
                {"channel": "VS_2", "name": "Yard", "sound": True},
            ]
        }
    ]


def test_leaving_a_trial_closes_it() -> None:
    with stage() as playing, opened(playing, "/devices/add") as page:
        page.get_by_role("button", name="Connect to Hall 7").click()
        page.get_by_role("button", name="Back").click()

        expect(page.get_by_role("heading", name="Found in your network")).to_be_visible()
        wait_for(
            lambda: ("DELETE", "/trials/try_1") in [(method, path) for method, path, _ in playing.asked],
            timeout_s=10,
            what="the trial to be closed",
        )


def test_many_are_chosen_named_and_added_with_one_report() -> None:
    results = (
        result_document("Hall 7", camera="cam_1"),
        result_document("Side", "failed", title="The camera refused the login.", remedy="Give it its own login."),
    )
    running = batch_document(results[0], result_document("Side", "running"), state="running", done=1)
    with (
        stage({("POST", "/batches/add"): running, ("GET", "/batches/bat_1"): running}) as playing,
        opened(playing, "/devices/add") as page,
    ):
        page.get_by_role("checkbox", name="Select Hall 7").check()
        page.get_by_role("checkbox", name="Select 192.0.2.8").check()
        page.get_by_role("link", name="Add 2 devices at once").click()
        page.get_by_label("Name in line 2", exact=True).fill("Side")
        page.get_by_label("User name 1").fill("admin")
        page.get_by_label("Password 1", exact=True).fill(SECRET)
        screenshot(page, "many-grid")
        assert violations(page) == []
        page.get_by_role("button", name="Add 2 cameras").click()
        expect(page.get_by_text("1 of 2 done")).to_be_visible()
        playing.answers["GET", "/batches/bat_1"] = batch_document(*results)
        expect(page.get_by_text("The camera refused the login.")).to_be_visible()
        screenshot(page, "many-report")

        assert violations(page) == []
        assert SECRET not in page.content()
        page.get_by_role("link", name="Try 1 again").click()
        expect(page.get_by_label("Name in line 1", exact=True)).to_have_value("Side")

    assert playing.bodies("POST", "/batches/add") == [
        {
            "items": [
                {"address": FOUND[0]["address"], "name": "Hall 7"},
                {"address": FOUND[1]["address"], "name": "Side"},
            ],
            "logins": [{"user": "admin", "password": SECRET}],
        }
    ]


def test_a_list_is_read_from_a_file_and_saved_without_its_passwords(tmp_path: Path) -> None:
    source = tmp_path / "list.csv"
    source.write_text(f'name;address;user;password\n"Gate; left";192.0.2.20;admin;{SECRET}\n;192.0.2.21;;\n')
    with stage() as playing, opened(playing, "/devices/many") as page:
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="Read a list").click()
        chooser.value.set_files(source)
        expect(page.get_by_label("Name in line 1", exact=True)).to_have_value("Gate; left")
        expect(page.get_by_label("Password in line 1")).to_have_value(SECRET)
        with page.expect_download() as download:
            page.get_by_role("button", name="Save this list").click()

        saved = Path(download.value.path()).read_text()
        assert "Gate; left" in saved
        assert SECRET not in saved


def test_settings_go_to_all_that_were_selected() -> None:
    answers = {
        ("GET", "/cameras/cam_1/settings"): settings_document(),
        ("POST", "/batches/settings"): batch_document(result_document("Gate"), kind="settings"),
        ("GET", "/batches/bat_1"): batch_document(result_document("Gate"), kind="settings"),
    }
    with stage(answers) as playing, opened(playing, "/devices") as page:
        screenshot(page, "devices")
        assert violations(page) == []
        page.get_by_role("checkbox", name="Select all").check()
        page.get_by_role("button", name="Change settings").click()
        page.get_by_text("Main stream").click()
        page.get_by_role("checkbox", name="Frame rate").check()
        page.get_by_role("spinbutton", name="Frame rate (fps)").fill("15")
        screenshot(page, "devices-settings")
        assert violations(page) == []
        page.get_by_role("button", name="Set 4 cameras").click()
        expect(page.get_by_role("heading", name="Changing settings")).to_be_visible()

        assert playing.bodies("POST", "/batches/settings") == [
            {"cameras": [f"cam_{n}" for n in range(1, 5)], "settings": {"video.main": {"fps": 15}}}
        ]


def test_lost_cameras_are_looked_for_and_a_refused_login_can_be_mended_in_the_list() -> None:
    waiting = {"phase": "waiting", "since": "2026-11-22T12:00:00Z", "retry_at": None}
    away = waiting | {"title": "The camera does not answer.", "remedy": "", "kind": "unreachable"}
    refused = waiting | {"title": "The camera refused the user or password.", "remedy": "", "kind": "credentials"}
    cameras = [
        camera_document(1, "Gate", state=away),
        camera_document(2, "Yard", state=refused),
        camera_document(3, "Hall"),
    ]
    looking = {"camera": "cam_1", "name": "Gate", "state": "looking", "address": "", "by": None, "title": ""}
    answers = {
        ("GET", "/cameras"): {"items": cameras},
        ("POST", "/lost"): lost_document(looking, state="searching"),
        ("GET", "/lost"): lost_document(looking | {"state": "found", "address": "192.0.2.99", "by": "mac"}),
        ("PATCH", "/cameras/cam_2"): cameras[1],
    }
    with stage(answers) as playing, opened(playing, "/devices") as page:
        expect(page.get_by_text("1 camera can't be reached.")).to_be_visible()
        screenshot(page, "devices-trouble")
        assert violations(page) == []
        page.get_by_role("button", name="Find all lost cameras").click()
        expect(page.get_by_text("by its MAC address")).to_be_visible()
        screenshot(page, "devices-lost")
        assert violations(page) == []
        page.get_by_role("button", name="Close").last.click()
        page.get_by_role("button", name="Update login").click()
        page.get_by_label("Password").fill(SECRET)
        page.get_by_role("button", name="Sign in").click()
        wait_for(lambda: bool(playing.bodies("PATCH", "/cameras/cam_2")), timeout_s=10, what="the new login")

        assert playing.bodies("PATCH", "/cameras/cam_2")[0]["password"] == SECRET


def test_another_device_takes_a_cameras_place() -> None:
    with (
        stage({("POST", "/cameras/cam_2/swap"): camera_document(2, "Loading ramp")}) as playing,
        opened(playing, "/devices") as page,
    ):
        page.get_by_role("button", name="More for Loading ramp").click()
        page.get_by_role("menuitem", name="Put another device in its place").click()
        page.get_by_role("button", name="Connect to Hall 7").click()
        expect(page.get_by_role("button", name="Swap")).to_be_visible()
        screenshot(page, "swap")
        assert violations(page) == []
        page.get_by_role("button", name="Swap").click()
        page.wait_for_url("**/cameras/cam_2")

    assert playing.bodies("POST", "/cameras/cam_2/swap") == [{"trial": "try_1", "channel": "VS_1"}]


def test_everything_fits_a_phone() -> None:
    with stage() as playing, opened(playing, "/devices/add", width=390) as page:
        for path, wait in (
            ("/devices/add", "Found in your network"),
            ("/devices", "Removed cameras"),
            ("/devices/many", "Cameras"),
        ):
            page.goto(playing.url + path)
            expect(page.get_by_role("heading", name=wait, exact=True)).to_be_visible()
            screenshot(page, f"phone{path.replace('/', '-')}")

            assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
