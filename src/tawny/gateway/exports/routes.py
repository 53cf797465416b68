"""Exports on the link (``docs/design/programs.md``, "Link")."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from tawny.gateway.exchange import Answer, Request, json_answer
from tawny.gateway.exports.files import file_answer
from tawny.gateway.exports.model import Document
from tawny.gateway.exports.names import zip_name
from tawny.gateway.exports.requests import read_order
from tawny.gateway.exports.service import Exports
from tawny.runtime.clock import Clock
from tawny.runtime.problem import Kind, Problem

_EXPORT: Final = "/exports/(?P<id>[A-Za-z0-9_]{1,64})"
Route = tuple[str, str, Callable[[Request, str], Awaitable[Answer]]]


class ExportRoutes:
    """Answers for `Exports`."""

    def __init__(self, exports: Exports, *, clock: Clock) -> None:
        self._exports = exports
        self._clock = clock

    def table(self) -> Sequence[Route]:
        """Method, path and who answers."""
        return (
            ("POST", "/exports/estimate", self._estimate),
            ("POST", "/exports", self._make),
            ("GET", "/exports", self._list),
            ("GET", _EXPORT, self._read),
            ("DELETE", _EXPORT, self._remove),
            ("GET", rf"{_EXPORT}/files/[0-9]{{1,5}}", self._file),
            ("GET", f"{_EXPORT}/export.zip", self._zip),
            ("GET", f"{_EXPORT}/report.html", self._report),
        )

    def ids(self) -> list[str]:
        """The exports there are."""
        return [job.id for job in self._exports.all()]

    def document(self, export: str) -> Document:
        """What there is to say about an export just now; of one that is gone, just that."""
        job = self._exports.find(export)
        return {"id": export, "removed": True} if job is None else job.document()

    async def _estimate(self, request: Request, _: str) -> Answer:
        order = read_order(request.json(), person=request.person, now_us=self._clock.utc_us())
        return json_answer((await self._exports.estimate(order)).document())

    async def _make(self, request: Request, _: str) -> Answer:
        order = read_order(request.json(), person=request.person, now_us=self._clock.utc_us())
        return json_answer((await self._exports.make(order)).document(), status=201)

    async def _list(self, request: Request, _: str) -> Answer:
        return json_answer({"items": [job.document() for job in self._exports.all()]})

    async def _read(self, request: Request, export: str) -> Answer:
        return json_answer(self._exports.get(export).document())

    async def _remove(self, request: Request, export: str) -> Answer:
        await self._exports.remove(export)
        return Answer(status=204)

    async def _file(self, request: Request, export: str) -> Answer:
        job, directory = self._exports.finished(export)
        number = int(request.path.rpartition("/")[2])
        for file in job.files:
            if file.number == number:
                path = directory / "files" / file.name
                return await file_answer(request, path, content_type="video/mp4", name=file.name, tag=file.sha256)
        raise Problem(Kind.NOT_FOUND, "There is no such file in this export.")

    async def _zip(self, request: Request, export: str) -> Answer:
        job, directory = self._exports.finished(export)
        path, tag = directory / "export.zip", job.zip_sha256 or ""
        return await file_answer(request, path, content_type="application/zip", name=zip_name(job.name), tag=tag)

    async def _report(self, request: Request, export: str) -> Answer:
        _, directory = self._exports.finished(export)
        return await file_answer(request, directory / "report.html", content_type="text/html; charset=utf-8")
