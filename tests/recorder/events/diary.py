"""A diary that remembers what began and ended, without a store."""

from collections.abc import Mapping

from tawny.recorder.events.model import By, Event, Kind


class Diary:
    """The port `tracking.Diary`. An event ends once."""

    def __init__(self) -> None:
        self.events: dict[str, Event] = {}
        self.ended: dict[str, int | None] = {}

    def begin(
        self,
        camera: str,
        kind: Kind,
        title: str,
        *,
        at_us: int | None = None,
        lasts: bool = True,
        camera_us: int | None = None,
        topic: str = "",
        source: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
        classes: tuple[str, ...] = (),
        by: By = By.CAMERA,
    ) -> Event:
        assert at_us is not None
        event = Event(
            id=f"evt_{len(self.events)}",
            camera=camera,
            kind=kind,
            title=title,
            at_us=at_us,
            until_us=None if lasts else at_us,
            camera_us=camera_us,
            received_us=at_us,
            topic=topic,
            source=source or {},
            data=data or {},
            classes=classes,
            by=by,
        )
        self.events[event.id] = event
        return event

    def end(self, event_id: str, *, at_us: int | None = None) -> None:
        assert event_id not in self.ended
        self.ended[event_id] = at_us

    @property
    def kinds(self) -> list[Kind]:
        return [event.kind for event in self.events.values()]

    @property
    def lasting(self) -> list[str]:
        return [event.id for event in self.events.values() if event.until_us is None and event.id not in self.ended]
