"""What a real recorder says of storage, holds, evidence and exports has the form that the API promises."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import BaseModel

from bench.tawny_under_test import Tawny
from tawny.hub.servers import export_schema, schema, storage_schema

pytestmark = pytest.mark.journey

PROMISED: dict[str, type[BaseModel]] = {
    "/recorder": schema.Recorder,
    "/cameras": schema.Cameras,
    "/storage": storage_schema.Storage,
    "/drives": storage_schema.Drives,
    "/holds": storage_schema.Holds,
    "/completeness": storage_schema.Completeness,
    "/evidence": storage_schema.Evidence,
    "/evidence/heads": storage_schema.Heads,
    "/exports": export_schema.Exports,
    "/shares": export_schema.Shares,
}


def test_each_document_of_the_recorder_has_the_form_promised(tawny: Tawny) -> None:
    time.sleep(3)  # the first heads are signed and the drives looked at

    for path, promised in PROMISED.items():
        promised.model_validate(tawny.call("GET", path))


def test_what_is_set_stays_and_what_destroys_takes_the_password(tawny: Tawny) -> None:
    password = tawny.login["password"]
    hour = {"from": _utc(hours=2), "to": _utc(hours=1)}

    hold = tawny.call("POST", "/holds", {"cameras": ["cam_gone"], **hour, "why": "case 1"})
    released = tawny.call("POST", f"/holds/{hold['id']}/release", {"password": password, "why": "closed"})
    storage = tawny.call("PATCH", "/storage", {"depth_days": 30, "password": password})
    heads = tawny.call("GET", "/evidence/heads")
    tawny.call("POST", "/evidence/witnessed", {"head": heads["head"]["id"]})
    rotated = tawny.call("POST", "/evidence/keys", {"password": password})

    assert storage_schema.Hold.model_validate(hold).who == tawny.login["user"]
    assert storage_schema.Hold.model_validate(released).released is not None
    assert storage["depth"]["days"] == 30
    assert len(rotated["keys"]) == 2
    assert rotated["witnessed"]["by"] == "app"


def _utc(**ago: Any) -> str:
    return (datetime.now(UTC) - timedelta(**ago)).isoformat().replace("+00:00", "Z")
