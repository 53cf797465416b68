"""A request over the link and its answer: what handlers see of HTTP/2."""

import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tawny.runtime.problem import Kind, Problem
from tawny.wire.link import PROBLEM_TYPE, STATUS_OF_KIND


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the hub asks; *person* is for whom. Names of *headers* are in small letters, as HTTP/2 has them."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    person: str = ""
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; empty where there is none."""
        if not self.body:
            return {}
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            raise Problem(Kind.INVALID, "The request has to be a JSON object.")
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back: whole, or in pieces that are taken at the pace of the reader.

    A body in pieces is closed (its ``finally`` runs) when the reader goes away.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | AsyncGenerator[bytes, None] = b""


Handler = Callable[[Request], Awaitable[Answer]]


def json_answer(value: Any, *, status: int = 200) -> Answer:
    """*value* as a JSON document."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(status=status, headers={"content-type": "application/json"}, body=body)


def problem_answer(problem: Problem) -> Answer:
    """*problem* as RFC 9457 has it, with the status of its kind."""
    status = STATUS_OF_KIND[problem.kind]
    body = json.dumps({**problem.document(), "status": status}, ensure_ascii=False).encode()
    return Answer(status=status, headers={"content-type": PROBLEM_TYPE}, body=body)


def whole_number(request: Request, name: str, default: int, *, most: int) -> int:
    """The whole number *name* of the query, from 1 to *most*."""
    digits = request.query.get(name, str(default))
    if not (digits.isascii() and digits.isdigit() and len(digits) < 6 and 1 <= int(digits) <= most):
        raise Problem(Kind.INVALID, f"“{name}” has to be a whole number from 1 to {most}.", field=name)
    return int(digits)
