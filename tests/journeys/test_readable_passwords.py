"""A camera that wants its password readable gets it when somebody allows that, and not before."""

from pathlib import Path

import pytest

from tests.journeys.conftest import GstCameras
from tests.journeys.programs import small_clip
from tests.journeys.test_adding import recorder

pytestmark = pytest.mark.journey

USER, PASSWORD = "viewer", "Kolotoc7"


async def test_a_camera_that_wants_its_password_readable_waits_for_a_word(
    tmp_path: Path, gst_cameras: GstCameras
) -> None:
    clip = tmp_path / "yard.mp4"
    small_clip(clip)
    port = gst_cameras(f"yard={clip}", user=USER, password=PASSWORD, more=["--basic"])
    async with recorder() as control:
        added = await control.ask(
            "cameras.add", name="Yard", url=f"rtsp://127.0.0.1:{port}/yard", user=USER, password=PASSWORD
        )

        async def state() -> dict[str, str]:
            (camera,) = await control.ask("cameras.list")
            found: dict[str, str] = camera["state"]
            return found

        asked = await control.until(state, lambda each: each["phase"] == "waiting", 20)
        await control.ask("cameras.change", camera=added["id"], allow_basic=True)
        await control.until(state, lambda each: each["phase"] == "online", 30)

    assert added["allow_basic"] is False
    assert (asked["kind"], "readable" in asked["title"]) == ("basic_only", True)
    assert "allow" in asked["remedy"]
