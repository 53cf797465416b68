"""What a recorder says of its storage, holds, exports and evidence, as documents for tests of the hub and the pages."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

Document = dict[str, Any]

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIBAAAA\n-----END CERTIFICATE-----\n"
ROOT_CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIBBBBB\n-----END CERTIFICATE-----\n"
GB, TB = 10**9, 10**12


def moment(now: datetime = NOW, **ago: float) -> str:
    """RFC 3339 for so long before *now*."""
    return (now - timedelta(**ago)).isoformat().replace("+00:00", "Z")


def volume_document(**changed: Any) -> Document:
    """A volume that is well."""
    return {
        "id": "vol_a",
        "name": "Upper drive",
        "path": "/var/lib/tawny/archive",
        "role": "record",
        "state": "ok",
        "title": "OK",
        "remedy": "",
        "progress": None,
        "confirm": "Upper drive",
        "total_bytes": 8 * TB,
        "free_bytes": 2 * TB,
        "archive_bytes": 59 * TB // 10,
        "held_bytes": 400 * GB,
        "oldest": moment(days=23),
        "file_system": "ext4",
        "disk": {
            "device": "/dev/sda",
            "model": "Western Digital WD84PURZ",
            "serial": "VRG4K2TK",
            "kind": "hdd",
            "temperature_c": 38,
            "temperature_limit_c": 60,
            "smart": "ok",
            "smart_title": "The drive reports that it is well.",
        },
        "faults": {"count": 0, "threshold": 5, "window_s": 3600, "recent": []},
    } | changed


def storage_document(
    *,
    depth_days: int | None = 30,
    size_limit_bytes: int | None = None,
    pending: Mapping[str, Any] | None = None,
    **changed: Any,
) -> Document:
    """Storage that is well, but for what is *changed*."""
    return {
        "icon": "connected",
        "title": "Recording to 1 drive.",
        "remedy": "",
        "depth": {"days": depth_days, "current_days": 23.4, "pending": pending},
        "size_limit_bytes": size_limit_bytes,
        "forecast": {"state": "filling", "full_at": moment(days=-9), "bytes_per_day": 250 * GB},
        "clock": {"trusted": True, "title": ""},
        "holds": {"bytes": 400 * GB, "quota_bytes": 4 * TB, "alarm_at": None},
        "queue_s": 0.1,
        "unsynced_s": 0.8,
        "volumes": [volume_document()],
        "found": [],
        "alarms": [],
    } | changed


def evidence_document(**changed: Any) -> Document:
    """Evidence with a witness of half a minute ago and no time stamps."""
    return {
        "recorder": "rec_4f2a91c07be3",
        "root": {
            "fingerprint": "3b:9f:21:7c:d8:04:ee:51:a6:0b:92:f7:c1:3d:48:6e:77:20:e5:9a:bb:15:83:cc:f0:64:2d:19:ab:de:80:36",
            "not_after": "2051-11-22T12:00:00Z",
        },
        "key": {
            "id": "9c41d07e55ab3f18",
            "since": moment(days=23),
            "kept_in": "file",
            "title": "The key is a file on this recorder's system drive.",
        },
        "keys": [{"id": "9c41d07e55ab3f18", "since": moment(days=23), "until": None}],
        "newest_head": {"at": moment(seconds=20), "segments_to": moment(seconds=40)},
        "witnessed": {"at": moment(seconds=30), "by": "app"},
        "tsa": {"url": "", "state": "off", "title": "No time-stamping service is set."},
        "chain": CERTIFICATE + ROOT_CERTIFICATE,
    } | changed


def camera_document(number: int, name: str, **changed: Any) -> Document:
    """A camera that is online and sends both streams."""
    well = {"since": moment(days=2), "title": "", "remedy": "", "kind": "", "retry_at": None}
    video = {"codec_string": "avc1.640028", "fps": 25.0, "lost_packets": 0, "recording": True, "audio": None}
    return {
        "id": f"cam_{number}",
        "kind": "onvif",
        "name": name,
        "enabled": True,
        "sound": False,
        "url": f"rtsp://192.0.2.{number + 10}/main",
        "sub_url": f"rtsp://192.0.2.{number + 10}/sub",
        "user": "viewer",
        "added_at": moment(days=23),
        "depth_days": None,
        "make": "Acme",
        "model": "Dome 4K",
        "firmware": "5.7.3",
        "serial": f"AC{number:06}",
        "mac": f"00:00:5e:00:53:{number:02x}",
        "uuid": "",
        "host": f"192.0.2.{number + 10}",
        "transport": "automatic",
        "allow_basic": False,
        "fingerprint": "",
        "ptz": False,
        "clock_offset_s": 0.1,
        "state": well | {"phase": "online"},
        "device": well | {"phase": "online"},
        "streams": {
            "main": {**video, "codec": "h264", "width": 1920, "height": 1080, "bits_per_second": 4_000_000},
            "sub": {**video, "codec": "h264", "width": 640, "height": 360, "bits_per_second": 500_000},
        },
    } | changed


def recorder_document(**changed: Any) -> Document:
    """A recorder that records."""
    return {
        "id": "rec_4f2a91c07be3",
        "name": "Warehouse",
        "version": "0.2.0",
        "started_at": moment(days=2),
        "uptime_s": 172_800,
        "time_zone": "Europe/Berlin",
        "cameras": {"online": 3, "total": 4},
        "archive": {
            "oldest": moment(days=23),
            "depth_days": 23.4,
            "bytes": 59 * TB // 10,
            "limit_bytes": None,
            "state": {"phase": "recording", "title": "", "remedy": ""},
            "queue_s": 0.1,
            "unsynced_s": 0.8,
        },
        "volume": {"total_bytes": 8 * TB, "free_bytes": 2 * TB},
        "alarms": [],
    } | changed


def alarm_document(title: str, **changed: Any) -> Document:
    """An alarm about the first volume."""
    return {
        "id": "alm_1",
        "kind": "temperature",
        "severity": "alarm",
        "since": moment(hours=1),
        "title": title,
        "remedy": "",
        "volume": "vol_a",
        "camera": None,
    } | changed


def hold_document(**changed: Any) -> Document:
    """A hold that stands."""
    return {
        "id": "hold_1",
        "cameras": ["cam_1", "cam_2"],
        "from": moment(days=3),
        "to": moment(days=3, hours=-1),
        "why": "Case 26/1183: break-in at the loading ramp",
        "who": "mara",
        "made_at": moment(days=2),
        "until": None,
        "bytes": 400 * GB,
        "released": None,
    } | changed


def export_document(**changed: Any) -> Document:
    """An export that is done, of two cameras."""
    span = {"from": moment(hours=3), "to": moment(hours=2.5)}
    files = [
        {
            "number": number,
            "name": f"{name}-20261122T090000Z.mp4",
            "camera": f"cam_{number}",
            "stream": "main",
            **span,
            "bytes": 900_000_000,
            "sha256": f"{number}3b9f217cd804ee51a60b92f7c13d486e7720e59abb1583ccf0642d19abde80"[:64],
            "derived": False,
        }
        for number, name in ((1, "Gate"), (2, "Loading-ramp"))
    ]
    return {
        "id": "exp_1",
        "name": "Case 26/1183",
        "by": "mara",
        "made_at": moment(hours=2),
        "state": "done",
        "step": "",
        "progress": 1.0,
        "bytes": 1_800_000_000,
        "bytes_done": 1_800_000_000,
        "title": "",
        "remedy": "",
        "items": [{"camera": f"cam_{n}", "stream": "main", **span, "audio": True} for n in (1, 2)],
        "case": {"number": "26/1183", "reason": "Break-in", "officer": "Sgt. Okafor"},
        "hold": "hold_1",
        "drive": None,
        "files": files,
        "zip_bytes": 1_801_000_000,
        "zip_sha256": "ab" * 32,
        "expires_at": moment(days=-28),
    } | changed
