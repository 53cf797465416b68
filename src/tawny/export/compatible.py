"""A copy for players that know H.264 and AAC only. Its pictures are not those that were recorded: it is marked as derived, and proves nothing.

Imported only where it is needed: PyAV takes 40 MB.
"""

import hashlib
import os
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final, cast

import av
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.video.stream import VideoStream

from tawny.export.model import ExportFile
from tawny.export.pieces import CHUNK

_MARK: Final = (
    "Derived copy, converted for players that do not know the original's format. The original is the evidence."
)
_VIDEO_OPTIONS: Final = {"preset": "veryfast", "crf": "20"}
_AAC_RATE: Final = 48_000
_THREADS: Final = 2


def copy_for_plain_players(
    original: ExportFile, number: int, name: str, directory: Path, *, alive: Callable[[], None]
) -> ExportFile:
    """Write the copy of *original* into *directory*; *alive* is called again and again and may raise to stop."""
    path, partial = directory / name, directory / f"{name}.part"
    with (
        av.open(str(directory / original.name), "r") as source,
        av.open(str(partial), "w", format="mp4", options={"movflags": "faststart"}) as target,
    ):
        target.metadata["comment"] = _MARK
        _convert(source, target, alive)
    digest, crc = _sum(partial)
    partial.replace(path)
    return replace(
        original,
        number=number,
        name=name,
        size_bytes=path.stat().st_size,
        sha256=digest,
        crc32=crc,
        derived=True,
    )


def _convert(source: InputContainer, target: OutputContainer, alive: Callable[[], None]) -> None:
    video = _Video(source.streams.video[0], target)
    sound = _Sound(source.streams.audio[0], target) if source.streams.audio else None
    streams = (source.streams.video[0], *source.streams.audio[:1])
    for packet in source.demux(*streams):
        alive()
        if packet.stream is streams[0]:
            video.take(cast("av.Packet[VideoStream]", packet))
        elif sound is not None:
            sound.take(cast("av.Packet[AudioStream]", packet))
    video.end()
    if sound is not None:
        sound.end()


class _Video:
    """Pictures, decoded and encoded again; a change of size is scaled to the first."""

    def __init__(self, source: VideoStream, target: OutputContainer) -> None:
        source.thread_type = "AUTO"
        source.codec_context.thread_count = _THREADS
        self._target = target
        self._stream = target.add_stream("libx264", rate=source.average_rate or 25, options=_VIDEO_OPTIONS)
        self._stream.width, self._stream.height = source.width & ~1, source.height & ~1
        self._stream.pix_fmt = "yuv420p"
        self._stream.codec_context.thread_count = _THREADS
        if source.time_base is not None:
            self._stream.codec_context.time_base = source.time_base

    def take(self, packet: "av.Packet[VideoStream]") -> None:
        for frame in packet.decode():
            plain = frame.reformat(self._stream.width, self._stream.height, "yuv420p")
            plain.pict_type = av.video.frame.PictureType.NONE
            self._target.mux(self._stream.encode(plain))

    def end(self) -> None:
        self._target.mux(self._stream.encode(None))


class _Sound:
    """Sound, as AAC."""

    def __init__(self, source: AudioStream, target: OutputContainer) -> None:
        self._target = target
        self._stream = target.add_stream("aac", rate=_AAC_RATE)
        self._stream.codec_context.layout = "mono"
        self._resampler = AudioResampler(format="fltp", layout="mono", rate=_AAC_RATE)

    def take(self, packet: "av.Packet[AudioStream]") -> None:
        for frame in packet.decode():
            for plain in self._resampler.resample(frame):
                self._target.mux(self._stream.encode(plain))

    def end(self) -> None:
        self._target.mux(self._stream.encode(None))


def _sum(path: Path) -> tuple[str, int]:
    digest, crc = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            crc = zlib.crc32(chunk, crc)
        os.fsync(file.fileno())
    return digest.hexdigest(), crc
