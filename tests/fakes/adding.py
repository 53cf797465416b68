"""What a recorder says of finding and adding cameras, as documents: made up, in every state that a page has to show."""

from typing import Any

from tests.fakes.storage import GB, Document, moment


def found_document(number: int, **changed: Any) -> Document:
    """A device that answered."""
    return {
        "id": f"fnd_{number}",
        "kind": "onvif",
        "name": f"Hall {number}",
        "make": "Acme",
        "model": "Dome 4K",
        "hardware": "",
        "address": f"http://192.0.2.{number}/onvif/device_service",
        "host": f"192.0.2.{number}",
        "mac": "",
        "uuid": "",
        "secure": False,
        "added": [],
        "gone": False,
        "seen_at": moment(minutes=1),
    } | changed


def discovery_document(*items: Document, **changed: Any) -> Document:
    """A search that has ended."""
    network = {"interface": "eth0", "network": "192.0.2.0/24", "multicast": True, "scanned": False, "title": "Asked."}
    return {
        "state": "done",
        "started_at": moment(minutes=1),
        "progress": 1.0,
        "title": f"{len(items)} devices were found.",
        "remedy": "",
        "networks": [network],
        "items": list(items),
    } | changed


def stated_document(codec: str = "h264", **changed: Any) -> Document:
    """A stream as a camera states it."""
    return {
        "profile": "Profile_1",
        "uri": "rtsp://192.0.2.7/main",
        "codec": codec,
        "width": 3840,
        "height": 2160,
        "fps": 25.0,
        "bits_per_second": 8_000_000,
        "key_frame_s": 2.0,
        "audio": "aac",
    } | changed


def channel_document(token: str = "VS_1", name: str = "", **changed: Any) -> Document:
    """One channel of a device."""
    sub = stated_document(width=640, height=360, bits_per_second=512_000, profile="Profile_2")
    return {"channel": token, "name": name, "main": stated_document(), "sub": sub, "ptz": True, "added": None} | changed


def report_document(*channels: Document, **changed: Any) -> Document:
    """What a camera says of itself."""
    return {
        "how": "onvif",
        "make": "Acme",
        "model": "Dome 4K",
        "firmware": "5.7.3",
        "hardware": "1.0",
        "serial": "AC000007",
        "mac": "00:00:5e:00:53:07",
        "uuid": "",
        "name": "Dome 4K",
        "address": "192.0.2.7",
        "authentication": "digest-sha256",
        "certificate": None,
        "clock": {"offset_s": 94.0, "zone": "CET-1CEST,M3.5.0,M10.5.0/3", "source": "manual"},
        "channels": list(channels) or [channel_document()],
        "events": ["tns1:VideoSource/MotionAlarm", "tns1:RuleEngine/LineDetector/Crossed"],
        "inputs": 1,
        "relays": 2,
        "talk": True,
        "metadata": True,
        "analytics": False,
        "storage": {"recordings": 3, "oldest": moment(days=9), "newest": moment(minutes=3)},
    } | changed


def trouble_document(kind: str, title: str, remedy: str = "", **changed: Any) -> Document:
    """Something that is wrong."""
    document = {"id": kind, "severity": "warning", "title": title, "remedy": remedy, "fix": None}
    return document | {"minutes": None, "channel": None} | changed


def trial_document(**changed: Any) -> Document:
    """A camera that is being looked for."""
    state = {"since": moment(seconds=3), "title": "", "remedy": "", "kind": "", "retry_at": None}
    return {
        "id": "try_1",
        "kind": None,
        "step": "looking",
        "title": "Looking for the camera.",
        "remedy": "",
        "since": moment(seconds=3),
        "problems": [],
        "tries_left": 2,
        "report": None,
        "channel": None,
        "state": state | {"phase": "connecting"},
        "streams": {"main": None, "sub": None},
    } | changed


def ready_document(**changed: Any) -> Document:
    """A camera that can be looked at and kept, with something to mend."""
    video = {"codec_string": "hvc1.1.6.L150.90", "lost_packets": 0, "recording": False, "fps": 25.0}
    audio = {"codec": "aac", "sample_rate": 16_000, "channels": 1}
    main = {**video, "codec": "h265", "width": 3840, "height": 2160, "bits_per_second": 7_900_000, "audio": audio}
    state = {"since": moment(seconds=3), "title": "", "remedy": "", "kind": "", "retry_at": None, "phase": "online"}
    problems = [
        trouble_document(
            "clock", "The camera's clock is 94 s fast.", "Times burnt into its picture will be wrong.", fix="set_clock"
        ),
        trouble_document(
            "h265",
            "The camera sends H.265, which not every browser plays.",
            "Switch it to H.264, or keep H.265 and watch in a browser that can.",
            severity="info",
            fix="h264",
        ),
    ]
    return (
        trial_document(
            kind="onvif",
            step="ready",
            title="Ready.",
            problems=problems,
            report=report_document(),
            channel="VS_1",
            state=state,
            streams={"main": main, "sub": None},
        )
        | changed
    )


def result_document(name: str, state: str = "done", **changed: Any) -> Document:
    """How one of many went."""
    document = {"address": "192.0.2.7", "name": name, "state": state, "camera": None}
    return document | {"title": "", "remedy": "", "results": []} | changed


def batch_document(*items: Document, **changed: Any) -> Document:
    """Many cameras, all of which have their result."""
    document = {"id": "bat_1", "kind": "add", "state": "done", "done": len(items), "total": len(items)}
    return document | {"items": list(items)} | changed


def removed_document(**changed: Any) -> Document:
    """A removed camera of which footage is left."""
    return {
        "id": "cam_gone",
        "name": "Old yard",
        "added_at": moment(days=30),
        "removed_at": moment(days=3),
        "oldest": moment(days=20),
        "newest": moment(days=3),
        "bytes": 120 * GB,
    } | changed


def lost_document(*items: Document, state: str = "done") -> Document:
    """The search for lost cameras."""
    return {"state": state, "started_at": moment(seconds=20), "items": list(items)}


def settings_document() -> Document:
    """A camera's settings."""
    field: Document = {
        "choices": [],
        "least": None,
        "most": None,
        "step": None,
        "unit": "",
        "locked": False,
        "hint": "",
    }
    codecs = [{"value": "h264", "title": "H.264"}, {"value": "h265", "title": "H.265"}]
    fields = [
        field | {"id": "codec", "title": "Codec", "kind": "choice", "value": "h265", "choices": codecs},
        field
        | {"id": "fps", "title": "Frame rate", "kind": "number", "value": 25, "least": 1, "most": 30, "unit": "fps"},
    ]
    parts = [{"id": "video.main", "title": "Main stream", "hint": "", "fields": fields, "actions": []}]
    return {"camera": "cam_1", "read_at": moment(seconds=1), "parts": parts}
