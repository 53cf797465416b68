"""The device itself: what it is called, what it is, and its restart."""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote, unquote

from tawny.recorder.camera_settings.model import Action, Field, Part, Value, text_field, told
from tawny.recorder.camera_settings.sections import Reading, Section, asked
from tawny.recorder.onvif.model import Identity
from tawny.wire.onvif import device as device_calls
from tawny.wire.onvif import network
from tawny.wire.onvif.device import Scope

_NAME = "onvif://www.onvif.org/name/"
_LOCATION = "onvif://www.onvif.org/location/"
_LONGEST_NAME = 64
_HOST_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_REBOOT = Action(
    id="device.reboot",
    title="Restart the camera",
    confirm="Restart the camera? It records nothing for about a minute.",
)


async def read(reading: Reading) -> list[Section]:
    """The section of the device."""
    scopes = await asked(reading.device, device_calls.get_scopes(), ())
    host_name = await asked(reading.device, network.get_hostname(), None)

    async def write(values: Mapping[str, Value]) -> None:
        if values.keys() & {"name", "location"}:
            await reading.device.call(device_calls.set_scopes(changed(scopes, values)))
        if "host_name" in values:
            await reading.device.call(network.set_hostname(_checked(str(values["host_name"]))))

    async def reboot() -> str:
        await reading.device.call(device_calls.system_reboot())
        return "The camera restarts; it is back in about a minute."

    found = fields(reading.device.identity, scopes, host_name)
    part = Part(id="device", title="Device", fields=found, actions=(_REBOOT,))
    return [Section(part=part, write=write, acts={_REBOOT.id: reboot}, key="device")]


def fields(identity: Identity, scopes: Sequence[Scope], host_name: str | None) -> tuple[Field, ...]:
    """The fields of a device; a scope that is fixed can't be changed."""
    found = [
        _scope("name", "Name in the camera", scopes, _NAME),
        _scope("location", "Place", scopes, _LOCATION),
        None if host_name is None else _host_name(host_name),
        *(_fact(title, value) for title, value in _facts(identity)),
    ]
    return tuple(field for field in found if field is not None)


def _facts(identity: Identity) -> list[tuple[str, str]]:
    return [
        ("Make", identity.make),
        ("Model", identity.model),
        ("Firmware", identity.firmware),
        ("Serial number", identity.serial),
        ("MAC address", identity.mac),
    ]


def _fact(title: str, value: str) -> Field | None:
    return told(title.lower().replace(" ", "_"), title, value) if value else None


def _host_name(value: str) -> Field:
    return text_field("host_name", "Name in the network", value, longest=63, hint="Letters, digits and hyphens.")


def _scope(field_id: str, title: str, scopes: Sequence[Scope], prefix: str) -> Field | None:
    mine = [scope for scope in scopes if scope.item.startswith(prefix)]
    if not mine:
        return None
    value = unquote(mine[0].item.removeprefix(prefix)).strip()
    if mine[0].fixed:
        return told(field_id, title, value)
    return text_field(field_id, title, value, longest=_LONGEST_NAME)


def changed(scopes: Sequence[Scope], values: Mapping[str, Value]) -> list[str]:
    """All scopes that are not fixed, those that *values* name in their new spelling."""
    kept = [scope.item for scope in scopes if not scope.fixed]
    for field_id, prefix in (("name", _NAME), ("location", _LOCATION)):
        if field_id in values:
            spelt = prefix + quote(str(values[field_id]), safe="")
            first = next((at for at, item in enumerate(kept) if item.startswith(prefix)), len(kept))
            kept[first : first + 1] = [spelt]
    return kept


def _checked(host_name: str) -> str:
    if not _HOST_NAME.fullmatch(host_name):
        raise ValueError("A name in the network has letters, digits and hyphens.")
    return host_name
