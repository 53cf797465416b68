"""Everything is killed at random moments, again and again: nothing older than a second is lost, and the archive stays whole."""

import os
import random
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.faults import end_of_footage_us, kill_everything
from bench.processes import wait_for
from bench.record import source
from bench.tawny_under_test import Tawny
from tests.journeys.test_recording import check_archive, decode_complaints

pytestmark = pytest.mark.journey

KILLS = 8  # `tawny bench faults` does 200
BOUND_S = 1.0


def test_kills_lose_at_most_a_second_each_and_leave_the_archive_whole(tmp_path: Path, clips: Path) -> None:
    randomness = random.Random(os.urandom(8))
    data = tmp_path / "data"
    losses: list[float] = []
    cameras: list[str] = []
    with source(clips / "h264-aac.mp4", 4) as playing:
        for kill in range(KILLS):
            with Tawny(data) as tawny:
                if kill == 0:
                    for number in range(4):
                        tawny.add_camera(f"Camera {number}", playing.url(number))
                cameras = [camera["id"] for camera in tawny.call("GET", "/cameras")["items"]]
                wait_for(lambda tawny=tawny: tawny.online() == 4, timeout_s=30, what="four cameras online")  # type: ignore[misc]  # mypy takes no default in a lambda
                time.sleep(3.2 + randomness.random() * 2)
                moment = kill_everything(tawny)
            losses += [(moment - end_of_footage_us(data / "archive", camera)) / 1e6 for camera in cameras]
            assert check_archive(data)["faults"] == []

        with Tawny(data) as tawny:
            wait_for(lambda: tawny.online() == 4, timeout_s=30, what="four cameras online")
            now = datetime.now(UTC)
            span = f"from={now - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}&to={now:%Y-%m-%dT%H:%M:%SZ}"
            timeline = tawny.call("GET", f"/cameras/{cameras[0]}/timeline?{span}")

    print(f"lost, s: worst {max(losses):.2f}, mean {sum(losses) / len(losses):.2f}")
    assert max(losses) <= BOUND_S
    restarts = [gap for gap in timeline["gaps"] if gap["reason"] == "restart"]
    assert len(restarts) == KILLS
    assert check_archive(data)["faults"] == []
    assert [decode_complaints(path) for path in sorted((data / "archive" / cameras[0]).rglob("*-main.mp4"))] == [""] * (
        KILLS + 1
    )
