from dataclasses import replace
from typing import Any

import pytest

from tawny.recorder.adding.fixes import create_user, set_clock, shorten_key_frames, use_h264
from tawny.recorder.onvif.model import DeviceError, DeviceTrouble, Login
from tawny.wire.onvif import names
from tawny.wire.onvif.encoders import VideoEncoderOptions
from tawny.wire.onvif.geometry import Range, Size
from tawny.wire.onvif.soap import Call
from tests.fakes.devices import FakeDevice, camera_answers, encoder, profile, refusing, set_encoders

LOGIN = Login(user="tawny", password="long enough")
H265 = encoder("enc_1", "H265", width=2560, height=1440)
OFFERED = (
    VideoEncoderOptions(encoding="H265", gov_length=Range(low=1, high=400)),
    VideoEncoderOptions(
        encoding="H264",
        sizes=(Size(width=1280, height=720), Size(width=1920, height=1080)),
        frame_rates=(5, 10, 15, 20),
        gov_length=Range(low=1, high=30),
        codec_profiles=("Baseline", "Main"),
    ),
)


def device(**answers: object) -> FakeDevice:
    done = {"SetVideoEncoderConfiguration": None, "CreateUsers": None, "SetUser": None, "SetSystemDateAndTime": None}
    return FakeDevice(answers=camera_answers(**{**done, **answers}))


async def test_h264_keeps_size_rate_and_profile_as_far_as_the_camera_can() -> None:
    camera = device(GetProfiles=(profile("main", H265),), GetVideoEncoderConfigurationOptions=OFFERED)

    await use_h264(camera, ["main"])

    (written,) = set_encoders(camera)
    assert (written.encoding, written.size, written.codec_profile) == ("H264", Size(width=1920, height=1080), "Main")
    assert (written.frame_rate, written.gov_length) == (20, 30)  # two seconds would be 40: it takes 30 at the most
    assert written.token == "enc_1"


async def test_a_camera_without_h264_is_left_as_it_is() -> None:
    camera = device(GetProfiles=(profile("main", H265),), GetVideoEncoderConfigurationOptions=OFFERED[:1])

    with pytest.raises(DeviceError) as caught:
        await use_h264(camera, ["main"])

    assert caught.value.trouble is DeviceTrouble.UNSUPPORTED
    assert set_encoders(camera) == []


async def test_key_frames_are_set_for_each_encoder_once() -> None:
    slow = replace(encoder("e1"), gov_length=250)
    camera = device(GetProfiles=(profile("main", slow), profile("also", slow), profile("other", slow)))

    await shorten_key_frames(camera, ["main", "also"])

    assert [each.gov_length for each in set_encoders(camera)] == [50]


async def test_what_is_right_already_is_not_written() -> None:
    camera = device()

    await shorten_key_frames(camera, ["main"])

    assert set_encoders(camera) == []


async def test_the_other_media_service_is_tried_where_one_refuses() -> None:
    slow = profile("main", replace(encoder("e1"), gov_length=250))
    written: list[str] = []

    def write(call: Call[Any]) -> None:
        service = call.service
        written.append(service)
        if service == names.MEDIA2:
            raise refusing(DeviceTrouble.REFUSED)

    camera = device(GetProfiles=(slow,), SetVideoEncoderConfiguration=write)
    camera.services = frozenset({names.DEVICE, names.MEDIA, names.MEDIA2})

    await shorten_key_frames(camera, ["main"])

    assert written == [names.MEDIA2, names.MEDIA]


async def test_a_user_who_is_there_gets_the_password_instead() -> None:
    exists = refusing(DeviceTrouble.REFUSED, reason="Sender ter:OperationProhibited ter:UsernameClash exists")
    camera = device(CreateUsers=exists)

    await create_user(camera, LOGIN)

    assert camera.asked == ["CreateUsers", "SetUser"]


async def test_a_refused_user_is_not_forced() -> None:
    camera = device(CreateUsers=refusing(DeviceTrouble.REFUSED, title="The camera refused: too many users."))

    with pytest.raises(DeviceError, match="too many users"):
        await create_user(camera, LOGIN)

    assert camera.asked == ["CreateUsers"]


async def test_the_clock_is_set_and_its_zone_stays() -> None:
    camera = device()

    await set_clock(camera, 1_795_348_800_000_000)

    assert camera.asked == ["GetSystemDateAndTime", "SetSystemDateAndTime"]
    sent = "".join(str(each.text) for each in camera.calls[-1].body.iter() if each.text)
    assert "Manual" in sent
    assert "UTC0" in sent
    assert "2026" in sent
