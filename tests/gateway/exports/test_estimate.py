from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tawny.gateway.exports.estimate import Estimator
from tawny.gateway.exports.model import Item
from tawny.gateway.shelf import Shelf
from tawny.recorder.archive.model import GapReason
from tawny.runtime.clock import SimulatedClock
from tawny.wire.h26x import video_format
from tawny.wire.media import StreamName, TrackFormat, VideoCodec
from tests.fakes.rtp import PPS_265, SPS_265, VPS_265
from tests.gateway.archive import SECOND, ArchiveBuilder
from tests.gateway.media import AUDIO, FORMATS, T0


@asynccontextmanager
async def estimating(root: Path) -> AsyncIterator[tuple[ArchiveBuilder, Estimator]]:
    archive = ArchiveBuilder(root)
    shelf = Shelf(archive.data)
    try:
        yield archive, Estimator(shelf, clock=SimulatedClock())
    finally:
        shelf.close()
        archive.close()


def ranged(start: float, end: float, *, audio: bool = True) -> Item:
    from_us, to_us = T0 + round(start * SECOND), T0 + round(end * SECOND)
    return Item(camera="cam_a", stream=StreamName.MAIN, from_us=from_us, to_us=to_us, audio=audio)


async def test_half_of_a_segment_is_half_of_its_bytes(tmp_path: Path) -> None:
    async with estimating(tmp_path) as (archive, estimator):
        path = archive.segment(-60, 60, size=100)

        found = await estimator.estimate([ranged(-60, -30)], compatible=False)

        assert abs(found.size - path.stat().st_size / 2) < 2
        assert [(i.seconds, i.files, i.codec) for i in found.items] == [(30.0, 1, "H.264")]
        assert found.items[0].notices == ["The camera's sound is G.711, which some players leave silent."]


async def test_sound_that_is_left_out_makes_it_smaller(tmp_path: Path) -> None:
    async with estimating(tmp_path) as (archive, estimator):
        archive.segment(-60, 60, size=100)

        whole = await estimator.estimate([ranged(-60, 0)], compatible=False)
        silent = await estimator.estimate([ranged(-60, 0, audio=False)], compatible=False)

        assert whole.size * 0.4 < silent.size < whole.size * 0.6
        assert silent.items[0].notices == []


async def test_holes_are_told_with_their_reasons_and_a_long_one_begins_another_file(tmp_path: Path) -> None:
    async with estimating(tmp_path) as (archive, estimator):
        archive.segment(-2000, 60)
        archive.gap(-1940, -1900, GapReason.CAMERA_LOST, "The camera was away.")
        archive.segment(-1900, 60)
        archive.segment(-60, 30)

        found = (await estimator.estimate([ranged(-2000, -30)], compatible=False)).document()

        assert found["files"] == 2
        assert [gap["reason"] for gap in found["items"][0]["gaps"]] == ["camera_lost", "unknown"]
        assert found["items"][0]["seconds"] == 150.0


async def test_an_unusual_codec_is_said_and_a_copy_counted(tmp_path: Path) -> None:
    h265 = video_format(VideoCodec.H265, (VPS_265, SPS_265, PPS_265))
    formats: dict[int, TrackFormat] = {1: h265, 2: AUDIO}
    async with estimating(tmp_path) as (archive, estimator):
        archive.segment(-60, 60, formats=formats)
        original = await estimator.estimate([ranged(-60, 0, audio=False)], compatible=False)
        both = await estimator.estimate([ranged(-60, 0, audio=False)], compatible=True)

        assert (original.items[0].files, both.items[0].files, both.items[0].codec) == (1, 2, "H.265")
        assert both.size == 2 * original.size
        assert "H.265" in original.items[0].notices[0]
        assert both.items[0].notices == []


async def test_nothing_is_said_to_be_nothing(tmp_path: Path) -> None:
    async with estimating(tmp_path) as (_, estimator):
        found = await estimator.estimate([ranged(-60, 0)], compatible=False)

        document = found.document()
        assert (found.empty, document["bytes"], document["files"]) == (True, 0, 0)
        assert document["notices"] == ["There is no footage in any of these ranges."]


async def test_a_segment_that_is_still_open_is_unfinished_until_it_is_closed(tmp_path: Path) -> None:
    async with estimating(tmp_path) as (archive, estimator):
        archive.segment(-60, 30, formats=FORMATS)
        path = archive.segment(-30, 30, still_open=True)
        before = await estimator.unfinished(ranged(-60, -10)), await estimator.unfinished(ranged(-60, -40))
        archive.closed(path, -30, 30)

        assert before == (True, False)
        assert not await estimator.unfinished(ranged(-60, -10))
