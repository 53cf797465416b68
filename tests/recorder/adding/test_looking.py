from typing import Any

import pytest

from tawny.recorder.adding.looking import OWN_USER, RTSP_CHANNEL, Found, Wish
from tawny.recorder.adding.model import How
from tawny.recorder.adding.target import read_target
from tawny.recorder.ingest.model import Trouble
from tawny.recorder.ingest.troubles import Failure
from tawny.recorder.onvif.model import DeviceError, DeviceTrouble, Login
from tawny.wire.onvif.answers.adoption import Invitation, write
from tests.fakes.devices import FakeDevice, camera_answers, refusing
from tests.recorder.adding.rig import ADMIN, Rig


async def look(rig: Rig, address: str, login: Login = ADMIN, **more: Any) -> tuple[Found, list[str]]:
    said: list[str] = []
    wish = Wish(target=read_target(address), login=login, **more)
    return await rig.looker.look(wish, lambda _, title: said.append(title)), said


async def test_a_device_is_found_at_whichever_port_it_answers() -> None:
    rig = Rig()
    rig.opener.at = {"192.0.2.7:2020": rig.device, "192.0.2.7:443": refusing(DeviceTrouble.CERTIFICATE)}

    found, said = await look(rig, "192.0.2.7")

    assert (found.report.how, found.device) == (How.ONVIF, rig.device)
    assert rig.device.address.port == 2020
    assert said[0] == "Looking for the camera at 192.0.2.7."
    assert all(said)


async def test_strangers_ask_without_a_login_so_that_no_try_is_lost() -> None:
    rig = Rig()

    await look(rig, "192.0.2.7")

    assert [each for each in rig.opener.opened if each[1]] == [("192.0.2.7:80", ADMIN.user, ADMIN.password)]


async def test_an_encrypted_device_service_counts_where_no_other_answers() -> None:
    rig = Rig()
    rig.opener.at = {"192.0.2.7:443": refusing(DeviceTrouble.CERTIFICATE, certificate="ab" * 32)}

    with pytest.raises(DeviceError) as caught:
        await look(rig, "192.0.2.7")

    assert caught.value.certificate == "ab" * 32
    assert not rig.streams.checked


async def test_without_onvif_the_paths_of_all_makes_are_tried() -> None:
    rig = Rig()
    rig.opener.at = {}
    rig.streams.otherwise = Trouble.NOT_FOUND
    rig.streams.there = {"rtsp://192.0.2.7/stream1", "rtsp://192.0.2.7/stream2"}

    found, _ = await look(rig, "192.0.2.7")

    (channel,) = found.report.channels
    assert (found.report.how, channel.channel, found.device) == (How.RTSP, RTSP_CHANNEL, None)
    access = found.access(channel)
    assert access is not None
    assert (access.url, access.sub_url) == ("rtsp://192.0.2.7/stream1", "rtsp://192.0.2.7/stream2")
    assert (access.user, access.password) == (ADMIN.user, ADMIN.password)


async def test_a_refused_password_ends_the_tries_of_paths() -> None:
    rig = Rig()
    rig.opener.at = {}
    rig.streams.otherwise = Trouble.CREDENTIALS

    with pytest.raises(Failure) as caught:
        await look(rig, "192.0.2.7")

    assert caught.value.kind is Trouble.CREDENTIALS
    assert len(rig.streams.checked) == 1


async def test_a_camera_with_no_known_path_is_said_to_be_one() -> None:
    rig = Rig()
    rig.opener.at = {}
    rig.streams.otherwise = Trouble.NOT_FOUND

    with pytest.raises(Failure, match="neither by ONVIF nor under a path"):
        await look(rig, "192.0.2.7")


async def test_nothing_at_all_is_unreachable() -> None:
    rig = Rig()
    rig.opener.at = {}

    with pytest.raises(Failure) as caught:
        await look(rig, "192.0.2.7")

    assert caught.value.kind is Trouble.UNREACHABLE
    assert len(rig.streams.checked) == 2  # one for each port: the others would be as silent


async def test_an_adoption_code_makes_us_a_user_without_a_password_being_typed() -> None:
    rig = Rig()
    own = Login(user=OWN_USER, password="made-up-password")
    adopting = FakeDevice(login=Login(user="adopt", password="Abc123"), answers=camera_answers(CreateUsers=None))

    def reached(login: Login) -> FakeDevice:
        if login == adopting.login and "CreateUsers" not in adopting.asked:
            return adopting
        if login == own and "CreateUsers" in adopting.asked:
            return FakeDevice(login=own)
        raise refusing(DeviceTrouble.CREDENTIALS)

    rig.opener.at = {"192.0.2.7:8001": reached}
    code = write(
        Invitation(
            address="https://192.0.2.7:8001/onvif/device_service", reference="u", fingerprint="ab" * 32, code="Abc123"
        )
    )

    found, _ = await look(rig, code, Login())

    assert (found.login, found.fingerprint) == (own, "ab" * 32)
    assert adopting.closed
    with pytest.raises(DeviceError, match="has been used"):
        await look(rig, code, Login())


async def test_a_device_that_can_t_be_read_is_left() -> None:
    rig = Rig()
    rig.device.answers = camera_answers(GetProfiles=refusing(DeviceTrouble.LOCKED_OUT, minutes=30))

    with pytest.raises(DeviceError) as caught:
        await look(rig, "http://192.0.2.7")

    assert caught.value.minutes == 30
    assert rig.device.closed
