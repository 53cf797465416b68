import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.wire.audio import AacPacking
from tawny.wire.depacketize.audio import AacDepacketizer, AudioDepacketizer, G711Depacketizer, OpusDepacketizer
from tawny.wire.depacketize.h264 import H264Depacketizer
from tawny.wire.depacketize.h265 import H265Depacketizer
from tawny.wire.depacketize.interleaved import SLACK, InterleavedReceiver
from tawny.wire.depacketize.video import MAX_ACCESS_UNIT, VideoDepacketizer
from tawny.wire.h26x import nals_of_sample
from tawny.wire.media import AccessUnit, VideoFormat
from tests.fakes.rtp import (
    AUD,
    LARGE_SPS,
    PPS,
    PPS_265,
    SEI,
    SPS,
    SPS_265,
    VPS_265,
    Sender,
    aac_payload,
    aggregation_265,
    idr,
    idr_265,
    interleaved,
    second_slice,
    sender_report,
    sized,
    slice_,
    slice_265,
    stap_a,
)


class Connection:
    """Feeds a receiver through one small buffer that is overwritten each time, as the media loop does."""

    def __init__(self, video: VideoDepacketizer | None = None, audio: AudioDepacketizer | None = None) -> None:
        self.video = video or H264Depacketizer(parameter_sets=(SPS, PPS))
        self.receiver = InterleavedReceiver(
            self.video, 0, 96, (audio, 2, 97) if audio else None, report_channels={1: 1, 3: 2}
        )
        self._buffer = bytearray((1 << 20) + SLACK)
        self._left = b""

    def receive(self, data: bytes, *, step: int = 1 << 19) -> None:
        for at in range(0, len(data), step):
            piece = self._left + data[at : at + step]
            self._buffer[: len(piece)] = piece
            done = self.receiver.scan(self._buffer, memoryview(self._buffer), len(piece))
            self._left = piece[done:]
            self._buffer[: len(piece)] = bytes((0xEE,)) * len(piece)

    @property
    def units(self) -> list[AccessUnit]:
        return [unit for unit in self.video.units if isinstance(unit, AccessUnit)]

    @property
    def formats(self) -> list[VideoFormat]:
        return [unit for unit in self.video.units if isinstance(unit, VideoFormat)]


@pytest.mark.parametrize("step", [1, 7, 999, 1 << 19])
def test_pictures_come_out_whole_however_the_bytes_are_cut(step: int) -> None:
    connection = Connection()
    sender = Sender()
    stream = sender.picture(SPS, PPS, SEI, idr(5000), timestamp=0) + sender.picture(slice_(2500), timestamp=3600)

    connection.receive(stream, step=step)

    assert connection.units == [
        AccessUnit(0, sized(SPS, PPS, SEI, idr(5000)), key=True),
        AccessUnit(3600, sized(slice_(2500)), key=False),
    ]
    assert connection.video.lost_packets == connection.video.garbage == 0


def test_a_header_extension_in_the_first_fragment_only_does_not_shift_those_after_it() -> None:
    connection = Connection()
    sender = Sender(mtu=1400)
    first, *others = sender.payloads(idr(5000))
    extended = sender.packet(b"\xbe\xde\x00\x01abcd" + first[:1394], timestamp=0)  # as long as the packets after it
    extended = extended[:4] + bytes((extended[4] | 0x10,)) + extended[5:]
    stream = extended + b"".join(sender.packet(p, timestamp=0, marker=p is others[-1]) for p in others)

    connection.receive(stream)

    (unit,) = connection.units
    (nal,) = [nal for nal in nals_of_sample(unit.data) if nal not in (SPS, PPS)]
    assert nal == idr(5000)[:1393] + idr(5000)[1401:]
    assert connection.video.lost_packets == connection.video.garbage == 0


@pytest.mark.parametrize("step", [11, 1 << 19])
def test_h265_pictures_come_out_whole(step: int) -> None:
    connection = Connection(H265Depacketizer())
    sender = Sender(h265=True)
    stream = sender.packet(aggregation_265(VPS_265, SPS_265, PPS_265), timestamp=0)
    stream += sender.picture(idr_265(5000), timestamp=0) + sender.picture(slice_265(4001), timestamp=3600)

    connection.receive(stream, step=step)

    assert connection.units == [
        AccessUnit(0, sized(VPS_265, SPS_265, PPS_265, idr_265(5000)), key=True),
        AccessUnit(3600, sized(slice_265(4001)), key=False),
    ]
    assert [(f.width, f.height) for f in connection.formats] == [(642, 362)]


def test_several_slices_make_one_picture() -> None:
    connection = Connection()
    sender = Sender()

    connection.receive(sender.picture(idr(2500), second_slice(1500, key=True), timestamp=0))

    assert [list(nals_of_sample(u.data)) for u in connection.units] == [
        [SPS, PPS, idr(2500), second_slice(1500, key=True)]
    ]


def test_a_unit_of_parameter_sets_only_belongs_to_the_picture_after_it() -> None:
    connection = Connection(H264Depacketizer())
    sender = Sender()
    stream = sender.picture(SPS, timestamp=0) + sender.picture(PPS, timestamp=0) + sender.picture(idr(), timestamp=0)

    connection.receive(stream, step=50)

    assert connection.units == [AccessUnit(0, sized(SPS, PPS, idr()), key=True)]


def test_key_frames_get_the_parameter_sets_that_the_camera_left_out() -> None:
    connection = Connection()

    connection.receive(Sender().picture(AUD, idr(), timestamp=0))

    assert connection.units == [AccessUnit(0, sized(SPS, PPS, idr()), key=True)]


def test_nothing_comes_out_before_parameter_sets_are_known() -> None:
    connection = Connection(H264Depacketizer())
    sender = Sender()
    stream = sender.picture(idr(), timestamp=0) + sender.picture(slice_(), timestamp=3600)

    connection.receive(stream + sender.packet(stap_a(SPS, PPS), timestamp=7200) + sender.picture(idr(), timestamp=7200))

    assert [u.timestamp for u in connection.units] == [7200]


def test_a_new_size_in_band_is_a_new_format_before_its_key_frame() -> None:
    connection = Connection()
    sender = Sender()
    connection.receive(sender.picture(SPS, PPS, idr(), timestamp=0) + sender.picture(slice_(), timestamp=3600))

    connection.receive(sender.picture(LARGE_SPS, PPS, idr(), timestamp=7200))

    kinds = [u.width if isinstance(u, VideoFormat) else u.timestamp for u in connection.video.units]
    assert kinds == [638, 0, 3600, 1920, 7200]


def test_broken_parameter_sets_in_band_leave_the_known_ones() -> None:
    connection = Connection()
    sender = Sender()

    connection.receive(sender.picture(SPS[:6], PPS, idr(), timestamp=0) + sender.picture(idr(), timestamp=3600))

    assert [f.width for f in connection.formats] == [638]
    assert connection.video.garbage == 1
    assert next(nals_of_sample(connection.units[-1].data)) == SPS


@pytest.mark.parametrize("missing", [0, 1, 2, 3])
def test_a_picture_with_a_lost_packet_is_dropped_and_the_next_is_kept(missing: int) -> None:
    connection = Connection()
    sender = Sender(lost={4 + missing})  # four packets of the first picture, then four of the torn one
    stream = sender.picture(idr(4000), timestamp=0)

    for index in range(1, 4):
        stream += sender.picture(slice_(4000), timestamp=index * 3600)
    connection.receive(stream)

    assert [u.timestamp for u in connection.units] == [0, 7200, 10_800]
    assert connection.video.lost_packets == 1
    assert connection.video.torn_pictures == 1


def test_a_loss_over_two_pictures_drops_both() -> None:
    connection = Connection()
    sender = Sender(lost={7, 8, 9})

    connection.receive(b"".join(sender.picture(idr(4000), timestamp=index * 3600) for index in range(4)))

    assert [u.timestamp for u in connection.units] == [0, 10_800]
    assert connection.video.lost_packets == 3


def test_joining_in_the_middle_of_a_picture_drops_the_rest_of_it() -> None:
    connection = Connection()
    sender = Sender(lost={0, 1})

    connection.receive(sender.picture(idr(4000), timestamp=0) + sender.picture(slice_(), timestamp=3600))

    assert [u.timestamp for u in connection.units] == [3600]


def test_without_markers_a_new_timestamp_ends_the_picture() -> None:
    connection = Connection()
    sender = Sender()

    for index in range(4):
        connection.receive(sender.picture(idr(2500), timestamp=index * 3600, marker=False), step=100)

    assert connection.units == [AccessUnit(i * 3600, sized(SPS, PPS, idr(2500)), key=True) for i in range(3)]
    assert connection.video.lost_packets == 0


def test_a_camera_that_marks_every_slice_costs_one_picture_and_is_understood() -> None:
    connection = Connection()
    sender = Sender()

    for index in range(5):
        for nal in (idr(2500), second_slice(1500, key=True)):
            connection.receive(sender.picture(nal, timestamp=index * 3600))

    assert [u.timestamp for u in connection.units] == [0, 3600, 7200, 10_800]
    assert [len(list(nals_of_sample(u.data))) for u in connection.units] == [3, 4, 4, 4]


def test_padding_extension_and_contributing_sources_are_taken_out() -> None:
    connection = Connection()
    header = struct.pack(">BBHII", 0x80 | 0x20 | 0x10 | 2, 0x80 | 96, 5, 900, 1) + b"csrccsrc"
    extension = struct.pack(">HH", 0xABAC, 3) + b"x" * 12
    padded = header + extension + idr(700) + b"\x00\x00\x00\x04"

    connection.receive(interleaved(0, padded))

    assert connection.units == [AccessUnit(900, sized(SPS, PPS, idr(700)), key=True)]


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\x00abc",
        b"\xe5forbidden bit",
        b"\x1fabc",
        b"\x1eabc",
        b"\x79stap-b",
        b"\x7dfu-b",
        b"\x7c",
        b"\x7c\x85",
        b"\x7c\x80abc",
        b"\x7c\x05a middle without a start",
        b"\x78\x00",
        b"\x78\xff\xffabc",
        b"\x78\x00\x00",
        b"\x65",
    ],
)
def test_a_payload_that_is_none_harms_no_picture(payload: bytes) -> None:
    connection = Connection()
    sender = Sender()
    stream = sender.picture(idr(), timestamp=0) + sender.packet(payload, timestamp=3600, marker=True)

    connection.receive(stream + sender.picture(slice_(), timestamp=7200))

    assert [u.timestamp for u in connection.units] == [0, 7200]
    assert [len(list(nals_of_sample(u.data))) for u in connection.units] == [3, 1]


def test_another_payload_type_is_not_taken_for_video() -> None:
    connection = Connection()
    sender = Sender()

    connection.receive(sender.packet(idr(500), timestamp=0, marker=True, payload_type=26))

    assert connection.units == []
    assert connection.receiver.garbage == 1


def test_a_picture_without_end_is_given_up_at_the_limit() -> None:
    connection = Connection()
    sender = Sender(mtu=60_000)
    chunk = sender.packet(b"\x7c\x85" + bytes(60_000), timestamp=0)

    for _ in range(MAX_ACCESS_UNIT // 60_000 + 3):
        connection.receive(chunk)
        chunk = sender.packet(b"\x7c\x05" + bytes(60_000), timestamp=0)
        assert sum(map(len, connection.video.pieces)) <= MAX_ACCESS_UNIT
    connection.receive(sender.picture(idr(500), timestamp=3600))

    assert [u.timestamp for u in connection.units] == [3600]


def test_replies_and_requests_between_packets_are_handed_out() -> None:
    connection = Connection()
    sender = Sender()
    reply = b"RTSP/1.0 200 OK\r\nCSeq: 5\r\nContent-Length: 4\r\n\r\n"
    request = b"OPTIONS rtsp://x RTSP/1.0\r\nCSeq: 1\r\n\r\n"

    connection.receive(sender.picture(idr(), timestamp=0) + reply + b"body" + request, step=9)
    connection.receive(sender.picture(slice_(), timestamp=3600))

    assert connection.receiver.messages == [reply, request]
    assert len(connection.units) == 2


@pytest.mark.parametrize(
    "garbage", [b"\x00\x01\x02\x03\x04", b"A" * 200_000, b"GET\r\nContent-Length: 99999999\r\n\r\n"]
)
def test_lost_framing_is_an_error(garbage: bytes) -> None:
    connection = Connection()

    with pytest.raises(ValueError, match="framing"):
        connection.receive(garbage)


def test_a_flood_of_tiny_packets_is_an_error_and_an_ordinary_megabyte_is_none() -> None:
    connection = Connection()
    sender = Sender(mtu=500)
    connection.receive(b"".join(sender.picture(slice_(1000), timestamp=index * 3600) for index in range(1000)))

    with pytest.raises(ValueError, match="flood"):
        connection.receive(interleaved(0, b"") * 10_000)


def test_sender_reports_are_kept_by_track() -> None:
    connection = Connection()

    connection.receive(sender_report(1, ntp_s=3_900_000_000.5, rtp=77) + sender_report(3, ntp_s=5, rtp=88))

    assert connection.receiver.reports[1].rtp == 77
    assert connection.receiver.reports[1].ntp == int(3_900_000_000.5 * 2**32)
    assert connection.receiver.reports[2].rtp == 88


def test_several_aac_frames_in_a_packet_are_a_frame_apart() -> None:
    audio = AacDepacketizer(AacPacking(), frame_ticks=1024)
    connection = Connection(audio=audio)
    sender = Sender(channel=2, payload_type=97)

    connection.receive(sender.packet(aac_payload(b"one", b"second"), timestamp=2**32 - 1024, marker=True))

    assert audio.units == [AccessUnit(2**32 - 1024, b"one", key=True), AccessUnit(0, b"second", key=True)]


def test_an_aac_frame_over_several_packets_is_joined_and_dropped_where_a_part_is_missing() -> None:
    audio = AacDepacketizer(AacPacking(), frame_ticks=1024)
    sender = Sender(channel=2, payload_type=97, lost={3})
    connection = Connection(audio=audio)
    head = b"\x00\x10" + (3000 << 3).to_bytes(2, "big")

    for timestamp in (0, 1024, 2048):
        for part in range(2):
            packet = sender.packet(head + bytes((timestamp >> 8,)) * 1500, timestamp=timestamp, marker=part == 1)
            connection.receive(packet)

    assert [(u.timestamp, len(u.data)) for u in audio.units] == [(0, 3000), (2048, 3000)]
    assert audio.lost_packets == 1


def test_g711_packets_are_units() -> None:
    audio = G711Depacketizer()
    sender = Sender(channel=2, payload_type=97)

    Connection(audio=audio).receive(sender.packet(b"\xd5" * 160, timestamp=160))

    assert audio.units == [AccessUnit(160, b"\xd5" * 160, key=True)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.binary(max_size=40), st.integers(0, 3), st.booleans(), st.booleans()), max_size=30))
def test_no_payloads_break_a_receiver(packets: list[tuple[bytes, int, bool, bool]]) -> None:
    for video in (H264Depacketizer(parameter_sets=(SPS, PPS)), H265Depacketizer()):
        connection = Connection(video, AacDepacketizer(AacPacking(), frame_ticks=1024))
        senders = [Sender(), Sender(channel=2, payload_type=97)]

        for payload, timestamp, is_audio, marker in packets:
            packet = senders[is_audio].packet(payload, timestamp=timestamp, marker=marker)
            connection.receive(packet[:5] + packet[5:], step=23)

        for unit in connection.units:
            assert all(nals_of_sample(unit.data))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 255))
def test_no_bytes_break_a_receiver(data: bytes, first: int) -> None:
    connection = Connection(audio=G711Depacketizer())

    try:
        connection.receive(bytes((0x24, 0, 0, 20, first, 96)) + data)
    except ValueError as error:
        assert "framing" in str(error)  # noqa: PT017 - either way is right


def test_opus_packets_are_kept_as_they_are_and_others_counted() -> None:
    audio = OpusDepacketizer()
    connection = Connection(audio=audio)
    sender = Sender(channel=2, payload_type=97)

    for number, payload in enumerate((b"\xfcone", b"\xfb\x07no", b"\x08")):
        connection.receive(sender.packet(payload, timestamp=number * 960))

    assert audio.units == [AccessUnit(0, b"\xfcone", key=True), AccessUnit(1920, b"\x08", key=True)]
    assert (audio.packets, audio.garbage) == (3, 1)
