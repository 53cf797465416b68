"""How deep the archive may be: the recorder's depth, cameras' own, the size limit, and lowerings that wait for a day."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Protocol

from tawny.recorder.archive.model import Role, VolumeStatus
from tawny.recorder.archive.retention import Ranges, Retention
from tawny.recorder.cameras.model import Camera
from tawny.recorder.storage.clock_trust import Values
from tawny.recorder.storage.forecast import DAY_US
from tawny.runtime.clock import Clock
from tawny.wire.moments import rfc3339

SETTING: Final = "retention"
WAIT_US: Final = DAY_US
RECORDER: Final = ""  # stands for the recorder among the ids of cameras


class Sizes(Protocol):
    """How much footage there is; from any thread."""

    def size(self, *, from_us: int, to_us: int, camera: str | None = None, volume: str | None = None) -> int:
        """The bytes of the closed segments that have footage of the range. OSError where that can't be known just now."""
        ...

    def cameras(self) -> list[str]:
        """The cameras that have footage. OSError as above."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a change would delete: *to_us* is None where that depends on more than age."""

    bytes: int
    from_us: int | None
    to_us: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lowering:
    """A lower depth (and, of the recorder, size limit) that waits until *at_us*."""

    days: int | None
    size_limit_bytes: int | None = None
    at_us: int
    bytes: int
    from_us: int | None
    to_us: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """What is in force, and what waits, by camera. *started_with* is the size limit on the command line when it was last looked at."""

    days: int | None = None
    size_limit_bytes: int | None = None
    started_with: int | None = None
    cameras: Mapping[str, int | None]
    waiting: Mapping[str, Lowering]


class Depths:
    """Depths and the size limit.

    Invariants: the retention has what is in force; what would cost footage is in force only after it waited for `WAIT_US` of a trusted clock. A
    camera that was removed keeps the depth that it had.
    """

    def __init__(
        self,
        *,
        retention: Retention,
        settings: Values,
        limit_bytes: int | None,
        cameras: Callable[[], Sequence[Camera]],
        volumes: Callable[[], Sequence[VolumeStatus]],
        sizes: Sizes,
        clock: Clock,
    ) -> None:
        self._retention = retention
        self._settings = settings
        self._cameras = cameras
        self._volumes = volumes
        self._sizes = sizes
        self._clock = clock
        self._changing = asyncio.Lock()
        self._state = _read(settings.value(SETTING), limit_bytes)
        self._apply()

    @property
    def days(self) -> int | None:
        """The recorder's depth in force."""
        return self._state.days

    @property
    def size_limit_bytes(self) -> int | None:
        """The size limit in force."""
        return self._state.size_limit_bytes

    def document(self) -> dict[str, Any] | None:
        """What waits for the recorder, as the API tells it; of depth and limit, what stays as it is is null."""
        lowering = self._state.waiting.get(RECORDER)
        if lowering is None:
            return None
        moments = {"from": lowering.from_us, "to": lowering.to_us}
        days, limit_bytes = lowering.days, lowering.size_limit_bytes
        return {
            "days": None if days == self._state.days else days,
            "size_limit_bytes": None if limit_bytes == self._state.size_limit_bytes else limit_bytes,
            "at": rfc3339(lowering.at_us),
            "bytes": lowering.bytes,
            **{name: None if us is None else rfc3339(us) for name, us in moments.items()},
        }

    def waiting(self) -> Mapping[str, Lowering]:
        """What waits, by camera; `RECORDER` for the recorder's own."""
        return self._state.waiting

    async def set(self, changes: Mapping[str, int | None]) -> None:
        """Change ``days`` or ``size_limit_bytes``, now or after the wait. OSError where it can't be known what that would cost."""
        async with self._changing:
            state = self._state
            asked = state.waiting.get(RECORDER)  # what is not changed now stays as it was asked for last
            days = changes.get("days", state.days if asked is None else asked.days)
            before_bytes = state.size_limit_bytes if asked is None else asked.size_limit_bytes
            limit_bytes = changes.get("size_limit_bytes", before_bytes)
            cost = await asyncio.to_thread(self._cost, days, limit_bytes)
            if cost.bytes:
                raised = replace(
                    state,
                    days=state.days if lower(days, state.days) else days,
                    size_limit_bytes=state.size_limit_bytes
                    if lower(limit_bytes, state.size_limit_bytes)
                    else limit_bytes,
                )
                self._put(_with(raised, RECORDER, self._lowering(cost, days, limit_bytes)))
            else:
                self._put(_with(replace(state, days=days, size_limit_bytes=limit_bytes), RECORDER, None))

    def keep(self) -> None:
        """Take back what waits for the recorder."""
        self._put(_with(self._state, RECORDER, None))

    def begin_again(self) -> None:
        """The clock is right again: the waits that it measured were not."""
        at_us = self._clock.utc_us() + WAIT_US
        waiting = {camera: replace(one, at_us=at_us) for camera, one in self._state.waiting.items()}
        if waiting:
            self._put(replace(self._state, waiting=waiting))

    async def look(self) -> None:
        """Put into force what has waited, and see what was set for cameras; only while the clock is trusted."""
        async with self._changing:
            state, own = self._state, self._state.waiting.get(RECORDER)
            if own is not None and own.at_us <= self._clock.utc_us():
                done = replace(state, days=own.days, size_limit_bytes=own.size_limit_bytes)
                self._put(_with(done, RECORDER, None))
            for camera in self._cameras():
                await self._look_at(camera.id, camera.depth_days)

    async def _look_at(self, camera: str, wanted: int | None) -> None:
        state = self._state
        days, waiting = state.cameras.get(camera), state.waiting.get(camera)
        if wanted == days:
            if waiting is not None:
                self._put(_with(state, camera, None))
            return
        if waiting is not None and waiting.days == wanted and waiting.at_us > self._clock.utc_us():
            return
        if waiting is None or waiting.days != wanted:
            before, after = (state.days if of is None else of for of in (days, wanted))
            cost = await asyncio.to_thread(self._depth_cost, (camera,), before, after)
            if cost.bytes:
                self._put(_with(state, camera, self._lowering(cost, wanted)))
                return
        self._put(_with(replace(state, cameras={**state.cameras, camera: wanted}), camera, None))

    # What it costs

    def _cost(self, days: int | None, limit_bytes: int | None) -> Cost:
        """What goes where both are in force; in a thread, for that is a walk through the index."""
        own = {camera for camera, of in self._state.cameras.items() if of is not None}
        costs = [Cost(bytes=0, from_us=None, to_us=None)]
        if lower(days, self._state.days):
            cameras = [camera for camera in self._sizes.cameras() if camera not in own]
            costs.append(self._depth_cost(cameras, self._state.days, days))
        if limit_bytes is not None and lower(limit_bytes, self._state.size_limit_bytes):
            costs.append(self._limit_cost(limit_bytes))
        return max(costs, key=lambda cost: cost.bytes)

    def _depth_cost(self, cameras: Iterable[str], before: int | None, after: int | None) -> Cost:
        if after is None or not lower(after, before):
            return Cost(bytes=0, from_us=None, to_us=None)
        at_us = self._clock.utc_us() + WAIT_US
        from_us, to_us = 0 if before is None else max(0, at_us - before * DAY_US), max(0, at_us - after * DAY_US)
        held = self._retention.policy.held
        found = sum(self._unheld(held, camera, from_us, to_us) for camera in cameras)
        return Cost(bytes=found, from_us=from_us or self._oldest_us(), to_us=to_us)

    def _unheld(self, held: Ranges, camera: str, from_us: int, to_us: int) -> int:
        found = self._sizes.size(from_us=from_us, to_us=to_us, camera=camera)
        for kept in held.get(camera, ()):
            a, b = max(kept.from_us, from_us), min(kept.to_us, to_us)
            if a < b:
                found -= self._sizes.size(from_us=a, to_us=b, camera=camera)
        return max(0, found)

    def _limit_cost(self, limit_bytes: int) -> Cost:
        used_bytes = sum(volume.archive_bytes for volume in self._volumes() if volume.role is Role.RECORD)
        return Cost(bytes=max(0, used_bytes - limit_bytes), from_us=self._oldest_us(), to_us=None)

    def _oldest_us(self) -> int | None:
        return min((v.oldest_us for v in self._volumes() if v.oldest_us is not None), default=None)

    def _lowering(self, cost: Cost, days: int | None, limit_bytes: int | None = None) -> Lowering:
        at_us = self._clock.utc_us() + WAIT_US
        return Lowering(
            days=days,
            size_limit_bytes=limit_bytes,
            at_us=at_us,
            bytes=cost.bytes,
            from_us=cost.from_us,
            to_us=cost.to_us,
        )

    # Keeping

    def _put(self, state: _State) -> None:
        """Keep *state* and go by it. Problem where it can't be kept: then all is as before."""
        self._settings.set_value(SETTING, asdict(state))
        self._state = state
        self._apply()

    def _apply(self) -> None:
        state = self._state
        self._retention.change(
            size_limit_bytes=state.size_limit_bytes,
            depth_us=None if state.days is None else state.days * DAY_US,
            depths_us={camera: days * DAY_US for camera, days in state.cameras.items() if days is not None},
        )


def lower(new: int | None, old: int | None) -> bool:
    """Whether *new* is less than *old*; None is without bounds."""
    return new is not None and (old is None or new < old)


def _with(state: _State, camera: str, lowering: Lowering | None) -> _State:
    others = {name: one for name, one in state.waiting.items() if name != camera}
    return replace(state, waiting=others if lowering is None else {**others, camera: lowering})


def _read(kept: Any, limit_bytes: int | None) -> _State:
    """What the settings keep; a limit on the command line goes before it when it is another than last time."""
    if kept is None:
        return _State(size_limit_bytes=limit_bytes, started_with=limit_bytes, cameras={}, waiting={})
    waiting = {camera: Lowering(**one) for camera, one in kept["waiting"].items()}
    state = _State(**{**kept, "waiting": waiting})
    if limit_bytes == state.started_with:
        return state
    return _with(replace(state, size_limit_bytes=limit_bytes, started_with=limit_bytes), RECORDER, None)
