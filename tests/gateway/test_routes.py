import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest

from tawny.gateway.completeness import Completeness
from tawny.gateway.control import RecorderControl
from tawny.gateway.exports.routes import ExportRoutes
from tawny.gateway.feed import LiveFeed
from tawny.gateway.footage import Footage
from tawny.gateway.link import Dialer
from tawny.gateway.main import open_exports
from tawny.gateway.routes import Routes
from tawny.gateway.shelf import Shelf
from tawny.recorder.archive.model import GapReason
from tawny.runtime.clock import SystemClock
from tawny.runtime.problem import Kind, Problem
from tawny.wire.media_socket import MediaKind, MessageReader, decode
from tawny.wire.moments import rfc3339
from tests.fakes.recorder import FakeRecorder, camera_document
from tests.gateway.archive import SECOND, ArchiveBuilder
from tests.gateway.link_client import HubEnd, running
from tests.gateway.media import T0, format_message, unit
from tests.gateway.test_playback import pictures


@pytest.fixture
def archive(short_path: Path) -> Iterator[ArchiveBuilder]:
    builder = ArchiveBuilder(short_path)
    yield builder
    builder.close()


@asynccontextmanager
async def gateway(archive: ArchiveBuilder, *, recorder: FakeRecorder | None = None) -> AsyncIterator[HubEnd]:
    """The gateway's parts as its main joins them, with a recorder or without."""
    sockets, clock = archive.data.sockets, SystemClock()
    shelf = Shelf(archive.data)
    control = RecorderControl(sockets / "control.sock", clock=clock)
    exports = open_exports(archive.data, control=control, shelf=shelf, clock=clock)
    footage = Footage(shelf, control=control, clock=clock)
    routes = Routes(
        control=control,
        live=LiveFeed(sockets / "feed.sock", control=control, clock=clock),
        footage=footage,
        completeness=Completeness(footage, control=control, clock=clock),
        exports=ExportRoutes(exports, clock=clock),
    )
    if recorder is not None:
        await recorder.start()
    link = sockets / "link.sock"
    async with HubEnd(link) as hub, running(control.run(), Dialer(link, handler=routes, clock=clock).run()):
        await hub.connected()
        if recorder is not None:
            async with asyncio.timeout(10), aclosing(control.watch()) as changes:
                while "cam_a" not in control.cameras:
                    await anext(changes)
        yield hub
    if recorder is not None:
        await recorder.stop()
    shelf.close()


def moment(second: float) -> str:
    return rfc3339(T0 + round(second * SECOND))


def span(start: float, end: float) -> str:
    return f"from={moment(start)}&to={moment(end)}"


def pictures_in(body: bytes | bytearray) -> list[str]:
    """The first picture of each fragment of a body of media messages."""
    return pictures(decode(message) for message in MessageReader().feed(bytes(body)))


async def test_cameras_are_listed_added_changed_and_removed_by_the_recorder(archive: ArchiveBuilder) -> None:
    recorder = FakeRecorder(archive.data.sockets)
    recorder.answers |= {"cameras.add": {"id": "cam_b"}, "cameras.change": {"id": "cam_a", "name": "x"}}
    async with gateway(archive, recorder=recorder) as hub:
        listed = await hub.fetch("GET", "/cameras")
        one = await hub.fetch("GET", "/cameras/cam_a")
        added = await hub.fetch("POST", "/cameras", {"name": "<img onerror=x>", "url": "rtsp://192.0.2.7/"})
        changed = await hub.fetch("PATCH", "/cameras/cam_a", {"name": "x", "camera": "cam_z"})
        removed = await hub.fetch("DELETE", "/cameras/cam_a")

    assert listed.json() == {"items": [camera_document()]}
    assert one.json() == camera_document()
    assert (added.status, added.json()) == (201, {"id": "cam_b"})
    assert changed.json() == {"id": "cam_a", "name": "x"}
    assert (removed.status, len(removed.body)) == (204, 0)
    assert ("cameras.add", {"name": "<img onerror=x>", "url": "rtsp://192.0.2.7/"}) in recorder.asked
    assert ("cameras.change", {"name": "x", "camera": "cam_a"}) in recorder.asked
    assert ("cameras.remove", {"camera": "cam_a"}) in recorder.asked


async def test_trials_are_the_recorders(archive: ArchiveBuilder) -> None:
    recorder = FakeRecorder(archive.data.sockets)
    recorder.answers |= {"trials.open": {"id": "try_a"}, "trials.read": {"id": "try_a"}}
    async with gateway(archive, recorder=recorder) as hub:
        opened = await hub.fetch("POST", "/trials", {"address": "rtsp://192.0.2.7/"})
        read = await hub.fetch("GET", "/trials/try_a")
        closed = await hub.fetch("DELETE", "/trials/try_a")

    assert (opened.status, read.status, closed.status) == (201, 200, 204)
    assert recorder.asked[-2:] == [("trials.read", {"trial": "try_a"}), ("trials.close", {"trial": "try_a"})]


async def test_the_way_to_the_next_event_is_the_recorders(archive: ArchiveBuilder) -> None:
    recorder = FakeRecorder(archive.data.sockets)
    recorder.answers["events.near"] = {"at": moment(7)}
    async with gateway(archive, recorder=recorder) as hub:
        found = await hub.fetch("GET", f"/cameras/cam_a/moments?at={moment(1)}&direction=next&kind=event")

    assert found.json() == {"at": moment(7)}
    assert recorder.asked[-1] == ("events.near", {"camera": "cam_a", "at": moment(1), "direction": "next"})


async def test_the_recorder_is_told_with_how_far_back_its_archive_reaches(archive: ArchiveBuilder) -> None:
    archive.segment(0, 2)
    async with gateway(archive, recorder=FakeRecorder(archive.data.sockets)) as hub:
        document = (await hub.fetch("GET", "/recorder")).json()

    assert document["id"] == "rec_a"
    assert document["archive"]["oldest"] == "2026-11-22T12:00:00Z"
    assert document["archive"]["bytes"] == 7
    assert document["archive"]["state"]["phase"] == "recording"


async def test_a_refusal_of_the_recorder_arrives_as_it_is(archive: ArchiveBuilder) -> None:
    recorder = FakeRecorder(archive.data.sockets)
    problem = Problem(Kind.TOO_MANY, "Too many cameras are being tried at the same time.", remedy="Wait.")
    recorder.answers["trials.open"] = {"problem": problem.document()}
    async with gateway(archive, recorder=recorder) as hub:
        answer = await hub.fetch("POST", "/trials", {"address": "rtsp://192.0.2.7/"})

    assert answer.status == 429
    assert answer.json() == problem.document() | {"status": 429}


async def test_completeness_and_the_way_to_the_next_gap_are_told(archive: ArchiveBuilder) -> None:
    archive.segment(0, 2)
    archive.gap(2, None, GapReason.DISK, "The disk was full.")
    async with gateway(archive, recorder=FakeRecorder(archive.data.sockets)) as hub:
        whole = await hub.fetch("GET", "/completeness")
        found = await hub.fetch("GET", f"/cameras/cam_a/moments?at={moment(1)}&direction=next&kind=gap")

    assert [item["camera"] for item in whole.json()["items"]] == ["cam_a"]
    assert found.json() == {"at": moment(2), "reason": "disk"}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/cameras/../../etc/passwd", 404),
        ("GET", "/cameras/cam_x", 404),
        ("GET", "/cameras/cam_x/live", 404),
        ("GET", "/cameras/cam_a/live?stream=third", 400),
        ("GET", f"/cameras/cam_x/timeline?{span(0, 5)}", 404),
        ("GET", f"/cameras/cam_x/days?{span(0, 5)}&zone=UTC", 404),
        ("GET", f"/cameras/cam_x/playback?from={moment(0)}", 404),
        ("GET", f"/cameras/cam_x/video.mp4?{span(0, 5)}", 404),
        ("GET", "/cameras/cam_a/playback", 400),
        ("GET", "/cameras/cam_a/playback?from=yesterday", 400),
        ("GET", f"/cameras/cam_a/playback?from={moment(0)}&speed=fast", 400),
        ("GET", f"/cameras/cam_a/playback?from={moment(0)}&speed=-8", 400),
        ("GET", f"/cameras/cam_a/playback?from={moment(0)}&frames=some", 400),
        ("GET", f"/cameras/cam_x/previews?{span(0, 5)}&count=3", 404),
        ("GET", f"/cameras/cam_a/previews?{span(0, 5)}", 400),
        ("GET", f"/cameras/cam_a/previews?{span(0, 5)}&count=201", 400),
        ("GET", "/cameras/cam_a/previews?from=1970-01-01T00:00:00Z&to=2026-11-22T00:00:00Z&count=9", 400),
        ("GET", "/completeness?hours=0", 400),
        ("GET", "/completeness?hours=745", 400),
        ("GET", "/cameras/cam_a/moments?at=noon", 400),
        ("GET", f"/cameras/cam_a/moments?at={moment(0)}&direction=up", 400),
        ("GET", f"/cameras/cam_x/moments?at={moment(0)}", 404),
        ("GET", f"/cameras/cam_a/timeline?{span(5, 5)}", 400),
        ("GET", "/cameras/cam_a/timeline?from=1990-01-01T00:00:00Z&to=2026-11-22T00:00:00Z", 400),
        ("GET", f"/cameras/cam_a/days?{span(0, 5)}&zone=Nowhere/At_All", 400),
        ("GET", f"/cameras/cam_a/days?{span(0, 5)}&zone=../../etc/passwd", 400),
        ("GET", f"/cameras/cam_a/video.mp4?{span(0, 24 * 3600 + 1)}", 400),
        ("GET", f"/cameras/cam_a/video.mp4?{span(0, 5)}", 404),
    ],
)
async def test_what_makes_no_sense_is_a_problem(archive: ArchiveBuilder, method: str, path: str, status: int) -> None:
    async with gateway(archive, recorder=FakeRecorder(archive.data.sockets)) as hub:
        answer = await hub.fetch(method, path)

    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"]


async def test_a_body_that_is_no_object_is_a_problem(archive: ArchiveBuilder) -> None:
    async with gateway(archive, recorder=FakeRecorder(archive.data.sockets)) as hub:
        answers = [await hub.fetch("POST", "/cameras", body) for body in ([1], "x", 3)]

    assert [answer.status for answer in answers] == [400, 400, 400]


async def test_changes_are_told_from_everything_on(archive: ArchiveBuilder) -> None:
    recorder = FakeRecorder(archive.data.sockets)
    async with gateway(archive, recorder=recorder) as hub:
        changes = hub.ask("GET", "/changes")
        await hub.until(lambda: changes.body.count(b"\n") >= 2, changes)
        recorder.change(camera_document(name="Back door"))
        await hub.until(lambda: b"Back door" in changes.body, changes)
        recorder.change({"id": "cam_a", "removed": True})
        await hub.until(lambda: b'{"id":"cam_a","removed":true}' in changes.body, changes)
        await recorder.stop()
        await hub.until(lambda: b"The recorder is not running just now." in changes.body, changes)

    assert changes.headers["content-type"] == "application/x-ndjson"


async def test_live_media_flow_until_the_camera_is_removed(archive: ArchiveBuilder) -> None:
    recorder = FakeRecorder(archive.data.sockets)
    async with gateway(archive, recorder=recorder) as hub:
        live = hub.ask("GET", "/cameras/cam_a/live?stream=main")
        _, _, writer = await recorder.next_feed()
        writer.write(format_message() + unit(0, key=True) + unit(1))
        async with aclosing(hub.messages(live)) as messages:
            kinds = [(await anext(messages)).kind for _ in range(5)]
            recorder.change({"id": "cam_a", "removed": True})
            writer.close()
            rest = [message async for message in messages]

    assert kinds == [MediaKind.NOTE, MediaKind.INIT, MediaKind.INIT, MediaKind.FRAGMENT, MediaKind.FRAGMENT]
    assert rest == []
    assert (live.status, live.headers["content-type"]) == (200, "application/vnd.tawny.media")


async def test_a_live_stream_that_is_reset_leaves_the_recorder_alone(archive: ArchiveBuilder) -> None:
    recorder = FakeRecorder(archive.data.sockets)
    async with gateway(archive, recorder=recorder) as hub:
        live = hub.ask("GET", "/cameras/cam_a/live?stream=sub")
        _, reader, writer = await recorder.next_feed()
        writer.write(format_message())
        await hub.until(lambda: live.body, live)

        hub.reset(live)

        assert await asyncio.wait_for(reader.read(), 10) == b""


async def test_while_the_recorder_is_down_the_archive_stays_readable(archive: ArchiveBuilder) -> None:
    archive.segment(0, 2)
    archive.gap(2, 30, GapReason.CAMERA_LOST, "The camera did not answer.")
    archive.segment(30, 2)
    async with gateway(archive) as hub:
        timeline = await hub.fetch("GET", f"/cameras/cam_a/timeline?{span(0, 32)}")
        days = await hub.fetch("GET", f"/cameras/cam_a/days?{span(-86400, 86400)}&zone=Pacific/Auckland")
        video = await hub.fetch("GET", f"/cameras/cam_a/video.mp4?{span(0, 2)}")
        playback = await hub.fetch("GET", f"/cameras/cam_a/playback?from={moment(0)}&stream=main")
        back = await hub.fetch("GET", f"/cameras/cam_a/playback?from={moment(32)}&stream=main&speed=-1&frames=key")
        previews = await hub.fetch("GET", f"/cameras/cam_a/previews?{span(0, 32)}&count=16&stream=main")
        refused = [await hub.fetch("GET", path) for path in ("/cameras", "/recorder", "/cameras/cam_a/live")]

    assert timeline.json() == {
        "from": "2026-11-22T12:00:00Z",
        "to": "2026-11-22T12:00:32Z",
        "spans": [
            {"from": "2026-11-22T12:00:00Z", "to": "2026-11-22T12:00:02Z", "kind": "continuous"},
            {"from": "2026-11-22T12:00:30Z", "to": "2026-11-22T12:00:32Z", "kind": "continuous"},
        ],
        "gaps": [
            {
                "from": "2026-11-22T12:00:02Z",
                "to": "2026-11-22T12:00:30Z",
                "reason": "camera_lost",
                "title": "The camera did not answer.",
            }
        ],
    }
    assert days.json() == {"items": ["2026-11-23"]}
    assert video.status == 200
    assert playback.status == 200
    assert pictures_in(back.body) == ["v31.0", "v30.0", "v1.0", "v0.0"]
    assert pictures_in(previews.body) == ["v0.0", "v30.0"]
    assert [answer.status for answer in refused] == [503, 503, 503]
    assert refused[0].json()["detail"]


async def test_what_a_removed_camera_recorded_stays_readable(archive: ArchiveBuilder) -> None:
    archive.segment(0, 2)
    recorder = FakeRecorder(archive.data.sockets)
    async with gateway(archive, recorder=recorder) as hub:
        recorder.change({"id": "cam_a", "removed": True})
        timeline = await hub.fetch("GET", f"/cameras/cam_a/timeline?{span(0, 2)}")

    assert len(timeline.json()["spans"]) == 1


async def test_a_slow_viewer_of_recordings_holds_nobody_up(archive: ArchiveBuilder) -> None:
    for start in range(0, 40, 4):
        archive.segment(start, 4, size=10_000)
    async with gateway(archive) as hub:
        slow = hub.ask("GET", f"/cameras/cam_a/playback?from={moment(0)}&stream=main", paced=True)
        await hub.until(lambda: len(slow.body) == 1 << 20, slow)

        quick = await hub.fetch("GET", f"/cameras/cam_a/playback?from={moment(36)}&stream=main")

        assert quick.ended
        assert len(slow.body) == 1 << 20
