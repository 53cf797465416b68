"""The tracks of a subscription as its messages need them: formats, init segments, ticks."""

from collections.abc import Iterator
from typing import Any

from tawny.wire.media import AudioFormat, TrackFormat, VideoFormat
from tawny.wire.media_socket import MediaKind, MediaMessage, note
from tawny.wire.mp4.fragments import single_track_init
from tawny.wire.mp4.reading import read_init


class Tracks:
    """The formats that an init segment names, by track number; none where it is empty."""

    def __init__(self, init: bytes) -> None:
        self.formats: dict[int, TrackFormat] = read_init(init).formats if init else {}

    @property
    def numbers(self) -> list[int]:
        return sorted(self.formats)

    def ticks(self, track: int, us: int) -> int:
        """*us* in the ticks of *track*, to the nearest."""
        return max(0, (us * self.formats[track].timescale + 500_000) // 1_000_000)

    def us(self, track: int, ticks: int) -> int:
        """*ticks* of *track* in microseconds."""
        return ticks * 1_000_000 // self.formats[track].timescale

    def opened(self, *, camera: str, stream: str, origin_us: int, utc_us: int) -> MediaMessage:
        """The note that tells what follows."""
        tracks = {str(number): _described(form) for number, form in sorted(self.formats.items())}
        return note("opened", utc_us=utc_us, origin_us=origin_us, camera=camera, stream=stream, tracks=tracks)

    def inits(self) -> Iterator[MediaMessage]:
        """The init segment of each track by itself."""
        for number in self.numbers:
            payload = single_track_init(self.formats, number)
            yield MediaMessage(kind=MediaKind.INIT, track=number, payload=payload)


def _described(form: TrackFormat) -> dict[str, Any]:
    codec = {"codec": str(form.codec), "codec_string": form.codec_string}
    if isinstance(form, VideoFormat):
        return {**codec, "width": form.width, "height": form.height}
    if isinstance(form, AudioFormat):
        return {**codec, "sample_rate": form.sample_rate, "channels": form.channels}
    return codec
