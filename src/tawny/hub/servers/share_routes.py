"""What is open to whoever holds a link: opening it, and fetching what it leads to.

The secret comes in a body, never in an address; what lets the browser fetch is a cookie for these paths alone.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from fastapi.responses import StreamingResponse
from starlette.requests import HTTPConnection, Request

from tawny.hub.servers.export_routes import MP4, ZIP, finished, passed_on
from tawny.hub.servers.export_schema import OpenShared, Shared
from tawny.hub.servers.parts import FromVisitor, Front, UsesParts, parts_of
from tawny.hub.shares.decisions import no_such_link
from tawny.hub.shares.model import VISIT_US, Share
from tawny.runtime.clock import from_utc_us
from tawny.runtime.problem import Kind, Problem

router = APIRouter(tags=["shares"])

COOKIE_PATH = "/api/v1/shared"
FileNumber = Annotated[int, Path(ge=1, le=99_999)]


def cookie_of(front: Front) -> str:
    """The cookie's name; ``__Host-`` would ask for the whole site, and this one is for a part of it."""
    return "__Secure-tawny-share" if front.https else "tawny_share"


async def visited(connection: HTTPConnection) -> Share:
    """The share that was opened in this browser less than an hour ago; Problem where there is none."""
    parts = parts_of(connection)
    return await parts.shares.visited(connection.cookies.get(cookie_of(parts.front)))


AsGuest = Annotated[Share, Depends(visited)]


@router.post("/shared")
async def open_shared(body: OpenShared, response: Response, parts: UsesParts, visitor: FromVisitor) -> Shared:
    """Open a link: for an hour its files can be fetched."""
    share = await parts.shares.admit(body.secret, body.password, visitor)
    try:
        found = await finished(parts, share.export, person=share.made_by)
    except Problem as problem:
        raise no_such_link() if problem.kind is Kind.NOT_FOUND else problem from None
    token = await parts.shares.open(share, visitor)
    response.set_cookie(
        cookie_of(parts.front),
        token,
        max_age=VISIT_US // 1_000_000,
        path=COOKIE_PATH,
        httponly=True,
        secure=parts.front.https,
        samesite="strict",
    )
    told = {name: found[name] for name in ("name", "files", "zip_bytes")}
    return Shared.model_validate({**told, "expires_at": from_utc_us(share.expires_us)})


@router.get("/shared/files/{number}", response_class=StreamingResponse, responses=MP4)
async def download_shared_file(number: FileNumber, request: Request, parts: UsesParts, share: AsGuest) -> Response:
    """One of the MP4s of the link that was opened; a part of it with ``Range``."""
    return await passed_on(request, parts, f"/exports/{share.export}/files/{number}", person=share.made_by)


@router.get("/shared/export.zip", response_class=StreamingResponse, responses=ZIP)
async def download_shared_zip(request: Request, parts: UsesParts, share: AsGuest) -> Response:
    """Everything that the link leads to in one file; a part of it with ``Range``."""
    return await passed_on(request, parts, f"/exports/{share.export}/export.zip", person=share.made_by)
