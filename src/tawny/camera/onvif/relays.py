"""The relay outputs: what clients switch, seen as small lamps in the first channel's picture, and told as events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tawny.camera.onvif.dispatch import Asked, Handler, refusal
from tawny.camera.onvif.head import Head
from tawny.camera.onvif.notifications import Notifications
from tawny.runtime.clock import Clock
from tawny.runtime.tasks import Tasks
from tawny.wire.onvif.answers import deviceio as answers
from tawny.wire.onvif.deviceio import RelayOutput, read_relay_output
from tawny.wire.onvif.elements import Element, child, make, text
from tawny.wire.onvif.events import CHANGED, Message
from tawny.wire.onvif.topics import TopicDescription

TOPIC = "tns1:Device/Trigger/Relay"
DESCRIPTION = TopicDescription(
    topic=TOPIC,
    is_property=True,
    source={"RelayToken": "tt:ReferenceToken"},
    data={"LogicalState": "tt:RelayLogicalState"},
)
_USUAL = tuple(
    RelayOutput(token=token, mode=mode, delay_s=delay_s, idle="open")
    for token, mode, delay_s in (("relay-1", "Bistable", 0.0), ("relay-2", "Monostable", 2.0))
)
_LONGEST_S = 60.0
TOKENS = tuple(relay.token for relay in _USUAL)


@dataclass(slots=True, kw_only=True)
class _Relay:
    settings: RelayOutput
    active: bool = False
    switched: int = 0  # how often, so that an old delay does not end a new state


class Relays:
    """Two relays.

    Invariants: a monostable one falls back its delay after it was switched on last; the lamps that are lit are those of
    the relays that are active.
    """

    def __init__(self, notifications: Notifications, heads: Mapping[str, Head], *, clock: Clock, tasks: Tasks) -> None:
        self._notifications = notifications
        self._head = next(iter(heads.values()), None)
        self._clock = clock
        self._tasks = tasks
        self._relays = {settings.token: _Relay(settings=settings) for settings in _USUAL}
        for token in self._relays:
            self._tell(token)

    def handlers(self) -> dict[str, Handler]:
        """The handlers by whole names: the device service and device I/O share them (Device I/O, 5.5)."""
        return {
            "tds:GetRelayOutputs": lambda _: answers.relay_outputs(self._settings()),
            "tds:SetRelayOutputSettings": self._set_settings,
            "tds:SetRelayOutputState": self._set_state,
            "tmd:GetRelayOutputOptions": lambda _: answers.relay_options(TOKENS, longest_s=_LONGEST_S),
            "tmd:SetRelayOutputSettings": self._set_settings_io,
        }

    def _settings(self) -> Sequence[RelayOutput]:
        return [relay.settings for relay in self._relays.values()]

    def _known(self, token: str | None) -> _Relay:
        found = self._relays.get(token or "")
        if found is None:
            raise refusal("InvalidArgVal", "RelayToken", reason="There is no such relay.")
        return found

    def _set_settings(self, asked: Asked) -> Element:
        token = text(asked.body, "RelayOutputToken") or ""
        self._change(replace(read_relay_output(asked.body), token=token))
        return make("tds:SetRelayOutputSettingsResponse")

    def _set_settings_io(self, asked: Asked) -> Element:
        element = child(asked.body, "RelayOutput")
        if element is None:
            raise refusal("InvalidArgVal", "RelayToken", reason="The request names no relay.")
        self._change(read_relay_output(element))
        return make("tmd:SetRelayOutputSettingsResponse")

    def _change(self, wanted: RelayOutput) -> None:
        relay = self._known(wanted.token)
        delay_s = wanted.delay_s or 0.0
        if wanted.mode not in {"Bistable", "Monostable"} or wanted.idle not in {"open", "closed"}:
            raise refusal("InvalidArgVal", "ModeError", reason="There is no such way to switch a relay.")
        if wanted.mode == "Monostable" and not 0 < delay_s <= _LONGEST_S:
            raise refusal("InvalidArgVal", "ModeError", reason=f"A relay falls back within {_LONGEST_S:.0f} seconds.")
        relay.settings = wanted
        self._switch(wanted.token, active=False)

    def _set_state(self, asked: Asked) -> Element:
        token, state = text(asked.body, "RelayOutputToken") or "", text(asked.body, "LogicalState")
        relay = self._known(token)
        if state not in {"active", "inactive"}:
            raise refusal("InvalidArgVal", reason="A relay is active or inactive.")
        self._switch(token, active=state == "active")
        if relay.active and relay.settings.mode == "Monostable":
            self._tasks.start(self._fall_back(token, relay.switched), name="relay")
        return make("tds:SetRelayOutputStateResponse")

    async def _fall_back(self, token: str, switched: int) -> None:
        relay = self._relays[token]
        await self._clock.sleep(relay.settings.delay_s or 0.0)
        if relay.switched == switched:
            self._switch(token, active=False)

    def _switch(self, token: str, *, active: bool) -> None:
        relay = self._relays[token]
        relay.active = active
        relay.switched += 1
        self._tell(token)
        lit = tuple(number for number, each in enumerate(self._relays.values()) if each.active)
        if self._head is not None and lit != self._head.view.lamps:
            self._head.look(replace(self._head.view, lamps=lit))

    def _tell(self, token: str) -> None:
        data = {"LogicalState": "active" if self._relays[token].active else "inactive"}
        self._notifications.tell(Message(topic=TOPIC, operation=CHANGED, source={"RelayToken": token}, data=data))
