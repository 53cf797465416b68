"""What happens, and who wants to know: properties and pull points."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tawny.runtime.clock import Clock
from tawny.runtime.tasks import Tasks
from tawny.wire.onvif.answers.events import Filter
from tawny.wire.onvif.events import CHANGED, INITIALIZED, Message

MOST_PULL_POINTS = 16
_MOST_WAITING = 1000  # messages for one that does not pull; then the oldest go


@dataclass(slots=True, kw_only=True)
class PullPoint:
    """Messages for one subscriber, until *until* on the clock's monotonic time."""

    name: str
    wanted: Filter
    until: float
    waiting: deque[Message] = field(default_factory=lambda: deque(maxlen=_MOST_WAITING))
    pull: asyncio.Future[None] | None = None


class Notifications:
    """The events of one device.

    Invariants: each subscriber gets every property as Initialized when it comes, then each change once and in order;
    a pull point that is past its time is as good as gone; at most one pull waits at each.
    """

    def __init__(self, *, clock: Clock, tasks: Tasks, name: Callable[[], str]) -> None:
        self._clock = clock
        self._tasks = tasks
        self._name = name
        self._properties: dict[tuple[str, frozenset[tuple[str, str]]], Message] = {}
        self._points: dict[str, PullPoint] = {}

    def tell(self, message: Message) -> Message | None:
        """Something happened; a message with an operation is the new state of a property.

        What was told to subscribers comes back; None where a property is as it was.
        """
        message = replace(message, utc_us=self._clock.utc_us())
        if message.operation is not None:
            key = message.topic, frozenset([*message.source.items(), *message.key.items()])
            before = self._properties.get(key)
            if before is not None and before.data == message.data:
                return None
            message = replace(message, operation=INITIALIZED if before is None else CHANGED)
            self._properties[key] = message
        for point in self._live():
            self._give(point, message)
        return message

    def subscribe(self, wanted: Filter, *, lasts_s: float) -> PullPoint | None:
        """A new pull point; None where there are as many as can be."""
        if len(self._live()) >= MOST_PULL_POINTS:
            return None
        point = PullPoint(name=self._name(), wanted=wanted, until=self._clock.monotonic() + lasts_s)
        self._points[point.name] = point
        self.synchronize(point)
        return point

    def point(self, name: str) -> PullPoint | None:
        """The pull point of that name, while it lasts."""
        return next((point for point in self._live() if point.name == name), None)

    def synchronize(self, point: PullPoint) -> None:
        """Tell the state of every property anew."""
        for message in self._properties.values():
            self._give(point, replace(message, operation=INITIALIZED, utc_us=self._clock.utc_us()))

    def extend(self, point: PullPoint, lasts_s: float) -> None:
        """Let it last at least *lasts_s* from now."""
        point.until = max(point.until, self._clock.monotonic() + lasts_s)

    def remaining_us(self, point: PullPoint) -> int:
        """How long it will last."""
        return round((point.until - self._clock.monotonic()) * 1_000_000)

    def drop(self, point: PullPoint) -> None:
        """The subscriber needs it no more."""
        self._points.pop(point.name, None)
        _wake(point)

    def drop_all(self) -> None:
        """Forget all subscribers, as a camera does that starts anew."""
        for point in list(self._points.values()):
            self.drop(point)

    async def pull(self, point: PullPoint, *, timeout_s: float, most: int) -> list[Message]:
        """The next messages, at least one unless none comes in *timeout_s*."""
        if not point.waiting:
            point.pull = asyncio.get_running_loop().create_future()
            timer = self._tasks.start(self._wake_after(point, timeout_s), name="pull")
            try:
                await point.pull
            finally:
                timer.cancel()
                point.pull = None
        return [point.waiting.popleft() for _ in range(min(most, len(point.waiting)))]

    async def _wake_after(self, point: PullPoint, seconds: float) -> None:
        await self._clock.sleep(seconds)
        _wake(point)

    def _give(self, point: PullPoint, message: Message) -> None:
        if point.wanted.passes(message):
            point.waiting.append(message)
            _wake(point)

    def _live(self) -> list[PullPoint]:
        """The pull points that last; the others are forgotten."""
        now = self._clock.monotonic()
        self._points = {name: point for name, point in self._points.items() if point.until > now}
        return list(self._points.values())


def _wake(point: PullPoint) -> None:
    if point.pull is not None and not point.pull.done():
        point.pull.set_result(None)
