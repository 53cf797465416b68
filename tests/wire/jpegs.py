"""JPEG pictures as libavcodec makes them, and the RTP payloads in which a camera sends them (RFC 2435)."""

import functools
import struct
from fractions import Fraction

import av
import numpy as np


@functools.cache
def picture(number: int = 0, *, width: int = 64, height: int = 48) -> bytes:
    """A JPEG file with the usual Huffman tables."""
    encoder = av.CodecContext.create("mjpeg", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuvj420p"
    encoder.options = {"huffman": "default"}
    encoder.framerate = Fraction(25)
    encoder.thread_count = 1  # more make restart intervals
    noise = np.random.default_rng(number).integers(0, 256, (height, width, 3), dtype=np.uint8)
    frame = av.VideoFrame.from_ndarray(noise, format="rgb24").reformat(format="yuvj420p")
    packets = [*encoder.encode(frame), *encoder.encode(None)]
    return b"".join(map(bytes, packets))


def pixels(data: bytes) -> bytes:
    """What the JPEG file shows."""
    decoder = av.CodecContext.create("mjpeg", "r")
    assert isinstance(decoder, av.VideoCodecContext)
    (frame,) = decoder.decode(av.Packet(data))
    return frame.to_ndarray(format="rgb24").tobytes()


def payloads(data: bytes, *, quality: int = 255, most: int = 500, tables: bool = True) -> list[bytes]:
    """The RTP payloads of a JPEG file; without *tables* the receiver must have those of an earlier picture."""
    found = _segments(data)
    quantization = b"".join(
        body[at + 1 : at + 65] for marker, body in found if marker == 0xDB for at in range(0, len(body), 65)
    )
    frame = next(body for marker, body in found if marker == 0xC0)
    height, width = struct.unpack_from(">HH", frame, 1)
    scan = next(body for marker, body in found if marker == 0)
    header = struct.pack(">4B", 1, quality, width // 8, height // 8)
    carried = quantization if tables else b""
    result = []
    for at in range(0, len(scan), most):
        extra = struct.pack(">BBH", 0, 0, len(carried)) + carried if at == 0 and quality > 127 else b""
        result.append(b"\0" + at.to_bytes(3) + header + extra + scan[at : at + most])
    return result


def _segments(data: bytes) -> list[tuple[int, bytes]]:
    """Marker and body of each segment; the scan has marker 0."""
    found, at = [], 2
    while True:
        marker, size = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        found.append((marker, data[at + 4 : at + 2 + size]))
        at += 2 + size
        if marker == 0xDA:
            return [*found, (0, data[at:].removesuffix(b"\xff\xd9"))]
