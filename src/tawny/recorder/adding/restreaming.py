"""Streams that are not where they were: the camera is asked where they are now (after a move, a reset, new firmware)."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from tawny.recorder.adding.report import describe, stream_uri
from tawny.recorder.cameras.model import Camera, OnvifSource
from tawny.recorder.cameras.service import Cameras
from tawny.recorder.ingest.model import CameraState, Phase, Trouble
from tawny.recorder.onvif.model import Device, DeviceError, DeviceTrouble
from tawny.runtime.clock import Clock
from tawny.runtime.problem import Problem
from tawny.runtime.tasks import Tasks

ASK_S = 30.0  # between two questions to one camera
AGAIN_S = 3.0  # after one that did not reach it
_ELSEWHERE = frozenset({Trouble.NOT_FOUND, Trouble.UNREACHABLE, Trouble.NOT_RTSP})
_NO_PROFILE = frozenset({DeviceTrouble.REFUSED, DeviceTrouble.UNSUPPORTED})

_log = logging.getLogger(__name__)


class Restreaming:
    """Asks cameras by ONVIF where their streams are, when a stream is not where it was.

    Invariant: one question at a time a camera, at most one in `ASK_S` that reaches it.
    """

    def __init__(self, *, cameras: Cameras, device: Callable[[str], Awaitable[Device]], clock: Clock) -> None:
        self._cameras = cameras
        self._device = device
        self._clock = clock
        self._tasks = Tasks("restreaming")
        self._next_s: dict[str, float] = {}

    async def stop(self) -> None:
        """Ask nobody any more."""
        await self._tasks.cancel()

    def see(self, camera_id: str, state: CameraState) -> None:
        """Hear how a camera's stream does."""
        camera = self._cameras.get(camera_id)
        if camera is None or camera.device is None or state.phase is not Phase.WAITING or state.kind not in _ELSEWHERE:
            return
        now_s = self._clock.monotonic()
        if now_s >= self._next_s.get(camera_id, float("-inf")):
            self._next_s[camera_id] = now_s + ASK_S
            self._tasks.start(self._ask(camera_id), name=camera_id)

    async def _ask(self, camera_id: str) -> None:
        try:
            device = await self._device(camera_id)
            if (camera := self._cameras.get(camera_id)) is None or camera.device is None:
                return
            after = await _anew(device, camera, camera.device)
        except (DeviceError, Problem) as error:  # its ONVIF side is as far away; its own state says so
            _log.info("%s: where its streams are can't be asked: %s", camera_id, error)
            self._next_s[camera_id] = self._clock.monotonic() + AGAIN_S
            return
        if after is not None and after != camera:
            _log.info("%s: its streams are elsewhere now", camera_id)
            self._cameras.restream(camera_id, after)


async def _anew(device: Device, camera: Camera, source: OnvifSource) -> Camera | None:
    """*camera* with its streams as they are now; None where the device has them no more."""
    try:
        url = await stream_uri(device, source.main_profile)
        sub_url = await stream_uri(device, source.sub_profile) if source.sub_profile else ""
    except DeviceError as error:
        if error.trouble not in _NO_PROFILE:
            raise
        return await _chosen_anew(device, camera, source)
    return replace(camera, url=url, sub_url=sub_url) if url else None


async def _chosen_anew(device: Device, camera: Camera, source: OnvifSource) -> Camera | None:
    """The same channel with the profiles that it has by now: a reset gives them other names."""
    channel = (await describe(device)).channel(source.channel)
    if channel is None or channel.main is None:
        return None
    sub = channel.sub
    profiles = replace(source, main_profile=channel.main.profile, sub_profile=sub.profile if sub else "")
    return replace(camera, url=channel.main.uri, sub_url=sub.uri if sub else "", device=profiles)
