"""What kills cost: everything is killed (SIGKILL) again and again under eight cameras, and started again on the same archive.

The value is the worst loss of any camera at any kill: the moment of the kill less the end of what its files hold. After each kill the
archive is checked; after the last one also its evidence, its index is deleted, truncated and damaged in turn, and what `reindex` makes is compared.
"""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.clips import main_clip
from bench.processes import wait_for
from bench.record import source
from bench.report import Report, percentile, spread, words
from bench.tawny_under_test import Tawny
from tawny.runtime.data_directory import DataDirectory
from tawny.wire.mp4.reading import read_init, walk

BUDGET_S = 1.0


def end_of_footage_us(archive: Path, camera: str) -> int:
    """The recorder's time at which the stored video of *camera* ends."""
    newest = max((archive / camera).rglob("*-main.mp4"))
    data = newest.read_bytes()
    init = read_init(data[: 1 << 16])
    video = [fragment for fragment in walk(data, offset=init.size) if fragment.track == 1]
    return video[-1].utc_us + video[-1].duration * 100 // 9 if video else 0


def kill_everything(tawny: Tawny) -> int:
    """SIGKILL to every process at once; the time of it in microseconds since 1970."""
    assert tawny.process is not None
    pids = tawny.pids()
    moment = time.time_ns() // 1000
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    tawny.process.wait()
    return moment


def asked(data: Path, *words: str) -> dict[str, Any]:
    """The JSON answer of `tawny archive ...`."""
    command = [sys.executable, "-m", "tawny.cli", "archive", *words, "--data", str(data), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if not done.stdout.strip():
        raise RuntimeError(f"{' '.join(words)}: {done.returncode} {done.stderr[-500:]}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer | {"code": done.returncode}


def reindex(data: Path) -> None:
    command = [sys.executable, "-m", "tawny.cli", "archive", "reindex", "--data", str(data)]
    subprocess.run(command, check=True, capture_output=True)


def contents(index: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What an index says, without the row numbers that differ from one making to the next."""
    with sqlite3.connect(f"{index.absolute().as_uri()}?mode=ro", uri=True) as sql:
        names = {
            "segments": "start_us, end_us, state, size_bytes, fragments, sequence, root",
            "spans": "start_us, end_us",
        }
        found = {
            table: sql.execute(
                f"SELECT s.camera, s.stream, {', '.join('t.' + c for c in columns.split(', '))} FROM {table} t"
                " JOIN streams s ON s.id = t.stream ORDER BY 1, 2, 3"
            ).fetchall()
            for table, columns in names.items()
        }
        found["gaps"] = sql.execute("SELECT id, start_us, end_us, reason FROM gaps ORDER BY id").fetchall()
    sql.close()
    return found


def damage(index: Path, how: str) -> None:
    """Do to the index what disks and people do."""
    for suffix in ("-wal", "-shm"):
        index.with_name(index.name + suffix).unlink(missing_ok=True)
    match how:
        case "deleted":
            index.unlink()
        case "truncated":
            os.truncate(index, index.stat().st_size // 2)
        case _:
            with index.open("r+b") as file:
                for at in range(0, index.stat().st_size, 4096):
                    file.seek(at)
                    file.write(os.urandom(64))


def reindexed(data: Path) -> list[str]:
    """The ways of losing the index after which a new one says anything else than before."""
    index = DataDirectory(root=data).index
    reindex(data)
    before = contents(index)
    wrong = []
    for how in ("deleted", "truncated", "damaged"):
        damage(index, how)
        reindex(data)
        if contents(index) != before:
            wrong.append(how)
    return wrong


def main() -> int:
    parser = words(__doc__ or "")
    parser.add_argument("--cameras", type=int, default=8)
    parser.add_argument("--kills", type=int, default=200)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tawny-bench-") as temporary:
        report = bench(Path(given.keep or temporary) / "faults", given.cameras, given.kills)
    report.show()
    return 0 if report.holds else 1


def bench(data: Path, cameras: int, kills: int) -> Report:
    losses: list[float] = []
    faults = 0
    with source(main_clip(), cameras) as playing:
        for kill in range(kills):
            with Tawny(data) as tawny:
                if kill == 0:
                    for number in range(cameras):
                        tawny.add_camera(f"Camera {number}", playing.url(number))
                ids = [camera["id"] for camera in tawny.call("GET", "/cameras")["items"]]
                wait_for(lambda tawny=tawny: tawny.online() == cameras, timeout_s=60, what="all cameras online")  # type: ignore[misc]  # mypy takes no default in a lambda
                time.sleep(3.2 + random.random() * 3)
                moment = kill_everything(tawny)
            losses += [(moment - end_of_footage_us(data / "archive", camera)) / 1e6 for camera in ids]
            faults += len(asked(data, "check")["faults"])
            if kill % 20 == 19:
                print(f"{kill + 1} kills: worst {max(losses):.2f} s, {faults} faults", flush=True)
        with Tawny(data) as tawny:
            wait_for(lambda: tawny.online() == cameras, timeout_s=60, what="all cameras online")
            time.sleep(5)
    checked = asked(data, "check", "--hashes")
    verified = asked(data, "verify")
    wrong = reindexed(data)
    sound = not faults and not checked["faults"] and verified["code"] == 0 and not wrong
    return Report(
        name="faults",
        value=round(max(losses), 2),
        unit="s lost, worst camera of all kills",
        budget=BUDGET_S,
        holds=max(losses) <= BUDGET_S and sound,
        conditions=f"{kills} x SIGKILL of every process of `tawny run` under {cameras} cameras 1080p25, fragments up to 0.68 s, loopback, source on the same box",
        spread=spread(losses),
        lost=round(max(losses), 2),
        beside={
            "p95_s": round(percentile(losses, 0.95), 2),
            "faults_after_kills": faults,
            "faults_by_hash": len(checked["faults"]),
            "segments": checked["segments"],
            "evidence": "clean" if verified["code"] == 0 else str(verified)[:500],
            "reindex_differs_after": ", ".join(wrong) or "none",
        },
    )


if __name__ == "__main__":
    sys.exit(main())
