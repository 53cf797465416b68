"""The API's values against the recorder's own words, and the document made from them."""

import json
import subprocess
import sys
from typing import get_args

from tawny.hub.servers import adding_schema, event_schema, storage_schema
from tawny.hub.servers.schema import Alarm, ArchivePhase, CameraKind, DevicePhase, GapReason, Phase, Transport
from tawny.recorder.adding import batches
from tawny.recorder.adding import model as adding
from tawny.recorder.archive import model
from tawny.recorder.events import model as events
from tawny.recorder.finding import lost, service
from tawny.recorder.ingest.model import MediaTransport
from tawny.recorder.ingest.model import Phase as CameraPhase
from tawny.recorder.onvif import model as onvif
from tawny.recorder.storage import forecast
from tawny.recorder.storage import model as storage


def test_the_apis_words_are_the_recorders() -> None:
    assert {str(each) for each in GapReason} == {str(each) for each in model.GapReason}
    assert {str(each) for each in Phase} == {str(each) for each in CameraPhase}
    assert {str(each) for each in ArchivePhase} == {str(each) for each in model.Phase}
    assert {str(each) for each in storage_schema.VolumeState} == {str(each) for each in model.VolumeState}
    assert {str(each) for each in storage_schema.VolumeRole} == {str(each) for each in model.Role}
    assert {str(each) for each in event_schema.EventKind} == {str(each) for each in events.Kind}
    assert {str(each) for each in adding_schema.FixName} == {str(each) for each in adding.Fix}
    assert {str(each) for each in adding_schema.BatchState} == {str(each) for each in batches.State}
    assert {str(each) for each in CameraKind} == {str(each) for each in adding.How}
    assert {str(each) for each in DevicePhase} == {str(each) for each in onvif.DevicePhase}
    assert {str(each) for each in Transport} == {str(each) for each in MediaTransport}


def test_the_apis_literals_are_the_recorders_words() -> None:
    pairs = (
        (Alarm, "severity", storage.Severity),
        (storage_schema.Disk, "kind", storage.DiskKind),
        (storage_schema.Disk, "smart", storage.Smart),
        (storage_schema.Found, "what", storage.What),
        (storage_schema.Forecast, "state", forecast.State),
        (adding_schema.Discovery, "state", service.State),
        (adding_schema.LostCamera, "state", lost.Stand),
        (adding_schema.Trouble, "severity", adding.Severity),
        (event_schema.CameraEvent, "by", events.By),
    )
    for answer, name, words in pairs:
        assert set(get_args(answer.model_fields[name].annotation)) == {str(each) for each in words}, name


def test_the_openapi_document_is_printed_without_starting_anything() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "tawny.hub.openapi"], capture_output=True, text=True, check=True
    ).stdout
    document = json.loads(printed)

    assert document["openapi"].startswith("3.1")
    assert {"/api/v1/cameras", "/api/v1/session"} <= set(document["paths"])
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation["responses"]["default"]["content"].keys() == {"application/problem+json"}
            good = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
            described = "204" in operation["responses"] or any(c["schema"] for c in good["content"].values())
            assert described, (method, path)
