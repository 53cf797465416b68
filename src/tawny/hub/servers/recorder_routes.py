"""Cameras and footage: asked of the recorder, whose answers pass through as they are."""

import re
import unicodedata
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime

from tawny.hub.servers.adding_schema import AddCamera
from tawny.hub.servers.asking import CAMERA_S, asked
from tawny.hub.servers.http2 import LinkStream
from tawny.hub.servers.parts import AsPerson, UsesParts
from tawny.hub.servers.retaining import lowers_depth
from tawny.hub.servers.schema import (
    PATH_ID,
    Camera,
    Cameras,
    ChangeCamera,
    Days,
    Recorder,
    StreamName,
    Timeline,
)

router = APIRouter(tags=["recorder"])

CameraId = Annotated[str, Path(pattern=PATH_ID)]
From = Annotated[AwareDatetime, Query(alias="from")]
To = Annotated[AwareDatetime, Query(alias="to")]
_VIDEO_HEADERS = ("content-length", "accept-ranges", "content-range", "etag", "last-modified")


@router.get("/recorder", response_model=Recorder)
async def read_recorder(parts: UsesParts, person: AsPerson) -> Response:
    """How the recorder is: cameras online, archive, disk."""
    return await asked(parts, person, "GET", "/recorder")


@router.get("/cameras", response_model=Cameras)
async def list_cameras(parts: UsesParts, person: AsPerson) -> Response:
    """All cameras with their states."""
    return await asked(parts, person, "GET", "/cameras")


@router.post("/cameras", response_model=Camera, status_code=201)
async def add_camera(body: AddCamera, parts: UsesParts, person: AsPerson) -> Response:
    """Add a camera by its RTSP address, by the host of an ONVIF camera (which is waited for), or from a trial."""
    return await asked(parts, person, "POST", "/cameras", body, timeout_s=CAMERA_S)


@router.get("/cameras/{camera}", response_model=Camera)
async def read_camera(camera: CameraId, parts: UsesParts, person: AsPerson) -> Response:
    """One camera."""
    return await asked(parts, person, "GET", f"/cameras/{camera}")


@router.patch("/cameras/{camera}", response_model=Camera)
async def change_camera(camera: CameraId, body: ChangeCamera, parts: UsesParts, person: AsPerson) -> Response:
    """Rename, disable, give it another address or password, accept what changed, or keep its footage otherwise."""
    wanted = body.model_dump(mode="json", exclude={"own_password"}, exclude_unset=True, exclude_none=True)
    if "depth_days" in body.model_fields_set:
        wanted["depth_days"] = body.depth_days
        if await lowers_depth(camera, body.depth_days, parts, person):
            await parts.access.confirm(person, body.own_password)
    return await asked(parts, person, "PATCH", f"/cameras/{camera}", wanted)


@router.delete("/cameras/{camera}", status_code=204)
async def remove_camera(camera: CameraId, parts: UsesParts, person: AsPerson) -> Response:
    """Remove a camera; what was recorded stays."""
    await parts.link.request("DELETE", f"/cameras/{camera}", person=person.person.id)
    return Response(status_code=204)


@router.get("/cameras/{camera}/timeline", response_model=Timeline)
async def read_timeline(camera: CameraId, start: From, end: To, parts: UsesParts, person: AsPerson) -> Response:
    """What footage there is, and why there is none."""
    query = {"from": _utc(start), "to": _utc(end)}
    return await asked(parts, person, "GET", f"/cameras/{camera}/timeline", query=query)


@router.get("/cameras/{camera}/days", response_model=Days)
async def list_days(
    camera: CameraId,
    start: From,
    end: To,
    zone: Annotated[str, Query(max_length=64)],
    parts: UsesParts,
    person: AsPerson,
) -> Response:
    """The days with footage, in a time zone (IANA name)."""
    query = {"from": _utc(start), "to": _utc(end), "zone": zone}
    return await asked(parts, person, "GET", f"/cameras/{camera}/days", query=query)


@router.get(
    "/cameras/{camera}/video.mp4",
    response_class=StreamingResponse,
    responses={200: {"content": {"video/mp4": {"schema": {"type": "string", "format": "binary"}}}}},
)
async def download_video(
    camera: CameraId,
    start: From,
    end: To,
    parts: UsesParts,
    person: AsPerson,
    stream: StreamName = StreamName.MAIN,
    audio: bool = True,
) -> Response:
    """A range of footage as a plain MP4."""
    query = {"from": _utc(start), "to": _utc(end), "stream": str(stream), "audio": "true" if audio else "false"}
    path = f"/cameras/{camera}/video.mp4?{urlencode(query)}"
    opened = await parts.link.stream("GET", path, person=person.person.id)
    name = file_name(parts.changes.camera_name(camera) or camera, start)
    headers = {header: opened.headers[header] for header in _VIDEO_HEADERS if header in opened.headers}
    headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return StreamingResponse(pieces(opened), opened.status, headers, media_type="video/mp4")


def file_name(camera: str, start: datetime) -> str:
    """A name any system can store, made of what a person called the camera."""
    plain = unicodedata.normalize("NFKD", camera).encode("ascii", "ignore").decode()
    words = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:60] or "camera"
    return f"{words}-{start.astimezone(UTC):%Y%m%dT%H%M%SZ}.mp4"


async def pieces(opened: LinkStream) -> AsyncIterator[bytes]:
    """The body of an answer as it comes; the stream is closed with it."""
    async with opened:
        async for piece in opened:
            yield piece


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
