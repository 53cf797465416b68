"""Cameras that answer something else than what was asked, or far too much of it."""

import asyncio
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.recorder.control.service import Controls
from tawny.runtime.problem import Problem
from tawny.wire.onvif.elements import Element, make
from tawny.wire.onvif.geometry import Size, write_size
from tests.fakes.onvif_device import Handler, KeepingDevice
from tests.recorder.camera_settings.test_service import settings_of
from tests.recorder.control.test_service import Stage, Steered

LONG = "x" * 5_000
NAMES = sorted(KeepingDevice().answers)
READS = [name for name in NAMES if ":Get" in name]
STEERING = sorted(name for name in Steered().answers if ":Get" in name)
WISHES = {
    "video.main": {"encoding": "H265", "bitrate": 300},
    "osd.2": {"text": "Gate"},
    "masks": {"areas": [{"points": [[0, 0], [1, 0], [1, 1]]}]},
    "audio": {"encoding": "MP4A-LATM"},
    "clock": {"servers": "192.0.2.1"},
    "device": {"name": "Gate"},
}


def empty(_: Element) -> Element:
    return make("tds:Response")


def flood(_: Element) -> Element:
    """An answer of everything, many times."""
    sizes = [write_size("tt:ResolutionsAvailable", Size(width=n, height=n)) for n in range(1, 300)]
    return make(
        "tds:Response",
        make("tds:Name", LONG),
        *(make("tds:Scopes", make("tt:ScopeItem", f"onvif://www.onvif.org/name/{LONG}")) for _ in range(3)),
        make("tr2:Options", make("tt:Encoding", "H264"), *sizes),
        *(make("tptz:Preset", make("tt:Name", LONG), token=f"{n}") for n in range(400)),
    )


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(READS), st.sampled_from([empty, flood, *NAMES])), max_size=6))
def test_answers_to_other_questions_lead_to_a_document_or_a_problem(swaps: list[tuple[str, Handler | str]]) -> None:
    device = KeepingDevice()
    usual = dict(device.answers)
    for name, answer in swaps:
        device.answers[name] = usual[answer] if isinstance(answer, str) and ":Get" in answer else empty
        if callable(answer):
            device.answers[name] = answer

    async def look() -> None:
        try:
            read = await settings_of(device).read("cam_a")
            written = await settings_of(device).write("cam_a", WISHES)
        except Problem:
            return
        assert len(json.dumps(read)) < 200_000
        assert len(written["results"]) == 7

    asyncio.run(look())


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(STEERING), st.sampled_from([empty, flood])), max_size=4))
def test_controls_of_a_camera_that_answers_nonsense_are_those_that_can_be_understood(
    swaps: list[tuple[str, Handler]],
) -> None:
    device = Steered()
    device.answers.update(swaps)

    async def look() -> None:
        controls: Controls = Stage(device).controls
        try:
            told = await controls.read("cam_a")
        except Problem:
            return
        assert len(json.dumps(told)) < 100_000

    asyncio.run(look())


async def test_what_a_camera_tells_too_long_is_cut() -> None:
    device = KeepingDevice()
    device.kept.host_name = LONG

    document = await settings_of(device).read("cam_a")

    (field,) = [
        field
        for part in document["parts"]
        if part["id"] == "device"
        for field in part["fields"]
        if field["id"] == "host_name"
    ]
    assert len(field["value"]) == 256
