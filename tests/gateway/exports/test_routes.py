import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tawny.gateway.completeness import Completeness
from tawny.gateway.exports.routes import ExportRoutes
from tawny.gateway.feed import LiveFeed
from tawny.gateway.footage import Footage
from tawny.gateway.link import Dialer
from tawny.gateway.routes import Routes
from tawny.runtime.clock import SystemClock
from tests.gateway.exports.building import MOVIE, Rig, export_file, exporting, item
from tests.gateway.link_client import HubEnd, running

NAME = export_file().name


@asynccontextmanager
async def linked(root: Path) -> AsyncIterator[tuple[HubEnd, Rig]]:
    """A hub's end of the link, and what answers it."""
    async with exporting(root) as rig:
        footage = Footage(rig.shelf, control=rig.control, clock=rig.clock)
        routes = Routes(
            control=rig.control,
            live=LiveFeed(rig.archive.data.sockets / "feed.sock", control=rig.control, clock=rig.clock),
            footage=footage,
            completeness=Completeness(footage, control=rig.control, clock=rig.clock),
            exports=ExportRoutes(rig.exports, clock=rig.clock),
        )
        link = rig.archive.data.sockets / "link.sock"
        dialer = Dialer(link, handler=routes, clock=SystemClock())
        async with HubEnd(link) as hub, running(dialer.run(), rig.exports.run()):
            await hub.connected()
            yield hub, rig


async def made(hub: HubEnd, rig: Rig, *, end: bool = True) -> str:
    answer = await hub.fetch("POST", "/exports", {"items": [item()], "name": "Theft", "by": "Mara"})
    export = str(answer.json()["id"])
    if end:
        rig.worker.let()
        await rig.until(lambda: rig.exports.get(export).over)
    return export


async def test_an_export_is_made_listed_read_and_removed(short_path: Path) -> None:
    async with linked(short_path) as (hub, rig):
        begun = await hub.fetch("POST", "/exports", {"items": [item()], "name": "Theft", "by": "Mara"})
        path = f"/exports/{begun.json()['id']}"
        rig.worker.let()
        await rig.until(lambda: rig.exports.all()[0].over)
        listed, found = await hub.fetch("GET", "/exports"), await hub.fetch("GET", path)
        removed, after = await hub.fetch("DELETE", path), await hub.fetch("GET", path)

        assert (begun.status, begun.json()["state"], begun.json()["by"]) == (201, "waiting", "Mara")
        assert listed.json() == {"items": [found.json()]}
        assert (found.json()["state"], found.json()["files"]) == ("done", [export_file().document()])
        assert (removed.status, after.status) == (204, 404)


async def test_an_estimate_makes_nothing(short_path: Path) -> None:
    async with linked(short_path) as (hub, rig):
        answer = await hub.fetch("POST", "/exports/estimate", {"items": [item()]})

        assert (answer.status, answer.json()["files"], answer.json()["items"][0]["seconds"]) == (200, 1, 10.0)
        assert rig.exports.all() == []


async def test_a_mistake_is_a_400_that_names_its_field(short_path: Path) -> None:
    async with linked(short_path) as (hub, _):
        answer = await hub.fetch("POST", "/exports", {"items": [item(-2, -1)]})

        assert (answer.status, answer.json()["field"]) == (400, "items.0.to")


async def test_files_zip_and_report_can_be_had_whole_and_by_range(short_path: Path) -> None:
    async with linked(short_path) as (hub, rig):
        path = f"/exports/{await made(hub, rig)}"
        movie = await hub.fetch("GET", f"{path}/files/1")
        part = hub.ask("GET", f"{path}/files/1", headers={"range": "bytes=4-8"})
        await hub.until(lambda: part.ended, part)
        zipped, report = await hub.fetch("GET", f"{path}/export.zip"), await hub.fetch("GET", f"{path}/report.html")
        missing = await hub.fetch("GET", f"{path}/files/2")

        assert (movie.status, bytes(movie.body), movie.headers["content-type"]) == (200, MOVIE, "video/mp4")
        assert movie.headers["content-disposition"] == f'attachment; filename="{NAME}"'
        assert (part.status, bytes(part.body)) == (206, MOVIE[4:9])
        assert part.headers["content-range"] == f"bytes 4-8/{len(MOVIE)}"
        assert zipped.headers["content-disposition"] == 'attachment; filename="Theft.zip"'
        assert (bytes(zipped.body), report.headers["content-type"]) == (b"zip of " + MOVIE, "text/html; charset=utf-8")
        assert missing.status == 404


async def test_what_is_not_finished_has_no_files(short_path: Path) -> None:
    async with linked(short_path) as (hub, rig):
        export = await made(hub, rig, end=False)

        for path in ("files/1", "export.zip", "report.html"):
            assert (await hub.fetch("GET", f"/exports/{export}/{path}")).status == 409


async def test_changes_tell_every_export_at_first_and_then_what_becomes_of_them(short_path: Path) -> None:
    async with linked(short_path) as (hub, rig):
        first = await made(hub, rig)
        changes = hub.ask("GET", "/changes")
        await hub.until(lambda: first.encode() in changes.body, changes)
        second = await made(hub, rig)
        await hub.fetch("DELETE", f"/exports/{first}")
        await hub.until(lambda: b"removed" in changes.body, changes)

        told = [json.loads(line) for line in bytes(changes.body).splitlines()]
        exports = [change["value"] for change in told if change["change"] == "export"]
        assert exports[0]["id"] == first
        assert exports[-1] == {"id": first, "removed": True}
        states = [value["state"] for value in exports if value["id"] == second]
        assert states[-1] == "done"
        assert len(states) <= 6
