"""Many cameras at once: added, or set alike, a few side by side, with a result for each."""

import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from tawny.recorder.adding.adder import Adder, in_words
from tawny.recorder.adding.looking import Wish
from tawny.recorder.adding.model import Document
from tawny.recorder.adding.target import read_target
from tawny.recorder.cameras.requests import MAX_NAME, MAX_URL, Request, address
from tawny.recorder.cameras.service import Cameras
from tawny.recorder.ingest.model import Trouble
from tawny.recorder.ingest.troubles import Failure
from tawny.recorder.onvif.model import DeviceError, DeviceTrouble, Login
from tawny.runtime.ids import new_id
from tawny.runtime.problem import Kind, Problem
from tawny.runtime.tasks import Tasks
from tawny.wire.tries import MOST_TRIES

_log = logging.getLogger(__name__)

MOST_ITEMS = 512
MOST_LOGINS = 4
SIDE_BY_SIDE = 4
KEPT = 20
_MAX_ID = 64

Write = Callable[[str, Mapping[str, Any]], Awaitable[Document]]
Changed = Callable[[str], object]


class State(StrEnum):
    """How far one of many is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    ALREADY = "already"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(slots=True, kw_only=True)
class Item:
    """One of many: *camera* is its id, once there is one."""

    address: str
    name: str
    state: State = State.WAITING
    camera: str | None = None
    title: str = ""
    remedy: str = ""
    results: list[Any] = field(default_factory=list)

    @property
    def ended(self) -> bool:
        """Whether nothing more comes of it."""
        return self.state not in {State.WAITING, State.RUNNING}

    def end(self, state: State, title: str, remedy: str = "") -> None:
        """It ends so."""
        self.state, self.title, self.remedy = state, title, remedy

    def document(self) -> Document:
        """The item as JSON."""
        return {
            "address": self.address,
            "name": self.name,
            "state": str(self.state),
            "camera": self.camera,
            "title": self.title,
            "remedy": self.remedy,
            "results": self.results,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AddItem:
    """A camera to be added, as it was asked for. *login* is its own, None where those of all are to be tried.

    *written* is its address as it was typed, which may hold a password; its item shows it without.
    """

    item: Item
    written: str = field(repr=False)
    login: Login | None
    channel: str
    sub_url: str
    sound: bool


@dataclass(slots=True, kw_only=True)
class Batch:
    """What was begun together: *work* does one item."""

    id: str
    kind: str
    items: Sequence[Item]
    tasks: Tasks
    stopped: bool = False

    def document(self) -> Document:
        """The batch as JSON."""
        done = sum(item.ended for item in self.items)
        state = "stopped" if self.stopped else "done" if done == len(self.items) else "running"
        return {
            "id": self.id,
            "kind": self.kind,
            "state": state,
            "done": done,
            "total": len(self.items),
            "items": [item.document() for item in self.items],
        }


class Batches:
    """The batches of this run of the recorder.

    Invariants: at most `SIDE_BY_SIDE` items of a batch run; each item ends exactly once; no camera refuses more
    than `MOST_TRIES` logins. *changed* hears of each camera that was added, *write* sets one.
    """

    def __init__(self, *, adder: Adder, cameras: Cameras, write: Write, changed: Changed) -> None:
        self._adder = adder
        self._cameras = cameras
        self._write = write
        self._changed = changed
        self._batches: dict[str, Batch] = {}

    async def close(self) -> None:
        """Stop all of them."""
        for batch in self._batches.values():
            await batch.tasks.cancel()

    def add(self, request: Request) -> Document:
        """Begin to add cameras."""
        wanted = [_read_item(each) for each in request.members("items", most=MOST_ITEMS)]
        logins = _Logins([_read_login(each) for each in request.members("logins", least=0, most=MOST_LOGINS)])
        request.finish()
        work = [(each.item, lambda each=each: self._add(each, logins)) for each in wanted]
        return self._begin("add", work)

    def settings(self, request: Request) -> Document:
        """Begin to write the same settings to cameras."""
        cameras = request.texts("cameras", most=MOST_ITEMS, limit=_MAX_ID)
        settings = request.mapping("settings")
        request.finish()
        items = [self._item(camera) for camera in dict.fromkeys(cameras)]
        work = [(item, lambda item=item: self._set(item, settings)) for item in items]
        return self._begin("settings", work)

    def read(self, request: Request) -> Document:
        """How a batch goes."""
        batch = self._known(request)
        return batch.document()

    async def stop(self, request: Request) -> Document:
        """End a batch: what has not been done is left."""
        batch = self._known(request)
        if not all(item.ended for item in batch.items):
            batch.stopped = True
            await batch.tasks.cancel()
            for item in batch.items:
                if not item.ended:
                    item.end(State.STOPPED, "Not done: it was stopped before.")
        return batch.document()

    def _begin(self, kind: str, work: Sequence[tuple[Item, Callable[[], Awaitable[None]]]]) -> Document:
        batch = Batch(id=new_id("bat"), kind=kind, items=[item for item, _ in work], tasks=Tasks(kind))
        self._batches[batch.id] = batch
        self._forget_old()
        queue = iter(work)
        for number in range(min(SIDE_BY_SIDE, len(work))):
            batch.tasks.start(_work(queue), name=f"{batch.id} {number}")
        return batch.document()

    def _forget_old(self) -> None:
        """Let go of the oldest that have ended."""
        ended = [each for each in self._batches.values() if all(item.ended for item in each.items)]
        for batch in ended[: max(0, len(self._batches) - KEPT)]:
            del self._batches[batch.id]

    def _known(self, request: Request) -> Batch:
        batch = self._batches.get(request.text("batch"))
        request.finish()
        if batch is None:
            raise Problem(Kind.NOT_FOUND, "There is no such batch any more.")
        return batch

    def _item(self, camera_id: str) -> Item:
        camera = self._cameras.known(camera_id)
        return Item(address=camera.host, name=camera.name, camera=camera.id)

    async def _add(self, wanted: AddItem, logins: "_Logins") -> None:
        item = wanted.item
        try:
            target = read_target(wanted.written)
        except Problem as problem:
            item.end(State.FAILED, problem.title, problem.remedy)
            return
        wish = Wish(target=target, sub_url=wanted.sub_url)
        own = [wanted.login] if wanted.login else logins.best()
        for others, login in reversed(list(enumerate(reversed(own or [Login()])))):
            wish.tries.reserved = others
            if await self._tried(wanted, replace(wish, login=login)):
                logins.worked(login)
                return

    async def _tried(self, wanted: AddItem, wish: Wish) -> bool:
        """Whether that is settled; another login may do where it is not."""
        item = wanted.item
        try:
            added = await self._adder.add(wish, name=item.name, sound=wanted.sound, channel=wanted.channel)
        except (DeviceError, Failure) as error:
            problem = in_words(error)
            item.end(State.FAILED, problem.title, problem.remedy)
            return not _login_refused(error)
        except Problem as problem:
            item.end(State.FAILED, problem.title, problem.remedy)
            return True
        item.camera, item.name = added.camera.id, added.camera.name
        if added.already:
            item.end(State.ALREADY, "The camera was there already.")
        else:
            item.end(State.DONE, "Added.")
            self._changed(added.camera.id)
        return True

    async def _set(self, item: Item, settings: Mapping[str, Any]) -> None:
        try:
            written = await self._write(item.camera or "", settings)
        except Problem as problem:
            item.end(State.FAILED, problem.title, problem.remedy)
            return
        item.results = list(written["results"])
        refused = [each for each in item.results if not each["ok"]]
        if refused:
            item.end(State.FAILED, f"{len(refused)} of {len(item.results)} settings were not taken.")
        else:
            item.end(State.DONE, "Written.")


class _Logins:
    """Logins for many cameras: those that worked most often are tried first."""

    def __init__(self, logins: Sequence[Login]) -> None:
        self._worked = dict.fromkeys(logins, 0)

    def best(self) -> list[Login]:
        """Those to try on the next camera."""
        return sorted(self._worked, key=lambda login: -self._worked[login])[:MOST_TRIES]

    def worked(self, login: Login) -> None:
        """A camera took *login*, or was not asked."""
        if login in self._worked:
            self._worked[login] += 1


async def _work(queue: Iterator[tuple[Item, Callable[[], Awaitable[None]]]]) -> None:
    """Do one item after the other; a fault of ours ends that item, not the others."""
    for item, work in queue:
        item.state = State.RUNNING
        try:
            await work()
        except Exception:  # noqa: BLE001 - the boundary: what one camera makes us trip over must not stop the others
            _log.exception("adding or setting %s failed", item.address)
            item.end(State.FAILED, "Something went wrong in the recorder.")


def _login_refused(error: DeviceError | Failure) -> bool:
    kind = error.trouble if isinstance(error, DeviceError) else error.kind
    return kind in {DeviceTrouble.CREDENTIALS, Trouble.CREDENTIALS}


def _read_item(request: Request) -> AddItem:
    written = request.text("address", limit=MAX_URL).strip()
    item = Item(address=_shown(written), name=request.text("name", "", limit=MAX_NAME))
    user, password = request.text("user", ""), request.text("password", "")
    sub_url = request.text("sub_url", "", limit=MAX_URL)
    wanted = AddItem(
        item=item,
        written=written,
        login=Login(user=user, password=password) if user or password else None,
        channel=request.text("channel", ""),
        sub_url=address(sub_url, name="sub_url").url if sub_url.strip() else "",
        sound=request.flag("sound", default=False),
    )
    request.finish()
    return wanted


def _shown(written: str) -> str:
    """An address without the login, or the code, that may stand in it."""
    scheme, separator, rest = written.partition("://")
    if not separator:
        scheme, rest = "", written
    return f"{scheme}{separator}{rest.rpartition('@')[2].partition('#')[0]}"


def _read_login(request: Request) -> Login:
    login = Login(user=request.text("user"), password=request.text("password", ""))
    request.finish()
    return login
