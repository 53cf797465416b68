"""One camera being tried: how far it is, what is wrong with it, and what it is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from tawny.recorder.adding import fixes
from tawny.recorder.adding.certificates import read_certificate
from tawny.recorder.adding.looking import Found, Looker, Wish
from tawny.recorder.adding.model import Certificate, Channel, Document, Fix, How, Report, TroubleItem
from tawny.recorder.adding.problems import from_device, from_stream, problems
from tawny.recorder.cameras.model import Access
from tawny.recorder.ingest.model import CameraSource, CameraState, Phase, StreamStatus, Trouble
from tawny.recorder.ingest.troubles import Failure
from tawny.recorder.onvif.model import Device, DeviceError, Login
from tawny.runtime.clock import Clock
from tawny.runtime.problem import Kind, Problem
from tawny.wire.media import StreamName
from tawny.wire.moments import rfc3339

Streams = dict[StreamName, StreamStatus | None]


@dataclass(slots=True, kw_only=True)
class Progress:
    """How far a trial is; *since_us* is when that began."""

    step: str
    title: str
    since_us: int
    remedy: str = ""


class Trial:
    """What is known of the camera being tried.

    Invariants: *found* is there exactly while the step is "ready", or "connecting" and "failed" of a stream that was
    found without ONVIF; the camera refuses at most two logins, over ONVIF and RTSP together, unless a person asks for
    more. The first login leaves one of them for another, so that a slip of the hand needs no asking.
    """

    def __init__(self, trial_id: str, wish: Wish, *, clock: Clock) -> None:
        self.id = trial_id
        wish.tries.reserved = 1
        self.wish = wish
        self.found: Found | None = None
        self.channel: str | None = None
        self.kept_users: list[str] = []  # users that a fix made on the camera, which stay there
        self._clock = clock
        self._troubles: list[TroubleItem] = []
        self._shown = Certificate(fingerprint="")
        self.progress = Progress(step="", title="", since_us=0)
        self.step("looking", "Looking for the camera.")

    def step(self, step: str, title: str, remedy: str = "") -> None:
        """Say what is being done now."""
        self.progress = Progress(step=step, title=title, remedy=remedy, since_us=self._clock.utc_us())

    @property
    def tries_left(self) -> int:
        """How many more logins it may refuse unasked."""
        return self.wish.tries.left

    @property
    def ready(self) -> bool:
        """Whether there is something to look at and to keep."""
        return self.progress.step == "ready"

    async def look(self, looker: Looker) -> None:
        """Meet the camera, or say why that fails."""
        await self.leave()
        self._troubles = []
        try:
            self.found = await looker.look(self.wish, self.step)
        except DeviceError as error:
            self._failed_device(error)
        except Failure as error:
            self.fail_stream(error)
        else:
            self.wish = replace(self.wish, login=self.found.login)
            self._watch_first()

    async def leave(self) -> None:
        """Close the connection to the device."""
        found, self.found = self.found, None
        if found is not None and found.device is not None:
            await found.device.close()

    def _watch_first(self) -> None:
        report = self.report
        first = next((each for each in report.channels if each.main), None) if report else None
        if first is None:
            self.step("failed", "The camera has no stream that could be recorded.")
            return
        self.channel = first.channel
        if report is not None and report.how is How.ONVIF:
            self.step("ready", "Ready.")
        else:
            self.step("connecting", "Waiting for the first picture.")

    def _failed_device(self, error: DeviceError) -> None:
        self._shown = read_certificate(error.shown, fingerprint=error.certificate)
        self._troubles = [from_device(error)]
        self.step("failed", error.title, self._troubles[0].remedy)

    def fail_stream(self, error: Failure) -> None:
        """The stream does not come, for this reason."""
        self._shown = read_certificate(error.shown, fingerprint=error.certificate)
        self._troubles = [from_stream(error)]
        self.step("failed", error.title, error.remedy)

    @property
    def report(self) -> Report | None:
        """What the camera is; of one whose certificate is not known just that."""
        if self.found is not None:
            return self.found.report
        if self._shown.fingerprint:
            how = How.RTSP if self.wish.target.url else How.ONVIF
            return Report(how=how, address=self.wish.target.shown, certificate=self._shown)
        return None

    def channel_of(self, token: str) -> Channel:
        """A channel by its token; Problem(INVALID) where there is none."""
        found = self.report.channel(token) if self.report else None
        if found is None or found.main is None:
            raise Problem(Kind.INVALID, "The camera has no such channel.", field="channel")
        return found

    def access(self, token: str) -> Access:
        """How to get at one of its channels."""
        channel = self.channel_of(token)
        access = self.found.access(channel) if self.found else None
        if access is None:
            raise Problem(Kind.CONFLICT, "The camera is not ready to be kept yet.", remedy="Wait until it is.")
        return access

    def source(self) -> CameraSource:
        """What to look at just now."""
        access = self.access(self.channel or "")
        return CameraSource(
            camera=self.id,
            main_url=access.url,
            sub_url=access.sub_url or None,
            user=access.user,
            password=access.password,
            sound=True,
            record=False,
            transport=access.transport,
            fingerprint=access.fingerprint,
            allow_basic=self.wish.login.allow_basic,
            tries=self.wish.tries,
        )

    def try_login(self, login: Login, *, again: bool) -> None:
        """Wish for another login; Problem(TOO_MANY) where it had better not be tried unasked."""
        if again:
            self.wish.tries.allow()
        elif self.tries_left == 0:
            raise Problem(
                Kind.TOO_MANY,
                "Two logins were refused. Many cameras lock themselves for half an hour after a few more.",
                remedy="Make sure of user and password, then try again.",
                field="password",
            )
        self.wish.tries.reserved = 0
        self.wish = replace(self.wish, login=login)

    def items(self, streams: Streams, state: CameraState) -> list[TroubleItem]:
        """What is wrong with it just now."""
        if self.found is None or self.progress.step == "failed":
            return self._troubles
        found = problems(self.found.report, streams, channel=self.channel or "", login=self.wish.login)
        if state.phase is Phase.WAITING and state.kind is not Trouble.NONE:
            failed = Failure(state.kind, state.title, state.remedy, state.certificate, state.shown)
            found.insert(0, from_stream(failed, channel=self.channel, make=self.found.report.make))
        return found

    def document(self, state: CameraState, streams: Streams, *, added: dict[str, str]) -> Document:
        """The trial as JSON, without what *state* and *streams* become."""
        report = self.report
        return {
            "id": self.id,
            "kind": None if report is None else str(report.how),
            "step": self.progress.step,
            "title": self.progress.title,
            "remedy": self.progress.remedy,
            "since": rfc3339(self.progress.since_us),
            "problems": [item.document() for item in self.items(streams, state)],
            "tries_left": self.tries_left,
            "report": None if report is None else report.document(added=added),
            "channel": self.channel,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Mending:
    """A fix that was asked for, and what it takes."""

    fix: Fix
    login: Login = field(default_factory=Login)
    fingerprint: str = ""


async def mend(trial: Trial, mending: Mending, *, reach: Callable[[Login], Awaitable[Device]], clock: Clock) -> None:
    """Put *mending* right on the trial's camera, or in what is tried; raises DeviceError. *reach* opens the device."""
    wish = trial.wish
    match mending.fix:
        case Fix.LOGIN:
            raise Problem(Kind.INVALID, "A login has its own request.", field="fix")
        case Fix.ACCEPT_CERTIFICATE:
            trial.wish = replace(wish, fingerprint=mending.fingerprint or _shown(trial))
        case Fix.ALLOW_BASIC:
            trial.wish = replace(wish, login=replace(wish.login, allow_basic=True))
        case Fix.SET_PASSWORD | Fix.CREATE_USER:
            device = await reach(Login() if mending.fix is Fix.SET_PASSWORD else wish.login)
            try:
                await fixes.create_user(device, mending.login)
            finally:
                await device.close()
            trial.kept_users.append(mending.login.user)
            trial.wish = replace(wish, login=mending.login, target=replace(wish.target, invitation=None))
        case Fix.SET_CLOCK:
            await fixes.set_clock(_device(trial), clock.utc_us())
        case Fix.H264:
            await fixes.use_h264(_device(trial), _profiles(trial))
        case Fix.KEY_FRAMES:
            await fixes.shorten_key_frames(_device(trial), _profiles(trial))


def _shown(trial: Trial) -> str:
    report = trial.report
    if report is None or report.certificate is None:
        raise Problem(Kind.CONFLICT, "The camera shows no certificate.")
    return report.certificate.fingerprint


def _device(trial: Trial) -> Device:
    if trial.found is None or trial.found.device is None:
        raise Problem(Kind.CONFLICT, "The camera does not let that be set from here.")
    return trial.found.device


def _profiles(trial: Trial) -> list[str]:
    channel = trial.channel_of(trial.channel or "")
    return [stream.profile for stream in (channel.main, channel.sub) if stream]
