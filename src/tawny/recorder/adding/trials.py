"""Cameras that people look at before adding them: live, never recorded, forgotten when nobody looks."""

from dataclasses import dataclass, replace

from tawny.recorder.adding.looking import Looker, Wish
from tawny.recorder.adding.model import Document, Fix
from tawny.recorder.adding.target import read_target
from tawny.recorder.adding.trial import Mending, Streams, Trial, mend
from tawny.recorder.archive.model import GapReason
from tawny.recorder.cameras.likeness import added_as
from tawny.recorder.cameras.model import Access, Camera
from tawny.recorder.cameras.ports import Ingest
from tawny.recorder.cameras.requests import MAX_URL, Request, address, camera_name
from tawny.recorder.cameras.service import Cameras, read_transport
from tawny.recorder.ingest.model import CameraState, Phase, Trouble
from tawny.recorder.ingest.troubles import Failure
from tawny.recorder.onvif.model import Device, DeviceAddress, DeviceError, Login, Opener
from tawny.recorder.status import streams_document
from tawny.runtime.clock import Clock
from tawny.runtime.ids import new_id
from tawny.runtime.problem import Kind, Problem
from tawny.runtime.tasks import Tasks

MAX_TRIALS = 8
TRIAL_LEASE_S = 120.0
WATCH_S = 0.5
_PATIENT_US = 8_000_000  # no step takes longer without saying so
_SLOW = "The camera is slow to answer."
MOST_CHANNELS = 256


@dataclass(slots=True)
class _Held:
    trial: Trial
    tasks: Tasks
    until_s: float
    stopped: CameraState | None = None  # why its stream is not tried any more


class Trials:
    """The cameras being tried.

    Invariants: at most `MAX_TRIALS`; each has its tasks, its connection and its stream until it is closed or its lease
    runs out, and nothing of it is left then but users that a fix made on the camera. A stream whose login is refused is
    not asked for again by itself.
    """

    def __init__(self, *, cameras: Cameras, ingest: Ingest, looker: Looker, opener: Opener, clock: Clock) -> None:
        self._cameras = cameras
        self._ingest = ingest
        self._looker = looker
        self._opener = opener
        self._clock = clock
        self._held: dict[str, _Held] = {}

    async def stop(self) -> None:
        """Close every trial."""
        for trial_id in list(self._held):
            await self._end(trial_id)

    def open(self, request: Request) -> Document:
        """Begin to try what *request* names."""
        if len(self._held) >= MAX_TRIALS:
            raise Problem(
                Kind.TOO_MANY,
                "Too many cameras are being tried at the same time.",
                remedy="Close one of the other pages that add a camera, or wait two minutes.",
            )
        wish = read_wish(request)
        request.finish()
        trial = Trial(new_id("try"), wish, clock=self._clock)
        held = _Held(trial, Tasks(trial.id), self._lease())
        self._held[trial.id] = held
        held.tasks.start(self._run(held), name="look")
        return self._document(held)

    def read(self, request: Request) -> Document:
        """How the trial goes; it gets a new lease."""
        held = self._of(request)
        request.finish()
        return self._document(held)

    async def close(self, request: Request) -> None:
        """Forget the trial."""
        held = self._of(request)
        request.finish()
        await self._end(held.trial.id)

    async def login(self, request: Request) -> Document:
        """Try another login."""
        held = self._of(request)
        user, password = request.text("user"), request.text("password", "")
        again = request.flag("again", default=False)
        request.finish()
        held.trial.try_login(replace(held.trial.wish.login, user=user, password=password), again=again)
        await self._restart(held)
        return self._document(held)

    def watch(self, request: Request) -> Document:
        """Look at another channel."""
        held = self._of(request)
        channel = held.trial.channel_of(request.text("channel"))
        request.finish()
        if not held.trial.ready:
            raise _not_ready()
        held.trial.channel = channel.channel
        self._show(held)
        return self._document(held)

    async def fix(self, request: Request) -> Document:
        """Put something right on the camera, and read it anew."""
        held = self._of(request)
        mending = _read_mending(request)
        try:
            await mend(held.trial, mending, reach=lambda login: self._reach(held, login), clock=self._clock)
        except DeviceError as error:
            raise error.problem() from error
        await self._restart(held)
        return self._document(held)

    async def keep(self, request: Request) -> list[Camera]:
        """Keep channels as cameras; the trial ends."""
        held = self._of(request)
        wanted = [_read_channel(each) for each in request.members("channels", most=MOST_CHANNELS)]
        request.finish()
        if len({held.trial.channel_of(channel).channel for channel, _, _ in wanted}) < len(wanted):
            raise Problem(Kind.INVALID, "A channel is named twice.", field="channels")
        accesses = [self._new(held, channel) for channel, _, _ in wanted]
        self._cameras.see_room(len(accesses))
        kept = [
            self._cameras.keep(access, name=name, sound=sound)
            for access, (_, name, sound) in zip(accesses, wanted, strict=True)
        ]
        await self._end(held.trial.id)
        return kept

    def _new(self, held: _Held, channel: str) -> Access:
        """How to get at a channel that is no camera yet."""
        access = held.trial.access(channel)
        if (there := added_as(access, self._cameras.all())) is not None:
            raise Problem(Kind.CONFLICT, f"This camera is there already, as “{there.name}”.", camera=there.id)
        return access

    async def add(self, trial_id: str, *, name: str, sound: bool) -> Camera:
        """Keep the channel that is being watched; the trial ends."""
        held = self._known(trial_id)
        camera = self._cameras.keep(self._new(held, held.trial.channel or ""), name=name, sound=sound)
        await self._end(trial_id)
        return camera

    async def swap(self, request: Request) -> Camera:
        """Put the device being tried in the place of a camera; the trial ends."""
        camera = self._cameras.known(request.text("camera"))
        held = self._of(request)
        access = held.trial.access(request.text("channel"))
        request.finish()
        after = self._cameras.swap(camera.id, access)
        await self._end(held.trial.id)
        return after

    async def sweep(self) -> None:
        """Close the trials that nobody has looked at for the time of a lease."""
        now_s = self._clock.monotonic()
        for trial_id in [each for each, held in self._held.items() if held.until_s <= now_s]:
            await self._end(trial_id)

    async def _run(self, held: _Held) -> None:
        patience = held.tasks.start(self._explain(held.trial), name="patience")
        try:
            await held.trial.look(self._looker)
        finally:
            patience.cancel()
        if held.trial.found is not None and held.trial.progress.step != "failed":
            self._show(held)
            await self._follow(held)

    async def _explain(self, trial: Trial) -> None:
        """Say of each step that takes long why: a silent wait looks like a fault."""
        while True:
            await self._clock.sleep(WATCH_S)
            progress = trial.progress
            slow = self._clock.utc_us() - progress.since_us > _PATIENT_US
            if slow and not progress.title.endswith(_SLOW):
                trial.progress = replace(progress, title=f"{progress.title} {_SLOW}")

    def _show(self, held: _Held) -> None:
        held.stopped = None
        self._ingest.set_camera(held.trial.source())

    async def _follow(self, held: _Held) -> None:
        """See how the stream does: its first picture makes a trial without ONVIF ready; no login is tried in a loop."""
        trial = held.trial
        while True:
            await self._clock.sleep(WATCH_S)
            state = self._ingest.state(trial.id)
            if state.phase is Phase.ONLINE and trial.progress.step == "connecting":
                trial.step("ready", "Ready.")
            elif state.phase is Phase.WAITING and trial.progress.step == "connecting":
                trial.fail_stream(Failure(state.kind, state.title, state.remedy, state.certificate, state.shown))
                self._rest(held, state)
                return
            elif state.phase is Phase.WAITING and state.kind is Trouble.CREDENTIALS:
                self._rest(held, state)
            elif trial.progress.step == "connecting" and self._clock.utc_us() - trial.progress.since_us > _PATIENT_US:
                trial.step("connecting", "Still waiting: some cameras send a whole picture every ten seconds only.")

    def _rest(self, held: _Held, state: CameraState) -> None:
        held.stopped = replace(state, retry_at_us=None)
        self._ingest.remove_camera(held.trial.id, reason=GapReason.NOT_ADDED)

    async def _restart(self, held: _Held) -> None:
        """Begin anew with what is wished for now."""
        await self._quieten(held)
        if self._held.get(held.trial.id) is not held:
            raise _ended()  # meanwhile
        held.trial.step("looking", "Trying again.")
        held.tasks.start(self._run(held), name="look")

    async def _quieten(self, held: _Held) -> None:
        await held.tasks.cancel()
        held.stopped = None
        self._ingest.remove_camera(held.trial.id, reason=GapReason.NOT_ADDED)
        await held.trial.leave()

    async def _end(self, trial_id: str) -> None:
        if (held := self._held.pop(trial_id, None)) is not None:
            await self._quieten(held)

    async def _reach(self, held: _Held, login: Login) -> Device:
        found, wish = held.trial.found, held.trial.wish
        if found is not None and found.device is not None:
            where: DeviceAddress | None = found.device.address
        else:
            where = await self._looker.answering(wish.target)
        if where is None:
            raise _not_ready()
        return await self._opener.open(where, login, fingerprint=wish.fingerprint, tries=wish.tries)

    def _document(self, held: _Held) -> Document:
        trial = held.trial
        state = held.stopped or self._ingest.state(trial.id)
        streams: Streams = dict(self._ingest.streams(trial.id))
        document = trial.document(state, streams, added=self._added(trial))
        return {**document, "state": state.document(), "streams": streams_document(streams)}

    def _added(self, trial: Trial) -> dict[str, str]:
        """The camera that each channel is already, by the channel's token."""
        found: dict[str, str] = {}
        for channel in trial.report.channels if trial.found and trial.report else ():
            access = trial.found.access(channel) if trial.found else None
            camera = added_as(access, self._cameras.all()) if access else None
            if camera is not None:
                found[channel.channel] = camera.id
        return found

    def _of(self, request: Request) -> _Held:
        held = self._known(request.text("trial"))
        held.until_s = self._lease()
        return held

    def _known(self, trial_id: str) -> _Held:
        if (held := self._held.get(trial_id)) is None:
            raise _ended()
        return held

    def _lease(self) -> float:
        return self._clock.monotonic() + TRIAL_LEASE_S


def read_wish(request: Request) -> Wish:
    """What *request* wants to try, and with what."""
    written = request.text("address", limit=MAX_URL)
    sub_url = request.text("sub_url", "", limit=MAX_URL)
    login = Login(
        user=request.text("user", ""),
        password=request.text("password", ""),
        allow_basic=request.flag("allow_basic", default=False),
    )
    return Wish(
        target=read_target(written),
        login=login,
        sub_url=address(sub_url, name="sub_url").url if sub_url.strip() else "",
        transport=read_transport(request),
        fingerprint=request.fingerprint("fingerprint", ""),
    )


def _read_mending(request: Request) -> Mending:
    fix = Fix(request.choice("fix", list(Fix)))
    login = Login()
    if fix in {Fix.SET_PASSWORD, Fix.CREATE_USER}:
        login = Login(user=request.text("user"), password=request.text("password"))
        if not login.user or not login.password:
            raise Problem(Kind.INVALID, "The new user needs a name and a password.", field="password")
    fingerprint = request.fingerprint("fingerprint", "") if fix is Fix.ACCEPT_CERTIFICATE else ""
    request.finish()
    return Mending(fix=fix, login=login, fingerprint=fingerprint)


def _read_channel(request: Request) -> tuple[str, str, bool]:
    channel = request.text("channel", "")
    name = camera_name(request.text("name", limit=1000))
    sound = request.flag("sound", default=False)
    request.finish()
    return channel, name, sound


def _ended() -> Problem:
    return Problem(Kind.NOT_FOUND, "This try has ended because nobody looked at it.", remedy="Try the camera again.")


def _not_ready() -> Problem:
    return Problem(Kind.CONFLICT, "The camera is not ready for that yet.", remedy="Wait until it is.")
