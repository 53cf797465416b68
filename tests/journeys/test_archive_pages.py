"""The pages of storage, holds, exports, shares and evidence in Debian's Chromium, over a hub whose recorder is documents."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bench.browser import log_in, page_of, screenshot, wait_in_page
from bench.processes import wait_for
from tests.fakes.storage import (
    GB,
    TB,
    Document,
    alarm_document,
    camera_document,
    export_document,
    moment,
    recorder_document,
    storage_document,
    volume_document,
)
from tests.hub.running import PASSWORD, USER
from tests.journeys.staged import Stage, staged
from tests.journeys.test_web_app import violations

pytestmark = pytest.mark.journey

LOGIN = {"user": USER, "password": PASSWORD}
PAGES = ("", "/storage", "/exports", "/shares", "/holds", "/evidence", "/evidence/sheet")


def in_trouble() -> dict[tuple[str, str], Any]:
    """A recorder of which every part of these pages has something to say."""
    now = datetime.now(UTC)
    alarms = [
        alarm_document("The lower drive is too hot: 71 °C.", remedy="Let air reach the recorder."),
        alarm_document("The lower drive reports errors.", id="alm_2", severity="warning"),
    ]
    failing = volume_document(
        id="vol_b",
        name="Lower drive",
        state="error",
        title="The drive reports errors.",
        remedy="Replace it if they go on.",
        confirm="Lower drive",
        faults={
            "count": 6,
            "threshold": 5,
            "window_s": 3600,
            "recent": [{"at": moment(now, minutes=4), "what": "A write took 14 s."}],
        },
    )
    found = {
        "path": "/mnt/usb",
        "device": "/dev/sdc1",
        "what": "archive",
        "title": "Footage of another recorder.",
        "total_bytes": 4 * TB,
        "free_bytes": TB,
        "archive": {
            "recorder": "rec_b",
            "oldest": moment(now, days=90),
            "newest": moment(now, days=40),
            "bytes": 3 * TB,
        },
        "confirm": "WD Elements",
    }
    pending = {
        "days": 7,
        "size_limit_bytes": None,
        "at": moment(now, hours=-20),
        "bytes": 1400 * GB,
        "from": moment(now, days=23),
        "to": moment(now, days=7),
    }
    running = export_document(id="exp_2", name="", state="running", step="Signing Gate", progress=0.4, files=[])
    failed = export_document(
        id="exp_3", state="failed", title="There is not enough room.", remedy="Free some.", files=[]
    )
    return {
        ("GET", "/recorder"): recorder_document(alarms=alarms),
        ("GET", "/storage"): storage_document(
            icon="faults", volumes=[volume_document(), failing], alarms=alarms, found=[found], pending=pending
        ),
        ("DELETE", "/storage/pending"): storage_document(),
        ("GET", "/exports"): {"items": [running, export_document(), failed]},
    }


@pytest.fixture
def stage() -> Iterator[Stage]:
    """A recorder that is well."""
    with staged() as opened:
        yield opened


@pytest.fixture
def page(stage: Stage) -> Iterator[Page]:
    with page_of(stage.url) as opened:
        log_in(opened, LOGIN)
        yield opened


def open_page(page: Page, stage: Stage, path: str) -> None:
    page.goto(f"{stage.url}/system{path}")
    page.get_by_role("heading", level=1).wait_for()


@contextmanager
def guest_at(page: Page, link: str) -> Iterator[Page]:
    """Somebody without an account here who follows *link*."""
    assert page.context.browser is not None
    context = page.context.browser.new_context()
    guest = context.new_page()
    guest.goto(link)
    yield guest
    context.close()


def test_axe_finds_nothing_on_any_page_in_trouble_dark_or_light_large_or_small() -> None:
    found: dict[str, list[str]] = {}
    with staged(in_trouble()) as stage:
        for width, height in ((1440, 900), (390, 844)):
            with page_of(stage.url, width=width, height=height) as page:
                log_in(page, LOGIN)
                for scheme in ("dark", "light"):
                    page.emulate_media(color_scheme=scheme)
                    for path in PAGES:
                        open_page(page, stage, path)
                        page.wait_for_timeout(500)
                        name = f"system{path.replace('/', '-')}-{width}-{scheme}"
                        screenshot(page, name)
                        found[name] = violations(page)

    assert {name: rules for name, rules in found.items() if rules} == {}


def test_axe_finds_nothing_in_the_dialogs(page: Page, stage: Stage) -> None:
    found: dict[str, list[str]] = {}
    for path, opens in (
        ("/storage", "Add a place"),
        ("/storage", "Change"),
        ("/storage", "How long to keep Gate"),
        ("/exports", "Export video"),
        ("/exports", "Share"),
        ("/exports", "Remove"),
        ("/holds", "Hold footage"),
        ("/holds", "Release"),
        ("/evidence", "New key"),
    ):
        open_page(page, stage, path)
        page.get_by_role("button", name=opens, exact=True).first.click()
        page.get_by_role("dialog").wait_for()
        page.wait_for_timeout(500)
        screenshot(page, f"dialog-{opens.replace(' ', '-')}")
        found[opens] = violations(page)

    assert {name: rules for name, rules in found.items() if rules} == {}


def test_a_lower_depth_says_what_goes_and_takes_the_password(page: Page, stage: Stage) -> None:
    open_page(page, stage, "/storage")
    page.get_by_role("button", name="Change", exact=True).click()
    page.get_by_label("Days").fill("7")
    dialog = page.get_by_role("dialog")

    expect(dialog).to_contain_text("Footage of about 16.4 d, some 4.1 TB, is older than that and will be deleted.")
    expect(dialog).to_contain_text("It happens in 24 hours.")
    delete = dialog.get_by_role("button", name="Delete older footage")
    expect(delete).to_be_disabled()
    dialog.get_by_label("Your password").fill("wrong password")
    delete.click()
    expect(dialog).to_contain_text("The password is wrong.")
    assert stage.bodies("PATCH", "/storage") == []
    dialog.get_by_label("Your password").fill(PASSWORD)
    delete.click()

    expect(dialog).to_be_hidden()
    assert stage.bodies("PATCH", "/storage") == [{"depth_days": 7}]


def test_more_days_take_no_password(page: Page, stage: Stage) -> None:
    open_page(page, stage, "/storage")
    page.get_by_role("button", name="Change", exact=True).click()
    page.get_by_label("Days").fill("90")
    dialog = page.get_by_role("dialog")

    expect(dialog.get_by_label("Your password")).to_be_hidden()
    dialog.get_by_role("button", name="Save").click()

    expect(dialog).to_be_hidden()
    assert stage.bodies("PATCH", "/storage") == [{"depth_days": 90}]


def test_a_depth_that_waits_is_told_on_every_page_and_taken_back_by_one_press() -> None:
    with staged(in_trouble()) as stage, page_of(stage.url) as page:
        log_in(page, LOGIN)
        page.goto(f"{stage.url}/devices")
        keep = page.get_by_role("button", name="Keep the footage")
        keep.click()

        expect(page.get_by_text("The footage stays.")).to_be_visible()
        expect(keep).to_be_hidden()
        assert stage.bodies("DELETE", "/storage/pending") == [None]


def test_formatting_asks_for_the_name_and_the_password(page: Page, stage: Stage) -> None:
    stage.answers["POST", "/storage/format"] = storage_document(icon="formatting")
    stage.listen("POST", "/storage/format")
    open_page(page, stage, "/storage")
    page.get_by_role("button", name="Actions for Upper drive").click()
    page.get_by_role("menuitem", name="Format").click()
    dialog = page.get_by_role("dialog")
    act = dialog.get_by_role("button", name="Format")

    expect(dialog).to_contain_text("5.9 TB of recordings, will be deleted for good")
    expect(dialog).to_contain_text("400 GB of it are held")
    dialog.get_by_label("Your password").fill(PASSWORD)
    expect(act).to_be_disabled()
    dialog.get_by_label("Type “Upper drive” to confirm").fill("upper")
    expect(act).to_be_disabled()
    dialog.get_by_label("Type “Upper drive” to confirm").fill("Upper drive")
    act.click()

    expect(dialog).to_be_hidden()
    wanted = {"volume": "vol_a", "file_system": "directory", "confirm": "Upper drive"}
    assert stage.bodies("POST", "/storage/format") == [wanted]


def test_storage_changes_are_seen_as_they_are_told(page: Page, stage: Stage) -> None:
    open_page(page, stage, "/storage")
    expect(page.get_by_text("Storage is connected")).to_be_visible()

    gone = volume_document(state="not_installed", title="The drive is not there.", remedy="Plug it in.")
    stage.tell("storage", storage_document(icon="not_connected", volumes=[gone]))

    expect(page.get_by_text("No storage is connected")).to_be_visible()
    expect(page.get_by_text("Not installed")).to_be_visible()


def test_an_export_is_begun_followed_and_downloaded(page: Page, stage: Stage) -> None:
    begun = export_document(id="exp_9", name="", state="running", step="Reading", progress=0.1, files=[], case=None)
    stage.answers["POST", "/exports"] = begun
    stage.listen("POST", "/exports")
    open_page(page, stage, "/exports")
    page.get_by_role("button", name="Export video").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("About 300 MB in 1 file, 5 min of video.")
    dialog.get_by_label("Loading ramp").check()
    dialog.get_by_label("Name (optional)").fill("Ramp")
    dialog.get_by_role("button", name="Export").click()

    expect(dialog).to_contain_text("The export is being made")
    stage.tell("export", {**begun, "progress": 0.5, "step": "Signing"})
    expect(dialog).to_contain_text("50 %")
    stage.tell("export", export_document(id="exp_9"))
    expect(dialog).to_contain_text("The export is ready")
    expect(dialog.get_by_role("link", name="Download")).to_have_attribute("href", "/api/v1/exports/exp_9/export.zip")

    [asked] = stage.bodies("POST", "/exports")
    assert [item["camera"] for item in asked["items"]] == ["cam_1", "cam_2"]
    assert (asked["name"], asked["by"]) == ("Ramp", USER)


def test_a_link_is_shown_once_and_opens_without_an_account_by_its_password(page: Page, stage: Stage) -> None:
    open_page(page, stage, "/exports")
    page.get_by_role("button", name="Share").click()
    page.get_by_label("Password (optional)").fill("a way in")
    page.get_by_label("For whom (optional)").fill("Insurance")
    page.get_by_role("button", name="Make the link").click()
    link = page.get_by_role("textbox", name="Link").input_value()

    with guest_at(page, link) as guest:
        guest.get_by_label("Password").fill("not it!")
        guest.get_by_role("button", name="Open").click()
        expect(guest.get_by_text("That is not the password of this link.")).to_be_visible()
        guest.get_by_label("Password").fill("a way in")
        guest.get_by_role("button", name="Open").click()
        expect(guest.get_by_role("heading", name="Case 26/1183")).to_be_visible()
        expect(guest.get_by_role("link", name="Download all")).to_be_visible()
        screenshot(guest, "shared")
        assert violations(guest) == []
    open_page(page, stage, "/shares")
    expect(page.get_by_text("Opened once")).to_be_visible()
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text("Withdrawn", exact=True)).to_be_visible()

    with guest_at(page, link) as guest:
        expect(guest.get_by_text("This link leads nowhere")).to_be_visible()


def head(size: int, root: str) -> Document:
    line = {"id": f"head_{size}_{root}", "utc": moment(), "kind": "head", "ledger": "recorder/2026-11-22"}
    return {"head": {**line, "volume": "vol_a", "size": size, "root": root}, "statement": f"tawny head v1\n{size}\n"}


def test_the_page_is_a_witness_and_complains_of_a_ledger_that_became_shorter(page: Page, stage: Stage) -> None:
    stage.answers["GET", "/evidence/heads"] = head(7, "a")
    open_page(page, stage, "/evidence")
    wait_for(lambda: len(stage.bodies("POST", "/evidence/witnessed")) > 0, timeout_s=10, what="a witness")
    expect(page.get_by_text("Keeps 1 signature")).to_be_visible()
    stage.answers["GET", "/evidence/heads"] = head(5, "b")

    page.reload()

    expect(page.get_by_text("is not what this browser has seen before")).to_be_visible()
    screenshot(page, "witness")
    assert stage.bodies("POST", "/evidence/witnessed") == [{"head": "head_7_a", "by": "app", "who": USER}]
    page.get_by_role("button", name="I have looked into it").click()
    expect(page.get_by_text("is not what this browser has seen before")).to_be_hidden()


def test_the_commissioning_sheet_prints_alone(page: Page, stage: Stage, tmp_path: Path) -> None:
    open_page(page, stage, "/evidence/sheet")
    wait_in_page(page, "document.body.innerText.includes('Clock check')")
    page.emulate_media(media="print")

    expect(page.get_by_role("heading", name="Commissioning sheet")).to_be_visible()
    expect(page.get_by_text("VRG4K2TK")).to_be_visible()
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.get_by_role("button", name="Print")).to_have_count(0)
    page.pdf(path=tmp_path / "sheet.pdf")
    assert (tmp_path / "sheet.pdf").read_bytes().count(b"/Type /Page\n") <= 2


def test_alarms_show_on_every_page_with_the_way_to_them() -> None:
    with staged(in_trouble()) as stage, page_of(stage.url) as page:
        log_in(page, LOGIN)
        alarm = page.get_by_role("alert").filter(has_text="too hot")
        expect(alarm).to_contain_text("1 more needs attention.")
        alarm.get_by_role("link", name="Show").click()

        expect(page.get_by_role("heading", name="Storage", exact=True)).to_be_visible()
        expect(page.get_by_role("heading", name="What needs attention")).to_be_visible()


def test_a_camera_can_keep_its_footage_for_another_time(page: Page, stage: Stage) -> None:
    stage.answers["PATCH", "/cameras/cam_1"] = camera_document(1, "Gate", depth_days=7)
    stage.answers["GET", "/cameras/cam_1"] = camera_document(1, "Gate")
    stage.listen("PATCH", "/cameras/cam_1")
    stage.listen("GET", "/cameras/cam_1")
    open_page(page, stage, "/storage")
    page.get_by_role("button", name="How long to keep Gate").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Its own time").check()
    dialog.get_by_label("Days").fill("7")
    expect(dialog).to_contain_text("Footage of this camera that is older will be deleted.")
    dialog.get_by_label("Your password").fill(PASSWORD)
    dialog.get_by_role("button", name="Delete older footage").click()

    expect(page.get_by_role("row", name="Gate")).to_contain_text("7 days")
    assert stage.bodies("PATCH", "/cameras/cam_1") == [{"depth_days": 7}]


def test_footage_is_secured_for_the_police_in_one_step(page: Page, stage: Stage) -> None:
    stage.answers["POST", "/exports"] = export_document(id="exp_9", state="running", progress=0.1, files=[])
    stage.listen("POST", "/exports")
    page.goto(f"{stage.url}/cameras/cam_2?t={moment(datetime.now(UTC), hours=1)}")
    page.get_by_role("button", name="For the police").click()
    dialog = page.get_by_role("dialog")
    secure = dialog.get_by_role("button", name="Secure")
    expect(dialog.get_by_label("Loading ramp")).to_be_checked()
    expect(secure).to_be_disabled()
    dialog.get_by_label("What happened").fill("Break-in")
    dialog.get_by_label("Case number (optional)").fill("26/1183")
    dialog.get_by_label("Officer (optional)").fill("Sgt. Okafor")
    page.wait_for_timeout(500)
    screenshot(page, "police")
    assert violations(page) == []
    secure.click()

    expect(dialog).to_contain_text("The footage is on hold")
    [asked] = stage.bodies("POST", "/exports")
    [item] = asked["items"]
    length = datetime.fromisoformat(item["to"]) - datetime.fromisoformat(item["from"])
    assert (item["camera"], length.total_seconds()) == ("cam_2", 1800)
    assert asked["hold"] == {"why": "26/1183: Break-in"}
    assert asked["case"] == {"number": "26/1183", "reason": "Break-in", "officer": "Sgt. Okafor"}


def test_a_hold_is_made_and_released(page: Page, stage: Stage) -> None:
    for path in ("/holds", "/holds/hold_1/release"):
        stage.answers["POST", path] = {}
        stage.listen("POST", path)
    open_page(page, stage, "/holds")
    page.get_by_role("button", name="Hold footage").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Why").fill("Case 7")
    dialog.get_by_label("All cameras").check()
    dialog.get_by_role("button", name="Hold", exact=True).click()
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Release").click()
    dialog.get_by_label("Your password").fill(PASSWORD)
    dialog.get_by_role("button", name="Release").click()
    expect(dialog).to_be_hidden()

    [held] = stage.bodies("POST", "/holds")
    assert (held["cameras"], held["why"], held["who"]) == (["cam_1", "cam_2", "cam_3", "cam_4"], "Case 7", USER)
    assert stage.bodies("POST", "/holds/hold_1/release") == [{"who": USER}]
