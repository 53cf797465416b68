"""A camera reached by TLS: its certificate is shown, accepted, pinned, and accepted anew once it is another."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.journeys.programs import cameras, free_ports
from tests.journeys.test_adding import recorder

pytestmark = pytest.mark.journey


async def test_a_certificate_is_shown_accepted_and_asked_about_again_when_it_changes(tmp_path: Path) -> None:
    ports = free_ports()
    async with recorder() as control:
        with cameras(tmp_path, "--scene", "gate", onvif=ports) as (address,):
            secure = f"https://127.0.0.1:{(urlsplit(address).port or 0) + 1}/onvif/device_service"
            asked = await control.trial(secure)
            shown = asked["report"]["certificate"]
            await control.ask(
                "trials.fix", trial=asked["id"], fix="accept_certificate", fingerprint=shown["fingerprint"]
            )
            ready = await control.settled(asked["id"])
            kept = await control.ask(
                "trials.keep", trial=asked["id"], channels=[{"channel": ready["channel"], "name": "Gate"}]
            )
            camera = kept["items"][0]["id"]

            async def state() -> dict[str, str]:
                listed = await control.ask("cameras.list")
                return next(each["device"] for each in listed if each["id"] == camera)

            await control.until(state, lambda each: each["phase"] == "online", 20)
        (tmp_path / "certificate.pem").unlink()
        with cameras(tmp_path, "--scene", "gate", onvif=ports):
            changed = await control.until(state, lambda each: each["kind"] == "certificate", 60)
            accepted = await control.ask("cameras.change", camera=camera, accept="certificate")
            await control.until(state, lambda each: each["phase"] == "online", 30)

    assert (asked["step"], asked["problems"][0]["fix"]) == ("failed", "accept_certificate")
    assert asked["report"]["channels"] == []
    assert shown["subject"] == "tawny-camera"
    assert shown["not_after"] > "2040"
    assert (ready["step"], ready["report"]["certificate"]) == ("ready", shown)
    assert kept["items"][0]["fingerprint"] == shown["fingerprint"]
    assert changed["remedy"]
    assert accepted["fingerprint"] not in {"", shown["fingerprint"]}
