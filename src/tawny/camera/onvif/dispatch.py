"""From an HTTP request to the handler of its operation, and back to an answer or a fault."""

import logging
import re
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass

from tawny.camera.onvif.http_server import HttpRequest, HttpResponse
from tawny.camera.onvif.users import Users
from tawny.wire.onvif import soap
from tawny.wire.onvif.answers.access import ACCESS, AccessClass, permitted
from tawny.wire.onvif.answers.login import Challenged, Credentials, Gate, Refused
from tawny.wire.onvif.elements import Element
from tawny.wire.onvif.names import qualified
from tawny.wire.onvif.soap import Envelope, Fault, FaultError

_HOST = re.compile(r"(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
_STATUS = {"Sender": 400, "Receiver": 500}  # SOAP 1.2, part 2, table 20

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request for an operation: *path* is where it was sent to, *user* who logged in.

    *base* is our address as the client knows it, such as ``http://10.0.0.5:8000``, *host* its host alone; *local* is the
    address at which the request arrived, *peer* the one that it came from.
    """

    body: Element
    path: str
    user: str | None
    base: str
    host: str
    local: str
    peer: str


Handler = Callable[[Asked], Element | Coroutine[None, None, Element]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An operation that is served: *name* is the element that asks for it, such as ``tds:GetScopes``."""

    name: str
    handler: Handler

    @property
    def access(self) -> AccessClass:
        """The operation's class; an operation without one cannot be served."""
        return ACCESS[self.name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Something that is got by its address: *read* gives its body and type, or None where there is nothing."""

    path: str
    read: Callable[[HttpRequest], Coroutine[None, None, tuple[bytes, str] | None]]


def refusal(*subcodes: str, reason: str, code: str = "Sender") -> FaultError:
    """The fault that refuses a request, to be raised."""
    return FaultError(Fault(code=code, subcodes=subcodes, reason=reason))


class Dispatcher:
    """Answers the requests of one device.

    Invariants: a handler is called only for who may call it; operations of the class PRE_AUTH are answered whatever
    login came with them (ONVIF Core, 5.9.4: clients learn the clock that a login needs this way).
    """

    def __init__(self, operations: Iterable[Operation], pages: Iterable[Page], *, users: Users, gate: Gate) -> None:
        self._operations = {qualified(operation.name): operation for operation in operations}
        self._pages = {page.path: page for page in pages}
        self._users = users
        self._gate = gate

    def served(self) -> list[str]:
        """The elements that ask for the operations that are served."""
        return list(self._operations)

    async def answer(self, request: HttpRequest) -> HttpResponse:
        """Answer a request, whatever it is."""
        if request.method == "GET":
            return await self._page(request)
        if request.method != "POST":
            return HttpResponse(status=405, headers=[("Allow", "GET, POST")])
        try:
            message = soap.parse(request.body, lenient=False)
        except ValueError:
            return HttpResponse(status=400)
        try:
            return await self._serve(request, message)
        except FaultError as error:
            return _fault(error.fault, message)
        except ValueError as error:
            return _fault(Fault(code="Sender", subcodes=("InvalidArgVal",), reason=str(error)), message)

    async def _serve(self, request: HttpRequest, message: Envelope) -> HttpResponse:
        body = message.body
        operation = self._operations.get(body.tag) if body is not None else None
        if body is None or operation is None:
            raise refusal("ActionNotSupported", reason="This device has no such operation.", code="Receiver")
        user = None
        if operation.access is not AccessClass.PRE_AUTH:
            outcome = self._gate.admit(_credentials(request, message))
            if isinstance(outcome, Challenged | Refused):
                return _turned_away(outcome, message)
            user = outcome.user
            if not permitted(self._users.level(user), operation.access):
                return self._forbidden(user, message)
        answered = operation.handler(_asked(request, body, user))
        if not isinstance(answered, Element):
            answered = await answered
        headers = _headers(answered, message)
        return HttpResponse(
            status=200, headers=[("Content-Type", soap.CONTENT_TYPE)], body=soap.envelope(answered, headers)
        )

    def _forbidden(self, user: str | None, message: Envelope) -> HttpResponse:
        if user is None:
            return _turned_away(self._gate.challenge(), message)
        raise refusal("NotAuthorized", reason="This user may not do that.")

    async def _page(self, request: HttpRequest) -> HttpResponse:
        page = self._pages.get(request.target.partition("?")[0])
        if page is None:
            return HttpResponse(status=404)
        outcome = self._gate.admit(_credentials(request, None))
        if isinstance(outcome, Refused):
            return HttpResponse(status=403)
        if isinstance(outcome, Challenged) or not permitted(self._users.level(outcome.user), AccessClass.READ_MEDIA):
            challenged = outcome if isinstance(outcome, Challenged) else self._gate.challenge()
            return HttpResponse(status=401, headers=_challenges(challenged))
        read = await page.read(request)
        if read is None:
            return HttpResponse(status=503)
        return HttpResponse(
            status=200, headers=[("Content-Type", read[1]), ("Cache-Control", "no-store")], body=read[0]
        )


def _credentials(request: HttpRequest, message: Envelope | None) -> Credentials:
    return Credentials(
        method=request.method,
        target=request.target,
        authorization=request.headers.get("authorization", ""),
        header=None if message is None else message.header,
        peer=request.peer,
    )


def _asked(request: HttpRequest, body: Element, user: str | None) -> Asked:
    named = request.headers.get("host", "")
    host = named if _HOST.fullmatch(named) else _spelt(request.local)
    return Asked(
        body=body,
        path=request.target.partition("?")[0],
        user=user,
        base=f"{'https' if request.secure else 'http'}://{host}",
        host=re.sub(r":[0-9]+$", "", host),
        local=request.local[0],
        peer=request.peer,
    )


def _spelt(local: tuple[str, int]) -> str:
    host = f"[{local[0]}]" if ":" in local[0] else local[0]
    return f"{host}:{local[1]}"


def _headers(answered: Element, message: Envelope) -> list[Element]:
    """Addressing of the answer, where the request was addressed (as those for events are)."""
    message_id = message.addressed("MessageID")
    if message_id is None:
        return []
    return soap.addressing(action=soap.action(answered, "Response"), relates_to=message_id)


def _challenges(challenged: Challenged) -> list[tuple[str, str]]:
    return [("WWW-Authenticate", challenge) for challenge in challenged.headers]


def _turned_away(outcome: Challenged | Refused, message: Envelope) -> HttpResponse:
    if isinstance(outcome, Refused):
        return _fault(Fault(code="Sender", subcodes=("NotAuthorized",), reason=outcome.reason), message)
    fault = _fault(Fault(code="Sender", subcodes=("NotAuthorized",), reason="A login is needed."), message)
    return HttpResponse(status=401, headers=[*fault.headers, *_challenges(outcome)], body=fault.body)


def _fault(fault: Fault, message: Envelope) -> HttpResponse:
    _log.debug("refused: %s", fault)
    message_id = message.addressed("MessageID")
    headers = []
    if message_id is not None:
        headers = soap.addressing(action="http://www.w3.org/2005/08/addressing/soap/fault", relates_to=message_id)
    return HttpResponse(
        status=_STATUS[fault.code],
        headers=[("Content-Type", soap.CONTENT_TYPE)],
        body=soap.envelope(soap.write_fault(fault), headers),
    )
