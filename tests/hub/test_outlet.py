"""What a slow viewer gets."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.hub.servers.live import Group
from tawny.hub.servers.outlet import Outlet
from tawny.runtime.clock import Clock, SimulatedClock
from tawny.runtime.tasks import Tasks
from tawny.wire.media_socket import HEADER_SIZE, MediaKind, MediaMessage, decode, note


def media(number: int, *, key: bool = False, track: int = 1, size: int = 100) -> bytes:
    payload = bytes([number]) * (size - HEADER_SIZE)
    return MediaMessage(kind=MediaKind.FRAGMENT, track=track, flags=int(key), utc_us=number, payload=payload).encode()


def init(number: int = 0) -> bytes:
    return MediaMessage(kind=MediaKind.INIT, track=1, utc_us=number, payload=b"init").encode()


def outlet(limit: int = 300, clock: Clock | None = None) -> Outlet:
    return Outlet(1, lambda: None, (clock or SimulatedClock()).monotonic, limit=limit)


def told(queue: Outlet) -> list[str | int]:
    """What is queued: notes by type, inits as such, media by their number."""
    found: list[str | int] = []
    while (message := queue.take()) is not None:
        value = decode(message)
        if value.kind is MediaKind.NOTE:
            found.append(str(value.note()["type"]))
        else:
            found.append("init" if value.kind is MediaKind.INIT else value.utc_us)
    return found


def test_a_quick_viewer_gets_everything_in_order() -> None:
    queue = outlet()

    for message in (init(), media(1, key=True), media(2)):
        queue.offer(message)

    assert told(queue) == ["init", 1, 2]


def test_a_slow_viewer_goes_on_at_the_next_key_frame_and_is_told() -> None:
    queue = outlet()
    for number in range(1, 6):
        queue.offer(media(number, key=number == 1))

    queue.offer(media(6, track=2, key=True))  # sound alone does not let it go on
    queue.offer(media(7, key=True))
    queue.offer(media(8))

    assert told(queue) == ["skipped", 7, 8]


async def test_a_viewer_on_a_thin_line_skips_before_it_sees_the_distant_past() -> None:
    clock = SimulatedClock()
    queue = outlet(limit=1 << 20, clock=clock)
    queue.offer(init())
    for number in range(10):
        queue.offer(media(number, key=number % 2 == 0))
        await clock.advance(1)

    assert told(queue) == ["init", "skipped", 8, 9]


def test_formats_and_notes_are_never_skipped() -> None:
    queue = outlet()
    for message in (note("opened").encode(), init(), media(1, key=True), media(2), media(3), note("state").encode()):
        queue.offer(message)

    queue.offer(media(4, key=True))

    assert told(queue) == ["opened", "init", "state", "skipped", 4]


def test_one_message_larger_than_the_queue_still_passes() -> None:
    queue = outlet()

    queue.offer(media(1, key=True, size=1000))

    assert told(queue) == [1]


def test_a_viewer_who_reads_nothing_at_all_is_noticed() -> None:
    queue = outlet()
    queue.offer(media(1, key=True))
    for number in range(2, 6):
        queue.offer(media(number))
    assert not queue.overflowed

    for _ in range(30_000):
        queue.offer(note("state", state={"title": "as it is"}).encode())

    assert queue.overflowed


@settings(max_examples=60)
@given(steps=st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(HEADER_SIZE, 200)), max_size=60))
def test_whatever_the_viewer_does_media_resume_at_a_key_frame_and_stay_bounded(
    steps: list[tuple[bool, bool, int]],
) -> None:
    queue, held, received = outlet(), 0, []

    for number, (key, reads, size) in enumerate(steps):
        queue.offer(media(number % 256, key=key, size=size))
        if reads and (message := queue.take()) is not None:
            received.append(decode(message))
    while (message := queue.take()) is not None:
        held += len(message)
        received.append(decode(message))

    assert held <= 300 + 200 + 2 * 40  # the limit, one message, notes
    for before, after in pairwise(received):
        assert before.kind is not MediaKind.NOTE or after.kind is MediaKind.NOTE or after.starts_with_key


async def test_playback_waits_for_room_and_skips_nothing() -> None:
    queue = outlet()
    async with Tasks("test") as tasks:
        putting = tasks.start(_put_all(queue, [media(number) for number in range(6)]), name="put")
        await asyncio.wait([putting], timeout=0.01)
        assert not putting.done()

        found: list[str | int] = []
        while len(found) < 6:
            found += told(queue)
            await asyncio.wait([putting], timeout=0.01)

    assert found == [0, 1, 2, 3, 4, 5]


async def _put_all(queue: Outlet, messages: list[bytes]) -> None:
    for message in messages:
        await queue.put(message)


def test_a_group_that_grows_too_large_is_forgotten_until_the_next_key_frame() -> None:
    group = Group(limit=250)
    for number in range(1, 4):
        group.keep(media(number, key=number == 1))
    assert group.messages(audio=False) == []

    group.keep(media(4))
    assert group.messages(audio=False) == []
    group.keep(media(5, key=True))

    assert [decode(message).utc_us for message in group.messages(audio=False)] == [5]


def test_a_group_keeps_the_newest_state_behind_what_opened() -> None:
    group = Group()
    for message in (note("state", state=1), note("opened"), init_message := MediaMessage(kind=MediaKind.INIT, track=1)):
        group.keep(message.encode())
    group.keep(note("state", state=2).encode())

    notes = group.messages(audio=True)

    assert [decode(each).note().get("state") for each in notes[:2]] == [None, 2]
    assert notes[2] == init_message.encode()


@pytest.mark.parametrize("audio", [True, False])
def test_a_group_has_metadata_for_every_viewer_and_sound_for_who_asked(*, audio: bool) -> None:
    group = Group()
    for track in (1, 2, 3):
        group.keep(MediaMessage(kind=MediaKind.INIT, track=track).encode())
    for track in (1, 2, 3):
        group.keep(MediaMessage(kind=MediaKind.FRAGMENT, track=track, flags=1, payload=b"x").encode())

    found = [(decode(message).kind, decode(message).track) for message in group.messages(audio=audio)]

    tracks = [1, 2, 3] if audio else [1, 3]
    assert found == [(kind, track) for kind in (MediaKind.INIT, MediaKind.BURST) for track in tracks]


def test_a_kind_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="9"):
        Group().keep(b"\0\0\x09" + bytes(13))
