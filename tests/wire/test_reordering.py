import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.wire.reordering import MOST_HELD, WAIT_S, PacketOrder
from tawny.wire.rtp import ReceptionReport


def packet(number: int, *, ssrc: int = 9) -> bytes:
    return struct.pack(">BBHII", 0x80, 96, number & 0xFFFF, 0, ssrc)


def put(order: PacketOrder, *numbers: int, now: float = 0.0) -> list[int]:
    """The numbers that go on when packets of *numbers* come."""
    found: list[bytes] = []
    for number in numbers:
        found += order.take(number & 0xFFFF, packet(number), now)
    return [int.from_bytes(data[2:4]) for data in found]


def test_packets_in_order_go_on_at_once_past_the_wrap() -> None:
    assert put(PacketOrder(), 65_534, 65_535, 0, 1) == [65_534, 65_535, 0, 1]


def test_packets_that_overtook_another_wait_for_it() -> None:
    order = PacketOrder()

    assert put(order, 65_534, 0, 1) == [65_534]
    assert put(order, 65_535) == [65_535, 0, 1]


def test_a_packet_that_comes_twice_or_late_goes_on_once() -> None:
    order = PacketOrder()

    assert put(order, 5, 6, 6, 5, 4, 8, 8, 7) == [5, 6, 7, 8]


def test_a_lost_packet_is_waited_for_and_then_given_up() -> None:
    order = PacketOrder()
    put(order, 5, 7, 9)

    assert order.overdue(WAIT_S / 2) == []
    assert [data[3] for data in order.overdue(WAIT_S)] == [7, 9]
    assert put(order, 6, 8, 10) == [10]


def test_what_waits_is_bounded() -> None:
    order = PacketOrder()
    put(order, 0)

    gone_on = put(order, *range(2, MOST_HELD + 3))

    assert gone_on == list(range(2, MOST_HELD + 3))
    assert not order.held


def test_a_stray_packet_changes_nothing_and_a_new_numbering_is_followed() -> None:
    order = PacketOrder()
    put(order, 100)

    assert put(order, 40_000, 101) == [101]
    assert put(order, 20_000, 20_001, 20_002) == [20_001, 20_002]


def test_what_is_too_short_for_a_packet_goes_nowhere() -> None:
    order = PacketOrder()

    assert order.take(0, b"\x80\x60\x00\x00", 0.0) == []
    assert order.report(0.0) is None


def test_the_sender_is_told_what_was_lost() -> None:
    order = PacketOrder()
    put(order, 65_534, 65_535, 1)
    order.overdue(1.0)
    order.sent(0x1122_3344_5566_7788, 1.5)

    first, again = order.report(2.0), order.report(2.0)

    assert first == ReceptionReport(
        ssrc=9, fraction_lost=64, lost=1, highest=65_537, last_report=0x3344_5566, delay=32_768
    )
    assert again is not None
    assert (again.fraction_lost, again.lost) == (0, 1)


@settings(max_examples=60)
@given(st.permutations(range(12)), st.sets(st.integers(0, 11), max_size=3))
def test_whatever_the_network_does_packets_rise_and_none_is_lost_that_came(
    order_of: list[int], twice: set[int]
) -> None:
    order = PacketOrder()
    start = put(order, 65_530)

    gone_on = put(order, *(65_531 + n for n in order_of), *(65_531 + n for n in twice))
    gone_on += [int.from_bytes(data[2:4]) for data in order.overdue(1.0)]

    assert start + gone_on == [(65_530 + n) & 0xFFFF for n in range(13)]


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 65_535), st.binary(max_size=20)), max_size=50))
def test_nothing_that_comes_trips_it(packets: list[tuple[int, bytes]]) -> None:
    order = PacketOrder()

    for now, (number, data) in enumerate(packets):
        order.take(number, data, now / 100)
        order.overdue(now / 100)

    report = order.report(1.0)
    assert report is None or 0 <= report.fraction_lost <= 255
