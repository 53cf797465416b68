"""One camera-day's timeline over HTTP, with ten million segments in the index."""

import random
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.clips import main_clip
from bench.generated_index import fill
from bench.processes import wait_for
from bench.record import source
from bench.report import Report, percentile, spread, words
from bench.tawny_under_test import Tawny
from tawny.runtime.data_directory import DataDirectory

BUDGET_MS = 20.0


def main() -> int:
    parser = words(__doc__ or "")
    parser.add_argument("--cameras", type=int, default=16)
    parser.add_argument("--segments", type=int, default=10_000_000)
    parser.add_argument("--questions", type=int, default=300)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tawny-bench-") as temporary:
        report = bench(Path(given.keep or temporary) / "timeline", given.cameras, given.segments, given.questions)
    report.show()
    return 0 if report.holds else 1


def bench(data: Path, cameras: int, segments: int, questions: int) -> Report:
    with source(main_clip(), cameras) as playing, Tawny(data) as tawny:
        for camera in range(cameras):
            tawny.add_camera(f"Camera {camera}", playing.url(camera))
        wait_for(lambda: tawny.online() == cameras, timeout_s=60, what="all cameras online")
        time.sleep(4)
    indexed = fill(DataDirectory(root=data).index, segments)
    days = segments // cameras // 1440
    with Tawny(data) as tawny:
        ids = [camera["id"] for camera in tawny.call("GET", "/cameras")["items"]]
        now = datetime.now(UTC)
        took, spans = [], 0
        for _ in range(questions):
            day = now - timedelta(days=random.uniform(1, days - 1))
            range_ = f"from={day:%Y-%m-%dT%H:%M:%SZ}&to={day + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
            camera = random.choice(ids)
            began = time.perf_counter()
            answer = tawny.call("GET", f"/cameras/{camera}/timeline?{range_}")
            took.append((time.perf_counter() - began) * 1000)
            spans = max(spans, len(answer["spans"]))
    value = percentile(took, 0.95)
    return Report(
        name="timeline",
        value=round(value, 2),
        unit="ms, p95, GET of one camera-day through hub, link and gateway, a new connection each",
        budget=BUDGET_MS,
        holds=value <= BUDGET_MS,
        conditions=f"{indexed} segments of {cameras} cameras indexed, a hole each hour, {questions} random days, at most {spans} spans a day; nothing recorded meanwhile",
        spread=spread(took),
    )


if __name__ == "__main__":
    sys.exit(main())
