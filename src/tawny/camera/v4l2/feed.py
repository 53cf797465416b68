"""From a captured buffer to the pictures of the streams: main as large as the webcam's, sub small enough for a wall."""

from collections.abc import Iterable, Mapping

from av.video.frame import VideoFrame

from tawny.camera.capturing import CodedPicture
from tawny.camera.v4l2.encoding import Encoder
from tawny.camera.v4l2.model import Mode, PixelFormat
from tawny.camera.v4l2.pictures import Pictures, fitted, scaled
from tawny.wire import h26x
from tawny.wire.media import VIDEO_TIMESCALE, VideoCodec, VideoFormat

MAIN, SUB = "main", "sub"
LARGEST = {MAIN: (1920, 1080), SUB: (640, 360)}
_SETS = {h26x.H264_SPS, h26x.H264_PPS}


class Feed:
    """Makes the streams' pictures of one opening of a device; calls may block for as long as encoding takes.

    Invariant: a stream's first picture is a key frame, and each key frame has its parameter sets in front.
    """

    def __init__(self, mode: Mode) -> None:
        self._mode = mode
        self._pictures = Pictures(mode)
        passed = mode.pixel_format is PixelFormat.H264
        names = [SUB] if passed else [MAIN, SUB]
        self._sizes = {name: fitted(mode.width, mode.height, LARGEST[name]) for name in names}
        self._encoders = {name: Encoder(*size, rate=mode.rate) for name, size in self._sizes.items()}
        self._assemblies = {name: _Assembly() for name in (MAIN, SUB)}

    def coded(self, data: bytes, moment_s: float) -> Mapping[str, CodedPicture]:
        """The pictures by stream, none where the buffer is of no use; raises ValueError for another size."""
        found: dict[str, CodedPicture] = {}
        if MAIN not in self._encoders:
            self._assemble(found, MAIN, data, moment_s)
            if MAIN in found and (found[MAIN].form.width, found[MAIN].form.height) != self._size():
                raise ValueError("its pictures have another size than it says")
        frame = self._pictures.of(data)
        if frame is not None:
            for name in self._encoders:
                for coded in self._encoded(name, frame, moment_s):
                    self._assemble(found, name, coded, moment_s)
        return found

    def _size(self) -> tuple[int, int]:
        return self._mode.width, self._mode.height

    def _encoded(self, name: str, frame: VideoFrame, moment_s: float) -> Iterable[bytes]:
        return self._encoders[name].encode(scaled(frame, *self._sizes[name]), round(moment_s * VIDEO_TIMESCALE))

    def _assemble(self, found: dict[str, CodedPicture], name: str, coded: bytes, moment_s: float) -> None:
        if (picture := self._assemblies[name].picture(coded, moment_s)) is not None:
            found[name] = picture


class _Assembly:
    """Puts access units together as they are sent, and knows the parameter sets of those that came."""

    def __init__(self) -> None:
        self._form: VideoFormat | None = None

    def picture(self, coded: bytes, moment_s: float) -> CodedPicture | None:
        """The picture of an access unit (H.264, annex B); None until there was a key frame, and for what is none."""
        nals = [nal for nal in h26x.nals_of_annex_b(coded) if h26x.nal_type(VideoCodec.H264, nal) != h26x.H264_AUD]
        kinds = {h26x.nal_type(VideoCodec.H264, nal) for nal in nals}
        key = h26x.H264_IDR in kinds
        if kinds.issuperset(_SETS):
            self._form = h26x.video_format(VideoCodec.H264, nals)
        if self._form is None or not kinds & {1, h26x.H264_IDR}:
            return None
        if key and not kinds.issuperset(_SETS):
            nals = [*self._form.parameter_sets, *nals]
        return CodedPicture(form=self._form, data=h26x.sample_of_nals(nals), key=key, moment_s=moment_s)
