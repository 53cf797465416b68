"""Asking the recorder in a person's name, and handing its answer on as it is."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import Response
from pydantic import BaseModel

from tawny.hub.servers.parts import AsPerson, Parts

CAMERA_S = 40.0  # a camera is waited for, which is slower than any recorder: the gateway gives up before


async def asked(
    parts: Parts,
    person: AsPerson,
    method: str,
    path: str,
    body: BaseModel | Mapping[str, Any] | bytes | None = None,
    query: Mapping[str, Any] | None = None,
    *,
    timeout_s: float | None = None,
) -> Response:
    """The recorder's answer; a problem of its own is raised. Members of *body* that were not sent stay unsent."""
    if isinstance(body, BaseModel):
        body = body.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)
    answer = await parts.link.request(
        method,
        f"{path}?{urlencode(query)}" if query else path,
        json=body,
        person=person.person.id,
        timeout_s=timeout_s,
    )
    return Response(answer.body or None, answer.status, media_type="application/json" if answer.body else None)
