"""Keeps the cameras: what a person asks for is settled here, kept, and told to ingest and to the ONVIF side."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tawny.recorder.archive.model import GapReason
from tawny.recorder.cameras.model import Access, Camera, RemovedCamera, Settings
from tawny.recorder.cameras.moving import moved
from tawny.recorder.cameras.ports import Devices, Ingest
from tawny.recorder.cameras.requests import MAX_URL, Address, Request, address, camera_name
from tawny.recorder.ingest.model import CameraSource, CameraState, MediaTransport, Trouble
from tawny.recorder.ingest.troubles import failure
from tawny.recorder.onvif.model import DeviceState, Identity
from tawny.runtime.clock import Clock
from tawny.runtime.ids import new_id
from tawny.runtime.problem import Kind, Problem

MAX_CAMERAS = 512
MAX_DEPTH_DAYS = 360
ACCEPTED = ("certificate", "identity")


class Cameras:
    """The cameras that a person has added.

    Invariants: ingest holds exactly the enabled ones, as they are kept, but those at whose address another device
    answers; *devices* holds the ONVIF side of the enabled ones. A change is kept before anybody hears of it;
    *changed* hears of those that nobody asked for in a request.
    """

    def __init__(
        self,
        *,
        settings: Settings,
        ingest: Ingest,
        clock: Clock,
        devices: Devices | None = None,
        changed: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._settings = settings
        self._ingest = ingest
        self._devices = devices
        self._clock = clock
        self._changed = changed
        self._cameras = {camera.id: camera for camera in settings.cameras()}
        self._strangers: set[str] = set()  # at whose address another device answers

    def start(self) -> None:
        """Connect to every enabled camera."""
        for camera in self._cameras.values():
            if camera.enabled:
                self._connect(camera)

    def all(self) -> list[Camera]:
        """Every camera, in the order in which they were added."""
        return list(self._cameras.values())

    def get(self, camera_id: str) -> Camera | None:
        return self._cameras.get(camera_id)

    def known(self, camera_id: str) -> Camera:
        """The camera of that id; Problem(NOT_FOUND) where there is none."""
        if (camera := self._cameras.get(camera_id)) is None:
            raise Problem(Kind.NOT_FOUND, "There is no such camera.")
        return camera

    def source(self, camera_id: str) -> CameraSource | None:
        """What its streams are connected to by; None where there is no such camera."""
        camera = self._cameras.get(camera_id)
        return None if camera is None else _source(camera)

    def state(self, camera_id: str) -> CameraState:
        """Where its recording stands."""
        return self._ingest.state(camera_id)

    def device_state(self, camera_id: str) -> DeviceState | None:
        """Where its ONVIF side stands; None where nobody holds one."""
        return self._devices.state(camera_id) if self._devices else None

    def clock_offset_s(self, camera_id: str) -> float | None:
        """Its clock minus ours; None where that is not known."""
        return self._devices.clock_offset_s(camera_id) if self._devices else None

    def add(self, request: Request) -> Camera:
        """Keep a new camera by its RTSP address."""
        name = camera_name(request.text("name", limit=1000))
        sound = request.flag("sound", default=False)
        access = read_access(request)
        request.finish()
        return self.keep(access, name=name, sound=sound)

    def keep(self, access: Access, *, name: str, sound: bool = False) -> Camera:
        """Keep a new camera that is got at by *access*."""
        self.see_room(1)
        blank = Camera(
            id=new_id("cam"),
            name=camera_name(name),
            url="",
            sub_url="",
            user="",
            password="",
            sound=sound,
            added_us=self._clock.utc_us(),
        )
        camera = access.on(blank)
        self._save(camera)
        self._connect(camera)
        return camera

    def see_room(self, more: int) -> None:
        """Problem(EXHAUSTED) where there is no room for so many *more* cameras."""
        room = MAX_CAMERAS - len(self._cameras)
        if room <= 0:
            raise Problem(Kind.EXHAUSTED, f"This recorder already has {MAX_CAMERAS} cameras.")
        if more > room:
            remedy = "Choose fewer channels, or remove cameras that are no longer needed."
            raise Problem(Kind.EXHAUSTED, f"This recorder has room for {room} more cameras only.", remedy=remedy)

    def change(self, camera_id: str, request: Request) -> Camera:
        """Keep the camera as *request* changes it; members that it lacks stay as they are."""
        before = self.known(camera_id)
        accepted = request.choice("accept", ACCEPTED) if "accept" in request else ""
        after = _changed(before, request)
        request.finish()
        if accepted:
            after = self._accept(after, accepted)
        return self._replace(before, after)

    def swap(self, camera_id: str, access: Access) -> Camera:
        """Put another device in the camera's place: id, name, archive and settings stay."""
        self._strangers.discard(camera_id)
        return self._replace(self.known(camera_id), access.on(self.known(camera_id)))

    def relocate(self, camera_id: str, host: str, port: int | None = None) -> Camera:
        """Follow the camera to *host*; *port* is that of its ONVIF side (or, without one, of its stream)."""
        before = self.known(camera_id)
        after = self._replace(before, moved(before, host, port))
        if after != before:
            self._changed(camera_id)
        return after

    def restream(self, camera_id: str, found: Camera) -> None:
        """Take the addresses and profiles of the streams in *found*: the camera says that they are there now."""
        before = self._cameras.get(camera_id)
        if before is None:
            return
        after = replace(before, url=found.url, sub_url=found.sub_url, device=found.device)
        if self._replace(before, after) != before:
            self._changed(camera_id)

    def identified(self, camera_id: str, identity: Identity) -> None:
        """Keep who the camera is, as it says now: met for the first time, accepted, or with other firmware."""
        before = self._cameras.get(camera_id)
        if before is not None and before.identity != identity:
            self._save(replace(before, identity=identity))
            self._changed(camera_id)

    def on_identity(self, camera_id: str, ok: bool) -> None:
        """Hear whether the device at the camera's address is that camera: another one is not recorded."""
        camera = self._cameras.get(camera_id)
        if camera is None or ok == (camera_id not in self._strangers):
            return
        if ok:
            self._strangers.discard(camera_id)
            if camera.enabled:
                self._ingest.set_camera(_source(camera))
        else:
            self._strangers.add(camera_id)
            self._ingest.refuse(camera_id, failure(Trouble.IDENTITY))
        self._changed(camera_id)

    def remove(self, camera_id: str) -> None:
        """Forget the camera and its password; what it recorded stays, and so does its name."""
        self.known(camera_id)
        self._settings.forget(camera_id, removed_us=self._clock.utc_us())
        del self._cameras[camera_id]
        self._disconnect(camera_id, GapReason.NOT_ADDED)

    def removed(self) -> list[RemovedCamera]:
        """The cameras that were removed, the latest first."""
        return self._settings.removed()

    def _accept(self, camera: Camera, what: str) -> Camera:
        """Take the certificate that was shown, or the device that answers, for right."""
        if what == "certificate":
            device = self.device_state(camera.id)
            shown = (device.certificate if device else "") or self._ingest.state(camera.id).certificate
            if not shown:
                raise Problem(Kind.CONFLICT, "The camera shows no new certificate.")
            camera = replace(camera, fingerprint=shown)
        elif camera.id not in self._strangers:
            raise Problem(Kind.CONFLICT, "No other device answers at the camera's address.")
        if self._devices:
            self._devices.accept(camera.id, what)
        return self._identity_of(camera)

    def _identity_of(self, camera: Camera) -> Camera:
        """*camera* with the identity that was kept while it was being accepted."""
        return replace(camera, identity=self.known(camera.id).identity)

    def _replace(self, before: Camera, after: Camera) -> Camera:
        if after == before:
            return before
        self._save(after)
        if not after.enabled:
            self._disconnect(after.id, GapReason.DISABLED)
        elif not before.enabled or _source(after) != _source(before) or _held(after) != _held(before):
            self._connect(after)
        return after

    def _connect(self, camera: Camera) -> None:
        if camera.id not in self._strangers:
            self._ingest.set_camera(_source(camera))
        if self._devices:
            self._devices.set_camera(camera)

    def _disconnect(self, camera_id: str, reason: GapReason) -> None:
        self._strangers.discard(camera_id)
        self._ingest.remove_camera(camera_id, reason=reason)
        if self._devices:
            self._devices.remove_camera(camera_id)

    def _save(self, camera: Camera) -> None:
        self._settings.save(camera)
        self._cameras[camera.id] = camera


def read_access(request: Request) -> Access:
    """The RTSP addresses and the login in *request*; a login of its own goes before one inside an address."""
    main = address(request.text("url", limit=MAX_URL))
    sub = _sub_address(request.text("sub_url", "", limit=MAX_URL))
    user = request.text("user", "")
    password = request.text("password", "")
    return Access(
        url=main.url,
        sub_url=sub.url,
        user=user or main.user,
        password=password or main.password,
        transport=read_transport(request),
        fingerprint=request.fingerprint("fingerprint", ""),
        allow_basic=request.flag("allow_basic", default=False),
    )


def read_transport(request: Request) -> MediaTransport:
    """How media shall come; as it may where the request does not say."""
    return MediaTransport(request.choice("transport", list(MediaTransport), MediaTransport.AUTOMATIC))


def _changed(camera: Camera, request: Request) -> Camera:
    changes: dict[str, Any] = {}
    if "url" in request:
        main = address(request.text("url", limit=MAX_URL))
        changes["url"] = main.url
        changes |= {"user": main.user, "password": main.password} if main.user else {}
    if "sub_url" in request:
        changes["sub_url"] = _sub_address(request.text("sub_url", limit=MAX_URL)).url
    if "name" in request:
        changes["name"] = camera_name(request.text("name", limit=1000))
    if "depth_days" in request:
        changes["depth_days"] = request.whole("depth_days", least=1, most=MAX_DEPTH_DAYS, optional=True)
    if "transport" in request:
        changes["transport"] = read_transport(request)
    for credential in ("user", "password"):
        if credential in request:
            changes[credential] = request.text(credential)
    for flag in ("enabled", "sound", "allow_basic"):
        if flag in request:
            changes[flag] = request.flag(flag, default=False)
    return replace(camera, **changes)


def _sub_address(text: str) -> Address:
    return address(text, name="sub_url") if text.strip() else Address(url="")


def _source(camera: Camera) -> CameraSource:
    return CameraSource(
        camera=camera.id,
        main_url=camera.url,
        sub_url=camera.sub_url or None,
        user=camera.user,
        password=camera.password,
        sound=camera.sound,
        record=True,
        transport=camera.transport,
        fingerprint=camera.fingerprint,
        allow_basic=camera.allow_basic,
    )


def _held(camera: Camera) -> tuple[object, ...]:
    """What the ONVIF side depends on."""
    return camera.device, camera.user, camera.password, camera.fingerprint, camera.identity, camera.allow_basic
