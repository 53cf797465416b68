"""A camera's own settings, steering it, and talking through it."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from tawny.hub.servers.asking import CAMERA_S, asked
from tawny.hub.servers.camera_schema import (
    Acted,
    ActOnCamera,
    CameraSettings,
    Controls,
    SteerFocus,
    SteerPtz,
    SwitchRelay,
    Talk,
    WriteSettings,
    WrittenSettings,
)
from tawny.hub.servers.parts import AsPerson, UsesParts
from tawny.hub.servers.schema import PATH_ID

router = APIRouter(tags=["camera"])

Id = Annotated[str, Path(pattern=PATH_ID)]


@router.get("/cameras/{camera}/settings", response_model=CameraSettings)
async def read_settings(camera: Id, parts: UsesParts, person: AsPerson) -> Response:
    """What the camera reports of itself now."""
    return await asked(parts, person, "GET", f"/cameras/{camera}/settings", timeout_s=CAMERA_S)


@router.patch("/cameras/{camera}/settings", response_model=WrittenSettings)
async def write_settings(camera: Id, body: WriteSettings, parts: UsesParts, person: AsPerson) -> Response:
    """Write settings to the camera, and read them back."""
    return await asked(parts, person, "PATCH", f"/cameras/{camera}/settings", body, timeout_s=CAMERA_S)


@router.post("/cameras/{camera}/settings/actions", response_model=Acted)
async def act_on_camera(camera: Id, body: ActOnCamera, parts: UsesParts, person: AsPerson) -> Response:
    """Do one of the actions that the settings name, such as a restart."""
    return await asked(parts, person, "POST", f"/cameras/{camera}/settings/actions", body, timeout_s=CAMERA_S)


@router.get("/cameras/{camera}/controls", response_model=Controls)
async def read_controls(camera: Id, parts: UsesParts, person: AsPerson) -> Response:
    """What can be steered, and how it stands."""
    return await asked(parts, person, "GET", f"/cameras/{camera}/controls", timeout_s=CAMERA_S)


@router.post("/cameras/{camera}/ptz", response_model=Controls)
async def steer_ptz(camera: Id, body: SteerPtz, parts: UsesParts, person: AsPerson) -> Response:
    """Turn or zoom the camera, or use its presets."""
    return await asked(parts, person, "POST", f"/cameras/{camera}/ptz", body, timeout_s=CAMERA_S)


@router.post("/cameras/{camera}/focus", response_model=Controls)
async def steer_focus(camera: Id, body: SteerFocus, parts: UsesParts, person: AsPerson) -> Response:
    """Focus the camera."""
    return await asked(parts, person, "POST", f"/cameras/{camera}/focus", body, timeout_s=CAMERA_S)


@router.post("/cameras/{camera}/relay", response_model=Controls)
async def switch_relay(camera: Id, body: SwitchRelay, parts: UsesParts, person: AsPerson) -> Response:
    """Switch an output of the camera."""
    return await asked(parts, person, "POST", f"/cameras/{camera}/relay", body, timeout_s=CAMERA_S)


@router.post("/cameras/{camera}/talk", response_model=Talk, status_code=201)
async def open_talk(camera: Id, parts: UsesParts, person: AsPerson) -> Response:
    """Open the way to the camera's loudspeaker; it closes 5 s after the last sound."""
    return await asked(parts, person, "POST", f"/cameras/{camera}/talk", timeout_s=CAMERA_S)


@router.post(
    "/talks/{talk}",
    status_code=204,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def send_talk(talk: Id, request: Request, parts: UsesParts, person: AsPerson) -> Response:
    """Sound in the codec that the talk named."""
    return await asked(parts, person, "POST", f"/talks/{talk}", await request.body())


@router.delete("/talks/{talk}", status_code=204)
async def close_talk(talk: Id, parts: UsesParts, person: AsPerson) -> Response:
    """Say no more."""
    return await asked(parts, person, "DELETE", f"/talks/{talk}")
