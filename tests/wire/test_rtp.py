import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.wire.rtp import (
    Bye,
    ReceiverReport,
    ReceptionReport,
    RtpStream,
    SenderReport,
    SequenceCounter,
    TimestampUnwrapper,
    parse,
    parse_rtcp,
    receiver_report,
    sender_report,
)

NOON_US = 1_795_348_800_000_000


def packet(first: int, tail: bytes) -> bytes:
    return bytes([first, 0xE0, 0x12, 0x34, 0, 0, 0, 9, 0xDE, 0xAD, 0xBE, 0xEF]) + tail


def test_a_plain_packet_is_read() -> None:
    read = parse(packet(0x80, b"payload"))

    assert read == (96, True, 0x1234, 9, 0xDEADBEEF, b"payload")


def test_padding_extension_and_contributing_sources_are_taken_off() -> None:
    sources, extension, padding = bytes(8), b"\xab\xac\0\x02" + bytes(8), b"\0\0\x03"

    assert parse(packet(0x80 | 0x20 | 0x10 | 2, sources + extension + b"data" + padding)).payload == b"data"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes(11),
        packet(0x40, b"version 1"),
        packet(0x8F, b"fifteen sources"),
        packet(0x90, b"\0"),
        packet(0x90, b"\0\0\xff\xff"),
        packet(0xA0, b"\xff"),
        packet(0xA0, b"ab\0"),
    ],
)
def test_a_packet_that_contradicts_itself_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="RTP"):
        parse(data)


@given(data=st.binary(max_size=80))
@settings(max_examples=200)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read = parse(data)
    except ValueError:
        return

    assert len(read.payload) <= len(data) - 12


def test_a_sender_numbers_its_packets_on_over_the_wrap_and_marks_the_last() -> None:
    stream = RtpStream(payload_type=97, ssrc=5, sequence=0xFFFF)

    packets = [parse(p) for p in stream.packets_of([b"one", b"two"], 1 << 32 | 7, marker=True)]

    assert packets == [(97, False, 0xFFFF, 7, 5, b"one"), (97, True, 0, 7, 5, b"two")]
    assert (stream.sequence, stream.packets, stream.octets) == (1, 2, 6)


def counted(*sequences: int) -> tuple[SequenceCounter, list[int]]:
    counter = SequenceCounter()
    return counter, [counter.count(sequence) for sequence in sequences]


def test_packets_in_order_miss_nothing_across_the_wrap() -> None:
    counter, missing = counted(65_534, 65_535, 0, 1)

    assert missing == [0, 0, 0, 0]
    assert (counter.received, counter.lost, counter.highest) == (4, 0, 0x10001)


def test_a_hole_is_counted_even_across_the_wrap() -> None:
    counter, missing = counted(65_533, 2)

    assert missing == [0, 4]
    assert counter.lost == 4


def test_a_late_packet_is_no_loss_after_all() -> None:
    counter, missing = counted(10, 12, 11, 13)

    assert missing == [0, 1, -1, 0]
    assert (counter.lost, counter.late, counter.received) == (0, 1, 4)


def test_a_packet_that_comes_twice_counts_once() -> None:
    counter, missing = counted(10, 10, 11)

    assert missing == [0, -1, 0]
    assert (counter.repeated, counter.received, counter.lost) == (1, 2, 0)


def test_a_jump_is_a_sender_that_began_anew() -> None:
    counter, missing = counted(100, 40_000, 40_001)

    assert missing == [0, 1, 0]
    assert (counter.restarts, counter.lost) == (1, 0)


@given(start=st.integers(0, 65_535), seed=st.integers(0, 1000))
@settings(max_examples=50)
def test_received_and_lost_are_what_was_sent(start: int, seed: int) -> None:
    chance = random.Random(seed)
    kept = [n for n in range(500) if n in {0, 499} or chance.random() > 0.2]
    for at in range(2, len(kept) - 2):
        if chance.random() < 0.1:
            kept[at], kept[at + 1] = kept[at + 1], kept[at]

    counter, _ = counted(*((start + n) & 0xFFFF for n in kept))

    assert counter.received + counter.lost == 500
    assert counter.received == len(kept)


def test_timestamps_run_on_past_their_wrap_and_back_for_b_frames() -> None:
    unwrap = TimestampUnwrapper().unwrap

    assert [unwrap(t) for t in (0xFFFFF000, 0x500, 0xFFFFFF00, 0x1000)] == [
        0xFFFFF000,
        0x1_0000_0500,
        0xFFFFFF00,
        0x1_0000_1000,
    ]


def test_a_sender_report_reads_back_the_same() -> None:
    report = SenderReport(ssrc=1, utc_us=NOON_US + 123_457, rtp_timestamp=0xFFFFFFFF, packets=10, octets=1000)

    assert parse_rtcp(sender_report(report, cname="camera")) == [report]


@given(us=st.integers(0, 4_000_000_000_000_000))
@settings(max_examples=100)
def test_every_microsecond_until_2096_survives_ntp(us: int) -> None:
    report = SenderReport(ssrc=1, utc_us=us, rtp_timestamp=0, packets=0, octets=0)

    read = parse_rtcp(sender_report(report, cname=""))[0]

    assert isinstance(read, SenderReport)
    assert read.utc_us == us


def test_a_receiver_report_says_that_we_are_there() -> None:
    data = receiver_report(7, cname="tawny")

    assert parse_rtcp(data) == [ReceiverReport(ssrc=7)]
    assert len(data) % 4 == 0
    assert b"\x01\x05tawny\0" in data


def test_a_goodbye_names_its_sources() -> None:
    assert parse_rtcp(b"\x82\xcb\0\x02\0\0\0\x01\0\0\0\x02") == [Bye(ssrcs=(1, 2))]


@pytest.mark.parametrize("data", [b"\x80", b"\x80\xc8\0\x06", b"\x00\xc8\0\0"])
def test_a_broken_compound_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="RTCP"):
        parse_rtcp(data)


@given(data=st.binary(max_size=80))
@settings(max_examples=200)
def test_any_bytes_are_rtcp_or_refused(data: bytes) -> None:
    try:
        reports = parse_rtcp(data)
    except ValueError:
        return

    assert len(reports) <= len(data) // 4


def test_a_receiver_report_tells_what_it_hears() -> None:
    heard = ReceptionReport(
        ssrc=9, fraction_lost=64, lost=3, highest=70_000, jitter=5, last_report=0x1122_3344, delay=65_536
    )

    data = receiver_report(7, cname="tawny", senders=[heard])

    assert parse_rtcp(data) == [ReceiverReport(ssrc=7, senders=(heard,))]


def test_a_receiver_report_that_promises_more_than_it_holds_is_read_as_far_as_it_goes() -> None:
    data = bytes([0x9F]) + receiver_report(7, cname="tawny")[1:]

    assert parse_rtcp(data) == [ReceiverReport(ssrc=7)]
