from collections.abc import Collection, Mapping

from tawny.camera.capturing import CapturedStream, CodedPicture, first_clip
from tawny.runtime.clock import SimulatedClock
from tawny.wire.h26x import sample_of_nals
from tawny.wire.media import VideoCodec, VideoFormat
from tests.camera.clips import VIDEO, Watcher

OTHER = VideoFormat(
    codec=VideoCodec.H264,
    parameter_sets=(b"\x67\x64\x00\x28", b"\x68\xef"),
    width=1280,
    height=720,
    codec_string="avc1.640028",
)


class Nothing:
    """A webcam that adjusts nothing."""

    names: Collection[str] = ()

    async def adjusted(self) -> Mapping[str, float]:
        return {}

    async def adjust(self, values: Mapping[str, float]) -> None:
        raise AssertionError("nothing can be adjusted")


def picture(moment_s: float, *, key: bool = False, form: VideoFormat = VIDEO, mark: int = 0) -> CodedPicture:
    nal = (b"\x65" if key else b"\x41") + bytes([mark]) * 20
    return CodedPicture(form=form, data=sample_of_nals([nal]), key=key, moment_s=moment_s)


def stream(clock: SimulatedClock) -> CapturedStream:
    return CapturedStream(
        first_clip(picture(0.0, key=True), rate=25.0),
        clock=clock,
        start=clock.monotonic(),
        random_32=lambda: 1000,
        adjustable=Nothing(),
        spread_s=0.0,
    )


async def test_pictures_are_sent_with_the_times_at_which_they_were_captured() -> None:
    clock = SimulatedClock()
    live, watcher = stream(clock), Watcher(clock)
    live.join(watcher)

    for moment_s in (0.01, 0.05, 0.13):
        await live.send(picture(moment_s, key=moment_s == 0.01))

    assert [packet.timestamp - 1000 for packet in watcher.packets()] == [900, 4500, 11_700]


async def test_times_rise_whatever_the_device_tells() -> None:
    clock = SimulatedClock()
    live, watcher = stream(clock), Watcher(clock)
    live.join(watcher)

    for moment_s in (0.5, 0.5, 0.2, 0.6):
        await live.send(picture(moment_s, key=True))

    assert [packet.timestamp - 1000 for packet in watcher.packets()] == [45_000, 45_001, 45_002, 54_000]


async def test_whoever_joins_is_told_the_number_of_the_next_packet_and_a_time_not_after_its_own() -> None:
    clock = SimulatedClock()
    live, watcher = stream(clock), Watcher(clock)
    await live.send(picture(0.01, key=True))

    (first,) = live.firsts().values()
    live.join(watcher)
    await live.send(picture(0.05))

    (packet,) = watcher.packets()
    assert packet.sequence == first.sequence
    assert 0 <= packet.timestamp - first.timestamp <= 4000


async def test_the_clip_is_the_last_whole_group_of_pictures() -> None:
    live = stream(SimulatedClock())

    for number in range(8):
        await live.send(picture(number * 0.04, key=number % 3 == 0, mark=number))

    assert [sample.data[-1] for sample in live.clip.samples] == [3, 4, 5]
    assert [sample.time for sample in live.clip.samples] == [0, 3600, 7200]
    assert [sample.key for sample in live.clip.samples] == [True, False, False]
    assert live.clip.duration_s == 0.12


async def test_another_format_is_described_from_its_first_key_frame_on_and_the_numbers_run_on() -> None:
    clock = SimulatedClock()
    live, watcher = stream(clock), Watcher(clock)
    live.join(watcher)
    await live.send(picture(0.0, key=True))
    before = live.media[1].fmtp["sprop-parameter-sets"]

    await live.send(picture(3.0, key=True, form=OTHER))

    assert live.media[1].fmtp["sprop-parameter-sets"] != before
    assert live.clip.video == OTHER
    assert [packet.sequence for packet in watcher.packets()] == [1000, 1001]


async def test_a_webcam_without_further_key_frames_is_not_kept_in_memory_for_ever() -> None:
    live = stream(SimulatedClock())
    await live.send(picture(0.0, key=True))

    for number in range(1, 1500):
        await live.send(picture(number * 0.04))
    await live.send(picture(60.0, key=True))

    assert len(live.clip.samples) == 1200
