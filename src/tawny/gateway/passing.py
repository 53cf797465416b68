"""What the recorder answers by itself, each path by the control method of its name.

Storage, holds and evidence; finding, trying and adding cameras; their settings, steering and events.
"""

import base64
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, NamedTuple

from tawny.gateway.control import ANSWER_TIMEOUT_S, Document, RecorderControl
from tawny.gateway.exchange import Answer, Request, json_answer, whole_number

Route = tuple[str, str, Callable[[Request, str], Awaitable[Answer]]]
ID: Final = r"(?P<id>[A-Za-z0-9_-]{1,64})"
MAX_EVENTS: Final = 1000  # of one list
CAMERA_S: Final = 35.0  # a camera is waited for, which takes several steps of 10 s each at most; the hub waits longer


class _Passed(NamedTuple):
    """A path, the method that answers it, the parameter that the path's id becomes, and the status of its success.

    *within_s* is how long the answer may take.
    """

    verb: str
    path: str
    method: str
    id: str = ""
    status: int = 200
    within_s: float = ANSWER_TIMEOUT_S


def _slow(verb: str, path: str, method: str, id_: str = "", *, status: int = 200) -> _Passed:
    return _Passed(verb, path, method, id_, status, CAMERA_S)


_PASSED: Final = (
    _Passed("GET", "/storage", "storage.read"),
    _Passed("PATCH", "/storage", "storage.set"),
    _Passed("DELETE", "/storage/pending", "storage.keep_depth"),
    _Passed("PATCH", f"/storage/volumes/{ID}", "volumes.change", "volume"),
    _Passed("DELETE", f"/storage/volumes/{ID}", "volumes.forget", "volume"),
    _Passed("POST", "/storage/format", "volumes.format", status=202),
    _Passed("GET", "/drives", "drives.list"),
    _Passed("GET", "/holds", "holds.list"),
    _Passed("POST", "/holds", "holds.add", status=201),
    _Passed("POST", f"/holds/{ID}/release", "holds.release", "hold"),
    _Passed("GET", "/evidence", "evidence.read"),
    _Passed("PATCH", "/evidence", "evidence.set"),
    _Passed("POST", "/evidence/keys", "evidence.rotate", status=201),
    _Passed("GET", "/evidence/heads", "evidence.heads"),
    _Passed("POST", "/evidence/witnessed", "evidence.witnessed"),
    _Passed("GET", "/discovery", "discovery.read"),
    _Passed("POST", "/discovery", "discovery.start"),
    _Passed("DELETE", "/discovery", "discovery.stop"),
    _Passed("POST", "/trials", "trials.open", status=201),
    _Passed("GET", f"/trials/{ID}", "trials.read", "trial"),
    _Passed("DELETE", f"/trials/{ID}", "trials.close", "trial"),
    _Passed("POST", f"/trials/{ID}/login", "trials.login", "trial"),
    _Passed("POST", f"/trials/{ID}/watch", "trials.watch", "trial"),
    _slow("POST", f"/trials/{ID}/fix", "trials.fix", "trial"),
    _slow("POST", f"/trials/{ID}/cameras", "trials.keep", "trial", status=201),
    _slow("POST", "/cameras", "cameras.add", status=201),
    _Passed("POST", "/batches/add", "batches.add", status=201),
    _Passed("POST", "/batches/settings", "batches.settings", status=201),
    _Passed("GET", f"/batches/{ID}", "batches.read", "batch"),
    _Passed("DELETE", f"/batches/{ID}", "batches.stop", "batch"),
    _slow("POST", f"/cameras/{ID}/swap", "cameras.swap", "camera"),
    _Passed("GET", "/removed-cameras", "cameras.removed"),
    _Passed("GET", "/lost", "lost.read"),
    _Passed("POST", "/lost", "lost.find"),
    _slow("GET", f"/cameras/{ID}/settings", "settings.read", "camera"),
    _slow("PATCH", f"/cameras/{ID}/settings", "settings.write", "camera"),
    _slow("POST", f"/cameras/{ID}/settings/actions", "settings.act", "camera"),
    _slow("GET", f"/cameras/{ID}/controls", "control.read", "camera"),
    _slow("POST", f"/cameras/{ID}/ptz", "control.ptz", "camera"),
    _slow("POST", f"/cameras/{ID}/focus", "control.focus", "camera"),
    _slow("POST", f"/cameras/{ID}/relay", "control.relay", "camera"),
    _slow("POST", f"/cameras/{ID}/talk", "talk.open", "camera", status=201),
    _Passed("DELETE", f"/talks/{ID}", "talk.close", "talk"),
)


def table(control: RecorderControl) -> Sequence[Route]:
    """Method, path and who answers."""
    passed = [(each.verb, each.path, _answerer(control, each)) for each in _PASSED]
    return [
        *passed,
        ("POST", "/storage/volumes", _volume_adder(control)),
        ("POST", f"/talks/{ID}", _talker(control)),
        ("GET", "/events", _event_lister(control)),
    ]


def _answerer(control: RecorderControl, passed: _Passed) -> Callable[[Request, str], Awaitable[Answer]]:
    async def answer(request: Request, found: str) -> Answer:
        params = {**request.json(), **({passed.id: found} if passed.id else {})}
        return _answer(await control.call(passed.method, params, timeout_s=passed.within_s), passed.status)

    return answer


def _volume_adder(control: RecorderControl) -> Callable[[Request, str], Awaitable[Answer]]:
    """One path for two methods: an empty place is added, one that holds an archive adopted."""

    async def answer(request: Request, _: str) -> Answer:
        params: Document = request.json()
        if params.get("how", "add") == "add":
            params.pop("how", None)
            return _answer(await control.call("volumes.add", params), 201)
        params.pop("name", None)  # an archive brings its own
        return _answer(await control.call("volumes.adopt", params), 201)

    return answer


def _talker(control: RecorderControl) -> Callable[[Request, str], Awaitable[Answer]]:
    """Sound comes as octets and goes on as text, which is all that the control socket knows."""

    async def answer(request: Request, talk: str) -> Answer:
        data = base64.b64encode(request.body).decode()
        return _answer(await control.call("talk.send", {"talk": talk, "data": data}), 204)

    return answer


def _event_lister(control: RecorderControl) -> Callable[[Request, str], Awaitable[Answer]]:
    async def answer(request: Request, _: str) -> Answer:
        return _answer(await control.call("events.list", _events_wanted(request)), 200)

    return answer


def _events_wanted(request: Request) -> Document:
    """Lists stand with commas in a query."""
    query = request.query
    wanted: Document = {name: query[name] for name in ("from", "to", "before") if name in query}
    wanted |= {f"{name}s": query[name].split(",") for name in ("camera", "kind") if name in query}
    if "limit" in query:
        wanted["limit"] = whole_number(request, "limit", MAX_EVENTS, most=MAX_EVENTS)
    return wanted


def _answer(value: Any, status: int) -> Answer:
    return Answer(status=204) if value is None else json_answer(value, status=status)
