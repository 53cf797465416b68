"""The browser under measurement: Debian's Chromium, a page logged in, and what is painted read off the picture."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench.processes import wait_for

CHROMIUM = "/usr/bin/chromium"
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]

# Collects what is painted: one entry a picture, with the frame counter read off the pixels. The counter is 20 squares of
# width/80 in the bottom-left corner: white, black, 16 bits least significant first, main mark, black.
WATCH_PAINTED = """
() => {
  const strip = Object.assign(document.createElement('canvas'), { width: 20, height: 1 });
  const pen = strip.getContext('2d', { willReadFrequently: true });
  pen.imageSmoothingEnabled = false;
  window.readCounter = (element) => {
    const width = element.videoWidth ?? element.width, height = element.videoHeight ?? element.height;
    if (!width) return null;
    const q = width / 80;
    pen.drawImage(element, q, height - 2 * q, 20 * q, q, 0, 0, 20, 1);
    const pixels = pen.getImageData(0, 0, 20, 1).data;
    const bits = Array.from({ length: 20 }, (_, i) => pixels[4 * i] > 126);
    if (!bits[0] || bits[1] || bits[19]) return null;
    return bits.slice(2, 18).reduce((sum, bit, i) => sum + (bit ? 2 ** i : 0), 0);
  };
  window.painted = [];
  window.clicked = 0;
  document.addEventListener('click', () => { window.clicked = performance.now(); }, true);
  document.addEventListener('tawny:frame', (event) => {
    const now = performance.now();
    let counter = null;
    if (window.wantCounter) for (const element of event.target.querySelectorAll('canvas, video')) counter = window.readCounter(element) ?? counter;
    window.painted.push({ at: now, wall: performance.timeOrigin + now, counter, ...event.detail });
  }, true);
}
"""


@contextmanager
def page_of(url: str, *, secure_host: str | None = None, width: int = 1440, height: int = 900) -> Iterator[Page]:
    """A fresh page at *url* in a Chromium of its own; *secure_host* is a name that leads to this machine over HTTPS."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[*OPTIONS, *([f"--host-resolver-rules=MAP {secure_host} 127.0.0.1"] if secure_host else [])],
        )
        context = browser.new_context(
            viewport={"width": width, "height": height}, ignore_https_errors=secure_host is not None
        )
        page = context.new_page()
        page.add_init_script(f"({WATCH_PAINTED})()")
        page.goto(url)
        try:
            yield page
        finally:
            browser.close()


def log_in(page: Page, login: dict[str, str]) -> None:
    """Fill the login form as a person does."""
    page.get_by_label("User name").fill(login["user"])
    page.get_by_label("Password").fill(login["password"])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("navigation").first.wait_for()


def wait_in_page(page: Page, question: str, *, timeout_s: float = 15) -> None:
    """Ask the page *question*, a JavaScript expression, until it is true. (`wait_for_function` needs eval, which our content
    security policy forbids.)
    """
    wait_for(lambda: bool(page.evaluate(question)), timeout_s=timeout_s, what=question)


def painted(page: Page) -> list[dict[str, Any]]:
    """Every picture painted since the list was last emptied: at (ms), wall (ms since 1970), counter, utcUs, stream."""
    found: list[dict[str, Any]] = page.evaluate("window.painted")
    return found


def screenshot(page: Page, name: str) -> Path | None:
    """Keep a picture of the page where ``TAWNY_SCREENSHOTS`` names a directory."""
    directory = os.environ.get("TAWNY_SCREENSHOTS")
    if not directory:
        return None
    path = Path(directory) / f"{name}.png"
    page.screenshot(path=path)
    return path
