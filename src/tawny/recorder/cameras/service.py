"""Keeps the cameras: what a person asks for is settled here, kept, and told to ingest."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from tawny.recorder.archive.model import GapReason
from tawny.recorder.cameras.model import Camera, Settings
from tawny.recorder.cameras.requests import MAX_URL, Address, Request, address, camera_name
from tawny.recorder.ingest.model import CameraSource, CameraState, StreamStatus
from tawny.runtime.clock import Clock
from tawny.runtime.ids import new_id
from tawny.runtime.problem import Kind, Problem
from tawny.wire.media import StreamName

MAX_CAMERAS = 512
MAX_DEPTH_DAYS = 360
MAX_TRIALS = 8
TRIAL_LEASE_S = 120.0


class Ingest(Protocol):
    """What connects to cameras. Every method returns at once."""

    def set_camera(self, source: CameraSource) -> None:
        """Connect to *source*, instead of what was set for its camera before."""
        ...

    def remove_camera(self, camera: str, *, reason: GapReason) -> None:
        """Disconnect; the archive notes *reason*. Nothing happens where the camera is not set."""
        ...

    def state(self, camera: str) -> CameraState:
        """Where the camera stands; of one that is not set, that it is disabled."""
        ...

    def streams(self, camera: str) -> Mapping[StreamName, StreamStatus | None]:
        """What each stream delivers just now."""
        ...


class Cameras:
    """The cameras that a person has added.

    Invariant: ingest holds exactly the enabled ones, as they are kept; a change is kept before ingest hears of it.
    """

    def __init__(self, *, settings: Settings, ingest: Ingest, trials: "Trials", clock: Clock) -> None:
        self._settings = settings
        self._ingest = ingest
        self._trials = trials
        self._clock = clock
        self._cameras = {camera.id: camera for camera in settings.cameras()}

    def start(self) -> None:
        """Connect to every enabled camera."""
        for camera in self._cameras.values():
            if camera.enabled:
                self._ingest.set_camera(_source(camera))

    def all(self) -> list[Camera]:
        """Every camera, in the order in which they were added."""
        return list(self._cameras.values())

    def get(self, camera_id: str) -> Camera | None:
        return self._cameras.get(camera_id)

    def add(self, request: Request) -> Camera:
        """Keep a new camera as *request* has it, by its address or as it was tried."""
        if len(self._cameras) >= MAX_CAMERAS:
            raise Problem(Kind.EXHAUSTED, f"This recorder already has {MAX_CAMERAS} cameras.")
        name = camera_name(request.text("name", limit=1000))
        sound = request.flag("sound", default=False)
        trial_id = request.text("trial", "")
        source = self._trials.source(trial_id) if trial_id else read_source(request)
        request.finish()
        camera = Camera(
            id=new_id("cam"),
            name=name,
            url=source.main_url,
            sub_url=source.sub_url or "",
            user=source.user,
            password=source.password,
            sound=sound,
            added_us=self._clock.utc_us(),
        )
        self._keep(camera)
        if trial_id:
            self._trials.close(trial_id)
        self._ingest.set_camera(_source(camera))
        return camera

    def change(self, camera_id: str, request: Request) -> Camera:
        """Keep the camera as *request* changes it; members that it lacks stay as they are."""
        before = self._known(camera_id)
        after = _changed(before, request)
        request.finish()
        if after == before:
            return before
        self._keep(after)
        if not after.enabled:
            self._ingest.remove_camera(camera_id, reason=GapReason.DISABLED)
        elif not before.enabled or _source(after) != _source(before):
            self._ingest.set_camera(_source(after))
        return after

    def remove(self, camera_id: str) -> None:
        """Forget the camera and its password; what it recorded stays."""
        self._known(camera_id)
        self._settings.forget(camera_id, removed_us=self._clock.utc_us())
        del self._cameras[camera_id]
        self._ingest.remove_camera(camera_id, reason=GapReason.NOT_ADDED)

    def _keep(self, camera: Camera) -> None:
        self._settings.save(camera)
        self._cameras[camera.id] = camera

    def _known(self, camera_id: str) -> Camera:
        if (camera := self._cameras.get(camera_id)) is None:
            raise Problem(Kind.NOT_FOUND, "There is no such camera.")
        return camera


@dataclass(slots=True, kw_only=True)
class _Trial:
    source: CameraSource
    until_s: float


class Trials:
    """Cameras that a person looks at before adding them: live, never recorded, forgotten when nobody looks.

    Invariant: at most `MAX_TRIALS`, each connected in ingest until it is closed or its lease runs out.
    """

    def __init__(self, *, ingest: Ingest, clock: Clock) -> None:
        self._ingest = ingest
        self._clock = clock
        self._trials: dict[str, _Trial] = {}

    def open(self, request: Request) -> str:
        """Connect to what *request* names; the trial's id."""
        self.sweep()
        if len(self._trials) >= MAX_TRIALS:
            raise Problem(
                Kind.TOO_MANY,
                "Too many cameras are being tried at the same time.",
                remedy="Close one of the other pages that add a camera, or wait two minutes.",
            )
        source = replace(read_source(request), camera=new_id("try"), record=False, sound=True)
        request.finish()
        self._trials[source.camera] = _Trial(source=source, until_s=self._clock.monotonic() + TRIAL_LEASE_S)
        self._ingest.set_camera(source)
        return source.camera

    def read(self, trial_id: str) -> None:
        """Give the trial a new lease."""
        self._known(trial_id).until_s = self._clock.monotonic() + TRIAL_LEASE_S

    def source(self, trial_id: str) -> CameraSource:
        """What the trial connects to."""
        return self._known(trial_id).source

    def close(self, trial_id: str) -> None:
        """Disconnect and forget."""
        self._known(trial_id)
        self._end(trial_id)

    def sweep(self) -> None:
        """Close the trials that nobody has looked at for the time of a lease."""
        now_s = self._clock.monotonic()
        for trial_id in [t for t, trial in self._trials.items() if trial.until_s <= now_s]:
            self._end(trial_id)

    def _known(self, trial_id: str) -> _Trial:
        if (trial := self._trials.get(trial_id)) is None:
            raise Problem(
                Kind.NOT_FOUND, "This try has ended because nobody looked at it.", remedy="Try the camera again."
            )
        return trial

    def _end(self, trial_id: str) -> None:
        del self._trials[trial_id]
        self._ingest.remove_camera(trial_id, reason=GapReason.NOT_ADDED)


def read_source(request: Request) -> CameraSource:
    """The addresses and the login in *request*; a login of its own goes before one inside an address."""
    main = address(request.text("url", limit=MAX_URL))
    sub = _sub_address(request.text("sub_url", "", limit=MAX_URL))
    user = request.text("user", "")
    password = request.text("password", "")
    return CameraSource(
        camera="",
        main_url=main.url,
        sub_url=sub.url or None,
        user=user or main.user,
        password=password or main.password,
        sound=False,
        record=True,
    )


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
    for credential in ("user", "password"):
        if credential in request:
            changes[credential] = request.text(credential)
    for flag in ("enabled", "sound"):
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
    )
