"""The camera's own clock: how far it is off, what sets it, and its time zone."""

import re
from collections.abc import Mapping
from ipaddress import ip_address

from tawny.recorder.camera_settings.model import (
    Action,
    Choice,
    Field,
    FieldKind,
    Part,
    Value,
    choice_field,
    switch,
    text_field,
)
from tawny.recorder.camera_settings.sections import Reading, Section, asked
from tawny.wire.onvif import device as device_calls
from tawny.wire.onvif import network
from tawny.wire.onvif.device import SystemDateAndTime
from tawny.wire.onvif.network import Hosts
from tawny.wire.onvif.soap import Call

_SOURCES = (Choice(value="ntp", title="A time server (NTP)"), Choice(value="manual", title="Set by hand"))
_LONGEST_ZONE = 64
_LONGEST_SERVERS = 256
_MOST_SERVERS = 4
_ZONE = re.compile(r"(?:[A-Za-z]{3,32}|<[A-Za-z0-9+-]{1,32}>)[+-]?[0-9]{1,2}[0-9A-Za-z:,./<>+-]*")  # IEEE 1003.1, 8.3
_HOST_NAME = re.compile(
    r"(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*"
)
_ZONE_HINT = "As POSIX writes zones, which count westwards: CET-1CEST,M3.5.0,M10.5.0/3 is Central Europe."
_HALF_SECOND_US = 500_000  # on average a camera, which tells whole seconds, is that much further on
_SET = Action(id="clock.set", title="Set to the recorder's time")


async def read(reading: Reading) -> list[Section]:
    """The section of the clock."""
    asked_us = reading.clock.utc_us()
    told = await reading.device.measure_clock()
    if told is None:
        return []
    now_us = (asked_us + reading.clock.utc_us()) // 2
    servers: Hosts | None = await asked(reading.device, network.get_ntp(), None)

    async def write(values: Mapping[str, Value]) -> None:
        if servers is not None and values.keys() & {"servers", "servers_from_dhcp"}:
            await reading.device.call(network.set_ntp(changed_servers(servers, values)))
        if values.keys() & {"source", "zone", "daylight_savings"}:
            await _set(reading, _clock_set(told, values, now_us=reading.clock.utc_us()))

    async def set_now() -> str:
        await _set(reading, _clock_set(told, {"source": "manual"}, now_us=reading.clock.utc_us()))
        if told.ntp:
            return "The camera's clock was set; it no longer asks a time server."
        return "The camera's clock was set."

    part = Part(id="clock", title="Clock", fields=fields(told, servers, now_us=now_us), actions=(_SET,))
    return [Section(part=part, write=write, acts={_SET.id: set_now}, key="clock")]


async def _set(reading: Reading, call: Call[None]) -> None:
    """Set the clock, and learn it anew: logins are signed with the camera's own time."""
    await reading.device.call(call)
    await reading.device.measure_clock()


def fields(told: SystemDateAndTime, servers: Hosts | None, *, now_us: int) -> tuple[Field, ...]:
    """The fields of a clock."""
    found = []
    if told.utc_us is not None:
        found.append(_offset(told.utc_us, now_us))
    found.append(choice_field("source", "Set by", "ntp" if told.ntp else "manual", _SOURCES))
    if servers is not None:
        found.append(switch("servers_from_dhcp", "Time servers from the network (DHCP)", value=servers.from_dhcp))
        listed = ", ".join(servers.used)
        hint = "Several stand with commas between them."
        found.append(text_field("servers", "Time servers", listed, longest=_LONGEST_SERVERS, hint=hint))
    if told.zone is not None:
        found.append(text_field("zone", "Time zone", told.zone, longest=_LONGEST_ZONE, hint=_ZONE_HINT))
    found.append(switch("daylight_savings", "Daylight saving", value=told.daylight_savings))
    return tuple(found)


def _offset(camera_us: int, now_us: int) -> Field:
    seconds = round((camera_us + _HALF_SECOND_US - now_us) / 1e6)
    return Field(
        id="offset",
        title="Ahead of the recorder",
        kind=FieldKind.NUMBER,
        value=seconds,
        unit="s",
        locked=True,
        hint="" if abs(seconds) <= 5 else "Its texts in the picture and its events show a wrong time.",
    )


def _clock_set(told: SystemDateAndTime, values: Mapping[str, Value], *, now_us: int) -> Call[None]:
    """All of the clock as *values* change it; one that is set by hand gets the recorder's time with it."""
    zone, daylight = values.get("zone", told.zone), values.get("daylight_savings", told.daylight_savings)
    if "zone" in values and not _ZONE.fullmatch(str(zone)):
        raise ValueError("The time zone can't be read. It looks like CET-1CEST,M3.5.0,M10.5.0/3 or UTC0.")
    ntp = values.get("source", "ntp" if told.ntp else "manual") == "ntp"
    return device_calls.set_system_date_and_time(
        utc_us=None if ntp else now_us, zone=zone if isinstance(zone, str) else None, daylight_savings=bool(daylight)
    )


def changed_servers(servers: Hosts, values: Mapping[str, Value]) -> Hosts:
    """The time servers as *values* change them; naming some means that those of the network do not count."""
    if "servers" in values:
        listed = tuple(host for host in re.split(r"[\s,]+", str(values["servers"])) if host)
        if len(listed) > _MOST_SERVERS or not all(map(_is_host, listed)):
            raise ValueError(f"Time servers are up to {_MOST_SERVERS} names or addresses, as in pool.ntp.org.")
        return Hosts(from_dhcp=bool(values.get("servers_from_dhcp", False)), manual=listed)
    return Hosts(from_dhcp=bool(values["servers_from_dhcp"]), manual=servers.manual, dhcp=servers.dhcp)


def _is_host(written: str) -> bool:
    try:
        ip_address(written)
    except ValueError:
        return _HOST_NAME.fullmatch(written) is not None
    return True
