"""From the request for a moment to the first fragment out, in an archive of 30 days of 16 cameras.

The index is generated and its files are links to real segments of the same camera (`bench.generated_index`), so that every path, row and fragment table
is read as in a real archive. Asked over the media socket of the hub, as the web app does. Cold: the machine's cache was dropped and the
gateway has not been asked before.
"""

import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from bench.clips import main_clip
from bench.generated_index import fill
from bench.processes import wait_for
from bench.record import source
from bench.report import Report, percentile, spread, words
from bench.tawny_under_test import Tawny
from tawny.recorder.archive.model import StreamKey
from tawny.recorder.archive.paths import segment_path
from tawny.runtime.data_directory import DataDirectory
from tawny.wire.media import StreamName

BUDGET_MS = 150.0
DAYS = 30
_KIND = 2  # offset of a media message's kind: 2 is a fragment


def long_groups(clip: Path, directory: Path) -> Path:
    """*clip* with a key frame every ten seconds."""
    made = directory / "ten-seconds.mp4"
    command = [
        "ffmpeg",
        "-v",
        "error",
        "-stream_loop",
        "4",
        "-i",
        str(clip),
        "-t",
        "40",
        "-c:v",
        "libx264",
        "-preset",
        "ultrafast",
    ]
    command += ["-b:v", "4M", "-g", "250", "-keyint_min", "250", "-sc_threshold", "0", "-c:a", "copy", str(made)]
    subprocess.run(command, check=True)
    return made


def archive_of(clip: Path, data: Path, cameras: int, days: int) -> list[str]:
    """Record *cameras* for a minute and a half, then spread one whole segment of each over *days*; their ids."""
    with source(clip, cameras) as playing, Tawny(data) as tawny:
        ids = [tawny.add_camera(f"Camera {n}", playing.url(n)) for n in range(cameras)]
        wait_for(lambda: tawny.online() == cameras, timeout_s=60, what="all cameras online")
        time.sleep(75)
    directory = DataDirectory(root=data)
    link(directory, fill(directory.index, cameras * days * 1440))
    return ids


def link(data: DataDirectory, _: int) -> None:
    """A file for each row: the camera's largest real segment under another name."""
    with sqlite3.connect(data.index) as sql:
        streams = sql.execute("SELECT id, camera, stream FROM streams").fetchall()
        for number, camera, stream in streams:
            key = StreamKey(camera=camera, stream=StreamName(stream))
            real = max((data.archive / camera).rglob(f"*-{stream}.mp4"), key=lambda path: path.stat().st_size)
            (model,) = sql.execute(
                "SELECT id FROM segments WHERE stream = ? AND size_bytes = ?", (number, real.stat().st_size)
            ).fetchone()
            rows = sql.execute(
                "SELECT id, start_us FROM segments WHERE stream = ? AND size_bytes = 30000000", (number,)
            ).fetchall()
            for _, start_us in rows:
                path = segment_path(data.archive, key, start_us)
                path.parent.mkdir(parents=True, exist_ok=True)
                os.link(real, path)
            sql.executemany(
                "INSERT INTO tables SELECT ?, fragments, leaves FROM tables WHERE segment = ?",
                ((row, model) for row, _ in rows),
            )
            sql.execute(
                "UPDATE segments SET size_bytes = ? WHERE stream = ? AND size_bytes = 30000000",
                (real.stat().st_size, number),
            )
        sql.commit()
    sql.close()


def seek(socket: ClientConnection, subscription: int, camera: str, moment: datetime) -> float:
    """Milliseconds until the first fragment of *moment* is here."""
    text = f"{moment:%Y-%m-%dT%H:%M:%S.%fZ}"
    until = f"{moment + timedelta(seconds=2):%Y-%m-%dT%H:%M:%S.%fZ}"
    began = time.perf_counter()
    message = {
        "type": "open",
        "subscription": subscription,
        "camera": camera,
        "stream": "main",
        "mode": "playback",
        "from": text,
        "until": until,
    }
    socket.send(json.dumps(message))
    while True:
        data = socket.recv(timeout=20)
        if isinstance(data, bytes) and int.from_bytes(data[:2], "big") == subscription and data[_KIND] == 2:
            break
        if isinstance(data, str) and json.loads(data)["type"] in {"problem", "end"}:
            raise RuntimeError(data)
    took = (time.perf_counter() - began) * 1000
    socket.send(json.dumps({"type": "close", "subscription": subscription}))
    return took


def drop_caches() -> bool:
    """Whether the machine let us empty its page cache."""
    os.sync()
    try:
        Path("/proc/sys/vm/drop_caches").write_text("3")
    except OSError:
        return False
    return True


def measured(data: Path, cameras: list[str], questions: int, *, cold: bool) -> list[float]:
    took: list[float] = []
    with Tawny(data) as tawny:
        headers = {"Authorization": f"Bearer {tawny.token}"}
        url, origin = f"ws://127.0.0.1:{tawny.port}/api/v1/media", Origin(tawny.url)
        with connect(url, origin=origin, additional_headers=headers, max_size=None) as socket:
            for number in range(1, questions + 1):
                moment = datetime.now(UTC) - timedelta(days=random.uniform(0.5, DAYS - 1))
                if cold:
                    drop_caches()
                took.append(seek(socket, number, random.choice(cameras), moment))
    return took


def main() -> int:
    parser = words(__doc__ or "")
    parser.add_argument("--cameras", type=int, default=16)
    parser.add_argument("--questions", type=int, default=200)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tawny-bench-") as temporary:
        report = bench(Path(given.keep or temporary), given.cameras, given.questions)
    report.show()
    return 0 if report.holds else 1


def bench(directory: Path, cameras: int, questions: int) -> Report:
    beside: dict[str, float | str | None] = {}
    warm: list[float] = []
    for name, clip in (("2s", main_clip()), ("10s", long_groups(main_clip(), directory))):
        data = directory / name
        ids = archive_of(clip, data, cameras, DAYS)
        cold_took = measured(data, ids, max(10, questions // 10), cold=True)
        took = measured(data, ids, questions, cold=False)
        beside |= {
            f"warm_{name}_p95_ms": round(percentile(took, 0.95), 1),
            f"cold_{name}_p95_ms": round(percentile(cold_took, 0.95), 1),
        }
        warm = warm or took
    beside["cache_dropped"] = "yes" if drop_caches() else "no (not allowed here)"
    value = percentile(warm, 0.95)
    return Report(
        name="seek",
        value=round(value, 1),
        unit="ms, p95, request to first fragment out at the hub's media socket (warm, groups of 2 s)",
        budget=BUDGET_MS,
        holds=value <= BUDGET_MS,
        conditions=f"{cameras} cameras, {DAYS} days, {cameras * DAYS * 1440} segments linked to real ones; one viewer, random cameras and moments; nothing recorded meanwhile",
        spread=spread(warm),
        beside=beside,
    )


if __name__ == "__main__":
    sys.exit(main())
