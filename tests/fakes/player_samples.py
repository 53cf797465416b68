"""Messages and MP4 that our Python makes, for the page's own tests: `python -m tests.fakes.player_samples` writes them anew."""

import base64
import json
import re
from pathlib import Path
from typing import Any

from tawny.wire.media import AUDIO_TRACK, VIDEO_TRACK, AudioCodec, AudioFormat, TrackFormat, VideoCodec
from tawny.wire.media_socket import STARTS_WITH_KEY, MediaKind, MediaMessage
from tawny.wire.mp4.fragments import fragment_head, live_fragment, single_track_init
from tests.fakes.media_clips import Shape, clip

FILE = Path(__file__).parents[2] / "web" / "src" / "player" / "samples.json"
UTC_US = 1_795_381_595_500_123
FRAMES = (b"key frame", b"second", b"third")
DURATIONS = (3600, 3601, 3599)
SHIFTS = (0, 7200, -3600)
_DECODE_TIME = (1 << 33) + 5


def _init(track: int, form: TrackFormat) -> str:
    return _text(single_track_init({track: form}, track))


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def samples() -> dict[str, Any]:
    """What the file holds: bytes as base64, and what is in them."""
    h264 = clip(Shape(width=160, height=96, fps=5, main=True)).format
    h265 = clip(Shape(width=160, height=96, fps=5, main=True, codec=VideoCodec.H265)).format
    mjpeg = clip(Shape(width=160, height=96, fps=5, main=True, codec=VideoCodec.MJPEG)).format
    aac = AudioFormat(codec=AudioCodec.AAC, sample_rate=16_000, channels=1, config=b"\x14\x08")
    times: dict[str, Any] = {"decode_time": _DECODE_TIME, "durations": DURATIONS, "shifts": SHIFTS, "key": True}
    sizes = [len(frame) for frame in FRAMES]
    head = fragment_head(track=VIDEO_TRACK, sequence=1, utc_us=UTC_US, sizes=sizes, **times)
    live = live_fragment(track=VIDEO_TRACK, sequence=2, samples=FRAMES, **times)
    message = MediaMessage(
        kind=MediaKind.BURST, track=1, flags=STARTS_WITH_KEY, utc_us=UTC_US, payload=b"media", subscription=513
    )
    return {
        "message": {"bytes": _text(message.encode()), "utcUs": UTC_US},
        "h264": {"bytes": _init(VIDEO_TRACK, h264), "codecString": h264.codec_string, "width": 160, "height": 96},
        "h265": {"bytes": _init(VIDEO_TRACK, h265), "codecString": h265.codec_string, "width": 160, "height": 96},
        "aac": {"bytes": _init(AUDIO_TRACK, aac), "codecString": aac.codec_string, "timescale": 16_000},
        "pcma": {"bytes": _init(AUDIO_TRACK, AudioFormat(codec=AudioCodec.PCMA, sample_rate=8000, channels=1))},
        "mjpeg": {"bytes": _init(VIDEO_TRACK, mjpeg), "codecString": mjpeg.codec_string, "width": 160, "height": 96},
        "opus": {"bytes": _init(AUDIO_TRACK, AudioFormat(codec=AudioCodec.OPUS, sample_rate=48_000, channels=2))},
        "fragments": {
            "bytes": _text(head + b"".join(FRAMES) + live),
            "decodeTime": _DECODE_TIME,
            "durations": DURATIONS,
            "shifts": SHIFTS,
            "frames": [frame.decode() for frame in FRAMES],
        },
    }


def text() -> str:
    """The file's whole text, in the web app's formatting: lists stand on one line."""
    spread = json.dumps(samples(), indent=2) + "\n"
    return re.sub(r"\[[^\]]*\]", lambda found: " ".join(found[0].split()).replace("[ ", "[").replace(" ]", "]"), spread)


if __name__ == "__main__":
    FILE.write_text(text())
