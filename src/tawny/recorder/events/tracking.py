"""The states of one camera, and what of them are events: from their beginning to their end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from tawny.recorder.events import kinds
from tawny.recorder.events.kinds import Reading
from tawny.recorder.events.model import By, Event, Kind
from tawny.wire.onvif.events import Message

SOFT_US: Final = 30 * 1_000_000  # a state that is no property ends so long after it was last told
SETTLING_US: Final = 15 * 1_000_000  # after a new subscription every property has been told by then
GRACE_US: Final = 60 * 1_000_000  # without a subscription a state is believed for so long
MOST_STATES: Final = 256  # of one camera at a time
BURST: Final = 120  # events that a camera may tell at once ...
REFILL_US: Final = 1_000_000  # ... and one more each second
CONFESS_US: Final = 3600 * 1_000_000  # how often it is said that events were left out
_MOST_ITEMS = 16
_LONGEST_NAME = 64
_LONGEST_VALUE = 256

Property = tuple[str, frozenset[tuple[str, str]]]
_Slot = tuple[Kind, Property | None]


class Diary(Protocol):
    """Where events are told (`EventLog`)."""

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
        """Something begins at *camera*."""
        ...

    def end(self, event_id: str, *, at_us: int | None = None) -> None:
        """It lasts no longer."""
        ...


@dataclass(slots=True, kw_only=True)
class _Lasting:
    """An event that lasts, and the properties that say so, each with when it last did; None: until it says otherwise."""

    event: str
    holders: dict[Property, int | None] = field(default_factory=dict)
    classes: tuple[str, ...] = ()


class Tracker:
    """Turns the messages of one camera into events.

    Invariants: a state that is told again is no new event; at most `MOST_STATES` last, then the oldest ends, and as many
    properties say so of each; a camera
    that tells more than `BURST` and one a second has the rest left out, and their ends; motion is one event, however
    many properties tell of it (cameras have MotionAlarm beside CellMotionDetector, saying the same).
    """

    def __init__(self, camera: str, diary: Diary) -> None:
        self._camera = camera
        self._diary = diary
        self._lasting: dict[_Slot, _Lasting] = {}
        self._doubted: dict[Property, int] = {}  # properties last heard of before the subscription was lost: when
        self._settled_us: int | None = None
        self._tokens = float(BURST)
        self._refilled_us: int | None = None
        self._left_out = 0
        self._confessed_us: int | None = None

    def take(self, message: Message, *, at_us: int, now_us: int) -> None:
        """Read *message*, which was heard now and tells what happened at *at_us*."""
        meaning = kinds.read(message)
        if meaning is None:
            return
        told = message.topic[:_LONGEST_VALUE], frozenset(_bounded({**message.source, **message.key}).items())
        self._doubted.pop(told, None)
        if not meaning.lasts:
            for reading in meaning.readings:
                self._begin(message, reading, at_us, now_us, lasts=False)
            return
        slots = {self._slot(reading, told): reading for reading in meaning.readings}
        for slot in [slot for slot, each in self._lasting.items() if told in each.holders and slot not in slots]:
            self._let_go(slot, told, at_us)
        for slot, reading in slots.items():
            self._hold(slot, told, message, reading, at_us=at_us, now_us=now_us, sure=meaning.sure)

    def lost(self, at_us: int) -> None:
        """The subscription is gone: what lasts may have ended from now on."""
        holders = {holder for each in self._lasting.values() for holder in each.holders}
        self._doubted = {holder: self._doubted.get(holder, at_us) for holder in holders}
        self._settled_us = min(self._doubted.values(), default=at_us) + GRACE_US

    def found(self, now_us: int) -> None:
        """There is a subscription again: every property will be told anew."""
        self._settled_us = now_us + SETTLING_US

    def sweep(self, now_us: int) -> None:
        """End what has not been told for long, and what the new subscription did not tell of."""
        for slot, each in list(self._lasting.items()):
            for holder, last_us in list(each.holders.items()):
                if last_us is not None and now_us >= last_us + SOFT_US:
                    self._let_go(slot, holder, last_us)
        if self._settled_us is not None and now_us >= self._settled_us:
            self.end_doubted()
        if self._left_out and (self._confessed_us is None or now_us >= self._confessed_us + CONFESS_US):
            self._confess(now_us)

    def _confess(self, now_us: int) -> None:
        """Say that events were left out, so that nobody takes the log for whole."""
        title = f"The camera told more than is kept: {self._left_out} events were left out."
        self._diary.begin(self._camera, Kind.STATE, title, at_us=now_us, lasts=False, by=By.RECORDER)
        self._left_out, self._confessed_us = 0, now_us

    def end_doubted(self) -> None:
        """End what was not told again since the subscription was lost, at that moment."""
        doubted, self._doubted, self._settled_us = self._doubted, {}, None
        for holder, lost_us in doubted.items():
            for slot in [slot for slot, each in self._lasting.items() if holder in each.holders]:
                self._let_go(slot, holder, lost_us)

    def close(self, at_us: int) -> None:
        """Nobody listens to the camera any more: end what lasts."""
        for slot in list(self._lasting):
            self._diary.end(self._lasting.pop(slot).event, at_us=at_us)

    @staticmethod
    def _slot(reading: Reading, told: Property) -> _Slot:
        return reading.kind, None if reading.kind is Kind.MOTION else told

    def _hold(
        self, slot: _Slot, told: Property, message: Message, reading: Reading, *, at_us: int, now_us: int, sure: bool
    ) -> None:
        lasting = self._lasting.get(slot)
        if lasting is not None and lasting.classes != reading.classes and slot[1] is not None:
            self._diary.end(self._lasting.pop(slot).event, at_us=at_us)  # a car is now a lorry
            lasting = None
        if lasting is None:
            event = self._begin(message, reading, at_us, now_us, lasts=True)
            if event is None:
                return
            self._make_room(at_us)
            lasting = self._lasting[slot] = _Lasting(event=event.id, classes=reading.classes)
        if told not in lasting.holders and len(lasting.holders) >= MOST_STATES:
            del lasting.holders[next(iter(lasting.holders))]  # hundreds of properties that all say motion
        lasting.holders[told] = None if sure else now_us

    def _let_go(self, slot: _Slot, told: Property, at_us: int) -> None:
        lasting = self._lasting[slot]
        del lasting.holders[told]
        if not lasting.holders:
            del self._lasting[slot]
            self._diary.end(lasting.event, at_us=at_us)

    def _make_room(self, at_us: int) -> None:
        if len(self._lasting) >= MOST_STATES:
            oldest = next(iter(self._lasting))
            self._diary.end(self._lasting.pop(oldest).event, at_us=at_us)

    def _begin(self, message: Message, reading: Reading, at_us: int, now_us: int, *, lasts: bool) -> Event | None:
        if not self._may_tell(now_us):
            self._left_out += 1
            return None
        return self._diary.begin(
            self._camera,
            reading.kind,
            reading.title,
            at_us=at_us,
            lasts=lasts,
            camera_us=message.utc_us if message.utc_us is None or message.utc_us >= 0 else None,
            topic=message.topic[:_LONGEST_VALUE],
            source=_bounded({**message.source, **message.key}),
            data=_bounded(message.data),
            classes=reading.classes,
        )

    def _may_tell(self, now_us: int) -> bool:
        since_us = 0 if self._refilled_us is None else max(0, now_us - self._refilled_us)
        self._tokens = min(float(BURST), self._tokens + since_us / REFILL_US)
        self._refilled_us = now_us
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


def _bounded(items: Mapping[str, str]) -> dict[str, str]:
    """*items* cut to what is worth keeping: some cameras send pictures as text."""
    kept = list(items.items())[:_MOST_ITEMS]
    return {name[:_LONGEST_NAME]: value[:_LONGEST_VALUE] for name, value in kept}
