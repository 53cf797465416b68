"""The demo as it ships: its cameras are found by discovery, added over ONVIF, recorded, and found again."""

import json
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench.tawny_under_test import Tawny

pytestmark = pytest.mark.journey

WITHIN_S = 60  # real programs on a machine that others use too


def until(holds: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not holds():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.5)


def cameras(demo: Tawny) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = demo.call("GET", "/cameras")["items"]
    return found


def well(demo: Tawny) -> bool:
    """Whether every camera delivers and answers by ONVIF."""
    return all((c["state"]["phase"], c["device"]["phase"]) == ("online", "online") for c in cameras(demo))


def test_the_demo_finds_its_cameras_adds_them_over_onvif_and_finds_them_again_elsewhere(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with Tawny(data, verb="demo") as demo:
        until(lambda: well(demo), "the cameras do not come online")
        first = cameras(demo)
        kept = json.loads((data / "demo.json").read_text())
        ours = [f"http://127.0.0.1:{kept['onvif'] + 2 * n}/onvif/device_service" for n in range(4)]
        found = {item["address"]: item["added"] for item in demo.call("GET", "/discovery")["items"]}
    with socket.create_server(("127.0.0.1", kept["onvif"])), Tawny(data, verb="demo") as demo:
        until(lambda: well(demo), "the cameras are not followed to their new ports")
        second = cameras(demo)
        moved = json.loads((data / "demo.json").read_text())

    assert [c["name"] for c in first] == ["Gate", "Corridor", "Yard by night", "Shop"]
    assert {c["kind"] for c in first} == {"onvif"}
    assert [found[address] for address in ours] == [[c["id"]] for c in first]
    assert [c["id"] for c in second] == [c["id"] for c in first]
    assert [c["uuid"] for c in second] == [c["uuid"] for c in first]
    assert moved["onvif"] != kept["onvif"]
