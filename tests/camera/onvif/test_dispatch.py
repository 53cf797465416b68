import base64

import httpx
import pytest

from tawny.runtime.clock import SimulatedClock, SystemClock
from tawny.wire.onvif import security, soap
from tawny.wire.onvif.answers.access import ACCESS
from tawny.wire.onvif.answers.login import LOCKED_S, MOST_WRONG
from tawny.wire.onvif.elements import Element, make, text
from tawny.wire.onvif.names import qualified
from tests.camera.onvif.staged import ADMIN, OPERATOR, VIEWER, staged


def token(password: str, *, nonce: bytes = b"0123456789abcdef", off_s: int = 0) -> list[Element]:
    now_us = SystemClock().utc_us() + off_s * 1_000_000
    return [security.username_token(user="root", password=password, nonce=nonce, created_us=now_us)]


def fault_of(answered: httpx.Response) -> soap.Fault:
    with pytest.raises(soap.FaultError) as caught:
        soap.answer(answered.content)
    return caught.value.fault


async def test_every_operation_that_has_an_access_class_is_served_and_no_other() -> None:
    async with staged() as camera:
        served = set(camera.device.dispatcher.served())

    assert served == {qualified(name) for name in ACCESS}


async def test_the_time_is_told_to_everybody_even_with_a_wrong_password() -> None:
    async with staged() as camera:
        answered = await camera.post(
            soap.envelope(make("tds:GetSystemDateAndTime"), token("wrong")), login=httpx.DigestAuth("root", "wrong")
        )

    assert answered.status_code == 200
    assert text(soap.answer(answered.content), "SystemDateAndTime/DateTimeType") == "NTP"


async def test_nobody_is_challenged_by_sha_256_first_and_md5_next() -> None:
    async with staged() as camera:
        answered = await camera.post(make("tds:GetDeviceInformation"))

    challenges = answered.headers.get_list("www-authenticate")
    assert answered.status_code == 401
    assert [c.rpartition("algorithm=")[2] for c in challenges] == ["SHA-256", "MD5"]
    assert fault_of(answered).names("NotAuthorized")


async def test_a_digest_login_is_let_in_with_the_strongest_algorithm() -> None:
    async with staged() as camera:
        login = httpx.DigestAuth("root", "s3cret")

        answered = await camera.post(make("tds:GetDeviceInformation"), login=login)

    assert text(soap.answer(answered.content), "Manufacturer") == "Tawny"
    assert "algorithm=SHA-256" in answered.request.headers["authorization"]


async def test_a_user_name_token_is_let_in_once() -> None:
    async with staged() as camera:
        message = soap.envelope(make("tds:GetDeviceInformation"), token("s3cret"))

        first, again = await camera.post(message), await camera.post(message)

    assert first.status_code == 200
    assert again.status_code == 400
    assert fault_of(again).names("NotAuthorized")
    assert "used before" in str(fault_of(again))


async def test_a_token_of_another_time_is_refused_with_the_reason() -> None:
    async with staged() as camera:
        answered = await camera.post(soap.envelope(make("tds:GetDeviceInformation"), token("s3cret", off_s=-3600)))

    assert "clocks" in str(fault_of(answered))


async def test_where_two_logins_come_both_must_hold() -> None:
    async with staged() as camera:
        message = soap.envelope(make("tds:GetDeviceInformation"), token("wrong"))

        answered = await camera.post(message, login=httpx.DigestAuth("root", "s3cret"))

    assert fault_of(answered).names("NotAuthorized")


@pytest.mark.parametrize(("who", "allowed"), [(ADMIN, True), (OPERATOR, False), (VIEWER, False)])
async def test_only_an_administrator_sees_the_users(who: object, allowed: bool) -> None:
    user = next(user for user in (ADMIN, OPERATOR, VIEWER) if user is who)
    async with staged() as camera:
        answered = await camera.post(make("tds:GetUsers"), login=httpx.DigestAuth(user.name, user.password))

    assert (answered.status_code == 200) is allowed
    assert allowed or fault_of(answered).names("NotAuthorized")


async def test_who_guesses_is_locked_out_for_a_minute_and_not_longer() -> None:
    clock = SimulatedClock()
    async with staged(clock=clock) as camera:
        wrong, right = httpx.DigestAuth("root", "wrong"), httpx.DigestAuth("root", "s3cret")
        for _ in range(MOST_WRONG):
            await camera.post(make("tds:GetDeviceInformation"), login=wrong)

        locked = await camera.post(make("tds:GetDeviceInformation"), login=right)
        await clock.advance(LOCKED_S)
        later = await camera.post(make("tds:GetDeviceInformation"), login=right)

    assert fault_of(locked).locked_out
    assert later.status_code == 200


async def test_an_unknown_operation_is_not_supported() -> None:
    async with staged() as camera:
        answered = await camera.post(make("trc:GetRecordings"))

    assert answered.status_code == 500
    fault = fault_of(answered)
    assert (fault.code, fault.subcodes) == ("Receiver", ("ActionNotSupported",))


@pytest.mark.parametrize("body", [b"", b"<a", b"\0" * 100, b"<html/>", base64.b64encode(bytes(range(256)))])
async def test_what_is_no_message_is_a_bad_request_and_the_next_one_is_answered(body: bytes) -> None:
    async with staged() as camera:
        bad = await camera.post(body)
        good = await camera.post(make("tds:GetHostname"))

    assert (bad.status_code, good.status_code) == (400, 200)


async def test_an_addressed_request_gets_an_addressed_answer() -> None:
    async with staged() as camera:
        headers = soap.addressing(action="urn:some", message_id="urn:uuid:1")

        answered = await camera.post(soap.envelope(make("tds:GetHostname"), headers))

    assert soap.parse(answered.content).addressed("RelatesTo") == "urn:uuid:1"


async def test_addresses_are_those_that_the_client_dialled() -> None:
    async with staged() as camera:
        body = soap.envelope(make("tds:GetServices", make("tds:IncludeCapability", "false")))

        dialled = await camera.client.post(camera.url, content=body, headers={"Host": "camera.example:81"})
        odd = await camera.client.post(camera.url, content=body, headers={"Host": "<evil>"})

    assert text(soap.answer(dialled.content), "Service/XAddr") == "http://camera.example:81/onvif/device_service"
    assert text(soap.answer(odd.content), "Service/XAddr") == camera.url


async def test_another_method_and_another_page_are_refused() -> None:
    async with staged() as camera:
        put = await camera.client.put(camera.url)
        absent = await camera.client.get(f"http://127.0.0.1:{camera.port}/nothing")

    assert (put.status_code, absent.status_code) == (405, 404)
