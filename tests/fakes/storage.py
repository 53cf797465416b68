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
