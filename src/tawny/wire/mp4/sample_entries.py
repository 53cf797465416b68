"""Sample entries: a track's format as the ``stsd`` box holds it.

Video: ``avc1`` and ``hvc1`` (ISO/IEC 14496-15), MJPEG as ``mp4v`` whose ``esds`` names JPEG, as ffmpeg writes it; AAC: ``mp4a`` with ``esds`` (ISO/IEC 14496-14); G.711: ``alaw`` and ``ulaw`` as
QuickTime named them, which ffmpeg, GStreamer and VLC read in MP4 too; Opus: ``Opus`` with ``dOps`` (Encapsulation of Opus in
ISO Base Media File Format, 4.3), without pre-skip, for a camera's stream is joined anywhere; metadata: ``metx``
(ISO/IEC 14496-12, 12.3.3), whose namespace says that they are ONVIF's.
"""

import struct

from tawny.wire.h26x import decoder_configuration, read_decoder_configuration
from tawny.wire.media import AudioCodec, AudioFormat, MetadataFormat, TrackFormat, VideoCodec, VideoFormat
from tawny.wire.mp4.boxes import Box, Data, box, boxes, find, full_box, read

_VISUAL = struct.Struct(">6xH 16x HH II 4x H 32x Hh")
_AUDIO = struct.Struct(">6xH 8x HH 4x I")
_VIDEO_CODECS = {b"avc1": (VideoCodec.H264, b"avcC"), b"hvc1": (VideoCodec.H265, b"hvcC")}
_G711 = {b"alaw": AudioCodec.PCMA, b"ulaw": AudioCodec.PCMU}
_DOPS = struct.Struct(">BBHIhB")  # version, channels, pre-skip, input rate, gain, mapping family
_METX = bytes(6) + b"\0\1" + b"\0" + b"http://www.onvif.org/ver10/schema\0" + b"\0"  # no encoding, no schema location
# object type and stream type (ISO/IEC 14496-1, tables 5 and 6), the latter shifted, with its reserved bit
_AAC, _JPEG = (0x40, 0x15), (0x6C, 0x11)
_ES, _DECODER_CONFIG, _DECODER_SPECIFIC, _SL_CONFIG = 3, 4, 5, 6  # descriptor tags of ISO/IEC 14496-1


def sample_entry(form: TrackFormat) -> bytes:
    """The sample entry of a track of this format."""
    if isinstance(form, VideoFormat):
        if form.codec is VideoCodec.MJPEG:
            return box(b"mp4v", _visual(form), _esds(_JPEG, b""))
        kind, configuration = next((k, c) for k, (codec, c) in _VIDEO_CODECS.items() if codec is form.codec)
        return box(kind, _visual(form), box(configuration, decoder_configuration(form)))
    if isinstance(form, MetadataFormat):
        return box(b"metx", _METX)
    # 16.16 fixed point holds rates below 65,536 Hz; above, the media header's timescale alone says it
    rate = form.sample_rate << 16 if form.sample_rate < 0x10000 else 0
    head = _AUDIO.pack(1, form.channels, 16, rate)
    if form.codec is AudioCodec.AAC:
        return box(b"mp4a", head, _esds(_AAC, form.config))
    if form.codec is AudioCodec.OPUS:
        return box(b"Opus", head, box(b"dOps", _DOPS.pack(0, form.channels, 0, form.sample_rate, 0, 0)))
    return box(b"alaw" if form.codec is AudioCodec.PCMA else b"ulaw", head)


def _visual(form: VideoFormat) -> bytes:
    return _VISUAL.pack(1, form.width, form.height, 0x480000, 0x480000, 1, 24, -1)


def read_sample_entry(data: Data, entry: Box, timescale: int) -> TrackFormat:
    """The format that `sample_entry` wrote as *entry*; ValueError for anything else."""
    if entry.kind in _VIDEO_CODECS:
        return _read_video(data, entry)
    if entry.kind == b"mp4v":
        return _read_jpeg(data, entry)
    if entry.kind == b"metx":
        return _read_metadata(data, entry, timescale)
    _, channels, _, _ = read(_AUDIO, data, entry.body, entry.end)
    if entry.kind in _G711:
        return AudioFormat(codec=_G711[entry.kind], sample_rate=timescale, channels=channels)
    if entry.kind == b"mp4a":
        inside = Box(entry.kind, entry.offset, entry.body + _AUDIO.size, entry.end)
        _, config = _read_esds(data, find(data, inside, b"esds"))
        return AudioFormat(codec=AudioCodec.AAC, sample_rate=timescale, channels=channels, config=config)
    if entry.kind == b"Opus":
        return AudioFormat(codec=AudioCodec.OPUS, sample_rate=timescale, channels=channels)
    raise ValueError(f"sample entry {entry.kind!r} is none of ours")


def _read_video(data: Data, entry: Box) -> VideoFormat:
    read(_VISUAL, data, entry.body, entry.end)
    codec, kind = _VIDEO_CODECS[entry.kind]
    inside = boxes(data, entry.body + _VISUAL.size, entry.end)
    found = next((b for b in inside if b.kind == kind), None)
    if found is None:
        raise ValueError(f"no {kind!r} in {entry.kind!r}")
    return read_decoder_configuration(codec, bytes(data[found.body : found.end]))


def _read_jpeg(data: Data, entry: Box) -> VideoFormat:
    _, width, height, *_ = read(_VISUAL, data, entry.body, entry.end)
    inside = Box(entry.kind, entry.offset, entry.body + _VISUAL.size, entry.end)
    kind, _ = _read_esds(data, find(data, inside, b"esds"))
    if kind != _JPEG[0]:
        raise ValueError("mp4v that is not JPEG")
    return VideoFormat(codec=VideoCodec.MJPEG, parameter_sets=(), width=width, height=height, codec_string="mp4v.6C")


def _read_metadata(data: Data, entry: Box, timescale: int) -> MetadataFormat:
    form = MetadataFormat()
    if bytes(data[entry.body : entry.end]) != _METX or timescale != form.timescale:
        raise ValueError("metadata that are not ours")
    return form


def _descriptor(tag: int, body: bytes) -> bytes:
    if len(body) > 127:
        raise ValueError("descriptor too long")  # an AudioSpecificConfig has 2 to 7 bytes, seldom more
    return bytes((tag, len(body))) + body


def _esds(kind: tuple[int, int], config: bytes) -> bytes:
    specific = _descriptor(_DECODER_SPECIFIC, config) if config else b""
    decoder = struct.pack(">BB3xII", *kind, 0, 0) + specific
    inside = struct.pack(">HB", 0, 0) + _descriptor(_DECODER_CONFIG, decoder) + _descriptor(_SL_CONFIG, b"\x02")
    return full_box(b"esds", 0, 0, _descriptor(_ES, inside))


def _read_esds(data: Data, esds: Box) -> tuple[int, bytes]:
    """The kind of the stream, and the decoder's configuration where it has one."""
    at, kind = esds.body + 4, 0
    for tag, skip in ((_ES, 3), (_DECODER_CONFIG, 13), (_DECODER_SPECIFIC, 0)):
        if kind == _JPEG[0] and tag == _DECODER_SPECIFIC:
            return kind, b""
        if at + 2 > esds.end or data[at] != tag or data[at + 1] > esds.end - at - 2:
            raise ValueError("esds has another form than ours")
        length, at = data[at + 1], at + 2
        if tag == _DECODER_SPECIFIC:
            return kind, bytes(data[at : at + length])
        if tag == _DECODER_CONFIG and length:
            kind = data[at]
        at += skip
    raise ValueError("esds without an AudioSpecificConfig")
