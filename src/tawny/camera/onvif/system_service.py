"""The part of the device service that changes the device itself: its clock, its scopes, starting anew."""

from collections.abc import Callable, Mapping

from tawny.camera.onvif.device_clock import DeviceClock, is_zone
from tawny.camera.onvif.dispatch import Asked, Handler, refusal
from tawny.camera.onvif.scopes import Scopes
from tawny.wire.onvif.answers import device as answers
from tawny.wire.onvif.device import read_date_time
from tawny.wire.onvif.elements import Element, child, flag, make, text, texts


class SystemService:
    """Handlers of ``tds``; *restart* begins to start the device anew."""

    def __init__(self, clock: DeviceClock, scopes: Scopes, restart: Callable[[], None]) -> None:
        self._clock = clock
        self._scopes = scopes
        self._restart = restart

    def handlers(self) -> Mapping[str, Handler]:
        """The handlers by operation."""
        return {
            "GetSystemDateAndTime": self._get_clock,
            "SetSystemDateAndTime": self._set_clock,
            "GetScopes": lambda _: answers.scopes(self._scopes.fixed, self._scopes.own),
            "SetScopes": self._set_scopes,
            "AddScopes": self._add_scopes,
            "RemoveScopes": self._remove_scopes,
            "SystemReboot": self._reboot,
        }

    def _get_clock(self, _: Asked) -> Element:
        clock = self._clock
        return answers.date_and_time(
            clock.utc_us(), zone=clock.zone, by_ntp=clock.by_ntp, daylight_savings=clock.daylight_savings
        )

    def _set_clock(self, asked: Asked) -> Element:
        kind, zone = text(asked.body, "DateTimeType"), text(asked.body, "TimeZone/TZ")
        if kind not in {"Manual", "NTP"}:
            raise refusal("InvalidArgVal", "InvalidDateTime", reason="The clock is set by hand or by NTP.")
        if zone is not None and not is_zone(zone):
            raise refusal("InvalidArgVal", "InvalidTimeZone", reason="The time zone is not spelt as POSIX does.")
        written = child(asked.body, "UTCDateTime")
        moment = None if kind == "NTP" else self._clock.utc_us() if written is None else read_date_time(written)
        if kind == "Manual" and moment is None:
            raise refusal("InvalidArgVal", "InvalidDateTime", reason="There is no such moment.")
        self._clock.set(moment, zone=zone, daylight_savings=flag(asked.body, "DaylightSavings") or False)
        return answers.done("tds:SetSystemDateAndTime")

    def _set_scopes(self, asked: Asked) -> Element:
        self._scopes.set(texts(asked.body, "Scopes"))
        return answers.done("tds:SetScopes")

    def _add_scopes(self, asked: Asked) -> Element:
        self._scopes.add(texts(asked.body, "ScopeItem"))
        return answers.done("tds:AddScopes")

    def _remove_scopes(self, asked: Asked) -> Element:
        removed = texts(asked.body, "ScopeItem")
        self._scopes.remove(removed)
        return make("tds:RemoveScopesResponse", *(make("tds:ScopeItem", scope) for scope in removed))

    def _reboot(self, _: Asked) -> Element:
        self._restart()
        return answers.told("tds:SystemReboot", "tds:Message", "The camera starts anew in a moment.")
