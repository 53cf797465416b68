"""What a recorder says of a camera's own settings, of steering it and of events, as documents for tests of the pages."""

from typing import Any

from tests.fakes.storage import Document, moment

RECTANGLE = [[0.1, 0.1], [0.3, 0.1], [0.3, 0.4], [0.1, 0.4]]


def field_document(identifier: str, title: str, kind: str, value: Any, **changed: Any) -> Document:
    """One setting."""
    return {
        "id": identifier,
        "title": title,
        "kind": kind,
        "value": value,
        "choices": [],
        "least": None,
        "most": None,
        "step": None,
        "unit": "",
        "locked": False,
        "hint": "",
    } | changed


def part_document(identifier: str, title: str, *fields: Document, **changed: Any) -> Document:
    """Settings that belong together."""
    return {"id": identifier, "title": title, "hint": "", "fields": list(fields), "actions": []} | changed


def camera_settings_document(*, frames: float = 25, **changed: Any) -> Document:
    """A camera with a stream, a picture that can only be read, masks and a clock, which can be restarted."""
    rate = field_document("frame_rate", "Frame rate", "number", frames, least=1, most=30, step=1, unit="fps")
    bits = field_document("bitrate", "Bit rate", "number", 4096, least=64, most=16384, step=1, unit="kbit/s")
    codecs = [{"value": "H264", "title": "H.264"}, {"value": "H265", "title": "H.265"}]
    codec = field_document("encoding", "Codec", "choice", "H264", choices=codecs)
    filter_ = field_document(
        "filter", "Infrared filter", "text", "By itself", locked=True, hint="Day and night decide."
    )
    area = {"points": RECTANGLE, "kind": "color", "enabled": True}
    kinds = [{"value": "color", "title": "One colour"}, {"value": "blur", "title": "Blurred"}]
    masks = field_document("areas", "Hidden areas", "areas", [area], most=2, choices=kinds, hint="Rectangles only.")
    restart = {"id": "reboot", "title": "Restart", "confirm": "Nothing is recorded for about a minute."}
    return {
        "camera": "cam_1",
        "read_at": moment(seconds=5),
        "parts": [
            part_document("video.main", "Main stream", codec, rate, bits),
            part_document("image", "Picture", filter_),
            part_document("masks", "Privacy masks", masks, hint="The camera itself blots these out."),
            part_document("device", "Device", actions=[restart]),
        ],
    } | changed


def result_document(part: str, field: str, wanted: Any, became: Any, **changed: Any) -> Document:
    """What became of a field that was written."""
    return {"part": part, "field": field, "wanted": wanted, "became": became, "ok": True, "title": ""} | changed


def controls_document(**changed: Any) -> Document:
    """A camera that has everything that can be steered."""
    return {
        "ptz": {
            "move": True,
            "zoom": True,
            "to": True,
            "by": True,
            "home": True,
            "presets": [{"preset": "1", "name": "Entrance"}, {"preset": "2", "name": ""}],
            "most_presets": 8,
            "position": {"pan": 0.1, "tilt": -0.25, "zoom": 0.4},
            "moving": False,
        },
        "focus": {"move": True, "to": False, "by": False, "auto": False},
        "relays": [
            {"relay": "r1", "name": "Gate opener", "active": False, "bistable": False},
            {"relay": "r2", "name": "Floodlight", "active": True, "bistable": True},
        ],
        "inputs": [
            {"input": "i1", "name": "Door", "active": True},
            {"input": "i2", "name": "", "active": None},
        ],
        "talk": True,
    } | changed


def event_document(number: int, kind: str = "motion", **changed: Any) -> Document:
    """Something that lasted ten seconds, *number* minutes ago."""
    return {
        "id": f"evt_{number}",
        "camera": "cam_1",
        "kind": kind,
        "title": "",
        "at": moment(minutes=number),
        "until": moment(minutes=number, seconds=-10),
        "camera_at": None,
        "received_at": moment(minutes=number),
        "topic": "tns1:RuleEngine/CellMotionDetector/Motion",
        "source": {},
        "data": {},
        "classes": [],
        "by": "camera",
    } | changed
