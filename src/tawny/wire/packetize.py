"""From access units to RTP payloads: H.264 (RFC 6184), H.265 (RFC 7798), AAC-hbr (RFC 3640), G.711 (RFC 3551), Opus (RFC 7587), ONVIF metadata."""

import struct

from tawny.wire.h26x import H264_PPS, H264_SPS, H265_PPS, H265_SPS, H265_VPS, nal_type, nals_of_sample
from tawny.wire.media import AudioCodec, MetadataCodec, TrackFormat, VideoCodec

MOST_PAYLOAD = 1400  # fits an Ethernet frame with every header and a tunnel's too
_H264_PARAMETERS = {H264_SPS, H264_PPS}
_H264_STAP_A, _H264_FU_A = 24, 28
_H265_PARAMETERS = {H265_VPS, H265_SPS, H265_PPS}
_H265_AP, _H265_FU = 48, 49


def payloads(track: TrackFormat, data: bytes, *, most: int = MOST_PAYLOAD) -> list[bytes]:
    """The payloads of one access unit, in order; *data* is as in `AccessUnit`."""
    match track.codec:
        case VideoCodec.H264:
            return _h264(_nal_units(data), most)
        case VideoCodec.H265:
            return _h265(_nal_units(data), most)
        case VideoCodec.MJPEG:
            raise ValueError("cameras of ours send no MJPEG")
        case AudioCodec.AAC:
            return _aac(data, most)
        case AudioCodec.PCMA | AudioCodec.PCMU | AudioCodec.OPUS:
            return [data]
        case MetadataCodec.ONVIF:
            return [data[at : at + most] for at in range(0, len(data), most)]


def _nal_units(data: bytes) -> list[bytes]:
    return [nal for nal in nals_of_sample(data) if nal]


def _h264(units: list[bytes], most: int) -> list[bytes]:
    leading = _leading([nal_type(VideoCodec.H264, unit) in _H264_PARAMETERS for unit in units])
    found, rest = _aggregated(units, leading, bytes([0x60 | _H264_STAP_A]), most)
    for unit in rest:
        if len(unit) <= most:
            found.append(unit)
        else:
            found += _fragments(unit, 1, bytes([unit[0] & 0xE0 | _H264_FU_A]), nal_type(VideoCodec.H264, unit), most)
    return found


def _h265(units: list[bytes], most: int) -> list[bytes]:
    leading = _leading([nal_type(VideoCodec.H265, unit) in _H265_PARAMETERS for unit in units])
    found, rest = _aggregated(units, leading, bytes([_H265_AP << 1, 1]), most)
    for unit in rest:
        if len(unit) <= most:
            found.append(unit)
        else:
            header = bytes([unit[0] & 0x81 | _H265_FU << 1, unit[1]])
            found += _fragments(unit, 2, header, nal_type(VideoCodec.H265, unit), most)
    return found


def _leading(flags: list[bool]) -> int:
    """How many stand at the start without a break."""
    return flags.index(False) if False in flags else len(flags)


def _aggregated(units: list[bytes], leading: int, header: bytes, most: int) -> tuple[list[bytes], list[bytes]]:
    """The *leading* parameter sets in one packet where they fit, so that a loss takes all or none; and what is left."""
    size = len(header) + sum(2 + len(unit) for unit in units[:leading])
    if leading < 2 or size > most:
        return [], units
    return [header + b"".join(struct.pack(">H", len(unit)) + unit for unit in units[:leading])], units[leading:]


def _fragments(unit: bytes, header_size: int, header: bytes, kind: int, most: int) -> list[bytes]:
    """Fragmentation units: *header*, then S, E and the unit's type, then a piece of what follows the unit's header."""
    room = most - header_size - 1
    last = len(unit) - 1 - (len(unit) - header_size - 1) % room  # where the last piece starts
    start, middle, end = (header + bytes([flag | kind]) for flag in (0x80, 0, 0x40))
    found = [start + unit[header_size : header_size + room]]
    found += [middle + unit[at : at + room] for at in range(header_size + room, last, room)]
    found.append(end + unit[last:])
    return found


def _aac(frame: bytes, most: int) -> list[bytes]:
    """One frame a packet; a longer one in pieces, each with the whole frame's size (RFC 3640, 3.2.3.2)."""
    if len(frame) >= 1 << 13:
        raise ValueError("an AAC frame is larger than AAC-hbr can say")
    header = struct.pack(">HH", 16, len(frame) << 3)
    return [header + frame[at : at + most - 4] for at in range(0, len(frame), most - 4)]
