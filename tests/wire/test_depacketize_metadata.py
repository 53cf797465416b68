import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.wire.depacketize.h264 import H264Depacketizer
from tawny.wire.depacketize.interleaved import SLACK, InterleavedReceiver
from tawny.wire.depacketize.metadata import MAX_DOCUMENT, MetadataDepacketizer
from tests.fakes.rtp import Sender

DOCUMENT = (
    b'<?xml version="1.0" encoding="utf-8"?>\n<tt:MetadataStream xmlns:tt="http://www.onvif.org/ver10/schema">'
    + b"<tt:VideoAnalytics/>" * 200
    + b"</tt:MetadataStream>"
)
EMPTY = b'<tt:MetadataStream xmlns:tt="http://www.onvif.org/ver10/schema"/>'


class Camera:
    """Sends documents to a depacketizer, in packets of 500 bytes."""

    def __init__(self) -> None:
        self.metadata = MetadataDepacketizer()
        self.sender = Sender(channel=4, payload_type=107)
        self.timestamp = 0
        self._receiver = InterleavedReceiver(
            H264Depacketizer(), 0, 96, metadata=(self.metadata, 4, 107), report_channels={}
        )

    def send(self, document: bytes, *, marker: bool = True, without: int | None = None, size: int = 500) -> None:
        self.timestamp += 9000
        parts = [document[at : at + size] for at in range(0, len(document), size)]
        for index, part in enumerate(parts):
            last = index == len(parts) - 1
            packet = self.sender.packet(part, timestamp=self.timestamp, marker=marker and last)
            if index != without:
                self.receive(packet)

    def receive(self, data: bytes) -> None:
        buffer = bytearray(data) + bytearray(SLACK)
        self._receiver.scan(buffer, memoryview(buffer), len(data))

    @property
    def documents(self) -> list[tuple[int, bytes]]:
        return [(unit.timestamp, unit.data) for unit in self.metadata.units]


@pytest.mark.parametrize("document", [DOCUMENT, EMPTY])
@pytest.mark.parametrize("marker", [True, False])
@pytest.mark.parametrize("size", [40, 500])
def test_documents_come_out_whole_with_and_without_a_marker(document: bytes, *, marker: bool, size: int) -> None:
    camera = Camera()

    for _ in range(3):
        camera.send(document, marker=marker, size=size)

    assert camera.documents == [(9000, document), (18_000, document), (27_000, document)]
    assert camera.metadata.garbage == 0


@pytest.mark.parametrize("without", [0, 3, 8])
def test_a_document_that_lacks_a_packet_is_left_out_and_the_next_comes(without: int) -> None:
    camera = Camera()
    camera.send(EMPTY)

    camera.send(DOCUMENT, without=without)
    camera.send(EMPTY)

    assert camera.documents == [(9000, EMPTY), (27_000, EMPTY)]
    assert camera.metadata.lost_packets == 1


def test_who_joins_in_the_middle_of_a_document_waits_for_the_next() -> None:
    camera = Camera()

    camera.send(DOCUMENT[700:])
    camera.send(EMPTY)

    assert camera.documents == [(18_000, EMPTY)]


def test_a_document_without_an_end_is_given_up_at_its_limit() -> None:
    camera = Camera()

    camera.send(EMPTY[:-2] + b" " * (MAX_DOCUMENT + 1), marker=False, size=60_000)
    camera.send(DOCUMENT)

    assert camera.documents == [(18_000, DOCUMENT)]
    assert camera.metadata.garbage == 1


def test_what_is_no_metadata_is_counted_and_left_out() -> None:
    camera = Camera()
    camera.send(EMPTY)

    camera.send(b"\x1f\x8b compressed")
    camera.send(b"<html/>")
    camera.send(b"")

    assert camera.documents == [(9000, EMPTY)]
    assert camera.metadata.garbage == 2


@given(
    st.lists(
        st.tuples(
            st.sampled_from([b"<?xml", b"<tt:MetadataStream", b"/>", EMPTY, DOCUMENT[:90]]) | st.binary(), st.booleans()
        )
    )
)
@settings(max_examples=100)
def test_whatever_comes_each_unit_is_a_document(parts: list[tuple[bytes, bool]]) -> None:
    camera = Camera()

    for part, marker in parts:
        camera.receive(camera.sender.packet(part, timestamp=1, marker=marker))

    assert all(b"<?xml" in data or b"MetadataStream" in data for _, data in camera.documents)
