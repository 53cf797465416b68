"""One ONVIF device: its services put together behind an HTTP server."""

import secrets
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

from tawny.camera.onvif.catalogue import Catalogue
from tawny.camera.onvif.consumers import Consumers
from tawny.camera.onvif.device_clock import DeviceClock
from tawny.camera.onvif.device_service import DeviceService
from tawny.camera.onvif.deviceio_service import deviceio_service
from tawny.camera.onvif.dispatch import Dispatcher, Page
from tawny.camera.onvif.encoders import Encoders
from tawny.camera.onvif.event_service import EventService
from tawny.camera.onvif.happenings import Happenings, topics_of
from tawny.camera.onvif.head import Draw, Head, adjustable
from tawny.camera.onvif.http_server import HttpRequest, HttpServer
from tawny.camera.onvif.imaging_service import imaging_service
from tawny.camera.onvif.mask_operations import Masks
from tawny.camera.onvif.media_service import SNAPSHOTS, MediaService, Parts
from tawny.camera.onvif.model import Channel, Identity, Streams
from tawny.camera.onvif.notifications import Notifications
from tawny.camera.onvif.osd_operations import Osds
from tawny.camera.onvif.ptz_service import PtzService, ptz_configuration
from tawny.camera.onvif.relays import Relays
from tawny.camera.onvif.scopes import Scopes
from tawny.camera.onvif.snapshots import Snapshots
from tawny.camera.onvif.system_service import SystemService
from tawny.camera.onvif.users import Users
from tawny.camera.onvif.views import rendered
from tawny.runtime.clock import Clock
from tawny.runtime.tasks import Tasks
from tawny.wire.onvif.answers.login import Gate
from tawny.wire.onvif.discovery import DEVICE, TRANSMITTER, Endpoint
from tawny.wire.onvif.profiles import Profile

_ANSWER_S = 0.3  # for the answer to leave before the device goes
_AWAY_S = 4.0  # what starting anew takes


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a device is given.

    *rtsp_ports* is where its streams are, by ``RTSP`` and ``RTSPS``, which *streams* serves; *secret* signs the nonces
    of logins, *draw* makes views.
    """

    clock: Clock
    tasks: Tasks
    rtsp_ports: Mapping[str, int]
    secret: bytes
    streams: Streams | None = None
    draw: Draw = rendered


class Device:
    """A camera, or several at one address, that speaks ONVIF.

    *news* hears of it when it is about to go (False), and when it is there, again or changed (True).
    """

    def __init__(
        self, identity: Identity, channels: Sequence[Channel], users: Users, surroundings: Surroundings
    ) -> None:
        self.identity = identity
        self.channels = channels
        self._surroundings = surroundings
        clock, streams = DeviceClock(surroundings.clock), surroundings.rtsp_ports
        self._scopes = Scopes(identity, channels)
        self._scopes.changed = lambda: self.news(True)
        self.news: Callable[[bool], None] = lambda here: None
        self._restarting = False
        self._addresses: tuple[str, ...] = ()
        self._ports = {"RTSP": streams["RTSP"]}
        self.heads = {
            channel.token: Head(
                channel,
                clock=clock,
                tasks=surroundings.tasks,
                draw=surroundings.draw,
                streams=surroundings.streams,
            )
            for channel in channels
            if adjustable(channel)
        }
        self._encoders = Encoders(channels, self.heads)
        self._catalogue = Catalogue(channels, equip=self._equipped)
        self._snapshots = Snapshots()
        self.notifications = Notifications(clock=clock, tasks=surroundings.tasks, name=lambda: secrets.token_hex(8))
        self.happenings = Happenings(channels, self.notifications, clock=clock, heads=self.heads)
        surroundings.tasks.start(self.happenings.run(), name="happenings")
        surroundings.tasks.start(self.happenings.follow(), name="boxes")
        consumers = Consumers(self.notifications, clock=clock, tasks=surroundings.tasks)
        self._catalogue.changed = self.happenings.profile_changed
        parts = Parts(
            catalogue=self._catalogue,
            encoders=self._encoders,
            osds=Osds(self.heads),
            masks=Masks(self.heads),
            changed=self.happenings.configuration_changed,
        )
        media = [MediaService(prefix, parts, ports=streams).service() for prefix in ("trt", "tr2")]
        others = [
            *media,
            EventService(self.notifications, consumers, topics=topics_of(channels), clock=clock).service(),
            deviceio_service(channels, Relays(self.notifications, self.heads, clock=clock, tasks=surroundings.tasks)),
            imaging_service(channels, self.heads),
        ]
        if self.heads:  # a webcam has nothing that turns
            others.append(PtzService(self._catalogue, self.heads, utc_us=clock.utc_us).service())
        system = SystemService(clock, self._scopes, self.restart)
        device = DeviceService(identity, channels, users, others, system=system, ports=self._ports)
        gate = Gate(passwords=users, secret=surroundings.secret, now=clock.monotonic, utc_us=clock.utc_us)
        self.dispatcher = Dispatcher(device.operations(), self._pages(), users=users, gate=gate)
        self._server = HttpServer(self.dispatcher.answer, tasks=surroundings.tasks)

    async def listen(self, host: str, port: int, *, tls: ssl.SSLContext | None = None) -> int:
        """Answer on *port*, or on any that is free where it is 0; the port. May be called for each protocol."""
        bound = await self._server.listen(host, port, tls=tls)
        self._ports["HTTP" if tls is None else "HTTPS"] = bound
        return bound

    def endpoint(self, *addresses: str) -> Endpoint:
        """What WS-Discovery tells of the device, which answers at *addresses*: those of before where none are given."""
        self._addresses = addresses or self._addresses
        return Endpoint(
            reference=self.identity.reference,
            types=(TRANSMITTER, DEVICE),
            scopes=self._scopes.all(),
            addresses=self._addresses,
        )

    def restart(self) -> None:
        """Go away in a moment and come back, as a camera does that starts anew: nobody stays connected or subscribed."""
        if not self._restarting:
            self._restarting = True
            self._surroundings.tasks.start(self._restart(), name="restart")

    async def _restart(self) -> None:
        clock, streams = self._surroundings.clock, self._surroundings.streams
        paths = [unquote(stream.path) for channel in self.channels for stream in channel.streams]
        await clock.sleep(_ANSWER_S)
        self.news(False)
        self.notifications.drop_all()
        self._server.rest()
        if streams is not None:
            streams.withhold(paths)
        await clock.sleep(_AWAY_S)
        if streams is not None:
            streams.offer(paths)
        self._server.resume()
        self._restarting = False
        self.news(True)

    def close(self) -> None:
        """Answer nobody any more."""
        self._server.close()

    def _equipped(self, profile: Profile) -> Profile:
        """The profile with its encoder as it was set, and with the channel's head where it has one."""
        source, encoder = profile.video_source, profile.video_encoder
        if encoder is not None:
            profile = replace(profile, video_encoder=self._encoders.figures(encoder))
        if source is None or source.source not in self.heads:
            return profile
        return replace(profile, ptz=ptz_configuration(source.source, use_count=source.use_count))

    def _pages(self) -> list[Page]:
        return [
            Page(path=f"{SNAPSHOTS}{channel.token}-{stream.name}", read=self._snapshot)
            for channel in self.channels
            for stream in channel.streams
        ]

    async def _snapshot(self, request: HttpRequest) -> tuple[bytes, str] | None:
        token = request.target.partition("?")[0].removeprefix(SNAPSHOTS)
        clip = next(s.clip for c in self.channels for s in c.streams if f"{c.token}-{s.name}" == token)
        picture = await self._snapshots.of(token, clip)
        return None if picture is None else (picture, "image/jpeg")
