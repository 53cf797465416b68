"""Finds out what answers where a person said that a camera is: ONVIF first, else RTSP by known paths."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

from tawny.recorder.adding.fixes import create_user
from tawny.recorder.adding.model import Channel, Formats, How, Report, ReportedStream
from tawny.recorder.adding.patterns import PATTERNS, Pattern
from tawny.recorder.adding.report import describe
from tawny.recorder.adding.target import Target
from tawny.recorder.cameras.model import Access, OnvifSource
from tawny.recorder.ingest.model import CameraSource, MediaTransport, Trouble
from tawny.recorder.ingest.troubles import Failure, failure
from tawny.recorder.onvif.model import (
    Device,
    DeviceAddress,
    DeviceError,
    DeviceTrouble,
    Identity,
    Login,
    Opener,
    device_error,
)
from tawny.runtime.tasks import Tasks
from tawny.wire.onvif.answers.adoption import USER as ADOPTION_USER
from tawny.wire.tries import Tries

LOOK_S = 8.0
RTSP_CHANNEL = "0"  # of a camera that is known by RTSP alone
OWN_USER = "tawny"  # what we are called on cameras that let us make our own login
# what only a device service says to somebody without a login
_ONVIF_SAYS = frozenset(
    {
        DeviceTrouble.CREDENTIALS,
        DeviceTrouble.LOCKED_OUT,
        DeviceTrouble.BASIC_ONLY,
        DeviceTrouble.NOT_ACTIVATED,
        DeviceTrouble.WEAKER_LOGIN,
    }
)


class Step(Protocol):
    """Who is told what is being done."""

    def __call__(self, step: str, title: str) -> None:
        """*step* as in `Trial`, *title* a sentence."""
        ...


class Streams(Protocol):
    """Who can tell whether there is a stream."""

    async def check(self, source: CameraSource) -> Formats:
        """Connect to the main stream of *source* and leave it again; raises Failure."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to look for, and with what; *tries* counts the logins that it refuses."""

    target: Target
    login: Login = field(default_factory=Login)
    sub_url: str = ""
    transport: MediaTransport = MediaTransport.AUTOMATIC
    fingerprint: str = ""
    tries: Tries = field(default_factory=Tries, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A camera that was met: *device* is None where it answered by RTSP alone."""

    report: Report
    login: Login
    device: Device | None = None
    identity: Identity = field(default_factory=Identity)
    transport: MediaTransport = MediaTransport.AUTOMATIC
    fingerprint: str = ""

    def access(self, channel: Channel) -> Access | None:
        """How to get at one of its channels; None where that has no stream."""
        if channel.main is None:
            return None
        return Access(
            url=channel.main.uri,
            sub_url=channel.sub.uri if channel.sub else "",
            user=self.login.user,
            password=self.login.password,
            device=self._source(channel, channel.main),
            identity=self.identity,
            transport=self.transport,
            fingerprint=self.fingerprint,
            allow_basic=self.login.allow_basic,
        )

    def _source(self, channel: Channel, main: ReportedStream) -> OnvifSource | None:
        if self.device is None:
            return None
        return OnvifSource(
            address=self.device.address,
            main_profile=main.profile,
            sub_profile=channel.sub.profile if channel.sub else "",
            channel=channel.channel,
            ptz=channel.ptz,
        )


class Looker:
    """Meets cameras. It keeps nothing, and leaves nothing behind but a user that an adoption code let it make."""

    def __init__(self, *, opener: Opener, streams: Streams, new_password: Callable[[], str]) -> None:
        self._opener = opener
        self._streams = streams
        self._new_password = new_password

    async def look(self, wish: Wish, step: Step) -> Found:
        """Meet what *wish* describes; raises DeviceError or Failure. The device of what was found is to be closed."""
        target = wish.target
        step("looking", f"Looking for the camera at {target.shown or target.hosts[0]}.")
        if target.url and not target.hosts:
            return _streaming(wish, target.url, wish.sub_url)
        if target.devices:
            address = await self.answering(target)
            if address is not None or not target.hosts:
                return await self._device(wish, address or target.devices[0], step)
        return await self._stream(wish, step)

    async def answering(self, target: Target) -> DeviceAddress | None:
        """The address at which a device service answers; an encrypted one only where no other does."""
        addresses = target.devices
        if len(addresses) < 2:
            return addresses[0] if addresses else None
        encrypted: DeviceAddress | None = None
        async with Tasks("looking for ONVIF") as tasks:
            started: list[asyncio.Task[tuple[DeviceAddress, DeviceTrouble | None]]]
            started = [tasks.start(self._asked(address), name=address.url) for address in addresses]
            for finished in asyncio.as_completed(started, timeout=LOOK_S):
                try:
                    address, trouble = await finished
                except TimeoutError:
                    break
                if trouble is None or trouble in _ONVIF_SAYS:
                    return address
                if trouble is DeviceTrouble.CERTIFICATE:
                    encrypted = address
        return encrypted

    async def _asked(self, address: DeviceAddress) -> tuple[DeviceAddress, DeviceTrouble | None]:
        """What stands in the way of a stranger there."""
        try:
            device = await self._opener.open(address, Login())
        except DeviceError as error:
            return address, error.trouble
        await device.close()
        return address, None

    async def _device(self, wish: Wish, address: DeviceAddress, step: Step) -> Found:
        step("connecting", f"Connecting to the camera at {address.url}.")
        login = wish.login
        invitation = wish.target.invitation
        fingerprint = wish.fingerprint or (invitation.fingerprint if invitation else "")
        if invitation is not None and login.empty:
            step("connecting", "Introducing the recorder to the camera.")
            login = await self._adopted(wish, address, invitation.code, fingerprint)
        device = await self._opener.open(address, login, fingerprint=fingerprint, tries=wish.tries)
        try:
            step("reading", "Reading what the camera is and offers.")
            report = await describe(device)
        except BaseException:
            await device.close()
            raise
        return Found(
            report=report,
            login=login,
            device=device,
            identity=device.identity,
            transport=wish.transport,
            fingerprint=fingerprint,
        )

    async def _adopted(self, wish: Wish, address: DeviceAddress, code: str, fingerprint: str) -> Login:
        """Make ourselves a user by the code that the camera's owner showed us."""
        login = Login(user=OWN_USER, password=self._new_password())
        try:
            device = await self._opener.open(
                address, Login(user=ADOPTION_USER, password=code), fingerprint=fingerprint, tries=wish.tries
            )
        except DeviceError as error:
            if error.trouble is DeviceTrouble.CREDENTIALS:
                raise _used_up() from error
            raise
        try:
            await create_user(device, login)
        finally:
            await device.close()
        return login

    async def _stream(self, wish: Wish, step: Step) -> Found:
        """The first stream that is there, by the paths of all makes."""
        problem = failure(Trouble.UNREACHABLE)
        for host in wish.target.hosts:
            for pattern in [Pattern("", ""), *PATTERNS]:
                step("connecting", f"Looking for a video stream at {host}{pattern.main}.")
                source = _source(wish, host + pattern.main)
                try:
                    await self._streams.check(source)
                except Failure as reason:
                    problem = _telling(problem, reason)
                    if reason.kind is Trouble.NOT_FOUND:
                        continue
                    break
                return _streaming(wish, source.main_url, wish.sub_url or await self._sub(wish, host, pattern))
            if problem.kind in {Trouble.CREDENTIALS, Trouble.BASIC_ONLY}:
                break
        raise _nowhere() if problem.kind is Trouble.NOT_FOUND else problem

    async def _sub(self, wish: Wish, host: str, pattern: Pattern) -> str:
        if not pattern.sub:
            return ""
        try:
            await self._streams.check(_source(wish, host + pattern.sub))
        except Failure:
            return ""
        return host + pattern.sub


def _telling(before: Failure, after: Failure) -> Failure:
    """Which of two failures says more: one port's silence says nothing where another answered."""
    return before if after.kind is Trouble.UNREACHABLE else after


def _streaming(wish: Wish, url: str, sub_url: str) -> Found:
    channel = Channel(
        channel=RTSP_CHANNEL,
        name="",
        main=ReportedStream(profile="", uri=url),
        sub=ReportedStream(profile="", uri=sub_url) if sub_url else None,
    )
    return Found(
        report=Report(how=How.RTSP, address=url, channels=(channel,)),
        login=_login(wish),
        transport=wish.transport,
        fingerprint=wish.fingerprint,
    )


def _login(wish: Wish) -> Login:
    """The login that was typed into its own fields goes before one inside the address."""
    return replace(
        wish.login,
        user=wish.login.user or wish.target.user,
        password=wish.login.password or wish.target.password,
    )


def _source(wish: Wish, url: str) -> CameraSource:
    login = _login(wish)
    return CameraSource(
        camera="",
        main_url=url,
        sub_url=None,
        user=login.user,
        password=login.password,
        sound=False,
        record=False,
        transport=wish.transport,
        fingerprint=wish.fingerprint,
        allow_basic=login.allow_basic,
        tries=wish.tries,
    )


def _nowhere() -> Failure:
    return failure(
        Trouble.NOT_FOUND,
        title="A camera answers, but neither by ONVIF nor under a path that is known here.",
        remedy="Switch ONVIF on in the camera's settings, or enter the address of its stream from its manual.",
    )


def _used_up() -> DeviceError:
    return device_error(
        DeviceTrouble.CREDENTIALS,
        title="The camera does not take this code: it has been used, or the camera made a new one.",
        remedy="Read the code again as the camera shows it now, or log in with a user of the camera.",
    )
