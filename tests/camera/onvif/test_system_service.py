from datetime import UTC, datetime

import httpx
import pytest

from tawny.runtime.clock import SimulatedClock, utc_us
from tawny.wire.onvif import device, soap
from tawny.wire.onvif.answers.events import Filter
from tawny.wire.onvif.elements import Element, children, make, text
from tawny.wire.onvif.events import create_pull_point
from tawny.wire.onvif.soap import FaultError
from tests.camera.onvif.staged import OPERATOR, staged

LATER = utc_us(datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC))
NAME = "onvif://www.onvif.org/name/Back%20door"


async def test_the_clock_is_set_and_runs_on_from_there_until_it_follows_ntp_again() -> None:
    clock = SimulatedClock()
    async with staged(clock=clock) as camera:
        await camera.ask(device.set_system_date_and_time(utc_us=LATER, zone="CET-1CEST,M3.5.0,M10.5.0/3").body)
        await clock.advance(5)
        by_hand = device.read_system_date_and_time(await camera.ask(make("tds:GetSystemDateAndTime")))
        await camera.ask(device.set_system_date_and_time(utc_us=None).body)
        by_ntp = device.read_system_date_and_time(await camera.ask(make("tds:GetSystemDateAndTime")))

    assert by_hand.utc_us == LATER + 5_000_000
    assert (by_hand.ntp, by_hand.zone, by_hand.local_us) == (False, "CET-1CEST,M3.5.0,M10.5.0/3", None)
    assert by_ntp.utc_us == clock.utc_us() // 1_000_000 * 1_000_000
    assert by_ntp.ntp


async def test_events_are_told_by_the_devices_own_clock() -> None:
    clock = SimulatedClock()
    async with staged(clock=clock) as camera:
        await camera.ask(device.set_system_date_and_time(utc_us=LATER).body)
        await clock.advance(60)
        camera.device.happenings.flip_input()
        answer = await camera.ask(create_pull_point().body)

    assert (text(answer, "CurrentTime") or "").startswith("2031-05-06T07:09:09")


@pytest.mark.parametrize(
    ("body", "subcode"),
    [
        (device.set_system_date_and_time(utc_us=LATER, zone="Europe/Berlin").body, "InvalidTimeZone"),
        (make("tds:SetSystemDateAndTime", make("tds:DateTimeType", "Moon")), "InvalidDateTime"),
        (
            make(
                "tds:SetSystemDateAndTime",
                make("tds:DateTimeType", "Manual"),
                make("tds:UTCDateTime", make("tt:Date", make("tt:Year", "2031"))),
            ),
            "InvalidDateTime",
        ),
        (device.set_scopes(["onvif://www.onvif.org/Profile/Streaming"]).body, "ScopeOverwrite"),
        (device.set_scopes([f"{NAME}{n}" for n in range(33)]).body, "TooManyScopes"),
        (device.set_scopes(["onvif://www.onvif.org/name/" + "x" * 300]).body, "InvalidArgVal"),
        (make("tds:RemoveScopes", make("tds:ScopeItem", "onvif://www.onvif.org/Profile/Streaming")), "FixedScope"),
        (make("tds:RemoveScopes", make("tds:ScopeItem", "onvif://nowhere")), "NoScope"),
    ],
)
async def test_what_cannot_be_is_refused(body: Element, subcode: str) -> None:
    async with staged() as camera:
        with pytest.raises(FaultError) as refused:
            await camera.ask(body)

    assert refused.value.fault.names(subcode)


async def test_scopes_are_set_added_and_removed_and_the_network_hears_of_it() -> None:
    told: list[tuple[str, ...]] = []
    async with staged() as camera:
        camera.device.news = lambda here: told.append(camera.device.endpoint().scopes)
        await camera.ask(device.set_scopes([NAME]).body)
        await camera.ask(make("tds:AddScopes", make("tds:ScopeItem", "onvif://www.onvif.org/location/yard")))
        removed = await camera.ask(make("tds:RemoveScopes", make("tds:ScopeItem", NAME)))
        scopes = device.read_scopes(await camera.ask(make("tds:GetScopes")))

    assert [NAME in each for each in told] == [True, True, False]
    assert [text(each) for each in children(removed, "ScopeItem")] == [NAME]
    assert [scope.item for scope in scopes if not scope.fixed] == ["onvif://www.onvif.org/location/yard"]


async def test_only_an_administrator_restarts_the_device() -> None:
    async with staged() as camera:
        with pytest.raises(FaultError) as refused:
            await camera.ask(device.system_reboot().body, who=OPERATOR)

    assert refused.value.fault.unauthorized


async def test_a_device_that_starts_anew_goes_forgets_who_subscribed_and_comes_back() -> None:
    clock, news = SimulatedClock(), list[bool]()
    async with staged(clock=clock) as camera:
        camera.device.news = news.append
        point = camera.device.notifications.subscribe(Filter(), lasts_s=600)
        await camera.ask(device.system_reboot().body)
        await clock.advance(1)
        with pytest.raises(httpx.TransportError):
            await camera.post(make("tds:GetSystemDateAndTime"))
        gone = list(news)
        await clock.advance(5)
        answered = await camera.post(make("tds:GetSystemDateAndTime"))

    assert point is not None
    assert camera.device.notifications.point(point.name) is None
    assert (gone, news) == ([False], [False, True])
    assert soap.answer(answered.content) is not None
