"""Finding: listens all the time, and searches when somebody wants to know."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from tawny.recorder.finding.catalogue import Catalogue
from tawny.recorder.finding.hearing import Hearing
from tawny.recorder.finding.model import FoundDevice, KnownCamera, Sender, is_loopback
from tawny.recorder.finding.ports import DeviceProbe, DiscoverySockets, Interfaces, Neighbours
from tawny.recorder.finding.search import Search, ask_everybody, everybody
from tawny.runtime.clock import Clock
from tawny.runtime.tasks import Tasks
from tawny.wire.moments import rfc3339
from tawny.wire.onvif.discovery import Bye, Endpoint, Hello, Matches, Message

_REFRESH_S = 10.0  # until an interface that came is heard on
_TABLE_S = 1.0

Listener = Callable[[FoundDevice], None]


class State(StrEnum):
    """Where the search stands; before the first one it is *stopped*."""

    SEARCHING = "searching"
    DONE = "done"
    STOPPED = "stopped"


class Finding:
    """The devices on the networks around, and one search at a time for all who look.

    Invariant: the devices of a search that ended are those that were seen since it began; a Hello adds, a Bye marks.
    """

    def __init__(
        self,
        *,
        sockets: DiscoverySockets,
        interfaces: Interfaces,
        neighbours: Neighbours,
        probe: DeviceProbe,
        cameras: Callable[[], Sequence[KnownCamera]],
        clock: Clock,
        new_id: Callable[[str], str],
        message_id: Callable[[], str],
    ) -> None:
        self._neighbours = neighbours
        self._probe = probe
        self._cameras = cameras
        self._clock = clock
        self._message_id = message_id
        self._catalogue = Catalogue(new_id)
        self._hearing = Hearing(sockets=sockets, interfaces=interfaces, clock=clock, heard=self._heard)
        self._tasks = Tasks("finding")
        self._listeners: list[Listener] = []
        self._macs: Mapping[str, str] = {}
        self._macs_s = float("-inf")
        self._search: Search | None = None
        self._state = State.STOPPED
        self._started_us = 0
        self._stop_search: Callable[[], object] = lambda: None

    async def start(self) -> None:
        """Listen."""
        await self._hearing.refresh()
        self._tasks.start(self._watch(), name="interfaces")

    async def stop(self) -> None:
        """Search and listen no more."""
        self.stop_search()
        await self._tasks.cancel()
        self._hearing.close()

    def listen(self, listener: Listener) -> None:
        """Have *listener* hear of each device that is heard or met from now on."""
        self._listeners.append(listener)

    @property
    def searching(self) -> bool:
        """Whether a search runs."""
        return self._state is State.SEARCHING

    @property
    def devices(self) -> list[FoundDevice]:
        """Every device that is known just now."""
        return self._catalogue.all()

    def ask(self) -> None:
        """Ask everybody once, by multicast alone; who answers is heard."""
        for interface in self._hearing.interfaces:
            ask_everybody(self._hearing, interface, everybody(self._message_id))

    def search(self) -> None:
        """Begin a search, or go on with the one that runs."""
        if self.searching:
            return
        self._state = State.SEARCHING
        self._started_us = self._clock.utc_us()
        self._search = Search(
            hearing=self._hearing,
            catalogue=self._catalogue,
            neighbours=self._neighbours,
            probe=self._probe,
            clock=self._clock,
            message_id=self._message_id,
            joined=self._tell,
        )
        self._stop_search = self._tasks.start(self._run(self._search), name="search").cancel

    def stop_search(self) -> None:
        """End the search that runs; what it found stays."""
        self._stop_search()
        if self.searching:
            self._state = State.STOPPED

    def document(self) -> dict[str, Any]:
        """The search as JSON (`docs/design/programs.md`, "Discovery")."""
        title, remedy = self._words()
        search, known = self._search, self._cameras()
        return {
            "state": str(self._state),
            "started_at": rfc3339(self._started_us) if search is not None else None,
            "progress": round(search.progress, 3) if search is not None else 0.0,
            "title": title,
            "remedy": remedy,
            "networks": [network.document() for network in search.networks] if search is not None else [],
            "items": [
                device.document([camera.id for camera in known if camera.is_device(device)])
                for device in self._catalogue.all()
            ],
        }

    def _words(self) -> tuple[str, str]:
        if self._search is None:
            return "No search has been made yet.", ""
        if self.searching:
            return self._search.title, ""
        found = sum(not device.gone for device in self._catalogue.all())
        if self._state is State.STOPPED:
            return "The search was stopped.", ""
        if found:
            return f"{found} {'device' if found == 1 else 'devices'} found.", ""
        return "No camera was found.", (
            "Connect the camera to the same network as this recorder and give it a minute to start, or type its "
            "address. With some makes ONVIF has to be switched on in the camera's settings first."
        )

    async def _run(self, search: Search) -> None:
        await self._hearing.refresh()
        try:
            await search.run()
            self._catalogue.forget_before(self._started_us)
            self._state = State.DONE
        finally:
            if search is self._search and self.searching:
                self._state = State.STOPPED  # by a failure that its owner logs

    async def _watch(self) -> None:
        while True:
            await self._clock.sleep(_REFRESH_S)
            await self._hearing.refresh()

    def _heard(self, message: Message, sender: Sender) -> None:
        match message:
            case Hello():
                self._hear(message.endpoint, sender)
            case Matches():
                for endpoint in message.endpoints:
                    if self._hear(endpoint, sender) and self._search is not None:
                        self._search.answered(message.relates_to, sender.host, sender.interface)
            case Bye():
                if (gone := self._catalogue.part(message.endpoint)) is not None:
                    self._tell(gone)
            case _:
                pass  # questions of others

    def _hear(self, endpoint: Endpoint, sender: Sender) -> bool:
        mac = self._mac(sender.host)
        device = self._catalogue.hear(endpoint, sender, mac=mac, now_us=self._clock.utc_us())
        if device is not None:
            self._tell(device)
        return device is not None

    def _mac(self, host: str) -> str:
        known = next((device.mac for device in self._catalogue.at(host) if device.witnessed), "")
        return known or ("" if is_loopback(host) else self._table().get(host, ""))

    def _table(self) -> Mapping[str, str]:
        """The neighbours as of a second ago at most: a flood of made-up hosts shall not have us ask the kernel each time."""
        now_s = self._clock.monotonic()
        if now_s - self._macs_s >= _TABLE_S:
            self._macs, self._macs_s = self._neighbours.macs(), now_s
        return self._macs

    def _tell(self, device: FoundDevice) -> None:
        for listener in self._listeners:
            listener(device)
