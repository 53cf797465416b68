"""What the recorder notices of cameras by itself: one that is lost and comes back, another device in its place."""

from collections.abc import Callable
from typing import Final

from tawny.recorder.events.log import EventLog
from tawny.recorder.events.model import By, Event, Kind
from tawny.recorder.ingest.model import CameraState, Phase
from tawny.recorder.onvif.model import DevicePhase, DeviceState, DeviceTrouble

# Troubles of the ONVIF side that a person has to look at; that it does not answer shows in the pictures as well.
_NOTED: Final = {
    DeviceTrouble.IDENTITY,
    DeviceTrouble.CERTIFICATE,
    DeviceTrouble.CREDENTIALS,
    DeviceTrouble.LOCKED_OUT,
    DeviceTrouble.WEAKER_LOGIN,
}


class CameraStates:
    """Turns the states of cameras into events of the recorder's own; belongs to the event loop's thread.

    Invariants: a camera is lost from when its pictures end until they come again, once, whatever it goes through
    between; one that was never online since the start is not told as lost; each trouble of its ONVIF side likewise.

    *on_lost* hears of each camera that is lost.
    """

    def __init__(self, log: EventLog, *, on_lost: Callable[[str], None]) -> None:
        self._log = log
        self._on_lost = on_lost
        self._online: set[str] = set()
        self._lost: dict[str, Event] = {}
        self._trouble: dict[str, tuple[DeviceTrouble, Event]] = {}

    def media(self, camera: str, state: CameraState) -> None:
        """Hear where the camera's streams stand."""
        if state.phase is Phase.ONLINE:
            self._online.add(camera)
            if (event := self._lost.pop(camera, None)) is not None:
                self._log.end(event.id, at_us=state.since_us)
        elif state.phase is Phase.DISABLED:
            self.forget(camera)
        elif state.phase is Phase.WAITING and camera in self._online:
            self._online.remove(camera)
            if camera not in self._lost:
                self._lost[camera] = self._begun(
                    camera, state.title or "The camera is lost.", str(state.kind), state.since_us
                )
            self._on_lost(camera)

    def device(self, camera: str, state: DeviceState) -> None:
        """Hear where the camera's ONVIF side stands."""
        before = self._trouble.get(camera)
        if state.phase in {DevicePhase.CONNECTING, DevicePhase.SETTING_UP}:
            return  # nothing is known yet
        kind = state.kind if state.phase is DevicePhase.WAITING and state.kind in _NOTED else None
        if before is not None and before[0] is not kind:
            del self._trouble[camera]
            self._log.end(before[1].id, at_us=state.since_us)
            before = None
        if kind is not None and before is None:
            self._trouble[camera] = kind, self._begun(camera, state.title, str(kind), state.since_us)

    def forget(self, camera: str) -> None:
        """The camera is no more, or switched off: nothing of it lasts."""
        self._online.discard(camera)
        lost, trouble = self._lost.pop(camera, None), self._trouble.pop(camera, None)
        for event in (lost, None if trouble is None else trouble[1]):
            if event is not None:
                self._log.end(event.id)

    def _begun(self, camera: str, title: str, why: str, at_us: int) -> Event:
        return self._log.begin(camera, Kind.STATE, title, at_us=at_us, data={"why": why}, by=By.RECORDER)
