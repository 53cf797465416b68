"""What the recorder says about itself and its cameras, as JSON documents (``docs/design/programs.md``, "Control")."""

from collections.abc import Mapping, Sequence
from typing import Any

from tawny.recorder.archive.model import ArchiveStatus, VolumeStatus
from tawny.recorder.cameras.model import Camera, Recorder
from tawny.recorder.ingest.model import CameraState, Phase, StreamStatus
from tawny.recorder.onvif.model import DevicePhase, DeviceState, Identity
from tawny.wire.media import AudioFormat, StreamName
from tawny.wire.moments import rfc3339

Document = dict[str, Any]
Streams = Mapping[StreamName, StreamStatus | None]


def camera_document(
    camera: Camera,
    state: CameraState,
    streams: Streams,
    *,
    device: DeviceState | None = None,
    clock_offset_s: float | None = None,
) -> Document:
    """A camera as the API shows it: never its password. *device* is its ONVIF side."""
    return {
        "id": camera.id,
        "kind": "rtsp" if camera.device is None else "onvif",
        "name": camera.name,
        "enabled": camera.enabled,
        "sound": camera.sound,
        "host": camera.host,
        "url": camera.url,
        "sub_url": camera.sub_url,
        "user": camera.user,
        "added_at": rfc3339(camera.added_us),
        "depth_days": camera.depth_days,
        "transport": str(camera.transport),
        "allow_basic": camera.allow_basic,
        "fingerprint": camera.fingerprint,
        **_identity_document(camera.identity),
        "ptz": camera.device is not None and camera.device.ptz,
        "clock_offset_s": clock_offset_s,
        "state": state.document(),
        "device": (device or DeviceState(phase=DevicePhase.NONE, since_us=camera.added_us)).document(),
        "streams": streams_document(streams),
    }


def _identity_document(identity: Identity) -> Document:
    """Who a camera is, as far as it matters to people."""
    return {
        "make": identity.make,
        "model": identity.model,
        "firmware": identity.firmware,
        "serial": identity.serial,
        "mac": identity.mac,
        "uuid": identity.uuid,
    }


def removed_document(camera_id: str) -> Document:
    """What is said of a camera once: that it is there no more."""
    return {"id": camera_id, "removed": True}


def streams_document(streams: Streams) -> Document:
    """What each stream delivers."""
    return {str(name): _stream_document(streams.get(name)) for name in StreamName}


def recorder_document(
    recorder: Recorder,
    *,
    version: str,
    started_us: int,
    uptime_s: float,
    cameras: list[CameraState],
    archive: ArchiveStatus,
    volumes: Sequence[VolumeStatus],
    alarms: list[Document],
) -> Document:
    """The recorder as a whole."""
    return {
        "id": recorder.id,
        "name": recorder.name,
        "version": version,
        "started_at": rfc3339(started_us),
        "uptime_s": round(uptime_s, 1),
        "time_zone": recorder.time_zone,
        "cameras": online(cameras),
        "archive": archive_document(archive),
        "volume": _volume_document(volumes),
        "alarms": alarms,
    }


def online(states: list[CameraState]) -> Document:
    """How many cameras there are, and how many deliver."""
    return {"online": sum(state.phase is Phase.ONLINE for state in states), "total": len(states)}


def archive_document(status: ArchiveStatus) -> Document:
    """How the archive is doing; the gateway adds how far back it reaches."""
    return {
        "bytes": status.size_bytes,
        "limit_bytes": status.limit_bytes,
        "oldest": None if status.oldest_us is None else rfc3339(status.oldest_us),
        "state": {"phase": str(status.phase), "title": status.title, "remedy": status.remedy},
        "queue_s": round(status.queue_s, 3),
        "unsynced_s": round(status.unsynced_s, 3),
    }


def _volume_document(volumes: Sequence[VolumeStatus]) -> Document | None:
    """The room of all volumes together; nothing where none is there, as the alarms say in words."""
    total = sum(volume.total_bytes for volume in volumes)
    return {"total_bytes": total, "free_bytes": sum(volume.free_bytes for volume in volumes)} if total else None


def _stream_document(status: StreamStatus | None) -> Document | None:
    if status is None:
        return None
    return {
        "codec": str(status.video.codec),
        "codec_string": status.video.codec_string,
        "width": status.video.width,
        "height": status.video.height,
        "fps": round(status.fps, 2) or None,  # nothing until it is measured
        "bits_per_second": status.bits_per_second or None,
        "key_frame_s": status.key_frame_s,
        "audio": _audio_document(status.audio),
        "lost_packets": status.lost_packets,
        "recording": status.recording,
    }


def _audio_document(audio: AudioFormat | None) -> Document | None:
    if audio is None:
        return None
    return {"codec": str(audio.codec), "sample_rate": audio.sample_rate, "channels": audio.channels}
