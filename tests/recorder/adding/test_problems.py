from dataclasses import replace
from typing import Any

import pytest

from tawny.recorder.adding.model import CameraClock, Channel, Fix, How, Report, ReportedStream, Severity
from tawny.recorder.adding.problems import from_device, from_stream, problems
from tawny.recorder.ingest.model import Trouble
from tawny.recorder.ingest.troubles import failure
from tawny.recorder.onvif.model import DeviceTrouble, Login, device_error
from tawny.wire.media import StreamName
from tests.fakes.ingest import DELIVERING

MAIN = ReportedStream(profile="main", uri="rtsp://192.0.2.7/a", codec="h264", width=1920, height=1080, key_frame_s=2.0)
SUB = replace(MAIN, profile="sub", width=640, height=360)
CHANNEL = Channel(channel="s1", name="", main=MAIN, sub=SUB)
GOOD = Report(
    how=How.ONVIF,
    address="http://192.0.2.7/",
    make="HIKVISION",
    authentication="digest-md5",
    clock=CameraClock(offset_s=0.4),
    channels=(CHANNEL,),
)
OPERATOR = Login(user="tawny", password="long enough")


def ids(report: Report, login: Login = OPERATOR) -> list[str]:
    return [item.id for item in problems(report, {}, login=login)]


def channel(**changes: Any) -> Report:
    return replace(GOOD, channels=(replace(CHANNEL, **changes),))


def test_nothing_is_wrong_with_a_camera_as_it_should_be() -> None:
    assert ids(GOOD) == []


@pytest.mark.parametrize(
    ("offset_s", "said"),
    [
        (7.0, "The camera's clock is 7 seconds fast."),
        (-200.0, "The camera's clock is 3 minutes slow."),
        (86_400.0 * 20_000, "The camera's clock is 20000 days fast."),
    ],
)
def test_a_clock_that_is_off_is_told_and_can_be_set(offset_s: float, said: str) -> None:
    (item,) = problems(replace(GOOD, clock=CameraClock(offset_s=offset_s)), {}, login=OPERATOR)

    assert (item.title, item.fix) == (said, Fix.SET_CLOCK)
    assert "Time Settings" in item.remedy


def test_h265_is_a_warning_where_no_other_stream_helps() -> None:
    h265 = replace(MAIN, codec="h265")

    (helped,) = problems(channel(main=h265), {}, login=OPERATOR)
    (alone,) = problems(channel(main=h265, sub=replace(SUB, codec="h265")), {}, login=OPERATOR)

    assert (helped.severity, alone.severity) == (Severity.INFO, Severity.WARNING)
    assert (helped.fix, helped.channel) == (Fix.H264, "s1")


def test_a_codec_that_is_not_recorded_is_an_error_and_stands_first() -> None:
    found = problems(channel(main=replace(MAIN, codec="mpeg4"), sub=None), {}, login=OPERATOR)

    assert [(item.id, item.severity) for item in found] == [("codec", Severity.ERROR), ("no_sub", Severity.INFO)]


def test_rare_key_frames_are_told_as_measured_before_as_stated() -> None:
    measured = {StreamName.MAIN: replace(DELIVERING, key_frame_s=10.0)}

    (item,) = problems(GOOD, measured, login=OPERATOR)

    assert (item.id, item.fix) == ("key_frames", Fix.KEY_FRAMES)
    assert "every 10 seconds" in item.title
    assert ids(channel(main=replace(MAIN, key_frame_s=8.0))) == ["key_frames"]


def test_what_was_measured_is_of_the_channel_that_is_watched() -> None:
    two = replace(GOOD, channels=(CHANNEL, replace(CHANNEL, channel="s2", name="Channel 2")))
    measured = {StreamName.MAIN: replace(DELIVERING, key_frame_s=10.0)}

    found = problems(two, measured, channel="s2", login=OPERATOR)

    assert [(item.id, item.channel) for item in found] == [("key_frames", "s2")]


def test_sound_that_is_not_recorded_is_said() -> None:
    assert ids(channel(main=replace(MAIN, audio="g726"))) == ["audio"]
    assert ids(channel(main=replace(MAIN, audio="aac"))) == []


@pytest.mark.parametrize(
    ("login", "said"),
    [
        (Login(user="admin", password="12345"), ["default_password", "own_user"]),
        (Login(user="viewer", password="viewer"), ["default_password"]),
        (Login(user="root", password="a good one"), ["own_user"]),
    ],
)
def test_logins_that_are_no_good_are_told(login: Login, said: list[str]) -> None:
    assert ids(GOOD, login) == said


def test_a_camera_that_asks_nobody_for_a_password_can_be_given_one() -> None:
    (item,) = problems(replace(GOOD, authentication="none"), {}, login=Login())

    assert (item.id, item.fix) == ("open", Fix.SET_PASSWORD)


def test_a_camera_without_streams_can_t_be_recorded() -> None:
    (item,) = problems(replace(GOOD, channels=()), {}, login=OPERATOR)

    assert (item.id, item.severity) == ("no_stream", Severity.ERROR)


def test_what_onvif_would_mend_is_not_offered_where_there_is_none() -> None:
    report = replace(channel(main=replace(MAIN, codec="h265", key_frame_s=9.0)), how=How.RTSP, authentication="")

    assert {item.fix for item in problems(report, {}, login=OPERATOR)} == {None}


@pytest.mark.parametrize(
    ("trouble", "fix"),
    [
        (DeviceTrouble.NOT_ACTIVATED, Fix.SET_PASSWORD),
        (DeviceTrouble.CREDENTIALS, Fix.LOGIN),
        (DeviceTrouble.CERTIFICATE, Fix.ACCEPT_CERTIFICATE),
        (DeviceTrouble.BASIC_ONLY, Fix.ALLOW_BASIC),
        (DeviceTrouble.UNREACHABLE, None),
    ],
)
def test_a_device_s_trouble_offers_what_mends_it(trouble: DeviceTrouble, fix: Fix | None) -> None:
    item = from_device(device_error(trouble, minutes=7))

    assert (item.fix, item.minutes, item.severity) == (fix, 7, Severity.ERROR)
    assert item.title
    assert item.remedy


def test_a_remedy_names_the_menu_of_the_make() -> None:
    assert "Integration Protocol" in from_device(device_error(DeviceTrouble.CREDENTIALS), make="HIKVISION").remedy
    assert "Camera Account" in from_device(device_error(DeviceTrouble.CREDENTIALS), make="TP-Link Tapo").remedy


def test_a_stream_that_does_not_come_is_told_in_its_own_words() -> None:
    refused = from_stream(failure(Trouble.CREDENTIALS))
    codec = from_stream(failure(Trouble.CODEC), channel="s1", make="Axis")

    assert (refused.id, refused.fix) == ("stream_credentials", Fix.LOGIN)
    assert (codec.fix, codec.channel) == (Fix.H264, "s1")
