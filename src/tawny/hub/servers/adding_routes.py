"""Finding cameras, trying them, keeping them one by one or many at once, swapping them, and finding lost ones again."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from tawny.hub.servers.adding_schema import (
    AddMany,
    Batch,
    Discovery,
    FixTrial,
    KeepTrial,
    KeptCameras,
    Lost,
    OpenTrial,
    RemovedCameras,
    SetMany,
    SwapCamera,
    Trial,
    TrialLogin,
    WatchChannel,
)
from tawny.hub.servers.asking import CAMERA_S, asked
from tawny.hub.servers.parts import AsPerson, UsesParts
from tawny.hub.servers.schema import PATH_ID, Camera

router = APIRouter(tags=["adding"])

Id = Annotated[str, Path(pattern=PATH_ID)]


@router.get("/discovery", response_model=Discovery)
async def read_discovery(parts: UsesParts, person: AsPerson) -> Response:
    """What the search for cameras has found by now."""
    return await asked(parts, person, "GET", "/discovery")


@router.post("/discovery", response_model=Discovery)
async def start_discovery(parts: UsesParts, person: AsPerson) -> Response:
    """Search for cameras; a search that is under way goes on."""
    return await asked(parts, person, "POST", "/discovery")


@router.delete("/discovery", response_model=Discovery)
async def stop_discovery(parts: UsesParts, person: AsPerson) -> Response:
    """Search no further; what was found stays."""
    return await asked(parts, person, "DELETE", "/discovery")


@router.post("/trials", response_model=Trial, status_code=201)
async def open_trial(body: OpenTrial, parts: UsesParts, person: AsPerson) -> Response:
    """Look at a camera before it is kept."""
    return await asked(parts, person, "POST", "/trials", body)


@router.get("/trials/{trial}", response_model=Trial)
async def read_trial(trial: Id, parts: UsesParts, person: AsPerson) -> Response:
    """How the trial goes; reading keeps it alive."""
    return await asked(parts, person, "GET", f"/trials/{trial}")


@router.delete("/trials/{trial}", status_code=204)
async def close_trial(trial: Id, parts: UsesParts, person: AsPerson) -> Response:
    """Forget the trial."""
    await parts.link.request("DELETE", f"/trials/{trial}", person=person.person.id)
    return Response(status_code=204)


@router.post("/trials/{trial}/login", response_model=Trial)
async def log_trial_in(trial: Id, body: TrialLogin, parts: UsesParts, person: AsPerson) -> Response:
    """Try another login."""
    return await asked(parts, person, "POST", f"/trials/{trial}/login", body)


@router.post("/trials/{trial}/watch", response_model=Trial)
async def watch_channel(trial: Id, body: WatchChannel, parts: UsesParts, person: AsPerson) -> Response:
    """Look at another channel."""
    return await asked(parts, person, "POST", f"/trials/{trial}/watch", body)


@router.post("/trials/{trial}/fix", response_model=Trial)
async def fix_trial(trial: Id, body: FixTrial, parts: UsesParts, person: AsPerson) -> Response:
    """Do something about one of its troubles, on the camera where it lies there."""
    return await asked(parts, person, "POST", f"/trials/{trial}/fix", body, timeout_s=CAMERA_S)


@router.post("/trials/{trial}/cameras", response_model=KeptCameras, status_code=201)
async def keep_trial(trial: Id, body: KeepTrial, parts: UsesParts, person: AsPerson) -> Response:
    """Keep channels as cameras; the trial ends."""
    return await asked(parts, person, "POST", f"/trials/{trial}/cameras", body, timeout_s=CAMERA_S)


@router.post("/batches/add", response_model=Batch, status_code=201)
async def add_many(body: AddMany, parts: UsesParts, person: AsPerson) -> Response:
    """Add many cameras at once."""
    return await asked(parts, person, "POST", "/batches/add", body)


@router.post("/batches/settings", response_model=Batch, status_code=201)
async def set_many(body: SetMany, parts: UsesParts, person: AsPerson) -> Response:
    """Write settings to many cameras at once."""
    return await asked(parts, person, "POST", "/batches/settings", body)


@router.get("/batches/{batch}", response_model=Batch)
async def read_batch(batch: Id, parts: UsesParts, person: AsPerson) -> Response:
    """How far it is, and how each camera went."""
    return await asked(parts, person, "GET", f"/batches/{batch}")


@router.delete("/batches/{batch}", response_model=Batch)
async def stop_batch(batch: Id, parts: UsesParts, person: AsPerson) -> Response:
    """Begin with no further camera; what is done stays done."""
    return await asked(parts, person, "DELETE", f"/batches/{batch}")


@router.post("/cameras/{camera}/swap", response_model=Camera)
async def swap_camera(camera: Id, body: SwapCamera, parts: UsesParts, person: AsPerson) -> Response:
    """Put another device in its place; id, archive and settings stay."""
    return await asked(parts, person, "POST", f"/cameras/{camera}/swap", body, timeout_s=CAMERA_S)


@router.get("/removed-cameras", response_model=RemovedCameras)
async def list_removed_cameras(parts: UsesParts, person: AsPerson) -> Response:
    """Removed cameras of which footage is left; it plays under their old ids."""
    return await asked(parts, person, "GET", "/removed-cameras")


@router.get("/lost", response_model=Lost)
async def read_lost(parts: UsesParts, person: AsPerson) -> Response:
    """How the search for lost cameras goes."""
    return await asked(parts, person, "GET", "/lost")


@router.post("/lost", response_model=Lost)
async def find_lost(parts: UsesParts, person: AsPerson) -> Response:
    """Look for every camera that can't be reached, and follow it to its new address."""
    return await asked(parts, person, "POST", "/lost")
