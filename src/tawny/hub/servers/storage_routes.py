"""Storage, drives, holds and completeness; what destroys asks for the person's password again (design D12)."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from tawny.hub.servers.asking import asked
from tawny.hub.servers.parts import AsPerson, UsesParts
from tawny.hub.servers.retaining import lowers
from tawny.hub.servers.schema import PATH_ID
from tawny.hub.servers.storage_schema import (
    AddHold,
    AddVolume,
    ChangeStorage,
    ChangeVolume,
    Completeness,
    Drives,
    ForgetVolume,
    FormatVolume,
    Hold,
    Holds,
    ReleaseHold,
    Storage,
)
from tawny.runtime.problem import Kind, Problem

router = APIRouter(tags=["storage"])

Id = Annotated[str, Path(pattern=PATH_ID)]


@router.get("/storage", response_model=Storage)
async def read_storage(parts: UsesParts, person: AsPerson) -> Response:
    """Volumes, depth, forecast, alarms."""
    return await asked(parts, person, "GET", "/storage")


@router.patch("/storage", response_model=Storage)
async def change_storage(body: ChangeStorage, parts: UsesParts, person: AsPerson) -> Response:
    """Keep footage for longer or less long. Less takes the password, and waits a day before anything is deleted."""
    wanted = {name: getattr(body, name) for name in sorted(body.model_fields_set - {"password"})}
    if await lowers(wanted, parts, person):
        await parts.access.confirm(person, body.password)
    return await asked(parts, person, "PATCH", "/storage", wanted)


@router.delete("/storage/pending", response_model=Storage)
async def keep_depth(parts: UsesParts, person: AsPerson) -> Response:
    """Take a lower depth back before it deletes anything."""
    return await asked(parts, person, "DELETE", "/storage/pending")


@router.post("/storage/volumes", response_model=Storage, status_code=201)
async def add_volume(body: AddVolume, parts: UsesParts, person: AsPerson) -> Response:
    """Use a place for footage, or read the footage that another recorder left there."""
    return await asked(parts, person, "POST", "/storage/volumes", body)


@router.patch("/storage/volumes/{volume}", response_model=Storage)
async def change_volume(volume: Id, body: ChangeVolume, parts: UsesParts, person: AsPerson) -> Response:
    """Rename a volume, or choose whether new footage goes there."""
    return await asked(parts, person, "PATCH", f"/storage/volumes/{volume}", body)


@router.delete("/storage/volumes/{volume}", response_model=Storage)
async def forget_volume(volume: Id, body: ForgetVolume, parts: UsesParts, person: AsPerson) -> Response:
    """Use a volume no longer; what is on it stays."""
    await parts.access.confirm(person, body.password)
    return await asked(parts, person, "DELETE", f"/storage/volumes/{volume}")


@router.post("/storage/format", response_model=Storage, status_code=202)
async def format_volume(body: FormatVolume, parts: UsesParts, person: AsPerson) -> Response:
    """Delete everything on a volume or device; it begins at once and its progress stands in the storage document."""
    if (body.volume is None) == (body.device is None):
        raise Problem(Kind.INVALID, "Name either the volume or the device to format.", field="volume")
    await parts.access.confirm(person, body.password)
    wanted = body.model_dump(mode="json", exclude={"password"}, exclude_unset=True, exclude_none=True)
    return await asked(parts, person, "POST", "/storage/format", wanted)


@router.get("/drives", response_model=Drives)
async def list_drives(parts: UsesParts, person: AsPerson) -> Response:
    """Removable drives that exports can be written to."""
    return await asked(parts, person, "GET", "/drives")


@router.get("/holds", response_model=Holds)
async def list_holds(parts: UsesParts, person: AsPerson) -> Response:
    """Footage that is kept from being deleted, and what was released."""
    return await asked(parts, person, "GET", "/holds")


@router.post("/holds", response_model=Hold, status_code=201)
async def add_hold(body: AddHold, parts: UsesParts, person: AsPerson) -> Response:
    """Keep footage from being deleted."""
    wanted = body.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)
    return await asked(parts, person, "POST", "/holds", wanted | {"who": person.person.name})


@router.post("/holds/{hold}/release", response_model=Hold)
async def release_hold(hold: Id, body: ReleaseHold, parts: UsesParts, person: AsPerson) -> Response:
    """Let footage be deleted again when its time comes."""
    await parts.access.confirm(person, body.password)
    wanted = {"who": person.person.name} | ({"why": body.why} if body.why else {})
    return await asked(parts, person, "POST", f"/holds/{hold}/release", wanted)


@router.get("/completeness", response_model=Completeness)
async def read_completeness(
    parts: UsesParts, person: AsPerson, hours: Annotated[int, Query(ge=1, le=24 * 31)] = 24
) -> Response:
    """How much of the last hours there is footage of, camera by camera, and why not of the rest."""
    return await asked(parts, person, "GET", "/completeness", query={"hours": hours})
