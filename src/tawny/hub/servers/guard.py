"""The one door: every request and socket passes here before any route sees it.

It refuses foreign host names (DNS rebinding), foreign origins (cross-site requests and sockets), oversized bodies, and
whoever is not signed in, but for the short list `OPEN`; and it puts the headers on every answer that tell a browser
what our pages may do (design D14).
"""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tawny.hub.access.model import SignedIn
from tawny.hub.servers.parts import Parts
from tawny.hub.servers.problems import problem_response
from tawny.runtime.problem import Kind, Problem

API = "/api/"
OPEN = frozenset(
    {
        ("GET", "/api/v1/health"),
        ("GET", "/api/v1/session"),
        ("POST", "/api/v1/session"),
        ("POST", "/api/v1/setup"),
        ("GET", "/api/openapi.json"),
        ("POST", "/api/v1/shared"),  # who holds a link's secret; what it opens asks for the cookie that this gives
        ("GET", "/api/v1/shared/files/{number}"),
        ("GET", "/api/v1/shared/export.zip"),
        ("GET", "/install"),
        ("GET", "/ca.pem"),
        ("GET", "/{path:path}"),  # the web app's own files, which say nothing about anybody
    }
)
"""What needs no session, as method and route. Everything below ``/api/`` that is not named here needs one."""

MAX_BODY_BYTES = 256 * 1024
_NUMBER = re.compile(r"/[0-9]{1,5}$")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'self'; "
    "script-src 'self'; "
    "style-src 'self'; "
    "img-src 'self' data: blob:; "
    "media-src 'self' blob:; "
    "worker-src 'self' blob:; "
    "connect-src 'self'; "
    "object-src 'none'; "
    "frame-ancestors 'none'; "
    "base-uri 'none'; "
    "form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(self), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def token_of(connection: HTTPConnection, cookie: str) -> str | None:
    """The session's secret as a browser (cookie) or a script (header) sends it; never taken from the URL."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip() or None
    return connection.cookies.get(cookie) or None


def is_open(method: str, path: str) -> bool:
    """Whether *path* may be read without a session."""
    method = "GET" if method == "HEAD" else method
    if path.startswith(API) or path == API.rstrip("/"):
        return (method, _NUMBER.sub("/{number}", path)) in OPEN
    return method == "GET"


class Guard:
    """The door in front of *app* (pure ASGI, so that it covers sockets too).

    Invariant: *app* is called only for a request to one of our names, from our own origin where a browser names
    one, and either open or with ``state.signed_in`` set.
    """

    def __init__(self, app: ASGIApp, parts: Parts) -> None:
        self._app = app
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        send = _with_headers(send, api=scope["path"].startswith(API))
        try:
            await self._admit(scope)
        except Problem as problem:
            await problem_response(problem)(scope, receive, send)
            return
        await self._app(scope, _bounded(receive), send)

    async def _admit(self, scope: Scope) -> None:
        connection = HTTPConnection(scope)
        socket = scope["type"] == "websocket"
        self._check_host(connection.headers)
        if socket or scope["method"] not in _SAFE_METHODS:
            _check_origin(connection.headers)
        if not socket and int(connection.headers.get("content-length", "0") or "0") > MAX_BODY_BYTES:
            raise Problem(Kind.INVALID, "The request is too large.")
        person = await self._signed_in(connection)
        if person is not None:
            connection.state.signed_in = person
        elif socket or not is_open(scope["method"], scope["path"]):
            raise Problem(Kind.UNAUTHENTICATED, "You are not signed in.", remedy="Sign in and try again.")

    async def _signed_in(self, connection: HTTPConnection) -> SignedIn | None:
        if not connection.url.path.startswith(API):
            return None
        token = token_of(connection, self._parts.front.cookie)
        return await self._parts.access.signed_in(token) if token else None

    def _check_host(self, headers: Headers) -> None:
        name = urlsplit(f"//{headers.get('host', '')}").hostname or ""
        if not self._parts.front.answers_to(name):
            raise Problem(
                Kind.FORBIDDEN,
                "This recorder does not answer to the name in the address.",
                remedy="Use one of its own names, or start it with --host and this name.",
            )


def _check_origin(headers: Headers) -> None:
    """Refuse a page of another origin.

    Browsers name the origin with every such request; what names none is no browser, and has no cookie it
    could be tricked into sending.
    """
    origin = headers.get("origin")
    if origin is None and headers.get("sec-fetch-site", "none") in {"same-origin", "none"}:
        return
    if origin is None or urlsplit(origin).netloc.lower() != headers.get("host", "").lower():
        raise Problem(Kind.FORBIDDEN, "Another web page asked for this, not Tawny's own.")


def _with_headers(send: Send, *, api: bool) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] in {"http.response.start", "websocket.http.response.start"}:
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)  # a route may be stricter
            if api:
                headers["Cache-Control"] = "no-store"
        await send(message)

    return sending


def _bounded(receive: Receive) -> Receive:
    """*receive*, cut off where a body without announced length grows too large."""
    received = 0

    async def receiving() -> Message:
        nonlocal received
        message = await receive()
        if message["type"] == "http.request":
            received += len(message.get("body", b""))
            if received > MAX_BODY_BYTES:
                raise Problem(Kind.INVALID, "The request is too large.")
        return message

    return receiving
