"""Whether a request keeps less footage than is kept now: that takes the person's password again (design D12)."""

import json
from collections.abc import Mapping
from typing import Any

from tawny.hub.servers.parts import AsPerson, Parts


async def lowers(wanted: Mapping[str, int | None], parts: Parts, person: AsPerson) -> bool:
    """Whether a depth or size limit of *wanted* is lower than the recorder's."""
    storage = await _read("/storage", parts, person)
    kept = {"depth_days": storage["depth"]["days"], "size_limit_bytes": storage["size_limit_bytes"]}
    return any(_less(value, kept[name]) for name, value in wanted.items())


async def lowers_depth(camera: str, days: int | None, parts: Parts, person: AsPerson) -> bool:
    """Whether *days* (None: as long as the recorder's) is less than what is kept of *camera* now."""
    recorders = (await _read("/storage", parts, person))["depth"]["days"]
    kept = (await _read(f"/cameras/{camera}", parts, person))["depth_days"]
    return _less(recorders if days is None else days, recorders if kept is None else kept)


def _less(value: int | None, kept: int | None) -> bool:
    """None is without end."""
    return value is not None and (kept is None or value < kept)


async def _read(path: str, parts: Parts, person: AsPerson) -> Any:
    return json.loads((await parts.link.request("GET", path, person=person.person.id)).body)
