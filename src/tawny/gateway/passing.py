"""What the recorder answers by itself: storage, holds and evidence, each path by the control method of its name."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, NamedTuple

from tawny.gateway.control import Document, RecorderControl
from tawny.gateway.exchange import Answer, Request, json_answer

Route = tuple[str, str, Callable[[Request, str], Awaitable[Answer]]]
_ID: Final = r"(?P<id>[A-Za-z0-9_-]{1,64})"


class _Passed(NamedTuple):
    """A path, the method that answers it, the parameter that the path's id becomes, and the status of its success."""

    verb: str
    path: str
    method: str
    id: str = ""
    status: int = 200


_PASSED: Final = (
    _Passed("GET", "/storage", "storage.read"),
    _Passed("PATCH", "/storage", "storage.set"),
    _Passed("DELETE", "/storage/pending", "storage.keep_depth"),
    _Passed("PATCH", f"/storage/volumes/{_ID}", "volumes.change", "volume"),
    _Passed("DELETE", f"/storage/volumes/{_ID}", "volumes.forget", "volume"),
    _Passed("POST", "/storage/format", "volumes.format", status=202),
    _Passed("GET", "/drives", "drives.list"),
    _Passed("GET", "/holds", "holds.list"),
    _Passed("POST", "/holds", "holds.add", status=201),
    _Passed("POST", f"/holds/{_ID}/release", "holds.release", "hold"),
    _Passed("GET", "/evidence", "evidence.read"),
    _Passed("PATCH", "/evidence", "evidence.set"),
    _Passed("POST", "/evidence/keys", "evidence.rotate", status=201),
    _Passed("GET", "/evidence/heads", "evidence.heads"),
    _Passed("POST", "/evidence/witnessed", "evidence.witnessed"),
)


def table(control: RecorderControl) -> Sequence[Route]:
    """Method, path and who answers."""
    passed = [(each.verb, each.path, _answerer(control, each)) for each in _PASSED]
    return [*passed, ("POST", "/storage/volumes", _volume_adder(control))]


def _answerer(control: RecorderControl, passed: _Passed) -> Callable[[Request, str], Awaitable[Answer]]:
    async def answer(request: Request, found: str) -> Answer:
        params = {**request.json(), **({passed.id: found} if passed.id else {})}
        return _answer(await control.call(passed.method, params), passed.status)

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


def _answer(value: Any, status: int) -> Answer:
    return Answer(status=204) if value is None else json_answer(value, status=status)
