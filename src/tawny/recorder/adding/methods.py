"""What may be asked about adding cameras over the control socket (``docs/design/programs.md``, "Control")."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from tawny.recorder.adding.adder import Adder, in_words
from tawny.recorder.adding.batches import Batches
from tawny.recorder.adding.model import Document
from tawny.recorder.adding.trials import Trials, read_wish
from tawny.recorder.cameras.model import Camera
from tawny.recorder.cameras.removed import Archive, removed_cameras
from tawny.recorder.cameras.requests import Request, camera_name
from tawny.recorder.cameras.service import Cameras
from tawny.recorder.ingest.troubles import Failure
from tawny.recorder.onvif.model import DeviceError
from tawny.runtime.problem import Kind, Problem

Method = Callable[[Request], Awaitable[Any] | Any]
Shown = Callable[[str], Document]  # the document of a camera, which is told to watchers too


def methods(cameras: Cameras, trials: Trials, adder: Adder, *, shown: Shown) -> Mapping[str, Method]:
    """The methods by name; *shown* gives a camera that was made or changed."""

    def add(request: Request) -> Document | Awaitable[Document]:
        if "address" in request:
            return shown_later(_add_by_address(request, adder))
        if "trial" in request:
            return shown_later(_add_from_trial(request, trials))
        return shown(cameras.add(request).id)

    async def shown_later(made: Awaitable[Camera]) -> Document:
        return shown((await made).id)

    async def keep(request: Request) -> Document:
        return {"items": [shown(camera.id) for camera in await trials.keep(request)]}

    return {
        "cameras.add": add,
        "cameras.swap": lambda request: shown_later(trials.swap(request)),
        "trials.open": trials.open,
        "trials.read": trials.read,
        "trials.close": trials.close,
        "trials.login": trials.login,
        "trials.watch": trials.watch,
        "trials.fix": trials.fix,
        "trials.keep": keep,
    }


def batch_methods(batches: Batches) -> Mapping[str, Method]:
    """The methods about many cameras at once, by name."""
    return {
        "batches.add": batches.add,
        "batches.settings": batches.settings,
        "batches.read": batches.read,
        "batches.stop": batches.stop,
    }


def removed_methods(cameras: Cameras, archive: Archive) -> Mapping[str, Method]:
    """The method about removed cameras, of which *archive* has footage."""

    async def removed(request: Request) -> Document:
        request.finish()
        try:
            footage = await asyncio.to_thread(archive.footage)
        except OSError as error:
            raise Problem(Kind.UNAVAILABLE, "The archive's index can't be read just now.") from error
        return {"items": removed_cameras(cameras, footage)}

    return {"cameras.removed": removed}


async def _add_by_address(request: Request, adder: Adder) -> Camera:
    name = camera_name(request.text("name", limit=1000))
    sound = request.flag("sound", default=False)
    wish = read_wish(request)
    request.finish()
    try:
        added = await adder.add(wish, name=name, sound=sound)
    except (DeviceError, Failure) as error:
        raise in_words(error) from error
    if added.already:
        raise Problem(Kind.CONFLICT, f"This camera is there already, as “{added.camera.name}”.", camera=added.camera.id)
    return added.camera


async def _add_from_trial(request: Request, trials: Trials) -> Camera:
    name = camera_name(request.text("name", limit=1000))
    sound = request.flag("sound", default=False)
    trial = request.text("trial")
    request.finish()
    return await trials.add(trial, name=name, sound=sound)
