"""Listening to one device: subscribe, take what comes, and begin again whatever happens to the subscription."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from tawny.recorder.events import channels
from tawny.recorder.events.subscription import Batch, Inlets, subscribe
from tawny.recorder.events.timing import happened_us
from tawny.recorder.events.tracking import Tracker
from tawny.recorder.onvif.model import Device, DeviceError, DeviceTrouble
from tawny.runtime.clock import Clock
from tawny.runtime.problem import Problem
from tawny.wire.onvif.events import Message

FIRST_RETRY_S: Final = 2.0
LAST_RETRY_S: Final = 60.0
NO_EVENTS_S: Final = 600.0  # until a camera that tells of no events is asked again: firmware may bring them

_log = logging.getLogger(__name__)


class Listener:
    """Listens to one device on behalf of its *channels*: cameras, each with its video source (empty where it has one only).

    Invariants: *subscribed* exactly while there is a subscription; when one is lost every camera's tracker knows, and
    knows again when there is another; what is about no picture (an input, a disk) is told of one camera only.
    """

    def __init__(
        self,
        device: Callable[[str], Awaitable[Device]],
        cameras: Mapping[str, str],
        *,
        tracker: Callable[[str], Tracker],
        inlets: Inlets,
        clock: Clock,
    ) -> None:
        self._device = device
        self._tracker = tracker
        self._inlets = inlets
        self._clock = clock
        self._retry_s = FIRST_RETRY_S
        self._said = ""
        self.channels = cameras
        self.subscribed = False

    async def run(self) -> None:
        """Listen for ever."""
        while True:
            wait_s = self._retry_s
            self._retry_s = min(self._retry_s * 2, LAST_RETRY_S)
            try:
                await self.run_once()
            except DeviceError as error:
                self._say(str(error))
                wait_s = NO_EVENTS_S if error.trouble is DeviceTrouble.UNSUPPORTED else wait_s
            except Problem as problem:
                self._say(problem.title)
            await self._clock.sleep(wait_s)

    async def run_once(self) -> None:
        """Subscribe and listen; ends with DeviceError or Problem, never else."""
        device = await self._device(next(iter(self.channels)))
        tokens = await channels.sources(device) if any(self.channels.values()) else {}
        subscription = await subscribe(device, clock=self._clock, inlets=self._inlets)
        self._found()
        try:
            while True:
                self._take(await subscription.next(), device, tokens)
                self._retry_s = FIRST_RETRY_S
        finally:
            self._lost()
            await subscription.close()

    def _found(self) -> None:
        self.subscribed = True
        self._said = ""
        now_us = self._clock.utc_us()
        for camera in self.channels:
            self._tracker(camera).found(now_us)

    def _lost(self) -> None:
        self.subscribed = False
        now_us = self._clock.utc_us()
        for camera in self.channels:
            self._tracker(camera).lost(now_us)

    def _take(self, batch: Batch, device: Device, tokens: Mapping[str, str]) -> None:
        now_us = self._clock.utc_us()
        for message in batch.messages:
            camera = self._camera(message, tokens)
            if camera is None:
                continue
            at_us = happened_us(
                message.utc_us,
                received_us=now_us,
                camera_now_us=batch.camera_now_us,
                offset_s=device.learned.clock_offset_s,
            )
            self._tracker(camera).take(message, at_us=at_us, now_us=now_us)

    def _camera(self, message: Message, tokens: Mapping[str, str]) -> str | None:
        """The camera that *message* is about; None where it is about a picture that is no camera of ours."""
        source = channels.channel(message, tokens)
        if source is None:
            return next(iter(self.channels), None)
        return next((camera for camera, own in self.channels.items() if own in {"", source}), None)

    def _say(self, why: str) -> None:
        """Log it once, not at every attempt."""
        if why != self._said:
            self._said = why
            _log.info("%s: no events just now: %s", ", ".join(self.channels), why)
