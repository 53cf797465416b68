from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.gateway.live import HEADROOM_US, LiveMedia
from tawny.wire.feed import FeedKind, FeedMessage, FeedReader, encode, encode_unit
from tawny.wire.media import MetadataFormat, TrackFormat
from tawny.wire.media_socket import MediaKind, MediaMessage
from tawny.wire.mp4.reading import read_init, samples
from tests.gateway.media import AUDIO, FRAME, SMALL_VIDEO, T0, VIDEO, format_message, stored, unit

ORIGIN = T0 - HEADROOM_US


def told(*feed: bytes) -> list[MediaMessage]:
    media = LiveMedia(camera="cam_a", stream="main", now_us=T0)
    return [message for found in FeedReader().feed(b"".join(feed)) for message in media.take(found)]


def texts(messages: Iterable[MediaMessage]) -> list[bytes]:
    """The samples of all fragments in *messages*."""
    found = []
    for message in messages:
        if message.kind in {MediaKind.BURST, MediaKind.FRAGMENT}:
            for payload in fragments(message.payload):
                found += [payload[s.offset : s.offset + s.size] for s in samples(payload)]
    return found


def fragments(payload: bytes) -> list[bytes]:
    """Cut a message's payload into its fragments."""
    found = []
    while payload:
        last = samples(payload)[-1]
        end = last.offset + last.size
        found.append(payload[:end])
        payload = payload[end:]
    return found


def decode_time(payload: bytes) -> int:
    start = 32 if payload[4:8] == b"prft" else 0
    return int.from_bytes(payload[start + 60 : start + 68], "big")


def test_first_come_the_opened_note_and_an_init_for_each_track() -> None:
    opened, video, audio = told(format_message())

    assert opened.note() == {
        "type": "opened",
        "origin_us": ORIGIN,
        "camera": "cam_a",
        "stream": "main",
        "tracks": {
            "1": {"codec": "h264", "codec_string": "avc1.640028", "width": 1920, "height": 1080},
            "2": {"codec": "pcma", "codec_string": "alaw", "sample_rate": 8000, "channels": 1},
        },
    }
    assert (video.kind, video.track, read_init(video.payload).formats) == (MediaKind.INIT, 1, {1: VIDEO})
    assert (audio.kind, audio.track, read_init(audio.payload).formats) == (MediaKind.INIT, 2, {2: AUDIO})


def test_each_unit_becomes_a_fragment_timed_from_the_origin() -> None:
    *_, first, second = told(format_message(), unit(0, key=True), unit(1))

    assert (first.kind, first.track, first.utc_us, first.starts_with_key) == (MediaKind.FRAGMENT, 1, T0, True)
    assert (second.utc_us, second.starts_with_key) == (T0 + 40_000, False)
    assert decode_time(first.payload) == HEADROOM_US * 9 // 100
    assert decode_time(second.payload) == decode_time(first.payload) + FRAME
    assert texts([first, second]) == [b"1:0", b"1:1"]


def test_metadata_are_a_track_that_browsers_may_pass_over() -> None:
    formats: dict[int, TrackFormat] = {1: VIDEO, 3: MetadataFormat()}
    document = encode_unit(3, b"<MetadataStream/>", utc_us=T0 + 40_000, duration=90, shift=0, key=True)

    opened, _, init, _, message = told(format_message(formats=formats), unit(0, key=True), document)

    assert opened.note()["tracks"]["3"] == {"codec": "onvif", "codec_string": "metx"}
    assert (init.track, read_init(init.payload).formats) == (3, {3: MetadataFormat()})
    assert (message.kind, message.track, message.utc_us) == (MediaKind.FRAGMENT, 3, T0 + 40_000)
    assert decode_time(message.payload) == (HEADROOM_US + 40_000) * 9 // 100
    assert texts([message]) == [b"<MetadataStream/>"]


def test_a_shown_time_carries_the_composition_offset() -> None:
    *_, message = told(format_message(), unit(0, key=True, shift=-1800))

    assert message.utc_us == T0 - 20_000
    assert samples(message.payload)[0].shift == -1800


def test_sound_is_timed_in_its_own_ticks() -> None:
    *_, message = told(format_message(), unit(5, track=2, key=True))

    assert (message.track, message.utc_us) == (2, T0 + 200_000)
    assert decode_time(message.payload) == (HEADROOM_US + 200_000) * 8 // 1000


def test_stored_fragments_become_one_burst_a_track_at_the_moments_they_have() -> None:
    group = (
        stored(decode_time=90_000, utc_us=T0 - 1_000_000, samples=[b"k", b"p"], key=True)
        + stored(track=2, decode_time=8000, utc_us=T0 - 1_000_000, samples=[b"a"], key=True)
        + stored(decode_time=97_200, utc_us=T0 - 920_000, samples=[b"q"], key=False)
    )

    *_, video, audio = told(format_message(), encode(FeedKind.FRAGMENTS, group, utc_us=T0 - 2_000_000))

    assert (video.kind, video.track, video.utc_us, video.starts_with_key) == (MediaKind.BURST, 1, T0 - 1_000_000, True)
    assert (audio.kind, audio.track, audio.utc_us) == (MediaKind.BURST, 2, T0 - 1_000_000)
    assert texts([video, audio]) == [b"k", b"p", b"q", b"a"]
    assert [decode_time(f) for f in fragments(video.payload)] == [
        (HEADROOM_US - 1_000_000) * 9 // 100,
        (HEADROOM_US - 920_000) * 9 // 100,
    ]


def test_units_go_on_where_the_burst_ends() -> None:
    group = stored(decode_time=0, utc_us=T0, samples=[b"k", b"p"], key=True)

    *_, burst, message = told(format_message(), encode(FeedKind.FRAGMENTS, group, utc_us=T0), unit(2))

    assert decode_time(message.payload) == decode_time(burst.payload) + 2 * FRAME


def test_pictures_before_the_first_key_frame_are_left_out() -> None:
    assert texts(told(format_message(), unit(0), unit(1), unit(2, key=True), unit(3))) == [b"1:2", b"1:3"]


def test_after_a_loss_a_note_is_given_and_the_next_key_frame_awaited() -> None:
    messages = told(
        format_message(), unit(0, key=True), encode(FeedKind.LOST, utc_us=T0), unit(5), unit(6, key=True), unit(7)
    )

    assert texts(messages) == [b"1:0", b"1:6", b"1:7"]
    assert [m.note()["type"] for m in messages if m.kind is MediaKind.NOTE] == ["opened", "skipped"]


def test_a_new_format_opens_anew_with_the_same_origin() -> None:
    messages = told(
        format_message(), unit(0, key=True), format_message(formats={1: SMALL_VIDEO}), unit(1), unit(2, key=True)
    )

    opened = [m.note() for m in messages if m.kind is MediaKind.NOTE]
    assert [note["origin_us"] for note in opened] == [ORIGIN, ORIGIN]
    assert opened[1]["tracks"] == {"1": {"codec": "h264", "codec_string": "avc1.42C01E", "width": 640, "height": 360}}
    assert texts(messages) == [b"1:0", b"1:2"]


def test_the_state_of_the_camera_is_told() -> None:
    (message,) = told(encode(FeedKind.STATE, b'{"phase": "waiting"}', utc_us=T0))

    assert message.note() == {"type": "state", "state": {"phase": "waiting"}}


def test_units_of_an_unknown_track_are_left_out() -> None:
    assert not texts(told(format_message(formats={1: VIDEO}), unit(0, track=2, key=True), unit(0, track=9, key=True)))


@given(kind=st.sampled_from(FeedKind), payload=st.binary(max_size=200), track=st.integers(0, 3))
@settings(max_examples=150)
def test_other_bytes_are_a_value_error_or_messages(kind: FeedKind, payload: bytes, track: int) -> None:
    media = LiveMedia(camera="cam_a", stream="main", now_us=T0)
    list(media.take(next(FeedReader().feed(format_message()))))
    message = FeedMessage(kind=kind, track=track, key=True, utc_us=T0, payload=payload)

    try:
        found = list(media.take(message))
    except ValueError:
        return
    assert all(isinstance(m, MediaMessage) for m in found)
