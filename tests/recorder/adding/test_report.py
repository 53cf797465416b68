from dataclasses import replace
from typing import Any

import pytest

from tawny.recorder.adding.model import CameraClock, Card
from tawny.recorder.adding.report import describe, name_of, stream_uri
from tawny.recorder.onvif.model import DeviceError, DeviceTrouble
from tawny.wire.onvif import names
from tawny.wire.onvif.deviceio import DigitalInput, RelayOutput
from tawny.wire.onvif.events import EventProperties
from tawny.wire.onvif.profiles import Profile
from tawny.wire.onvif.search import Summary
from tawny.wire.onvif.soap import Call
from tawny.wire.onvif.topics import TopicDescription
from tests.fakes.devices import IDENTITY, FakeDevice, camera_answers, profile, refusing

ALL = frozenset({names.DEVICE, names.MEDIA, names.MEDIA2, names.EVENTS, names.DEVICEIO, names.SEARCH, names.PTZ})


async def test_a_report_has_all_that_a_device_tells() -> None:
    answers = camera_answers(
        GetEventProperties=EventProperties(topics=(TopicDescription(topic="tns1:VideoSource/MotionAlarm"),)),
        GetDigitalInputs=(DigitalInput(token="in"),),
        GetRelayOutputs=(RelayOutput(token="out"),),
        GetAudioOutputs=("speaker",),
        GetRecordingSummary=Summary(recordings=2, from_us=1, until_us=2),
    )

    report = await describe(FakeDevice(services=ALL, answers=answers))

    assert (report.make, report.mac, report.uuid) == (IDENTITY.make, IDENTITY.mac, IDENTITY.uuid)
    assert report.name == "Gate camera"
    assert report.events == ("tns1:VideoSource/MotionAlarm",)
    assert (report.inputs, report.relays, report.talk) == (1, 1, True)
    assert report.storage == Card(recordings=2, oldest_us=1, newest_us=2)
    assert report.clock == CameraClock(offset_s=0.0, zone="UTC0", source="ntp")
    assert report.unread == ()


async def test_what_fails_is_absent_and_named_and_the_rest_is_told() -> None:
    broken = refusing(DeviceTrouble.BAD_ANSWER)
    answers = camera_answers(GetEventProperties=broken, GetDigitalInputs=broken, GetRecordingSummary=broken)

    report = await describe(FakeDevice(services=ALL, answers=answers))

    assert [each.main is not None for each in report.channels] == [True]
    assert (report.events, report.inputs, report.storage) == ((), 0, None)
    assert {"events", "inputs", "card"} <= set(report.unread)


async def test_a_device_that_leaves_questions_unanswered_is_not_asked_on_and_on() -> None:
    silent = refusing(DeviceTrouble.SILENT)
    answers = camera_answers(GetEventProperties=silent, GetDigitalInputs=silent, GetRelayOutputs=silent)
    device = FakeDevice(services=ALL, answers=answers)

    report = await describe(device)

    assert [each.main is not None for each in report.channels] == [True]
    assert "GetRecordingSummary" not in device.asked


@pytest.mark.parametrize("trouble", [DeviceTrouble.CREDENTIALS, DeviceTrouble.LOCKED_OUT, DeviceTrouble.UNREACHABLE])
async def test_a_refused_login_ends_the_questions(trouble: DeviceTrouble) -> None:
    device = FakeDevice(services=ALL, answers=camera_answers(GetEventProperties=refusing(trouble)))

    with pytest.raises(DeviceError) as caught:
        await describe(device)

    assert caught.value.trouble is trouble
    assert device.asked[-1] == "GetEventProperties"


async def test_a_device_that_tells_of_no_streams_is_reported_without() -> None:
    device = FakeDevice(answers=camera_answers(GetProfiles=refusing(DeviceTrouble.UNSUPPORTED)))

    report = await describe(device)

    assert report.channels == ()
    assert "streams" in report.unread
    assert report.model == IDENTITY.model


async def test_media_is_asked_where_media2_is_of_no_use() -> None:
    asked: list[str] = []

    def profiles(call: Call[Any]) -> tuple[Profile, ...]:
        service = call.service
        asked.append(service)
        if service == names.MEDIA2:
            raise refusing(DeviceTrouble.BAD_ANSWER)
        found: tuple[Profile, ...] = camera_answers()["GetProfiles"]
        return found

    report = await describe(FakeDevice(services=ALL, answers=camera_answers(GetProfiles=profiles)))

    assert asked == [names.MEDIA2, names.MEDIA]
    assert report.channels[0].main is not None


async def test_media_goes_first_where_media2_was_learned_to_be_of_no_use() -> None:
    device = FakeDevice(services=ALL)
    device.learned = replace(device.learned, media2=False)

    await stream_uri(device, "main")

    assert [call.service for call in device.calls] == [names.MEDIA]


async def test_a_stream_without_an_address_is_none() -> None:
    device = FakeDevice(answers=camera_answers(GetStreamUri=refusing(DeviceTrouble.REFUSED)))

    report = await describe(device)

    assert (report.channels[0].main, report.channels[0].sub) == (None, None)
    assert "stream" in report.unread


async def test_ptz_is_told_where_a_profile_and_the_service_have_it() -> None:
    from tawny.wire.onvif.ptz import PtzConfiguration

    moving = replace(profile("main", None), ptz=PtzConfiguration(token="p", node="n"))
    device = FakeDevice(services=ALL, answers=camera_answers(GetProfiles=(moving,)))

    assert (await describe(device)).channels[0].ptz
    device.services = ALL - {names.PTZ}
    assert not (await describe(device)).channels[0].ptz


@pytest.mark.parametrize(
    ("scopes", "name"),
    [
        (("onvif://www.onvif.org/name/Front%20door",), "Front door"),
        (("onvif://www.onvif.org/location/x", "ONVIF://www.onvif.org/name/IPC_1"), "IPC 1"),
        ((), ""),
    ],
)
def test_a_name_is_read_from_the_scopes(scopes: tuple[str, ...], name: str) -> None:
    assert name_of(scopes) == name
