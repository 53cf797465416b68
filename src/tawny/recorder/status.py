"""What the recorder says about itself and its cameras, as JSON documents (``docs/design/programs.md``, "Control")."""

from collections.abc import Mapping
from typing import Any

from tawny.recorder.cameras.model import Camera
from tawny.recorder.ingest.model import CameraState, Phase, StreamStatus
from tawny.wire.media import AudioFormat, StreamName
from tawny.wire.moments import rfc3339

Document = dict[str, Any]
Streams = Mapping[StreamName, StreamStatus | None]


def camera_document(camera: Camera, state: CameraState, streams: Streams) -> Document:
    """A camera as the API shows it: never its password."""
    return {
        "id": camera.id,
        "name": camera.name,
        "enabled": camera.enabled,
        "sound": camera.sound,
        "url": camera.url,
        "sub_url": camera.sub_url,
        "user": camera.user,
        "added_at": rfc3339(camera.added_us),
        "state": state_document(state),
        "streams": streams_document(streams),
    }


def trial_document(trial_id: str, state: CameraState, streams: Streams) -> Document:
    """A camera that is being tried."""
    return {"id": trial_id, "state": state_document(state), "streams": streams_document(streams)}


def removed_document(camera_id: str) -> Document:
    """What is said of a camera once: that it is there no more."""
    return {"id": camera_id, "removed": True}


def state_document(state: CameraState) -> Document:
    """Where a camera stands."""
    return {
        "phase": str(state.phase),
        "since": rfc3339(state.since_us),
        "title": state.title,
        "remedy": state.remedy,
        "kind": str(state.kind),
        "retry_at": None if state.retry_at_us is None else rfc3339(state.retry_at_us),
    }


def streams_document(streams: Streams) -> Document:
    """What each stream delivers."""
    return {str(name): _stream_document(streams.get(name)) for name in StreamName}


def online(states: list[CameraState]) -> Document:
    """How many cameras there are, and how many deliver."""
    return {"online": sum(state.phase is Phase.ONLINE for state in states), "total": len(states)}


def _stream_document(status: StreamStatus | None) -> Document | None:
    if status is None:
        return None
    return {
        "codec": str(status.video.codec),
        "codec_string": status.video.codec_string,
        "width": status.video.width,
        "height": status.video.height,
        "fps": round(status.fps, 2),
        "bits_per_second": status.bits_per_second,
        "audio": _audio_document(status.audio),
        "lost_packets": status.lost_packets,
        "recording": status.recording,
    }


def _audio_document(audio: AudioFormat | None) -> Document | None:
    if audio is None:
        return None
    return {"codec": str(audio.codec), "sample_rate": audio.sample_rate, "channels": audio.channels}
