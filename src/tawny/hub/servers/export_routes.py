"""Exports: made by the recorder's gateway, whose answers and files pass through; and the links that share them."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from fastapi.responses import StreamingResponse
from starlette.requests import Request

from tawny.hub.servers.asking import asked
from tawny.hub.servers.export_schema import (
    Export,
    ExportEstimate,
    Exports,
    MadeShare,
    MakeExport,
    MakeShare,
    Opening,
    Share,
    Shares,
)
from tawny.hub.servers.http2 import LinkStream
from tawny.hub.servers.parts import AsPerson, Parts, UsesParts
from tawny.hub.servers.schema import PATH_ID
from tawny.hub.shares import model
from tawny.runtime.clock import from_utc_us, utc_us
from tawny.runtime.problem import Kind, Problem
from tawny.wire.moments import parse_rfc3339

router = APIRouter(tags=["exports"])

ExportId = Annotated[str, Path(pattern=PATH_ID)]
FileNumber = Annotated[int, Path(ge=1, le=99_999)]
MP4: dict[int | str, dict[str, Any]] = {
    200: {"content": {"video/mp4": {"schema": {"type": "string", "format": "binary"}}}}
}
ZIP: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}
}
_PAGE: dict[int | str, dict[str, Any]] = {200: {"content": {"text/html": {"schema": {"type": "string"}}}}}
_FILE_HEADERS = ("content-length", "content-range", "accept-ranges", "etag", "content-disposition")
REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox"
"""A report is one file that brings its own style; it may do nothing else, nor act in our name."""


@router.post("/exports/estimate", response_model=ExportEstimate)
async def estimate_export(body: MakeExport, parts: UsesParts, person: AsPerson) -> Response:
    """How large an export would become, and what to know before it is made."""
    return await asked(parts, person, "POST", "/exports/estimate", _wanted(body, person))


@router.post("/exports", response_model=Export, status_code=201)
async def make_export(body: MakeExport, parts: UsesParts, person: AsPerson) -> Response:
    """Begin an export; it goes on by itself, and through restarts."""
    return await asked(parts, person, "POST", "/exports", _wanted(body, person))


@router.get("/exports", response_model=Exports)
async def list_exports(parts: UsesParts, person: AsPerson) -> Response:
    """All exports, the newest first."""
    return await asked(parts, person, "GET", "/exports")


@router.get("/exports/{export}", response_model=Export)
async def read_export(export: ExportId, parts: UsesParts, person: AsPerson) -> Response:
    """One export: how far it is, and its files."""
    return await asked(parts, person, "GET", f"/exports/{export}")


@router.delete("/exports/{export}", status_code=204)
async def remove_export(export: ExportId, parts: UsesParts, person: AsPerson) -> Response:
    """Cancel an export and remove what there is of it; links to it end. The footage stays."""
    await parts.link.request("DELETE", f"/exports/{export}", person=person.person.id)
    await parts.shares.revoke_of(export)
    return Response(status_code=204)


@router.get("/exports/{export}/files/{number}", response_class=StreamingResponse, responses=MP4)
async def download_file(
    export: ExportId, number: FileNumber, request: Request, parts: UsesParts, person: AsPerson
) -> Response:
    """One of the MP4s; a part of it with ``Range``."""
    return await passed_on(request, parts, f"/exports/{export}/files/{number}", person=person.person.id)


@router.get("/exports/{export}/export.zip", response_class=StreamingResponse, responses=ZIP)
async def download_zip(export: ExportId, request: Request, parts: UsesParts, person: AsPerson) -> Response:
    """Everything in one file; a part of it with ``Range``."""
    return await passed_on(request, parts, f"/exports/{export}/export.zip", person=person.person.id)


@router.get("/exports/{export}/report.html", response_class=StreamingResponse, responses=_PAGE)
async def read_report(export: ExportId, request: Request, parts: UsesParts, person: AsPerson) -> Response:
    """The report that goes with an export, to print."""
    answer = await passed_on(request, parts, f"/exports/{export}/report.html", person=person.person.id)
    answer.headers["Content-Security-Policy"] = REPORT_POLICY
    return answer


@router.post("/exports/{export}/shares", status_code=201)
async def make_share(
    export: ExportId, body: MakeShare, request: Request, parts: UsesParts, person: AsPerson
) -> MadeShare:
    """Make a link for somebody without a login; its secret is told in this answer and never again."""
    found = await finished(parts, export, person=person.person.id)
    share, secret = await parts.shares.make(
        export,
        by=person.person.id,
        expires_us=utc_us(body.expires_at),
        export_ends_us=parse_rfc3339(found["expires_at"]),
        password=body.password,
        note=body.note,
    )
    scheme = "https" if parts.front.https else "http"
    url = f"{scheme}://{request.headers['host']}/shared#{secret}"
    return MadeShare(share=_shown(share, ()), url=url)


@router.get("/shares")
async def list_shares(parts: UsesParts, person: AsPerson) -> Shares:
    """All links, with who opened them and when."""
    return Shares(items=[_shown(share, openings) for share, openings in await parts.shares.all()])


@router.delete("/shares/{share}", status_code=204)
async def revoke_share(share: ExportId, parts: UsesParts, person: AsPerson) -> Response:
    """Withdraw a link: from now on it opens nothing."""
    await parts.shares.revoke(share)
    return Response(status_code=204)


async def finished(parts: Parts, export: str, *, person: str) -> dict[str, Any]:
    """The recorder's document of an export that is done; CONFLICT where it is not."""
    answer = await parts.link.request("GET", f"/exports/{export}", person=person)
    document: dict[str, Any] = answer.json()
    if document["state"] != "done":
        raise Problem(Kind.CONFLICT, "The export is not finished.", remedy="Wait until it is, then try again.")
    return document


async def passed_on(request: Request, parts: Parts, path: str, *, person: str) -> Response:
    """A file of the recorder's, at the pace of who asked; with ``Range`` as much of it as was asked for."""
    wanted = {"range": given} if (given := request.headers.get("range")) else {}
    opened = await parts.link.stream("GET", path, person=person, headers=wanted)
    headers = {header: opened.headers[header] for header in _FILE_HEADERS if header in opened.headers}
    return StreamingResponse(_pieces(opened), opened.status, headers, media_type=opened.headers.get("content-type"))


async def _pieces(opened: LinkStream) -> AsyncIterator[bytes]:
    async with opened:
        async for piece in opened:
            yield piece


def _wanted(body: MakeExport, person: AsPerson) -> dict[str, Any]:
    """What the recorder is asked for: the name of the person stands on the report."""
    return {**body.model_dump(mode="json", by_alias=True, exclude_none=True), "by": person.person.name}


def _shown(share: model.Share, openings: Any) -> Share:
    return Share(
        id=share.id,
        export=share.export,
        note=share.note,
        made_at=from_utc_us(share.made_us),
        expires_at=from_utc_us(share.expires_us),
        revoked_at=_moment(share.revoked_us),
        password=share.password_hash is not None,
        openings=[Opening(at=from_utc_us(each.at_us), address=each.address, agent=each.agent) for each in openings],
    )


def _moment(moment_us: int | None) -> datetime | None:
    return None if moment_us is None else from_utc_us(moment_us)
