"""Inlets for cameras' messages without a network, on a simulated clock."""

from tawny.runtime.clock import Clock
from tawny.wire.onvif.events import Message


class FakeInlet:
    """The port `Inlet`: what is put into *waiting* comes out."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.url = "http://192.0.2.1:4711/secret"
        self.waiting: list[Message] = []
        self.closed = False

    async def next(self, timeout_s: float) -> tuple[Message, ...]:
        deadline = self.clock.monotonic() + timeout_s
        while not self.waiting and self.clock.monotonic() < deadline:
            await self.clock.sleep(0.5)
        found, self.waiting = tuple(self.waiting), []
        return found

    async def close(self) -> None:
        self.closed = True


class FakeInlets:
    """The port `Inlets`; *broken* has no way to any device."""

    def __init__(self, clock: Clock) -> None:
        self.inlet = FakeInlet(clock)
        self.broken = False

    async def open(self, host: str) -> FakeInlet:
        if self.broken:
            raise OSError("no way there")
        return self.inlet
