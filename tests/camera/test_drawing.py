from pathlib import Path

from tawny.camera.drawing import drawn, redraw
from tawny.camera.scenes.cache import version
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.tasks import Tasks
from tests.camera.clips import stream
from tests.camera.test_files import video_file


def put(directory: Path, *, width: int, suffix: str = "") -> None:
    """A scene "gate" as the drawing leaves it."""
    for name in ("main", "sub"):
        video_file(directory / f"gate-{name}{suffix}.mp4", width=width)
    (directory / f"gate{suffix}.stamp").write_text(version())


async def test_a_drawn_scene_is_served_and_not_drawn_again(tmp_path: Path) -> None:
    put(tmp_path, width=320)

    async def draw(_: Path) -> bool:
        raise AssertionError("drawn again")

    (source,) = drawn(["gate"], tmp_path)
    await redraw(["gate"], tmp_path, {}, draw=draw)

    assert source.name == "gate"
    assert set(source.streams) == {"main", "sub"}


async def test_a_rough_scene_stands_in_until_the_real_one_is_drawn(tmp_path: Path) -> None:
    put(tmp_path, width=160, suffix="-rough")

    async def draw(directory: Path) -> bool:
        put(directory, width=320)
        return True

    (rough,) = drawn(["gate"], tmp_path)
    async with Tasks("test") as tasks:
        streams = {f"/gate/{n}": stream(c, SimulatedClock(), tasks) for n, c in rough.streams.items()}
        before = streams["/gate/main"].media[1].fmtp
        await redraw(["gate"], tmp_path, streams, draw=draw)

    assert rough.streams["main"].video.width == 160
    assert streams["/gate/main"].media[1].fmtp != before
    assert streams["/gate/sub"].media[1].fmtp == streams["/gate/main"].media[1].fmtp


async def test_rough_scenes_stay_where_drawing_fails(tmp_path: Path) -> None:
    put(tmp_path, width=160, suffix="-rough")

    async def draw(_: Path) -> bool:
        return False

    (rough,) = drawn(["gate"], tmp_path)
    async with Tasks("test") as tasks:
        live = stream(rough.streams["main"], SimulatedClock(), tasks)
        before = live.media
        await redraw(["gate"], tmp_path, {"/gate/main": live, "/gate/sub": live}, draw=draw)

    assert live.media == before
