"""Has cameras move their heads and lenses and switch their relays, as a person or a rule wishes."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from tawny.recorder.camera_settings.sections import Reading, asked
from tawny.recorder.cameras.model import Camera
from tawny.recorder.control.facts import Facts, facts_of
from tawny.recorder.control.head import Head
from tawny.recorder.control.model import (
    ControlsReport,
    Document,
    InputReport,
    Place,
    RelayReport,
)
from tawny.recorder.control.moves import Moves
from tawny.recorder.control.reports import focus_report, head_report, stands
from tawny.recorder.events.model import Event, Kind
from tawny.recorder.onvif.model import Device, DeviceError
from tawny.runtime.clock import Clock
from tawny.runtime.problem import Kind as ProblemKind
from tawny.runtime.problem import Problem
from tawny.runtime.tasks import Tasks
from tawny.wire.onvif import device as device_calls
from tawny.wire.onvif import imaging, ptz
from tawny.wire.onvif.deviceio import RelayOutput
from tawny.wire.onvif.geometry import Range
from tawny.wire.onvif.soap import Call

PTZ_WAYS = ("move", "stop", "to", "by", "preset", "set_preset", "remove_preset", "home", "set_home")
FOCUS_WAYS = ("move", "stop", "to", "by", "auto", "manual")

_T = TypeVar("_T")


class Controls:
    """Live control of all cameras.

    Invariants: what a device can do is asked once for each connection; a movement ends by itself (`Moves`).

    *speaks* tells whether sound can be sent to a camera of which ONVIF tells nothing.
    """

    def __init__(
        self,
        *,
        device: Callable[[str], Awaitable[Device]],
        camera: Callable[[str], Camera | None],
        speaks: Callable[[Camera], Awaitable[bool]],
        clock: Clock,
    ) -> None:
        self._device = device
        self._camera = camera
        self._speaks = speaks
        self._clock = clock
        self._tasks = Tasks("control")
        self._moves = Moves(clock, self._tasks)
        self._facts: dict[str, Facts] = {}
        self._seen: dict[str, ControlsReport] = {}
        self._relays: dict[tuple[str, str], tuple[bool, float]] = {}
        self._inputs: dict[tuple[str, str], bool] = {}

    async def stop(self) -> None:
        """Let go; what moves is ended by the camera itself."""
        await self._tasks.cancel()

    def forget(self, camera_id: str) -> None:
        """Keep nothing of a camera that was removed, or whose device is another now."""
        self._facts.pop(camera_id, None)
        self._seen.pop(camera_id, None)
        for states in (self._relays, self._inputs):
            for key in [key for key in states if key[0] == camera_id]:
                del states[key]

    def noticed(self, event: Event) -> None:
        """Take the state of an input or a relay from an event's beginning and its end: no request tells it."""
        token = next((value for name, value in event.source.items() if name.lower().endswith("token")), None)
        active = event.until_us is None
        if token is not None and event.kind is Kind.INPUT:
            self._inputs[event.camera, token] = active
        elif token is not None and event.kind is Kind.RELAY:
            self._relays[event.camera, token] = active, self._clock.monotonic()

    async def read(self, camera_id: str) -> Document:
        """What can be done with the camera, and where it stands (``Controls``)."""
        camera = self._known(camera_id)
        if camera.device is None:
            return ControlsReport(talk=await self._speaks(camera)).document()
        return await self._told(camera_id, self._report(camera_id))

    async def ptz(self, camera_id: str, do: str, place: Place, *, preset: str = "", name: str = "") -> Document:
        """Have the head do one of `PTZ_WAYS`."""
        return await self._told(camera_id, self._ptz(camera_id, do, place, preset, name))

    async def focus(self, camera_id: str, do: str, value: float | None) -> Document:
        """Have the lens do one of `FOCUS_WAYS`."""
        return await self._told(camera_id, self._focus(camera_id, do, value))

    async def relay(self, camera_id: str, relay: str, *, active: bool) -> Document:
        """Switch a relay."""
        return await self._told(camera_id, self._relay(camera_id, relay, active=active))

    async def _told(self, camera_id: str, work: Awaitable[ControlsReport]) -> Document:
        try:
            return (await work).document()
        except DeviceError as error:
            self._facts.pop(camera_id, None)
            raise error.problem() from error

    def _known(self, camera_id: str) -> Camera:
        camera = self._camera(camera_id)
        if camera is None:
            raise Problem(ProblemKind.NOT_FOUND, "There is no such camera.")
        return camera

    async def _of(self, camera_id: str) -> Facts:
        """What the camera has; asked anew where it was reached anew."""
        camera = self._known(camera_id)
        if camera.device is None:
            raise _cannot("This camera was added by its stream alone: it can't be controlled.")
        device = await self._device(camera_id)
        known = self._facts.get(camera_id)
        if known is None or known.device is not device:
            known = await facts_of(Reading(device, camera.device, self._clock))
            self._facts[camera_id] = known
            self._seen.pop(camera_id, None)
        return known

    async def _report(self, camera_id: str) -> ControlsReport:
        facts = await self._of(camera_id)
        seen = ControlsReport(
            ptz=None if facts.head is None else await head_report(facts.device, facts.head),
            focus=None if facts.lens is None else await focus_report(facts.device, facts.lens),
            talk=facts.loudspeakers > 0,
        )
        self._seen[camera_id] = seen
        return self._with_states(camera_id, facts, seen)

    async def _moved(self, camera_id: str, facts: Facts) -> ControlsReport:
        """What was told last, with where the head is now: one request, for sticks are moved many times a second."""
        seen = self._seen.get(camera_id)
        if seen is None or seen.ptz is None or facts.head is None:
            return await self._report(camera_id)
        status = await asked(facts.device, ptz.get_status(facts.head.profile), ptz.Status())
        seen = replace(seen, ptz=stands(seen.ptz, facts.head, status))
        self._seen[camera_id] = seen
        return self._with_states(camera_id, facts, seen)

    def _with_states(self, camera_id: str, facts: Facts, seen: ControlsReport) -> ControlsReport:
        relays = (self._relay_report(camera_id, number, each) for number, each in enumerate(facts.relays, 1))
        inputs = (
            InputReport(input=each.token, name=f"Input {number}", active=self._inputs.get((camera_id, each.token)))
            for number, each in enumerate(facts.inputs, 1)
        )
        return replace(seen, relays=tuple(relays), inputs=tuple(inputs))

    def _relay_report(self, camera_id: str, number: int, relay: RelayOutput) -> RelayReport:
        bistable = relay.mode.lower() != "monostable"
        active, since_s = self._relays.get((camera_id, relay.token), (None, 0.0))
        if active and not bistable and self._clock.monotonic() - since_s > (relay.delay_s or 0):
            active = False
        return RelayReport(relay=relay.token, name=f"Relay {number}", active=active, bistable=bistable)

    async def _ptz(self, camera_id: str, do: str, place: Place, preset: str, name: str) -> ControlsReport:
        facts = await self._of(camera_id)
        head = facts.head
        if head is None:
            raise _cannot("This camera has no head that could be moved.")
        key, device, profile = (camera_id, "head"), facts.device, head.profile
        stop = _step(device, ptz.stop(profile))
        match do:
            case "move" if (velocity := head.velocity(place)) is not None:
                move = ptz.move_continuously(profile, velocity, timeout_s=head.timeout_s)
                await self._moves.begin(key, _step(device, move), stop=stop)
            case "stop":
                await self._moves.run(key, stop)
            case "to" if (position := head.position(await self._whole(facts, head, place))) is not None:
                await self._moves.run(key, _step(device, ptz.move_to(profile, position)))
            case "by" if (way := head.way(place)) is not None:
                await self._moves.run(key, _step(device, ptz.move_by(profile, way)))
            case "preset":
                await self._moves.run(key, _step(device, ptz.goto_preset(profile, _named(preset))))
            case "set_preset":
                await device.call(ptz.set_preset(profile, name=name or None, preset=preset or None))
            case "remove_preset":
                await device.call(ptz.remove_preset(profile, _named(preset)))
            case "home" if head.home:
                await self._moves.run(key, _step(device, ptz.goto_home(profile)))
            case "set_home" if head.home:
                await device.call(ptz.set_home(profile))
            case _:
                raise _cannot("This camera can't be moved like that.")
        if do in {"set_preset", "remove_preset"}:
            return await self._report(camera_id)
        return await self._moved(camera_id, facts)

    async def _whole(self, facts: Facts, head: Head, place: Place) -> Place:
        """*place* with the axis that is lacking beside pan or tilt as it is now: both are told together."""
        if (place.pan is None) == (place.tilt is None):
            return place
        now = head.place((await asked(facts.device, ptz.get_status(head.profile), ptz.Status())).position)
        if now is None or now.pan is None:
            raise Problem(
                ProblemKind.INVALID, "Name both pan and tilt: the camera does not tell where it is.", field="pan"
            )
        pan, tilt = now.pan if place.pan is None else place.pan, now.tilt if place.tilt is None else place.tilt
        return replace(place, pan=pan, tilt=tilt)

    async def _focus(self, camera_id: str, do: str, value: float | None) -> ControlsReport:
        facts = await self._of(camera_id)
        lens = facts.lens
        if lens is None:
            raise _cannot("This camera has no focus that could be moved.")
        key, device, source, moves = (camera_id, "lens"), facts.device, lens.source, lens.moves
        stop = _step(device, imaging.stop(source))
        match do:
            case "move" if value is not None and moves.continuous is not None:
                move = imaging.focus_continuously(source, _stretched(value, moves.continuous))
                await self._moves.begin(key, _step(device, move), stop=stop)
            case "stop":
                await self._moves.run(key, stop)
            case "to" if value is not None and moves.absolute is not None:
                low, high = moves.absolute.low, moves.absolute.high
                to = imaging.focus_to(source, low + max(value, 0.0) * (high - low))
                await self._moves.run(key, _step(device, to))
            case "by" if value is not None and moves.relative is not None:
                by = imaging.focus_by(source, _stretched(value, moves.relative))
                await self._moves.run(key, _step(device, by))
            case "auto" | "manual" if lens.switched:
                settings = await device.call(imaging.get_imaging_settings(source))
                focus = replace(settings.focus or imaging.Focus(mode="AUTO"), mode=do.upper())
                await device.call(imaging.set_imaging_settings(source, imaging.ImagingSettings(focus=focus)))
            case _:
                raise _cannot("The focus of this camera can't be moved like that.")
        return await self._report(camera_id)

    async def _relay(self, camera_id: str, relay: str, *, active: bool) -> ControlsReport:
        facts = await self._of(camera_id)
        if all(each.token != relay for each in facts.relays):
            raise Problem(ProblemKind.NOT_FOUND, "The camera has no such relay.", field="relay")
        await facts.device.call(device_calls.set_relay_output_state(relay, active=active))
        self._relays[camera_id, relay] = active, self._clock.monotonic()
        return self._with_states(camera_id, facts, self._seen.get(camera_id) or await self._report(camera_id))


def _step(device: Device, call: Call[_T]) -> Callable[[], Awaitable[_T]]:
    return lambda: device.call(call)


def _named(preset: str) -> str:
    if not preset:
        raise Problem(ProblemKind.INVALID, "Name the place to go to.", field="preset")
    return preset


def _cannot(title: str) -> Problem:
    return Problem(ProblemKind.CONFLICT, title)


def _stretched(value: float, limits: Range) -> float:
    """-1 to 1 onto limits around zero."""
    return value * limits.high if value >= 0 else -value * limits.low
