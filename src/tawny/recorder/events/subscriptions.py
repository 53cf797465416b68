"""One subscription for each device that cameras are added from, kept for ever; its messages become events."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from tawny.recorder.cameras.model import Camera
from tawny.recorder.events.listening import Listener
from tawny.recorder.events.subscription import Inlets
from tawny.recorder.events.tracking import Diary, Tracker
from tawny.recorder.onvif.model import Device, DeviceAddress
from tawny.runtime.clock import Clock
from tawny.runtime.tasks import Tasks
from tawny.wire.onvif.metadata import Metadata

LOOK_S: Final = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """How a device is got at, and for whom: whatever of it changes, a new subscription is made.

    *channels* are the cameras that it is, each with its video source.
    """

    address: DeviceAddress
    user: str
    password: str = field(repr=False)
    fingerprint: str
    channels: tuple[tuple[str, str], ...] = ()


class Subscriptions:
    """Follows the cameras that there are, and listens to each device once.

    Invariants: a device has at most one subscription, however many of its channels are cameras (devices permit few pull
    points); what one device does or tells holds no other up; a camera that is no more, or switched off, has no event
    that lasts.

    *device* gives the device of a camera, connected (`DeviceKeeper.of`); *cameras* all cameras, as they are now.
    """

    def __init__(
        self,
        *,
        cameras: Callable[[], Sequence[Camera]],
        device: Callable[[str], Awaitable[Device]],
        diary: Diary,
        inlets: Inlets,
        clock: Clock,
    ) -> None:
        self._cameras = cameras
        self._device = device
        self._diary = diary
        self._inlets = inlets
        self._clock = clock
        self._trackers: dict[str, Tracker] = {}
        self._listeners: dict[_Way, Listener] = {}
        self._tasks: dict[_Way, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Follow the cameras until cancelled."""
        async with Tasks("events") as tasks:
            while True:
                await self.follow(tasks)
                await self._clock.sleep(LOOK_S)

    async def follow(self, tasks: Tasks) -> None:
        """Listen to the devices of the cameras that there are now, and to no others; end what is over."""
        wanted = [camera for camera in self._cameras() if camera.enabled]
        self._drop_trackers({camera.id for camera in wanted})
        ways = _ways(wanted)
        failed = {way for way, task in self._tasks.items() if task.done()}  # a fault of ours, which was logged
        for way in (self._listeners.keys() - ways) | failed:
            del self._listeners[way]
            self._tasks.pop(way).cancel()
        for way in ways - self._listeners.keys():
            self._listen(way, tasks)
        for tracker in self._trackers.values():
            tracker.sweep(self._clock.utc_us())

    def listening(self, camera_id: str) -> bool:
        """Whether there is a subscription at the device of that camera just now."""
        return any(each.subscribed for each in self._listeners.values() if camera_id in each.channels)

    def metadata(self, camera_id: str, metadata: Metadata, received_us: int) -> None:
        """Notifications came inside the camera's metadata stream: they count where there is no other way."""
        if self.listening(camera_id) or all(each.id != camera_id or not each.enabled for each in self._cameras()):
            return
        now_us = self._clock.utc_us()
        for message in metadata.messages:
            self.tracker(camera_id).take(message, at_us=min(received_us, now_us), now_us=now_us)

    def offline(self, camera_id: str) -> None:
        """The camera sends no media any more: what its metadata told is not known to last."""
        tracker = self._trackers.get(camera_id)
        if tracker is not None and not self.listening(camera_id):
            tracker.lost(self._clock.utc_us())

    def tracker(self, camera_id: str) -> Tracker:
        """What keeps the camera's states."""
        return self._trackers.setdefault(camera_id, Tracker(camera_id, self._diary))

    def _drop_trackers(self, wanted: set[str]) -> None:
        for camera_id in set(self._trackers) - wanted:
            self._trackers.pop(camera_id).close(self._clock.utc_us())

    def _listen(self, way: _Way, tasks: Tasks) -> None:
        listener = Listener(
            self._device, dict(way.channels), tracker=self.tracker, inlets=self._inlets, clock=self._clock
        )
        self._listeners[way] = listener
        self._tasks[way] = tasks.start(listener.run(), name=way.address.authority)


def _ways(cameras: Sequence[Camera]) -> set[_Way]:
    channels: dict[_Way, list[tuple[str, str]]] = {}
    for camera in cameras:
        if camera.device is not None:
            way = _Way(
                address=camera.device.address,
                user=camera.user,
                password=camera.password,
                fingerprint=camera.fingerprint,
            )
            channels.setdefault(way, []).append((camera.id, camera.device.channel))
    return {replace(way, channels=tuple(mine)) for way, mine in channels.items()}
