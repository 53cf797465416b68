import asyncio
import threading
from dataclasses import dataclass, field
from typing import Any

import pytest

from tawny.recorder.control.talks import MOST_BYTES, Talks
from tawny.recorder.ingest.model import CameraSource, Trouble
from tawny.recorder.ingest.troubles import failure
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.problem import Kind, Problem
from tawny.wire.media import AudioCodec, AudioFormat
from tests.fakes.onvif_device import rtsp_camera

G711 = AudioFormat(codec=AudioCodec.PCMU, sample_rate=8000, channels=1)
AAC = AudioFormat(codec=AudioCodec.AAC, sample_rate=16_000, channels=1, config=bytes.fromhex("1408"))


@dataclass(kw_only=True)
class FakeLoudspeaker:
    """The port `Loudspeaker`; what was said with how long it lasted, and whether it was hung up."""

    format: AudioFormat = G711
    said: list[tuple[bytes, int]] = field(default_factory=list)
    closed: int = 0
    fails: bool = False
    hanging_up: threading.Event | None = None
    go_on: threading.Event = field(default_factory=threading.Event)

    def send(self, data: bytes, *, duration: int) -> None:
        assert threading.current_thread() is not threading.main_thread()
        if self.fails:
            raise failure(Trouble.CLOSED)
        self.said.append((data, duration))

    def close(self) -> None:
        if self.hanging_up is not None:
            self.hanging_up.set()
            assert self.go_on.wait(10)
        self.closed += 1


class Stage:
    """Talks with cameras that have this loudspeaker, or whose way to it fails."""

    def __init__(self, loudspeaker: FakeLoudspeaker | None = None, *, trouble: Trouble = Trouble.NONE) -> None:
        self.clock = SimulatedClock()
        self.way = loudspeaker or FakeLoudspeaker()
        self.trouble = trouble
        self.opened = 0
        self.talks = Talks(open_way=self.open_way, source=source, clock=self.clock, new_id=lambda kind: f"{kind}_1")

    def open_way(self, _: CameraSource) -> FakeLoudspeaker:
        self.opened += 1
        if self.trouble:
            raise failure(self.trouble)
        return self.way


def source(camera_id: str) -> CameraSource | None:
    if camera_id == "cam_z":
        return None
    url = "rtsp://192.0.2.7/main"
    return CameraSource(camera=camera_id, main_url=url, sub_url=None, user="", password="", sound=False, record=True)


async def test_what_is_said_reaches_the_camera_in_packets_of_20_ms() -> None:
    stage = Stage()

    opened = await stage.talks.open("cam_a")
    await stage.talks.send("talk_1", b"a" * 160 + b"b" * 160 + b"c" * 40)
    await stage.talks.stop()

    assert opened == {"talk": "talk_1", "codec": "pcmu", "sample_rate": 8000}
    assert stage.way.said == [(b"a" * 160, 160), (b"b" * 160, 160), (b"c" * 40, 40)]
    assert stage.way.closed == 1


async def test_aac_goes_one_access_unit_at_a_time() -> None:
    stage = Stage(FakeLoudspeaker(format=AAC))

    await stage.talks.open("cam_a")
    await stage.talks.send("talk_1", b"frame")
    await stage.talks.stop()

    assert stage.way.said == [(b"frame", 1024)]


async def test_one_person_at_a_time_speaks_through_a_camera() -> None:
    stage = Stage()
    await stage.talks.open("cam_a")

    with pytest.raises(Problem, match="Somebody else speaks") as raised:
        await stage.talks.open("cam_a")
    await stage.talks.close("talk_1")
    await stage.talks.open("cam_a")
    await stage.talks.stop()

    assert raised.value.kind is Kind.CONFLICT


async def test_a_talk_ends_five_seconds_after_its_last_sound() -> None:
    stage = Stage()
    await stage.talks.open("cam_a")
    await stage.clock.advance(4)
    await stage.talks.send("talk_1", b"a" * 160)
    await stage.clock.advance(4.9)
    before = stage.way.closed
    await stage.clock.advance(0.2)

    with pytest.raises(Problem, match="This talk is over"):
        await stage.talks.send("talk_1", b"a" * 160)
    await stage.talks.stop()

    assert (before, stage.way.closed) == (0, 1)


async def test_sound_that_comes_much_faster_than_it_can_be_played_is_refused() -> None:
    stage = Stage()
    await stage.talks.open("cam_a")

    await stage.talks.send("talk_1", b"a" * 8000)
    await stage.talks.send("talk_1", b"a" * 8000)
    await stage.talks.send("talk_1", b"a" * 8001)
    with pytest.raises(Problem, match="faster than it can be played") as raised:
        await stage.talks.send("talk_1", b"a" * 8000)
    await stage.clock.advance(2)
    await stage.talks.send("talk_1", b"a" * 8000)
    await stage.talks.stop()

    assert raised.value.kind is Kind.TOO_MANY


async def test_a_piece_that_is_too_long_is_refused() -> None:
    stage = Stage()
    await stage.talks.open("cam_a")

    with pytest.raises(Problem, match="at most 48000 bytes"):
        await stage.talks.send("talk_1", b"a" * (MOST_BYTES + 1))
    await stage.talks.stop()


async def test_a_camera_that_hangs_up_ends_the_talk_in_words() -> None:
    stage = Stage()
    await stage.talks.open("cam_a")
    stage.way.fails = True

    with pytest.raises(Problem, match="closed the connection"):
        await stage.talks.send("talk_1", b"a" * 160)
    await stage.clock.advance(0)
    await stage.talks.stop()

    assert stage.way.closed == 1


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [(Trouble.CODEC, Kind.REFUSED), (Trouble.CREDENTIALS, Kind.REFUSED), (Trouble.UNREACHABLE, Kind.UNREACHABLE)],
)
async def test_a_camera_that_cannot_be_spoken_through_says_why_and_is_free_again(trouble: Trouble, kind: Kind) -> None:
    stage = Stage(trouble=trouble)

    for _ in range(2):
        with pytest.raises(Problem) as raised:
            await stage.talks.open("cam_a")

        assert raised.value.kind is kind


async def test_an_unknown_camera_and_an_unknown_talk_are_not_found() -> None:
    stage = Stage()
    attempts: list[Any] = [stage.talks.open("cam_z"), stage.talks.send("talk_9", b"")]

    for attempt in attempts:
        with pytest.raises(Problem) as raised:
            await attempt

        assert raised.value.kind is Kind.NOT_FOUND
    await stage.talks.close("talk_9")


@pytest.mark.parametrize(("trouble", "able"), [(Trouble.NONE, True), (Trouble.CODEC, False)])
async def test_whether_a_camera_takes_sound_is_tried_once(trouble: Trouble, able: bool) -> None:
    stage = Stage(trouble=trouble)

    told = [await stage.talks.able(rtsp_camera()) for _ in range(3)]

    assert told == [able] * 3
    assert stage.opened == 1


async def test_whether_a_camera_takes_sound_is_tried_again_where_it_did_not_answer() -> None:
    stage = Stage(trouble=Trouble.UNREACHABLE)

    told = [await stage.talks.able(rtsp_camera()) for _ in range(2)]

    assert told == [False, False]
    assert stage.opened == 2


async def test_a_talk_that_is_just_ending_is_hung_up_once_although_all_ends() -> None:
    stage = Stage()
    stage.way.hanging_up = hanging_up = threading.Event()
    await stage.talks.open("cam_a")
    await stage.clock.advance(6)
    await asyncio.to_thread(hanging_up.wait, 10)

    ending = asyncio.gather(stage.talks.stop())
    await stage.clock.advance(0)
    stage.way.go_on.set()
    await ending

    assert stage.way.closed == 1
