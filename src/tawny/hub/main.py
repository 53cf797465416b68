"""The hub put together: what is opened here is closed here, in the opposite order."""

import asyncio
import logging
import os
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

import uvicorn

from tawny.hub.access.service import Access
from tawny.hub.adapters.argon2 import Argon2Passwords
from tawny.hub.adapters.migrate import bring_up_to_date
from tawny.hub.adapters.sql_shares import SqlShares
from tawny.hub.adapters.sql_store import SqlStore, sqlite_engine
from tawny.hub.servers.app import application
from tawny.hub.servers.changes import Changes
from tawny.hub.servers.link import Link
from tawny.hub.servers.live import LiveStreams
from tawny.hub.servers.parts import LOOPBACK_NAMES, Front, Parts
from tawny.hub.shares.service import Shares
from tawny.runtime.clock import Clock
from tawny.runtime.data_directory import DataDirectory
from tawny.runtime.problem import Kind, Problem
from tawny.runtime.tasks import Tasks

_log = logging.getLogger(__name__)
_DATE_S = 1.0
_RENEWAL_S = 20 * 86_400.0
_MAX_REQUEST_MESSAGE = 16 * 1024  # what a page may say in one message on a socket


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How to start. *certificate* and *key* are given together, or our own authority makes them where needed."""

    data: Path
    listen: str = "127.0.0.1"
    port: int = 8090
    names: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None
    web: Path | None = None

    @property
    def loopback(self) -> bool:
        return ip_address(self.listen).is_loopback

    @property
    def https(self) -> bool:
        return not self.loopback or self.certificate is not None


class _Server(uvicorn.Server):
    """Uvicorn, which leaves signals to the program it runs in, and is told when to end.

    It would wake ten times a second to look whether it should, most of what an idle hub costs.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._ending = asyncio.Event()

    def end(self) -> None:
        """Finish what is being answered, then return from `serve`."""
        self.should_exit = True
        self._ending.set()

    async def main_loop(self) -> None:
        while not await self.on_tick(0):  # renews the date in answers
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), _DATE_S)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Hub:
    """The running hub; `open_hub` makes one."""

    def __init__(self, *, url: str, access: Access, server: _Server, listening: socket.socket) -> None:
        self.url = url
        self.access = access
        self._server = server
        self._listening = listening

    async def serve(self) -> None:
        """Answer until `stop` is called."""
        await self._server.serve(sockets=[self._listening])

    def stop(self) -> None:
        """Finish what is being answered, then return from `serve`."""
        self._server.end()


@asynccontextmanager
async def open_access(data: DataDirectory, clock: Clock) -> AsyncIterator[Access]:
    """People and sessions of a data directory, which may be in use by a running hub."""
    async with _open_database(data, clock) as (access, _):
        yield access


@asynccontextmanager
async def _open_database(data: DataDirectory, clock: Clock) -> AsyncIterator[tuple[Access, Shares]]:
    """What stands on the hub's database."""
    bring_up_to_date(data.hub)
    engine, passwords = sqlite_engine(data.hub), Argon2Passwords()
    try:
        access = Access(
            store=SqlStore(engine),
            passwords=passwords,
            clock=clock,
            owner_made=lambda: setup_code_file(data).unlink(missing_ok=True),
        )
        yield access, Shares(store=SqlShares(engine), passwords=passwords, clock=clock)
    finally:
        passwords.close()
        await engine.dispose()


@asynccontextmanager
async def open_hub(settings: Settings, clock: Clock) -> AsyncIterator[Hub]:
    """A hub that listens; Problem(CONFLICT) where another uses the data directory or the port."""
    data = DataDirectory(root=settings.data)
    data.create()
    async with AsyncExitStack() as stack:
        stack.callback(os.close, data.lock("hub"))
        listening = stack.enter_context(_bound(settings))
        access, shares = await stack.enter_async_context(_open_database(data, clock))
        await _offer_set_up(access, data)
        tasks = await stack.enter_async_context(Tasks("hub"))
        link = Link()
        stack.push_async_callback(link.close)
        await link.listen(data.sockets / "link.sock")
        changes = Changes(link, clock)
        tasks.start(changes.run(), name="changes")
        parts = Parts(
            access=access,
            shares=shares,
            link=link,
            live=LiveStreams(link, clock, tasks),
            changes=changes,
            clock=clock,
            front=_front(settings, data),
        )
        config = _config(settings, parts)
        if settings.https:
            _use_certificate(config, settings, data, clock, tasks)
        scheme = "https" if settings.https else "http"
        url = f"{scheme}://{_shown(settings.listen)}:{listening.getsockname()[1]}"
        yield Hub(url=url, access=access, server=_Server(config), listening=listening)


def setup_code_file(data: DataDirectory) -> Path:
    """Where the one-time set-up code stands until the owner is made."""
    return data.sockets / "setup-code"


async def _offer_set_up(access: Access, data: DataDirectory) -> None:
    """Without an owner, see that there is a set-up code: in its file, and in the log when it is made."""
    file = setup_code_file(data)
    if not await access.setup_required():
        file.unlink(missing_ok=True)
        return
    with suppress(OSError):
        if await access.setup_code_valid(file.read_text().strip()):
            return
    code = await access.new_setup_code()
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(code + "\n")
    _log.warning("No owner yet. The set-up code is %s (also in %s).", code, file)


@contextmanager
def _bound(settings: Settings) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in settings.listen else socket.AF_INET
    try:
        listening = socket.create_server((settings.listen, settings.port), family=family, backlog=512)
    except OSError as error:
        raise Problem(
            Kind.CONFLICT,
            f"The port {settings.port} of {settings.listen} can't be used: {error.strerror}.",
            remedy="Stop what is using it, or choose another one with --port.",
        ) from error
    try:
        yield listening
    finally:
        listening.close()


def _front(settings: Settings, data: DataDirectory) -> Front:
    from tawny.hub.adapters.certificates import authority_path, local_names

    own_authority = settings.https and settings.certificate is None
    names = LOOPBACK_NAMES | {name.lower() for name in settings.names} | {settings.listen}
    return Front(
        names=frozenset(names) if settings.loopback else local_names(settings.listen, settings.names),
        any_address=ip_address(settings.listen).is_unspecified,
        https=settings.https,
        web=settings.web,
        authority=authority_path(data.keys) if own_authority else None,
    )


def _config(settings: Settings, parts: Parts) -> uvicorn.Config:
    return uvicorn.Config(
        application(parts),
        loop="none",
        http="h11",
        ws="websockets-sansio",
        ws_per_message_deflate=False,  # 90 times the CPU (design D8)
        ws_max_size=_MAX_REQUEST_MESSAGE,
        ws_ping_timeout=60,
        lifespan="off",
        access_log=False,
        server_header=False,
        log_config=None,
        log_level="warning",
        timeout_graceful_shutdown=2,
        proxy_headers=False,
    )


def _use_certificate(
    config: uvicorn.Config, settings: Settings, data: DataDirectory, clock: Clock, tasks: Tasks
) -> None:
    """Serve HTTPS with the certificate given, or with one of our own that is renewed while we run."""
    if settings.certificate is not None and settings.key is not None:
        config.ssl_certfile, config.ssl_keyfile = settings.certificate, settings.key
        return
    from tawny.hub.adapters.certificates import load_or_make_authority, local_names, make_certificate
    from tawny.hub.servers.install import fingerprint

    authority = load_or_make_authority(data.keys, clock)
    names = local_names(settings.listen, settings.names)
    files = make_certificate(data.keys, authority, names, clock)
    config.ssl_certfile, config.ssl_keyfile = files.certificate, files.key
    _log.warning("The authority's fingerprint, to compare on the page /install: %s", fingerprint(authority.certificate))

    async def renew() -> None:
        while True:
            await clock.sleep(_RENEWAL_S)
            renewed = make_certificate(data.keys, authority, names, clock)
            assert isinstance(config.ssl, ssl.SSLContext)
            config.ssl.load_cert_chain(renewed.certificate, renewed.key)

    tasks.start(renew(), name="renew the certificate")


def _shown(address: str) -> str:
    shown = socket.gethostname() if ip_address(address).is_unspecified else address
    return f"[{shown}]" if ":" in shown else shown
