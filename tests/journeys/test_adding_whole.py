"""Finding and adding over the whole system, as a person does it in the browser: our cameras, a recorder, a hub, Chromium."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pydantic import BaseModel

from bench.browser import log_in, page_of, screenshot, wait_in_page
from bench.processes import wait_for
from bench.tawny_under_test import Tawny
from tawny.hub.servers import adding_schema, camera_schema, event_schema, schema
from tests.journeys.programs import PASSWORD, USER, cameras

pytestmark = pytest.mark.journey

PICTURE_S = 30  # from the click to a live picture of a camera that was found


@pytest.fixture(scope="module")
def devices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """Two ONVIF cameras that want a login; their addresses."""
    with cameras(tmp_path_factory.mktemp("cameras"), "--scene", "gate", "--scene", "corridor") as addresses:
        yield addresses


@pytest.fixture(scope="module")
def tawny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tawny]:
    with Tawny(tmp_path_factory.mktemp("whole") / "data") as running:
        yield running


@contextmanager
def opened(tawny: Tawny, path: str) -> Iterator[Page]:
    with page_of(tawny.url + path) as page:
        log_in(page, tawny.login)
        yield page


def checked(model: type[BaseModel], document: Any) -> Any:
    """The *document*, which the API's own form must fit, and with nothing in it that the form does not know."""
    model.model_validate(document)
    unknown = set(document) - {field.alias or name for name, field in model.model_fields.items()}
    assert not unknown, (model, unknown)
    return document


def trial_of(tawny: Tawny, address: str) -> Any:
    """A trial of the camera at *address*, once it is ready."""
    login = {"user": USER, "password": PASSWORD}
    opened = checked(adding_schema.Trial, tawny.call("POST", "/trials", {"address": address, **login}))
    wait_for(
        lambda: tawny.call("GET", f"/trials/{opened['id']}")["step"] in {"ready", "failed"},
        timeout_s=30,
        what="the trial",
    )
    return checked(adding_schema.Trial, tawny.call("GET", f"/trials/{opened['id']}"))


def test_what_the_recorder_says_has_the_form_that_the_api_promises(tawny: Tawny, devices: list[str]) -> None:
    checked(adding_schema.Discovery, tawny.call("POST", "/discovery"))
    wait_for(lambda: tawny.call("GET", "/discovery")["items"], timeout_s=20, what="devices")
    for device in checked(adding_schema.Discovery, tawny.call("GET", "/discovery"))["items"]:
        checked(adding_schema.FoundDevice, device)
    trial = trial_of(tawny, devices[0])
    assert trial["step"] == "ready", trial
    report = checked(adding_schema.Report, trial["report"])
    for channel in report["channels"]:
        checked(adding_schema.ReportedChannel, channel)
    channels = [{"channel": trial["channel"], "name": "API"}]
    kept = tawny.call("POST", f"/trials/{trial['id']}/cameras", {"channels": channels})["items"]
    camera = checked(schema.Camera, kept[0])["id"]
    try:
        wait_for(
            lambda: tawny.call("GET", f"/cameras/{camera}")["device"]["phase"] == "online", timeout_s=20, what="ONVIF"
        )
        settings = checked(camera_schema.CameraSettings, tawny.call("GET", f"/cameras/{camera}/settings"))
        assert {"video.main", "clock"} <= {part["id"] for part in settings["parts"]}
        fields = next(part["fields"] for part in settings["parts"] if part["id"] == "video.main")
        rate = next(field["id"] for field in fields if "frame rate" in field["title"].lower())
        wanted = {"settings": {"video.main": {rate: 12}}}
        written = checked(camera_schema.WrittenSettings, tawny.call("PATCH", f"/cameras/{camera}/settings", wanted))
        for each in written["results"]:  # our clips have one frame rate: what matters is that it is told
            checked(camera_schema.SettingResult, each)
        assert [each["wanted"] for each in written["results"]] == [12]
        checked(camera_schema.Controls, tawny.call("GET", f"/cameras/{camera}/controls"))
        batch = tawny.call("POST", "/batches/settings", {"cameras": [camera], **wanted})
        wait_for(
            lambda: tawny.call("GET", f"/batches/{batch['id']}")["state"] == "done", timeout_s=30, what="the batch"
        )
        for result in checked(adding_schema.Batch, tawny.call("GET", f"/batches/{batch['id']}"))["items"]:
            checked(adding_schema.BatchResult, result)
        checked(adding_schema.Lost, tawny.call("POST", "/lost"))
        wait_for(lambda: tawny.call("GET", "/events")["items"], timeout_s=30, what="an event")
        for event in checked(event_schema.CameraEvents, tawny.call("GET", "/events"))["items"]:
            checked(event_schema.CameraEvent, event)
        wait_for(lambda: tawny.call("GET", "/recorder")["archive"]["bytes"], timeout_s=20, what="footage")
        everything = json.dumps([tawny.call("GET", path) for path in ("/cameras", "/discovery", "/events")])
        assert PASSWORD not in everything
    finally:
        tawny.call("DELETE", f"/cameras/{camera}")
    wait_for(lambda: tawny.call("GET", "/removed-cameras")["items"], timeout_s=20, what="the removed camera")
    for removed in checked(adding_schema.RemovedCameras, tawny.call("GET", "/removed-cameras"))["items"]:
        checked(adding_schema.RemovedFootage, removed)


def test_a_camera_is_found_logged_in_to_seen_and_kept(tawny: Tawny, devices: list[str]) -> None:
    port = devices[1].rsplit(":", 1)[1].split("/", 1)[0]
    with opened(tawny, "/devices/add") as page:
        wait_for(lambda: port in str(tawny.call("GET", "/discovery")["items"]), timeout_s=20, what="the camera")
        screenshot(page, "whole-found")
        began = time.monotonic()
        page.get_by_role("listitem").filter(has_text=f":{port}").get_by_role("button").click()
        # the form beside the list has fields of these names too, and goes when the camera has answered
        expect(page.get_by_role("button", name="Log in")).to_be_visible(timeout=20_000)
        page.get_by_label("User name").fill(USER)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        wait_in_page(page, "window.painted.length > 3", timeout_s=PICTURE_S)
        took_s = time.monotonic() - began
        screenshot(page, "whole-ready")
        page.get_by_label("Name", exact=True).fill("Hall")
        page.get_by_role("button", name="Add", exact=True).click()
        page.wait_for_url("**/cameras/*")
        expect(page.get_by_role("heading", name="Hall").first).to_be_visible()
        screenshot(page, "whole-kept")

    assert took_s < PICTURE_S
    camera = next(each for each in tawny.call("GET", "/cameras")["items"] if each["name"] == "Hall")
    assert (camera["kind"], camera["sound"]) == ("onvif", False)


def test_a_removed_cameras_recordings_play(tawny: Tawny, devices: list[str]) -> None:
    trial = trial_of(tawny, devices[0])
    channels = [{"channel": trial["channel"], "name": "Old yard"}]
    camera = tawny.call("POST", f"/trials/{trial['id']}/cameras", {"channels": channels})["items"][0]["id"]
    time.sleep(8)  # of footage
    tawny.call("DELETE", f"/cameras/{camera}")
    with opened(tawny, "/devices") as page:
        page.get_by_role("link", name="Play recordings of Old yard").click()
        wait_in_page(page, "window.painted.length > 5", timeout_s=20)
        screenshot(page, "whole-removed")

        expect(page.get_by_role("heading", name="Old yard")).to_be_visible()


def test_several_are_chosen_and_added_at_once(tawny: Tawny, devices: list[str]) -> None:
    for camera in tawny.call("GET", "/cameras")["items"]:
        tawny.call("DELETE", f"/cameras/{camera['id']}")
    with opened(tawny, "/devices/add") as page:
        for address in devices:
            port = address.rsplit(":", 1)[1].split("/", 1)[0]
            page.get_by_role("listitem").filter(has_text=f":{port}").get_by_role("checkbox").check(timeout=20_000)
        page.get_by_role("link", name="Add 2 devices at once").click()
        page.get_by_label("User name 1").fill(USER)
        page.get_by_label("Password 1", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Add 2 cameras").click()
        expect(page.get_by_text("2 went well.")).to_be_visible(timeout=60_000)
        screenshot(page, "whole-many")

    assert [camera["kind"] for camera in tawny.call("GET", "/cameras")["items"]] == ["onvif", "onvif"]
