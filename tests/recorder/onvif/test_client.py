"""A device that was reached: every way to log in, every way to be refused, and nothing sent elsewhere."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from tawny.recorder.adapters.onvif_http import HttpDialler
from tawny.recorder.onvif.client import OnvifDevice
from tawny.recorder.onvif.model import Authentication, DeviceAddress, DeviceError, DeviceTrouble, Learned, Login
from tawny.recorder.onvif.opening import DeviceOpener
from tawny.runtime.clock import SystemClock
from tawny.wire.onvif import device, events, media, soap
from tawny.wire.onvif.elements import Element, make
from tawny.wire.onvif.names import EVENTS, IMAGING, MEDIA, MEDIA2, PREFIXES
from tests.devices.replay import NOON_US, PASSWORD, USER, Answer, Guard, Made, ReplayCamera, listening

LOGIN = Login(user=USER, password=PASSWORD)
SERVICES = (MEDIA, EVENTS)


def said(name: str, *content: Element) -> bytes:
    return soap.envelope(make(name, *content))


def service(namespace: str, path: str) -> Element:
    return make("tds:Service", make("tds:Namespace", namespace), make("tds:XAddr", f"http://192.168.77.7:8899{path}"))


def answers(**others: bytes | Answer) -> dict[str, bytes | Answer]:
    """What a plain camera answers; *others* instead."""
    interface = make(
        "tds:NetworkInterfaces",
        make("tt:Enabled", "true"),
        make("tt:Info", make("tt:Name", "eth0"), make("tt:HwAddress", "02-00-00-00-00-07")),
    )
    return {
        "GetServices": said("tds:GetServicesResponse", *(service(each, f"/onvif/{n}") for n, each in enumerate(SERVICES))),
        "GetDeviceInformation": said(
            "tds:GetDeviceInformationResponse", make("tds:Manufacturer", "ACME"), make("tds:SerialNumber", "SN-7")
        ),
        "GetNetworkInterfaces": said("tds:GetNetworkInterfacesResponse", interface),
        "GetScopes": said("tds:GetScopesResponse"),
        "GetEndpointReference": said(
            "tds:GetEndpointReferenceResponse", make("tds:GUID", "urn:uuid:5F5A69C2-e0ae-504f-829b-00000000000A")
        ),
        "GetProfiles": said("trt:GetProfilesResponse"),
        **others,
    }  # fmt: skip


@asynccontextmanager
async def served(
    guard: Guard | None = None, *, soap_401: bool = False, made: Mapping[str, bytes | Answer] | None = None
) -> AsyncIterator[tuple[ReplayCamera, int]]:
    camera = ReplayCamera(Made(made or answers()), guard, soap_401=soap_401)
    async with listening(camera) as port:
        yield camera, port


async def opened(
    port: int,
    login: Login = LOGIN,
    *,
    learned: Learned | None = None,
    on_learned: Callable[[Learned], None] | None = None,
) -> OnvifDevice:
    clock = SystemClock()
    opener = DeviceOpener(dialler=HttpDialler(clock=clock), clock=clock, random_bytes=secrets.token_bytes)
    return await opener.open(DeviceAddress(host="127.0.0.1", port=port), login, learned=learned, on_learned=on_learned)


@asynccontextmanager
async def device_of(port: int) -> AsyncIterator[OnvifDevice]:
    found = await opened(port)
    try:
        yield found
    finally:
        await found.close()


async def trouble(call: Awaitable[object]) -> DeviceError:
    with pytest.raises(DeviceError) as raised:
        await call
    return raised.value


async def test_who_a_camera_is_and_what_it_offers_is_known_once_it_is_open() -> None:
    async with served() as (_, port), device_of(port) as found:
        assert found.identity.make == "ACME"
        assert found.identity.serial == "SN-7"
        assert found.identity.mac == "02:00:00:00:00:07"
        assert found.identity.uuid == "5f5a69c2-e0ae-504f-829b-00000000000a"
        assert found.services == set(SERVICES)
        assert found.has(MEDIA)
        assert found.learned.media2 is False


async def test_a_service_that_the_camera_has_not_is_not_asked() -> None:
    async with served() as (camera, port), device_of(port) as found:
        error = await trouble(found.call(soap.Call(body=make("tr2:GetProfiles"), read=soap.nothing)))

    assert not found.has(MEDIA2)
    assert error.trouble is DeviceTrouble.UNSUPPORTED
    assert camera.asked["GetProfiles"] == 0


@pytest.mark.parametrize("soap_401", [False, True])
@pytest.mark.parametrize("kinds", [{"digest-md5"}, {"digest-sha256"}, {"wsse"}, {"digest-md5", "wsse"}])
async def test_many_questions_at_once_log_in_without_one_wrong_try(kinds: set[str], *, soap_401: bool) -> None:
    async with served(Guard(kinds=frozenset(kinds)), soap_401=soap_401) as (camera, port), device_of(port) as found:
        await asyncio.gather(*(found.call(media.get_profiles()) for _ in range(12)))

    assert camera.asked["GetProfiles"] >= 12
    assert camera.guard.wrong == 0


async def test_many_questions_at_once_with_a_wrong_password_are_two_tries_at_most() -> None:
    guard = Guard(kinds=frozenset({"digest-md5", "wsse"}))
    async with served(guard) as (camera, port), device_of(port) as found:
        camera.guard.right = "changed"
        errors = await asyncio.gather(*(trouble(found.call(media.get_profiles())) for _ in range(12)))
        later = await trouble(found.call(device.get_users()))

    assert {each.trouble for each in [*errors, later]} == {DeviceTrouble.CREDENTIALS}
    assert found.ended is not None
    # those under way at the moment of the change can't be called back: as many as there are connections
    assert guard.wrong <= 4 + 1


async def test_one_question_after_a_changed_password_is_two_tries() -> None:
    guard = Guard(kinds=frozenset({"digest-md5", "wsse"}))
    async with served(guard) as (camera, port), device_of(port) as found:
        camera.guard.right = "changed"
        await trouble(found.call(media.get_profiles()))
        await trouble(found.call(media.get_profiles()))

    assert guard.wrong == 2


async def test_a_token_is_made_for_the_cameras_own_clock_also_after_that_was_set() -> None:
    guard = Guard(kinds=frozenset({"wsse"}))
    async with served(guard) as (camera, port), device_of(port) as found:
        camera.moved_us = -400 * 86_400 * 1_000_000
        profiles = await found.call(media.get_profiles())

    assert profiles == ()
    assert found.learned.clock_offset_s is not None
    assert abs(SystemClock().utc_us() / 1e6 + found.learned.clock_offset_s - (NOON_US + camera.moved_us) / 1e6) < 60


async def test_a_camera_that_takes_each_nonce_once_is_got_along_with() -> None:
    guard = Guard(kinds=frozenset({"digest-md5"}), fickle=True)
    async with served(guard) as (camera, port), device_of(port) as found:
        for _ in range(10):
            await found.call(media.get_profiles())

    assert guard.wrong == 0
    assert camera.asked["GetDeviceInformation"] + camera.asked["GetScopes"] < 12


async def test_a_long_wait_for_events_keeps_nobody_else_from_asking() -> None:
    held, released = asyncio.Event(), asyncio.Event()

    class Holding(ReplayCamera):
        async def hold(self, operation: str, status: int) -> None:
            if operation == "PullMessages" and status == 200:
                held.set()
                await released.wait()

    guard = Guard(kinds=frozenset({"digest-md5"}), fickle=True)
    camera = Holding(Made(answers(PullMessages=soap.envelope(make("tev:PullMessagesResponse")))), guard)
    async with listening(camera) as port, device_of(port) as found, asyncio.TaskGroup() as group:
        group.create_task(found.call(events.pull_messages(timeout_s=60.0, most=10), timeout_s=70.0))
        await held.wait()
        profiles = await found.call(media.get_profiles(), timeout_s=5.0)
        released.set()

    assert profiles == ()


@pytest.mark.parametrize("kinds", [{"digest-md5"}, {"wsse"}])
async def test_what_this_user_may_not_do_is_no_wrong_password(kinds: set[str]) -> None:
    guard = Guard(kinds=frozenset(kinds), denied=frozenset({"GetUsers"}))
    async with served(guard) as (_, port), device_of(port) as found:
        errors = [await trouble(found.call(device.get_users())) for _ in range(3)]
        profiles = await found.call(media.get_profiles())

    assert {each.trouble for each in errors} == {DeviceTrouble.REFUSED}
    assert profiles == ()
    assert found.ended is None


async def test_a_camera_that_is_locked_says_for_how_long() -> None:
    guard = Guard(kinds=frozenset({"wsse"}), locked="The account is locked, try again in 12 minutes")
    async with served(guard) as (_, port):
        error = await trouble(opened(port))

    assert error.trouble is DeviceTrouble.LOCKED_OUT
    assert error.minutes == 12


async def test_without_a_login_the_camera_asks_for_one() -> None:
    async with served(Guard(kinds=frozenset({"digest-md5"}))) as (camera, port):
        error = await trouble(opened(port, Login()))

    assert error.trouble is DeviceTrouble.CREDENTIALS
    assert camera.logins == []


async def test_basic_is_used_by_consent_alone() -> None:
    async with served(Guard(kinds=frozenset({"basic"}))) as (camera, port):
        refused = await trouble(opened(port))
        before = list(camera.logins)
        found = await opened(port, replace(LOGIN, allow_basic=True))
        await found.close()

    assert refused.trouble is DeviceTrouble.BASIC_ONLY
    assert before == []
    assert found.learned.authentication is Authentication.BASIC


async def test_a_login_that_the_camera_took_is_the_first_tried_next_time() -> None:
    learned: list[Learned] = []
    async with served(Guard(kinds=frozenset({"wsse"}))) as (camera, port):
        first = await opened(port, on_learned=learned.append)
        await first.close()
        refusals = camera.asked["GetServices"]
        again = await opened(port, learned=learned[-1])
        await again.close()

    assert refusals == 2
    assert camera.asked["GetServices"] == 3


async def test_events_are_addressed_and_echo_what_names_the_subscription() -> None:
    heard: list[bytes] = []

    class Listening(ReplayCamera):
        def _answer(self, request: Any, data: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
            heard.append(data)
            return super()._answer(request, data)

    pulled = soap.envelope(make("tev:PullMessagesResponse"))
    camera = Listening(Made(answers(PullMessages=pulled)))
    async with listening(camera) as port, device_of(port) as found:
        await found.call(
            events.pull_messages(timeout_s=1.0, most=10),
            at="http://192.168.77.7/onvif/sub?id=3",
            references=(b'<d:SubscriptionId xmlns:d="http://axis.example/">7</d:SubscriptionId>',),
        )

    header = soap.parse(heard[-1]).header
    assert header is not None
    written = [(each.tag, each.text) for each in header]
    assert ("{http://axis.example/}SubscriptionId", "7") in written
    assert (f"{{{PREFIXES['wsa']}}}To", f"http://127.0.0.1:{port}/onvif/sub?id=3") in written
    assert any(tag == f"{{{PREFIXES['wsa']}}}MessageID" for tag, _ in written)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(body=b"<html>no</html>", status=404), DeviceTrouble.UNSUPPORTED),
        (Answer(body=b"<html>welcome</html>"), DeviceTrouble.BAD_ANSWER),
        (Answer(body=b""), DeviceTrouble.BAD_ANSWER),
        (Answer(body=b"", status=500), DeviceTrouble.BAD_ANSWER),
        (Answer(body=b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), DeviceTrouble.BAD_ANSWER),
        (Answer(body=b"", status=302), DeviceTrouble.REFUSED),
    ],
)
async def test_a_bad_answer_of_an_open_camera_is_about_that_question_alone(
    answer: Answer, expected: DeviceTrouble
) -> None:
    made = answers(GetProfiles=answer)
    async with served(made=made) as (_, port), device_of(port) as found:
        error = await trouble(found.call(media.get_profiles()))
        users = await trouble(found.call(device.get_users()))

    assert error.trouble is expected
    assert users.trouble is DeviceTrouble.UNSUPPORTED


async def test_a_setting_that_is_answered_with_nothing_at_all_was_taken() -> None:
    async with served(made=answers(SetScopes=Answer(body=b""))) as (camera, port), device_of(port) as found:
        await found.call(device.set_scopes(["onvif://www.onvif.org/name/x"]))

    assert camera.asked["SetScopes"] == 1


async def test_a_call_may_be_used_again() -> None:
    call = media.get_profiles()
    async with served() as (camera, port), device_of(port) as found:
        for _ in range(3):
            await found.call(call)

    assert camera.asked["GetProfiles"] == 3


async def test_what_a_device_told_leads_to_where_it_was_reached() -> None:
    async with served() as (_, port), device_of(port) as found:
        assert found.reachable(" rtsp://u:p@192.168.77.7:554/x\n") == "rtsp://127.0.0.1:554/x"


async def test_closing_ends_everything() -> None:
    async with AsyncExitStack() as stack:
        _, port = await stack.enter_async_context(served())
        found = await opened(port)
        await found.close()

        assert (await trouble(found.call(media.get_profiles()))).trouble is DeviceTrouble.UNREACHABLE
    assert not found.has(IMAGING)
