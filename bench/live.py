"""From camera to screen: how old a painted picture is, by the frame counter burned into it.

The source says when the last packet of each frame left; the page reads the counter off the painted pixels. Measured with
WebCodecs (where `VideoDecoder` exists) and with MSE (`VideoDecoder` taken away before the app loads).
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.browser import log_in, page_of, painted, wait_in_page
from bench.clips import main_clip
from bench.paced_cameras import Clip, read_clip
from bench.processes import wait_for
from bench.report import Report, percentile, spread, words
from bench.tawny_under_test import Tawny

BUDGET_MSE_MS = 400.0
BUDGET_WEBCODECS_MS = 150.0
WITHOUT_WEBCODECS = "delete window.VideoDecoder"


@dataclass(frozen=True)
class Source:
    """One paced camera: where it is, and when each frame leaves."""

    port: int
    started_ms: float  # wall clock of the loop's first start
    clip: Clip

    def age_ms(self, counter: int, wall_ms: float) -> float:
        """How long before *wall_ms* the frame with *counter* was sent the last time."""
        loop_ms = self.clip.duration_s * 1000
        sent = self.started_ms + self.clip.frames[counter] * 1000
        return (wall_ms - sent) % loop_ms


@contextmanager
def source(path: Path) -> Iterator[Source]:
    command = [sys.executable, "-m", "bench.paced_cameras", str(path), "--cameras", "1"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            _, port, started_ms = process.stdout.readline().split()
            yield Source(int(port), float(started_ms), read_clip(str(path), burst=False))
        finally:
            process.stdin.close()
            process.stdout.read()


def ages(tawny: Tawny, origin: Source, camera: str, seconds: float, *, webcodecs: bool) -> list[float]:
    """The age in ms of every picture painted in *seconds* of live main stream."""
    with page_of(f"{tawny.url}/") as page:
        if not webcodecs:
            page.add_init_script(WITHOUT_WEBCODECS)
            page.goto(f"{tawny.url}/")
        log_in(page, tawny.login)
        page.goto(f"{tawny.url}/cameras/{camera}")
        wait_in_page(page, "window.painted.some(p => p.stream === 'main')", timeout_s=20)
        time.sleep(5)
        page.evaluate("window.painted = []; window.wantCounter = true")
        time.sleep(seconds)
        seen = [picture for picture in painted(page) if picture["stream"] == "main" and picture["counter"] is not None]
    return [origin.age_ms(picture["counter"], picture["wall"]) for picture in seen]


def main() -> int:
    parser = words(__doc__ or "")
    parser.add_argument("--seconds", type=float, default=15)
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="tawny-bench-") as temporary,
        source(main_clip()) as origin,
        Tawny(Path(given.keep or temporary) / "live") as tawny,
    ):
        camera = tawny.add_camera("Live", f"rtsp://127.0.0.1:{origin.port}/0")
        wait_for(lambda: tawny.online() == 1, timeout_s=30, what="the camera online")
        time.sleep(3)
        mse = ages(tawny, origin, camera, given.seconds, webcodecs=False)
        codecs = ages(tawny, origin, camera, given.seconds, webcodecs=True)
    value, beside = statistics.median(mse), statistics.median(codecs)
    report = Report(
        name="live",
        value=round(value, 1),
        unit="ms, median, camera's last packet of a frame to the painted picture, MSE",
        budget=BUDGET_MSE_MS,
        holds=value <= BUDGET_MSE_MS and beside <= BUDGET_WEBCODECS_MS,
        conditions=f"one camera 1080p25 about 4 Mbit/s, {given.seconds:.0f} s each, Chromium without GPU, loopback, everything on one box",
        spread=f"MSE {spread(mse)}; WebCodecs {spread(codecs)}",
        beside={
            "webcodecs_median_ms": round(beside, 1),
            "webcodecs_budget_ms": BUDGET_WEBCODECS_MS,
            "webcodecs_p95_ms": round(percentile(codecs, 0.95), 1),
            "mse_p95_ms": round(percentile(mse, 0.95), 1),
        },
    )
    report.show()
    return 0 if report.holds else 1


if __name__ == "__main__":
    sys.exit(main())
