"""A person's way through the app in Debian's Chromium, over the whole system: live, archive, adding a camera."""

import itertools
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from playwright.sync_api import Page, expect

from bench.browser import log_in, page_of, painted, screenshot, wait_in_page
from bench.paced_cameras import read_clip
from bench.processes import wait_for
from bench.tawny_under_test import Tawny
from tawny.camera.scenes.scene import LOOP_FRAMES
from tawny.runtime.clock import from_utc_us
from tests.fakes.hostile_cameras import HostileCamera

pytestmark = pytest.mark.journey

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
MALICE = '<img src=x onerror="window.hacked=1">'


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tawny]:
    """The demo with its four cameras, recording for a while already."""
    with Tawny(tmp_path_factory.mktemp("demo") / "data", verb="demo") as running:
        wait_for(lambda: running.online() == 4, timeout_s=40, what="four cameras online")
        time.sleep(20)
        yield running


@pytest.fixture
def page(demo: Tawny) -> Iterator[Page]:
    with page_of(demo.url) as opened:
        log_in(opened, demo.login)
        yield opened


def violations(page: Page) -> list[str]:
    """What axe finds on the page (WCAG 2.2 A and AA), once it is there: some come in a file of their own."""
    page.locator("h1").first.wait_for()
    page.evaluate(AXE.read_text())
    found = page.evaluate(
        "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] })"
    )
    return [f"{item['id']}: {item['help']} ({item['nodes'][0]['target']})" for item in found["violations"]]


def counters(page: Page, seconds: float) -> list[dict[str, Any]]:
    """Pictures painted during *seconds*, each with the frame counter read off it."""
    page.evaluate("window.painted = []; window.wantCounter = true")
    time.sleep(seconds)
    return [picture for picture in painted(page) if picture["counter"] is not None]


def stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"


def test_the_wall_shows_four_cameras_moving(page: Page) -> None:
    wait_in_page(page, "new Set(window.painted.map(p => p.stream)).size > 0", timeout_s=10)
    time.sleep(2)

    pictures = counters(page, 3)

    screenshot(page, "wall")
    assert len(pictures) > 4 * 3 * 12.5 * 0.6
    assert len({picture["counter"] for picture in pictures}) > 20
    expect(page.get_by_role("link", name="Gate").first).to_be_visible()


def test_a_camera_page_plays_live_then_a_minute_back_and_live_again(page: Page, demo: Tawny) -> None:
    page.get_by_role("link", name="Gate").first.click()
    wait_in_page(page, "window.painted.some(p => p.stream === 'main')", timeout_s=10)
    live = counters(page, 2)
    screenshot(page, "camera")
    wanted = datetime.now(UTC) - timedelta(seconds=12)
    page.goto(f"{page.url.split('?')[0]}?t={stamp(wanted)}")
    wait_in_page(page, "window.painted.length > 0", timeout_s=10)
    archive = counters(page, 3)
    screenshot(page, "archive")
    page.keyboard.press("e")
    time.sleep(3)
    again = counters(page, 1.5)

    assert len(live) > 20
    assert all(0 <= time.time() * 1e6 - picture["utcUs"] < 60e6 for picture in live)
    shown = [from_utc_us(int(picture["utcUs"])) for picture in archive]
    assert wanted - timedelta(seconds=1) <= shown[0] <= wanted + timedelta(seconds=3)
    steps = [(b["counter"] - a["counter"]) % LOOP_FRAMES for a, b in itertools.pairwise(archive)]
    assert sum(step == 1 for step in steps) > len(steps) * 0.6  # software decoding skips some; none goes back
    assert all(step < 12 for step in steps)
    newest = again[-1]["utcUs"]
    assert time.time() * 1e6 - newest < 4e6


def test_clicking_into_the_timeline_plays_that_moment(page: Page) -> None:
    page.get_by_role("link", name="Corridor").first.click()
    page.wait_for_url("**/cameras/*")
    timeline = page.get_by_role("slider", name="Moment shown")
    page.evaluate("window.painted = []")
    wait_in_page(page, "window.painted.length > 10", timeout_s=10)
    box = timeline.bounding_box()
    assert box is not None
    before = page.url

    playhead = box["x"] + box["width"] * 0.9
    page.mouse.move(playhead, box["y"] + box["height"] * 0.6)
    for _ in range(12):  # to a minute across: the present is near the pointer, and who clicks at it stays live
        page.mouse.wheel(0, -240)
        time.sleep(0.05)
    timeline.click(position={"x": box["width"] * 0.9 - 200, "y": box["height"] * 0.6})

    wait_for(lambda: page.url != before, timeout_s=20, what="the address to change")
    assert "t=" in page.url


def test_a_camera_is_seen_before_it_is_added_and_cancelling_leaves_nothing(
    page: Page, demo: Tawny, clips: Path
) -> None:
    with HostileCamera(read_clip(str(clips / "h264-aac.mp4"), burst=False)) as camera:
        page.goto(f"{demo.url}/devices")
        page.get_by_role("link", name="Add a camera").or_(page.get_by_role("button", name="Add a camera")).first.click()
        page.get_by_label("Address", exact=False).first.fill(camera.url)
        page.get_by_role("button", name="Connect", exact=True).click()
        wait_in_page(page, "window.painted.length > 5", timeout_s=20)
        screenshot(page, "add-camera")
        page.get_by_role("button", name="Cancel").or_(page.get_by_role("link", name="Cancel")).first.click()
        wait_for(lambda: demo.call("GET", "/recorder")["cameras"]["total"] == 4, timeout_s=5, what="nothing left")

        page.goto(f"{demo.url}/devices")
        page.get_by_role("link", name="Add a camera").or_(page.get_by_role("button", name="Add a camera")).first.click()
        page.get_by_label("Address", exact=False).first.fill(camera.url)
        page.get_by_role("button", name="Connect", exact=True).click()
        wait_in_page(page, "window.painted.length > 5", timeout_s=20)
        page.get_by_label("Name", exact=True).fill(MALICE)
        page.get_by_role("button", name="Add", exact=True).click()
        page.get_by_text(MALICE).first.wait_for()

        for path in ("/", "/devices", "/system"):
            page.goto(demo.url + path)
            page.get_by_role("navigation").first.wait_for()
            time.sleep(1)
            assert page.evaluate("window.hacked") is None
        added = next(item for item in demo.call("GET", "/cameras")["items"] if item["name"] == MALICE)
        page.goto(f"{demo.url}/cameras/{added['id']}")
        page.get_by_role("heading", name=MALICE).first.wait_for()
        assert page.evaluate("window.hacked") is None
        demo.call("DELETE", f"/cameras/{added['id']}")


def test_axe_finds_nothing_on_any_screen_dark_or_light_large_or_small(demo: Tawny) -> None:
    camera = demo.call("GET", "/cameras")["items"][0]["id"]
    found: dict[str, list[str]] = {}
    for width, height in ((1440, 900), (390, 844)):
        with page_of(demo.url, width=width, height=height) as page:
            page.get_by_label("User name").wait_for()
            found[f"login {width}"] = violations(page)
            screenshot(page, f"login-{width}")
            log_in(page, demo.login)
            for scheme in ("dark", "light"):
                page.emulate_media(color_scheme=scheme)
                for path in ("/", f"/cameras/{camera}", "/devices", "/devices/add", "/system", "/design", "/nothing"):
                    page.goto(demo.url + path)
                    page.get_by_role("navigation").first.wait_for()
                    time.sleep(1.2)
                    name = f"{path.replace('/', '_').replace(camera, 'camera')}-{width}-{scheme}"
                    screenshot(page, name)
                    found[name] = violations(page)

    assert {name: rules for name, rules in found.items() if rules} == {}


def self_signed(name: str, directory: Path) -> tuple[Path, Path]:
    """A certificate for *name* and its key, as files."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = directory / "certificate.pem", directory / "key.pem"
    files[0].write_bytes(certificate.public_bytes(Encoding.PEM))
    files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return files


def test_live_and_archive_play_over_https_under_a_host_name(tmp_path: Path, clips: Path) -> None:
    certificate, key = self_signed("tawny.test", tmp_path)
    options = ("--certificate", str(certificate), "--key", str(key), "--host", "tawny.test")
    with HostileCamera(read_clip(str(clips / "h264-aac.mp4"), burst=False)) as camera:
        tawny = Tawny(tmp_path / "data", options=options, secure=True)
        with tawny:
            added = tawny.add_camera("Door", camera.url)
            wait_for(lambda: tawny.online() == 1, timeout_s=20, what="the camera online")
            time.sleep(6)
            url = f"https://tawny.test:{tawny.port}"
            with page_of(url, secure_host="tawny.test") as page:
                log_in(page, tawny.login)
                page.goto(f"{url}/cameras/{added}")
                wait_in_page(page, "window.painted.some(p => p.stream === 'main')", timeout_s=15)
                page.goto(f"{url}/cameras/{added}?t={stamp(datetime.now(UTC) - timedelta(seconds=4))}")
                wait_in_page(page, "window.painted.length > 10", timeout_s=15)
                cookies = page.context.cookies()

    assert all(cookie["secure"] and cookie["httpOnly"] and cookie["sameSite"] == "Strict" for cookie in cookies)
    assert cookies
