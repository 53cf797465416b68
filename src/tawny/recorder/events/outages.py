"""The recorder's own events: a camera that sends no pictures, from when it went until it came back."""

from typing import Final

from tawny.recorder.events.log import EventLog
from tawny.recorder.events.model import By, Kind
from tawny.recorder.ingest.model import CameraState, Phase, Trouble

_WELL: Final = frozenset({Phase.ONLINE, Phase.DISABLED})


class Outages:
    """Turns the states of cameras into events.

    Invariant: a camera has at most one outage that lasts; it ends when pictures come again, or nobody wants them.
    """

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._lasting: dict[str, tuple[str, Trouble]] = {}

    def see(self, camera: str, state: CameraState) -> None:
        """The camera's state is now *state*; attempts to connect again say nothing new."""
        before = self._lasting.get(camera)
        if state.phase in _WELL:
            self.forget(camera)
        elif state.phase is Phase.WAITING and (before is None or before[1] is not state.kind):
            self.forget(camera)
            data = {"kind": str(state.kind), "remedy": state.remedy}
            title = state.title or "The camera sends no pictures."
            at_us = state.since_us if before is None else None  # another trouble is one of now
            event = self._log.begin(camera, Kind.STATE, title, at_us=at_us, data=data, by=By.RECORDER)
            self._lasting[camera] = event.id, state.kind

    def forget(self, camera: str) -> None:
        """The outage is over, or the camera is no more."""
        if (lasting := self._lasting.pop(camera, None)) is not None:
            self._log.end(lasting[0])
