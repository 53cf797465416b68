import errno
import logging
from collections.abc import Callable, Mapping

import pytest

from tawny.camera.capturing import CapturedStream
from tawny.camera.v4l2.model import Captured, Mode, PixelFormat
from tawny.camera.v4l2.webcam import Webcam, explained, plain
from tawny.runtime.clock import SimulatedClock, SystemClock
from tawny.runtime.problem import Kind, Problem
from tawny.runtime.tasks import Tasks
from tests.fakes.webcams import FakeWebcam, grey


def webcam_of(fake: FakeWebcam) -> Webcam:
    return Webcam(fake.open, label="/dev/video0", clock=fake.clock)


def streams_of(webcam: Webcam, clock: SimulatedClock) -> Mapping[str, CapturedStream]:
    return {
        name: CapturedStream(
            first, clock=clock, start=clock.monotonic(), random_32=lambda: 1, adjustable=webcam, spread_s=0.0
        )
        for name, first in webcam.begin().items()
    }


async def until(happened: Callable[[], bool], clock: SimulatedClock) -> None:
    """Let threads and tasks run, and time pass, until it *happened*."""
    for _ in range(3000):
        if happened():
            return
        await clock.advance(0.1)
        await SystemClock().sleep(0.001)
    raise AssertionError("it never happened")


async def test_a_webcam_is_captured_and_each_stream_gets_its_pictures() -> None:
    fake = FakeWebcam(SimulatedClock())
    webcam = webcam_of(fake)
    streams = streams_of(webcam, fake.clock)
    async with Tasks("test") as tasks:
        tasks.start(webcam.run(streams), name="webcam")

        await until(lambda: all(len(stream.clip.samples) > 10 for stream in streams.values()), fake.clock)

    assert webcam.place == "fake-webcam"
    assert set(webcam.names) == {"brightness", "contrast"}
    assert streams["main"].clip.video.width == 64
    assert fake.open_now == 0


@pytest.mark.parametrize(("state", "says"), [({"plugged": False}, "is not there"), ({"busy": True}, "another program")])
def test_a_webcam_that_cannot_be_had_at_the_start_is_told_with_a_remedy(state: dict[str, bool], says: str) -> None:
    fake = FakeWebcam(SimulatedClock())
    for name, value in state.items():
        setattr(fake, name, value)

    with pytest.raises(Problem, match=says) as told:
        webcam_of(fake).begin()

    assert told.value.remedy


async def test_an_unplugged_webcam_is_told_once_and_captured_again_when_it_is_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    fake = FakeWebcam(SimulatedClock())
    webcam = webcam_of(fake)
    streams = streams_of(webcam, fake.clock)
    async with Tasks("test") as tasks:
        tasks.start(webcam.run(streams), name="webcam")
        fake.plugged = False
        await until(lambda: "is not there" in caplog.text, fake.clock)
        await fake.clock.advance(10)

        fake.plugged = True
        await until(lambda: "captured again" in caplog.text, fake.clock)

    assert caplog.text.count("/dev/video0 is not there. Plug the webcam in.") == 1
    assert fake.opened == 2
    assert fake.open_now == 0


async def test_a_webcam_that_comes_back_with_another_size_is_shown_so() -> None:
    fake = FakeWebcam(SimulatedClock())
    webcam = webcam_of(fake)
    streams = streams_of(webcam, fake.clock)
    async with Tasks("test") as tasks:
        tasks.start(webcam.run(streams), name="webcam")
        fake.plugged = False
        await until(lambda: fake.open_now == 0, fake.clock)

        fake.mode = Mode(pixel_format=PixelFormat.YUYV, width=96, height=64, stride=192, rate=25.0)
        fake.plugged = True
        await until(lambda: streams["main"].clip.video.width == 96, fake.clock)

    assert streams["sub"].clip.video.width == 96


async def test_short_pictures_are_left_out_and_nothing_but_them_is_told(caplog: pytest.LogCaptureFixture) -> None:
    fake = FakeWebcam(SimulatedClock())
    webcam = webcam_of(fake)
    streams = streams_of(webcam, fake.clock)
    whole = grey(fake.mode, 9)
    async with Tasks("test") as tasks:
        fake.give = [Captured(whole[:100], 1.0), None, Captured(whole, None)] * 5
        tasks.start(webcam.run(streams), name="webcam")
        await until(lambda: not fake.give, fake.clock)
        assert "broken" not in caplog.text

        fake.give = [Captured(whole[:100], 1.0)] * 200
        await until(lambda: "only broken pictures" in caplog.text, fake.clock)


async def test_adjustments_go_from_0_to_100_whatever_the_device_counts() -> None:
    fake = FakeWebcam(SimulatedClock())
    webcam = webcam_of(fake)
    webcam.begin()

    before = await webcam.adjusted()
    await webcam.adjust({"brightness": 75.0, "contrast": 0.0})

    assert before == {"brightness": 50.0, "contrast": 100.0}
    assert fake.controls["brightness"].value == 32
    assert fake.controls["contrast"].value == 0


async def test_a_webcam_that_is_away_cannot_be_adjusted() -> None:
    webcam = webcam_of(FakeWebcam(SimulatedClock()))

    with pytest.raises(OSError, match="not there"):
        await webcam.adjust({"brightness": 75.0})


@pytest.mark.parametrize(
    ("card", "name"),
    [
        ("HD Pro Webcam C920", "hd-pro-webcam-c920"),
        ("Integrated_Webcam_HD: Integrate", "integrated-webcam-hd"),
        ("../../etc/passwd", "etc-passwd"),
        ("", "webcam"),
        ("ďáblík", "bl-k"),
        ("x" * 80, "x" * 32),
    ],
)
def test_a_place_is_named_by_the_card_in_plain_letters(card: str, name: str) -> None:
    assert plain(card) == name


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(errno.ENODEV, "x"), Kind.UNREACHABLE),
        (OSError(errno.EBUSY, "x"), Kind.CONFLICT),
        (OSError(errno.EACCES, "x"), Kind.FORBIDDEN),
        (TimeoutError(errno.ETIMEDOUT, "it gave no picture"), Kind.UNREACHABLE),
        (OSError("without a number"), Kind.UNREACHABLE),
        (ValueError("it is no camera"), Kind.INVALID),
    ],
)
def test_every_error_is_explained_with_a_remedy(error: OSError | ValueError, kind: Kind) -> None:
    problem = explained("/dev/video7", error)

    assert problem.kind is kind
    assert "/dev/video7" in problem.title
    assert problem.remedy
