"""Questions to one device: sent with the login as it is agreed, and again where that turns out to be needed."""

import asyncio
from collections.abc import Awaitable, Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from uuid import UUID

from tawny.recorder.onvif import refusals
from tawny.recorder.onvif.exchange import HttpAnswer, Transport
from tawny.recorder.onvif.model import CALL_S, Authentication, DeviceAddress, DeviceError, DeviceTrouble, device_error
from tawny.recorder.onvif.negotiation import Credentials, Negotiation
from tawny.recorder.onvif.refusals import Refusal
from tawny.recorder.onvif.uris import Target, redirected
from tawny.wire.onvif import device, soap
from tawny.wire.onvif.elements import Element
from tawny.wire.onvif.names import EVENTS, NOTIFICATION

_MOST_ROUNDS = 8  # of one question, whatever the device makes of it
_MOST_REDIRECTS = 3
_MOST_AFTER_CHECK = 1  # refusals more, for the check may have used the nonce up
_MOST_AT_ONCE = 4  # cameras serve few connections, and browsers want some too


class MovedError(Exception):
    """The device service is at another port, or behind TLS, of the same host."""

    def __init__(self, address: DeviceAddress) -> None:
        super().__init__(address.url)
        self.address = address


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One question, which may be sent several times."""

    body: Element
    target: Target
    references: tuple[bytes, ...] = ()
    timeout_s: float = CALL_S

    @property
    def operation(self) -> str:
        """The operation's full name."""
        return str(self.body.tag)


class Asker:
    """Asks one device.

    Invariants: until a login has proved right, one request at a time carries one, so that many questions together never
    are more than two wrong passwords; once a right one is refused, no other is sent until it is known why. Nothing is
    sent to any other host.

    *camera_us* is the time on the camera's clock, *check_clock* looks at that anew; *on_login* hears of a login that was
    taken.
    """

    def __init__(
        self,
        transport: Transport,
        address: DeviceAddress,
        negotiation: Negotiation,
        *,
        camera_us: Callable[[], int],
        check_clock: Callable[[], Awaitable[object]],
        on_login: Callable[[Authentication], None],
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self._transport = transport
        self._address = address
        self._negotiation = negotiation
        self._camera_us = camera_us
        self._check_clock = check_clock
        self._on_login = on_login
        self._random_bytes = random_bytes
        self._turn = asyncio.Lock()
        self._slots = asyncio.Semaphore(_MOST_AT_ONCE)
        self._sure = asyncio.Event()
        self._sure.set()
        self._denied: set[str] = set()
        self._elsewhere: dict[str, str] = {}  # where redirects led
        self._fickle = False  # it takes each nonce once, and does not call the next one stale

    async def ask_openly(self, request: Request) -> HttpAnswer:
        """The answer to *request* without a login."""
        return (await self._sent(request, login=False))[1]

    async def ask(self, request: Request) -> Element | None:
        """The answer to *request*, whatever login that takes."""
        refusal: Refusal | None = None
        if self._negotiation.proven or not self._negotiation.begun:
            sent, found = await self._beside(request)
            if not isinstance(found, Refusal):
                return found
            if sent is not Authentication.NONE:
                return await self._reaffirmed(request, found)
            refusal = found
        async with self._turn:
            if not self._negotiation.proven:
                return await self._negotiated(request, refusal)
        return await self.ask(request)  # somebody else has logged in meanwhile

    async def _beside(self, request: Request) -> tuple[Authentication, Element | Refusal | None]:
        """Ask beside others that are under way; when one of these is refused, the next waits for what comes of it."""
        async with self._slots:
            await self._sure.wait()
            sent, found = await self._once(request)
            if isinstance(found, Refusal) and sent is not Authentication.NONE:
                self._sure.clear()
            return sent, found

    async def _negotiated(self, request: Request, refusal: Refusal | None) -> Element | None:
        if refusal is not None:
            self._negotiation.refused(Authentication.NONE, refusal)
        for _ in range(_MOST_ROUNDS):
            sent, found = await self._once(request)
            if not isinstance(found, Refusal):
                return found
            self._negotiation.refused(sent, found)
        raise device_error(DeviceTrouble.BAD_ANSWER, reason="it asks for a login again and again")

    async def _reaffirmed(self, request: Request, refusal: Refusal) -> Element | None:
        """A login that was right is refused: the nonce is old, the clock was set, the password is another, or this
        user may not do that. An open question would tell nothing, so what any user may ask is asked.

        Only that is done while others wait: *request* itself may take a minute (PullMessages).
        """
        nonce_only, after_check = refusal.stale or self._fickle, 0
        try:
            while after_check <= _MOST_AFTER_CHECK:
                await self._reassured(request, refusal, checks=not nonce_only and not after_check)
                sent, found = await self._beside(request)
                if not isinstance(found, Refusal):
                    self._fickle |= sent is not Authentication.WSSE and not refusal.stale
                    return found
                after_check += not nonce_only
                refusal, nonce_only = found, False
        finally:
            self._sure.set()
        self._denied.add(request.operation)
        raise _denial(refusal)

    async def _reassured(self, request: Request, refusal: Refusal, *, checks: bool) -> None:
        """Take the nonce that came with *refusal*, and see whether the login is right still; raises DeviceError."""
        async with self._turn:
            self._negotiation.renew(refusal)
            if checks and request.operation in self._denied:
                raise _denial(refusal)
            if checks:
                await self._check_login(request)
            self._sure.set()

    async def _check_login(self, request: Request) -> None:
        """Raise DeviceError(CREDENTIALS) where the login isn't right any more."""
        body = device.get_device_information().body
        if request.body.tag == body.tag:
            body = device.get_scopes().body
        if self._negotiation.learned is Authentication.WSSE:
            await self._check_clock()
        asked = Request(body=body, target=Target(path=self._address.path))
        _, found = await self._once(asked)
        if isinstance(found, Refusal):
            raise self._negotiation.give_up(found)

    async def _once(self, request: Request) -> tuple[Authentication, Element | Refusal | None]:
        """Send *request* with the login as it is agreed now; what was sent, and what came back."""
        sent, answer = await self._sent(request, login=True)
        try:
            found = refusals.read(answer)
        except DeviceError as error:
            if error.trouble in {DeviceTrouble.UNSUPPORTED, DeviceTrouble.REFUSED}:
                self._accepted(sent)  # it looked at the request itself
            raise
        if not isinstance(found, Refusal):
            self._accepted(sent)
        return sent, found

    def _accepted(self, sent: Authentication) -> None:
        if self._negotiation.accepted(sent):
            self._on_login(self._negotiation.learned)

    async def _sent(self, request: Request, *, login: bool) -> tuple[Authentication, HttpAnswer]:
        """Send *request* to where it belongs by now; what login it carried, and the answer."""
        for _ in range(_MOST_REDIRECTS):
            path = self._elsewhere.get(request.target.path, request.target.path)
            given = self._negotiation.credentials(path=path, camera_us=self._camera_us()) if login else Credentials()
            answer = await self._transport.post(
                path,
                self._envelope(request, [] if given.token is None else [given.token]),
                action=soap.action(request.body),
                authorization=given.authorization,
                timeout_s=request.timeout_s,
                port=request.target.port,
            )
            if not 300 <= answer.status < 400:
                return given.kind, answer
            self._follow(request, answer)
        raise device_error(
            DeviceTrouble.BAD_ANSWER, title="The camera refers from one address to the next without end."
        )

    def _follow(self, request: Request, answer: HttpAnswer) -> None:
        """Find requests like this one elsewhere from now on, on the same host; raises DeviceError, or MovedError."""
        leads = redirected(answer.location, reached=self._address, numeric=self._transport.host)
        if leads is None:
            raise refusals.referred(answer)
        if (leads.port, leads.secure) != (self._address.port, self._address.secure):
            raise MovedError(leads)
        self._elsewhere[request.target.path] = leads.path

    def _envelope(self, request: Request, headers: list[Element]) -> bytes:
        """The message; event operations are addressed (Core 26.06, 9.2), the others need it not."""
        addressed: list[Element] = []
        if request.references or request.body.tag.startswith((f"{{{EVENTS}}}", f"{{{NOTIFICATION}}}")):
            addressed = soap.addressing(
                action=soap.action(request.body),
                to=replace(self._address, port=request.target.port or self._address.port)
                .with_path(request.target.path)
                .url,
                message_id=f"urn:uuid:{UUID(bytes=self._random_bytes(16), version=4)}",
            )
        return soap.envelope(deepcopy(request.body), [*headers, *addressed, *soap.echoed(request.references)])


def _denial(refusal: Refusal) -> DeviceError:
    return device_error(
        DeviceTrouble.REFUSED,
        title="The camera does not let this user do that.",
        remedy="Give the user the level of an administrator in the camera's settings.",
        reason=refusal.reason,
    )
