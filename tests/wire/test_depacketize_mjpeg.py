import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.wire.depacketize.interleaved import SLACK, InterleavedReceiver
from tawny.wire.depacketize.mjpeg import MjpegDepacketizer
from tawny.wire.media import AccessUnit, VideoCodec, VideoFormat
from tests.fakes.rtp import Sender
from tests.wire.jpegs import payloads, picture, pixels


class Camera:
    """Sends pictures to a depacketizer, 40 ms apart."""

    def __init__(self) -> None:
        self.video = MjpegDepacketizer()
        self.sender = Sender(payload_type=26)
        self.timestamp = 0
        self._receiver = InterleavedReceiver(self.video, 0, 26, report_channels={})

    def send(self, found: list[bytes], *, without: int | None = None) -> None:
        self.timestamp += 3600
        for index, payload in enumerate(found):
            packet = self.sender.packet(payload, timestamp=self.timestamp, marker=index == len(found) - 1)
            if index != without:
                self.receive(packet)

    def receive(self, data: bytes) -> None:
        buffer = bytearray(data) + bytearray(SLACK)
        assert self._receiver.scan(buffer, memoryview(buffer), len(data)) == len(data)

    @property
    def pictures(self) -> list[AccessUnit]:
        return [unit for unit in self.video.units if isinstance(unit, AccessUnit)]


def test_a_picture_comes_out_as_a_file_that_shows_the_same() -> None:
    camera = Camera()
    data = picture()

    camera.send(payloads(data))

    unit = camera.pictures[0]
    assert (unit.timestamp, unit.key) == (3600, True)
    assert pixels(unit.data) == pixels(data)
    assert camera.video.format == VideoFormat(
        codec=VideoCodec.MJPEG, parameter_sets=(), width=64, height=48, codec_string="mp4v.6C"
    )


def test_another_size_is_another_format() -> None:
    camera = Camera()

    for data in (picture(), picture(1), picture(width=128, height=96)):
        camera.send(payloads(data))

    assert [type(unit) for unit in camera.video.units] == [
        VideoFormat,
        AccessUnit,
        AccessUnit,
        VideoFormat,
        AccessUnit,
    ]


def test_tables_may_be_sent_once() -> None:
    camera = Camera()

    camera.send(payloads(picture(), quality=200))
    camera.send(payloads(picture(), quality=200, tables=False))
    camera.send(payloads(picture(), quality=201, tables=False))

    first, second = camera.pictures
    assert first.data == second.data
    assert camera.video.torn_pictures == 1


def test_a_quality_stands_for_the_usual_tables() -> None:
    camera = Camera()

    camera.send(payloads(picture(), quality=50))

    assert camera.pictures[0].data[2:9] == b"\xff\xdb\x00\x43\x00\x10\x0b"  # as the standard has them
    assert len(pixels(camera.pictures[0].data)) == 64 * 48 * 3


@pytest.mark.parametrize("without", [0, 1, -1])
def test_a_picture_of_which_a_packet_is_missing_is_left_out(without: int) -> None:
    camera = Camera()
    found = payloads(picture())

    camera.send(found, without=without % len(found))
    camera.send(payloads(picture(1)))

    assert [unit.timestamp for unit in camera.pictures] == [7200]
    assert (camera.video.lost_packets, camera.video.torn_pictures) == (0 if without == 0 else 1, 1)


def test_a_restart_interval_stands_in_the_file() -> None:
    camera = Camera()
    (payload,) = payloads(picture(), most=100_000)
    restarts = payload[:4] + bytes([payload[4] | 64]) + payload[5:8] + struct.pack(">HH", 3, 0xFFFF) + payload[8:]

    camera.send([restarts])

    assert b"\xff\xdd\x00\x04\x00\x03" in camera.pictures[0].data


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\0" * 7,
        b"\0\0\0\0\x05\x32\x08\x08scan",  # a type that nobody defined
        b"\0\0\0\0\x01\x32\x00\x08scan",  # wider than the header can say
        b"\0\0\0\0\x01\xff\x08\x08\0\0\x00\x80short",
        b"\0\0\0\0\x01\xff\x08\x08\0\0\x00\x00",
    ],
)
def test_what_is_no_picture_is_counted(payload: bytes) -> None:
    camera = Camera()

    camera.send([payload])

    assert camera.pictures == []
    assert camera.video.torn_pictures == 1 or not payload


@settings(max_examples=80)
@given(st.lists(st.tuples(st.binary(max_size=40), st.booleans(), st.integers(0, 2)), max_size=12))
def test_nothing_that_comes_trips_it(packets: list[tuple[bytes, bool, int]]) -> None:
    camera = Camera()

    for payload, marker, timestamp in packets:
        camera.receive(camera.sender.packet(payload, timestamp=timestamp, marker=marker))

    assert all(unit.data.startswith(b"\xff\xd8") for unit in camera.pictures)
