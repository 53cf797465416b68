"""What was heard and met, joined to devices: one device, one entry, however often and wherever it answers."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

from tawny.recorder.finding.addresses import device_address
from tawny.recorder.finding.makes import make_of
from tawny.recorder.finding.model import FoundDevice, Kind, Met, Sender, bare_mac, bare_uuid
from tawny.wire.onvif.discovery import Endpoint

_MOST = 1024  # devices: a network holds fewer cameras, and a forger shall not fill our memory
_LONGEST = 128  # characters of a name or the like


class Catalogue:
    """The devices that are known just now.

    Invariants: at most `_MOST`, and when there are more, the host that claims most of them loses its oldest; no two have
    the same uuid; of a host that has an ONVIF device there is no RTSP-only one, and of each address one entry at most.
    """

    def __init__(self, new_id: Callable[[str], str]) -> None:
        self._new_id = new_id
        self._devices: dict[str, FoundDevice] = {}

    def all(self) -> list[FoundDevice]:
        """Every device, in the order in which they were found."""
        return list(self._devices.values())

    def at(self, host: str) -> list[FoundDevice]:
        """The devices of *host* that have not said goodbye."""
        return [device for device in self._devices.values() if device.host == host and not device.gone]

    def hear(self, endpoint: Endpoint, sender: Sender, *, mac: str, now_us: int) -> FoundDevice | None:
        """Take what a device said of itself; None where it is no camera or tells no address."""
        address = device_address(endpoint.addresses, sender.host)
        if not endpoint.is_camera or not address:
            return None
        told = FoundDevice(
            id="",
            kind=Kind.ONVIF,
            host=sender.host,
            address=address,
            seen_us=now_us,
            name=_short(endpoint.scope("name")),
            make=_short(endpoint.scope("mfr", "manufacturer", "vendor")),
            hardware=_short(endpoint.scope("hardware", "model")),
            serial=_short(endpoint.scope("serial", "sn")),
            mac=mac or bare_mac(endpoint.scope("mac", "macaddr", "macaddress") or ""),
            witnessed=bool(mac),
            uuid=_short(bare_uuid(endpoint.reference)),
            heard=True,
        )
        before = self._of_uuid(told.uuid) or self._at_address(address)
        if before is not None and _further(before, told):
            told = replace(told, host=before.host, address=before.address, mac=before.mac, witnessed=before.witnessed)
        return self._take(told, before)

    def meet(self, met: Met, host: str, *, mac: str, now_us: int) -> FoundDevice | None:
        """Take what a device told us when we knocked."""
        before = self._of_uuid(bare_uuid(met.uuid)) or self._at_address(met.address)
        others = self.at(host)
        if met.kind is Kind.RTSP and any(device.kind is Kind.ONVIF for device in others):
            return None
        told = FoundDevice(
            id="",
            kind=met.kind,
            host=host,
            address=met.address,
            seen_us=now_us,
            make=_short(met.make),
            model=_short(met.model),
            hardware=_short(met.hardware),
            serial=_short(met.serial),
            mac=mac,
            witnessed=bool(mac),
            uuid=_short(bare_uuid(met.uuid)),
        )
        return self._take(told, before)

    def part(self, endpoint: Endpoint) -> FoundDevice | None:
        """Note that a device says goodbye; None where it was not known, or is gone already."""
        before = self._of_uuid(bare_uuid(endpoint.reference))
        if before is None or before.gone:
            return None
        self._devices[before.id] = gone = replace(before, gone=True)
        return gone

    def forget_before(self, moment_us: int) -> None:
        """Forget what was not seen since, and what is gone."""
        self._devices = {
            key: device for key, device in self._devices.items() if device.seen_us >= moment_us and not device.gone
        }

    def _take(self, told: FoundDevice, before: FoundDevice | None) -> FoundDevice | None:
        if before is None and len(self._devices) >= _MOST and not self._make_room(told.host):
            return None
        device = _joined(told, before) if before is not None else replace(told, id=self._new_id("found"))
        device = replace(device, make=device.make or make_of(device.name, device.hardware, mac=device.mac))
        self._devices[device.id] = device
        if device.kind is Kind.ONVIF:
            self._drop(each.id for each in self.at(device.host) if each.kind is Kind.RTSP)
        return device

    def _make_room(self, host: str) -> bool:
        """Whether there is room for a device at *host*: a host that claims to be hundreds shall hide no other."""
        claims = Counter(device.host for device in self._devices.values())
        most, count = claims.most_common(1)[0]
        if count <= max(1, claims[host]):
            return False
        claimed = [device for device in self._devices.values() if device.host == most]
        self._drop([min(claimed, key=lambda device: device.seen_us).id])
        return True

    def _drop(self, ids: Iterable[str]) -> None:
        for each in list(ids):
            del self._devices[each]

    def _of_uuid(self, uuid: str) -> FoundDevice | None:
        return next((device for device in self._devices.values() if uuid and device.uuid == uuid), None)

    def _at_address(self, address: str) -> FoundDevice | None:
        return next((device for device in self._devices.values() if device.address == address), None)


def _joined(told: FoundDevice, before: FoundDevice) -> FoundDevice:
    """What is *told* now, with what was known *before* where nothing is."""
    kept = ("name", "make", "model", "hardware", "serial", "mac", "uuid")
    known = {field: getattr(told, field) or getattr(before, field) for field in kept}
    witnessed = told.witnessed or (before.witnessed and not told.mac and told.host == before.host)
    return replace(told, id=before.id, heard=told.heard or before.heard, witnessed=witnessed, **known)


def _further(before: FoundDevice, told: FoundDevice) -> bool:
    """Whether *told* is the same device by a harder way: over IPv6, where it was heard over IPv4 just before."""
    recently = not before.gone and told.seen_us - before.seen_us < 10_000_000
    return recently and ":" in told.host and ":" not in before.host


def _short(text: str | None) -> str:
    return "".join(c if c.isprintable() else " " for c in (text or "")[:_LONGEST]).strip()
