"""Exports as jobs, through whole programs: the gateway dies in the middle of one, and a stranger fetches it by a link."""

import hashlib
import io
import os
import signal
import time
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bench.processes import wait_for
from bench.tawny_under_test import Tawny
from tests.journeys.conftest import GstCameras

pytestmark = pytest.mark.journey


def moment(when: datetime) -> str:
    return f"{when:%Y-%m-%dT%H:%M:%SZ}"


def gateway_of(tawny: Tawny) -> int:
    """The process that is the gateway."""
    for pid in tawny.pids():
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        if b"gateway" in words:
            return pid
    raise AssertionError("no gateway is running")


def test_an_export_outlives_the_gateway_and_is_fetched_by_a_link_that_can_be_withdrawn(
    tmp_path: Path, clips: Path, gst_cameras: GstCameras
) -> None:
    port = gst_cameras(f"one={clips / 'h264-aac.mp4'}")
    with Tawny(tmp_path / "data") as tawny:
        camera = tawny.add_camera("One", f"rtsp://127.0.0.1:{port}/one")
        wait_for(lambda: tawny.online() == 1, timeout_s=20, what="the camera online")
        time.sleep(6)
        now = datetime.now(UTC)
        span = {"from": moment(now - timedelta(seconds=3)), "to": moment(now + timedelta(seconds=2))}
        made: dict[str, Any] = tawny.call("POST", "/exports", {"items": [{"camera": camera, **span}]})

        def is_in(*states: str) -> bool:
            try:
                made.update(tawny.call("GET", f"/exports/{made['id']}"))
            except RuntimeError:  # the gateway is being started again
                return False
            return made["state"] in states

        wait_for(lambda: is_in("running"), timeout_s=20, what="the export under way")
        os.kill(gateway_of(tawny), signal.SIGKILL)
        wait_for(lambda: is_in("done", "failed"), timeout_s=60, what="the export done")
        assert made["state"] == "done", made

        expires_at = moment(now + timedelta(days=1))
        shared = tawny.call("POST", f"/exports/{made['id']}/shares", {"expires_at": expires_at, "password": "bicycle"})
        secret = shared["url"].partition("#")[2]
        with httpx.Client(base_url=f"{tawny.url}/api/v1") as stranger:
            refused = stranger.post("/shared", json={"secret": secret})
            opened = stranger.post("/shared", json={"secret": secret, "password": "bicycle"})
            movie = stranger.get("/shared/files/1")
            tail = stranger.get("/shared/files/1", headers={"Range": "bytes=-64"})
            zipped = stranger.get("/shared/export.zip")
            tawny.call("DELETE", f"/shares/{shared['share']['id']}")
            withdrawn = stranger.get("/shared/files/1")

        assert (refused.status_code, opened.status_code, withdrawn.status_code) == (403, 200, 404)
        assert hashlib.sha256(movie.content).hexdigest() == made["files"][0]["sha256"]
        assert (tail.status_code, tail.content) == (206, movie.content[-64:])
        assert zipfile.ZipFile(io.BytesIO(zipped.content)).testzip() is None
        assert len(tawny.call("GET", "/shares")["items"][0]["openings"]) == 1

        tawny.call("DELETE", f"/exports/{made['id']}")

        assert list((tmp_path / "data" / "exports").iterdir()) == []
