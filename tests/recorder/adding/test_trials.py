import asyncio
from dataclasses import replace
from typing import Any

import pytest

from tawny.recorder.adding.trials import MAX_TRIALS, TRIAL_LEASE_S, WATCH_S
from tawny.recorder.archive.model import GapReason
from tawny.recorder.cameras.model import Access, OnvifSource
from tawny.recorder.cameras.requests import Request
from tawny.recorder.cameras.service import MAX_CAMERAS
from tawny.recorder.ingest.model import Trouble
from tawny.recorder.onvif.model import DeviceAddress, DeviceTrouble, Login
from tawny.runtime.problem import Kind, Problem
from tests.fakes.devices import IDENTITY, FakeDevice, camera_answers, encoder, profile, refusing, set_encoders
from tests.fakes.ingest import ONLINE, REFUSED
from tests.recorder.adding.rig import ADMIN, Rig


async def keep(rig: Rig, trial: str, *channels: dict[str, Any]) -> list[str]:
    return [each.id for each in await rig.trials.keep(Request({"trial": trial, "channels": list(channels)}))]


async def test_an_onvif_camera_is_found_read_and_live() -> None:
    rig = Rig()

    trial = await rig.open()

    document = rig.read(trial)
    assert (document["step"], document["kind"], document["channel"]) == ("ready", "onvif", "vs_1")
    assert document["report"]["model"] == "DS-2CD2143G0-I"
    source = rig.ingest.sources[trial]
    assert (source.main_url, source.sub_url) == ("rtsp://192.0.2.7/main", "rtsp://192.0.2.7/sub")
    assert (source.user, source.password, source.record) == ("admin", "Kolotoč7", False)
    assert not rig.settings.cameras()
    assert "Kolotoč7" not in str(document)


async def test_a_kept_trial_becomes_a_camera_with_its_onvif_side_and_leaves_nothing_else() -> None:
    rig = Rig()
    trial = await rig.open()

    (camera_id,) = await keep(rig, trial, {"channel": "vs_1", "name": "Gate"})

    camera = rig.cameras.known(camera_id)
    assert camera.device == OnvifSource(
        address=DeviceAddress(host="192.0.2.7"), main_profile="main", sub_profile="sub", channel="vs_1"
    )
    assert (camera.identity, camera.password, camera.sound) == (IDENTITY, "Kolotoč7", False)
    assert list(rig.ingest.sources) == [camera_id]
    assert rig.device.closed


async def test_channels_of_a_device_become_cameras_of_their_own() -> None:
    rig = Rig()
    two = (profile("a", encoder("e1"), source="s1"), profile("b", encoder("e2"), source="s2"))
    rig.device.answers = camera_answers(GetProfiles=two)
    trial = await rig.open()

    kept = await keep(rig, trial, {"channel": "s1", "name": "One"}, {"channel": "s2", "name": "Two", "sound": True})

    assert [rig.ingest.sources[each].main_url for each in kept] == ["rtsp://192.0.2.7/a", "rtsp://192.0.2.7/b"]
    assert [rig.ingest.sources[each].sound for each in kept] == [False, True]


async def test_another_channel_is_looked_at() -> None:
    rig = Rig()
    two = (profile("a", encoder("e1"), source="s1"), profile("b", encoder("e2"), source="s2"))
    rig.device.answers = camera_answers(GetProfiles=two)
    trial = await rig.open()

    rig.trials.watch(Request({"trial": trial, "channel": "s2"}))

    assert rig.ingest.sources[trial].main_url == "rtsp://192.0.2.7/b"
    with pytest.raises(Problem) as caught:
        rig.trials.watch(Request({"trial": trial, "channel": "s3"}))
    assert caught.value.extra == {"field": "channel"}


async def test_a_closed_trial_leaves_nothing() -> None:
    rig = Rig()
    trial = await rig.open()

    await rig.trials.close(Request({"trial": trial}))

    assert rig.device.closed
    assert not rig.ingest.sources
    assert not rig.settings.cameras()
    with pytest.raises(Problem) as caught:
        rig.read(trial)
    assert caught.value.kind is Kind.NOT_FOUND


async def test_a_trial_ends_when_nobody_reads_it_for_its_lease() -> None:
    rig = Rig()
    trial = await rig.open()

    await rig.clock.advance(TRIAL_LEASE_S - 1)
    rig.read(trial)
    await rig.clock.advance(TRIAL_LEASE_S - 1)
    await rig.trials.sweep()
    assert trial in rig.ingest.sources
    await rig.clock.advance(1)
    await rig.trials.sweep()

    assert not rig.ingest.sources


async def test_too_many_trials_are_refused_until_one_ends() -> None:
    rig = Rig()
    trials = [await rig.open("rtsp://192.0.2.7/a") for _ in range(MAX_TRIALS)]

    with pytest.raises(Problem) as caught:
        await rig.open("rtsp://192.0.2.7/a")
    await rig.trials.close(Request({"trial": trials[0]}))

    assert caught.value.kind is Kind.TOO_MANY
    assert await rig.open("rtsp://192.0.2.7/a") in rig.ingest.sources


async def test_an_rtsp_address_is_ready_with_its_first_picture() -> None:
    rig = Rig()
    trial = await rig.open("rtsp://admin:secret@192.0.2.7/a", user="", password="", transport="udp")
    assert rig.read(trial)["step"] == "connecting"

    rig.ingest.states[trial] = ONLINE
    await rig.clock.advance(WATCH_S)

    document = rig.read(trial)
    assert (document["step"], document["kind"]) == ("ready", "rtsp")
    assert document["streams"]["main"]["width"] == 1920
    assert not rig.opener.opened
    (camera_id,) = await keep(rig, trial, {"channel": "0", "name": "Gate"})
    camera = rig.cameras.known(camera_id)
    assert (camera.url, camera.user, camera.password) == ("rtsp://192.0.2.7/a", "admin", "secret")
    assert (camera.device, camera.transport) == (None, "udp")


async def test_a_first_picture_that_takes_its_time_is_explained() -> None:
    rig = Rig()
    trial = await rig.open("rtsp://192.0.2.7/a")

    await rig.clock.advance(9)

    assert rig.read(trial)["step"] == "connecting"
    assert "every ten seconds" in rig.read(trial)["title"]


async def test_a_step_that_takes_long_says_why() -> None:
    rig = Rig()
    rig.streams.held = asyncio.Event()
    trial = await rig.open("192.0.2.9")

    early = rig.read(trial)
    await rig.clock.advance(9)
    late = rig.read(trial)
    await rig.clock.advance(9)
    later = rig.read(trial)
    rig.streams.held.set()
    await rig.settle()
    ended = rig.read(trial)

    assert (early["step"], "slow" in early["title"]) == ("connecting", False)
    assert late["title"] == f"{early['title']} The camera is slow to answer."
    assert (later["title"], later["since"]) == (late["title"], early["since"])
    assert (ended["step"], "slow" in ended["title"]) == ("failed", False)


async def test_a_stream_that_refuses_the_login_is_not_asked_again_by_itself() -> None:
    rig = Rig()
    trial = await rig.open("rtsp://192.0.2.7/a")

    rig.ingest.states[trial] = REFUSED
    await rig.clock.advance(WATCH_S)

    document = rig.read(trial)
    assert (document["step"], document["title"]) == ("failed", "The camera refused the password.")
    assert document["problems"][0]["fix"] == "login"
    assert document["state"]["retry_at"] is None
    assert rig.ingest.removed == [(trial, GapReason.NOT_ADDED)]


async def test_two_refused_logins_are_the_most_unless_a_person_insists() -> None:
    rig = Rig()
    trial = await rig.open(password="wrong")
    again = {"trial": trial, "user": "admin", "password": "wrong again"}
    await rig.trials.login(Request(again))
    await rig.settle()
    assert (rig.read(trial)["step"], rig.read(trial)["tries_left"]) == ("failed", 0)

    with pytest.raises(Problem) as caught:
        await rig.trials.login(Request(again))
    right = {"trial": trial, "user": "admin", "password": "Kolotoč7", "again": True}
    await rig.trials.login(Request(right))
    await rig.settle()

    assert caught.value.kind is Kind.TOO_MANY
    assert rig.read(trial)["step"] == "ready"
    refused = [each for each in rig.opener.opened if each[2] == "wrong again"]
    assert len(refused) == 1


async def test_a_camera_that_waits_for_its_first_password_gets_it() -> None:
    rig = Rig()
    fresh = FakeDevice(answers=camera_answers(CreateUsers=None))

    def reached(login: Login) -> FakeDevice:
        if "CreateUsers" in fresh.asked and login != ADMIN:
            raise refusing(DeviceTrouble.CREDENTIALS)
        return replace(fresh, learned=fresh.learned, login=login)

    rig.opener.put("192.0.2.7:80", reached)
    trial = await rig.open(user="", password="")
    assert "set_password" in [each["fix"] for each in rig.read(trial)["problems"]]

    given = {"trial": trial, "fix": "set_password", "user": "admin", "password": "Kolotoč7"}
    await rig.trials.fix(Request(given))
    await rig.settle()

    assert fresh.asked.count("CreateUsers") == 1
    assert rig.opener.opened[-1] == ("192.0.2.7:80", "admin", "Kolotoč7")
    assert rig.ingest.sources[trial].password == "Kolotoč7"


async def test_a_certificate_is_shown_and_once_accepted_it_is_the_only_one() -> None:
    rig = Rig()
    shown = "ab" * 32
    rig.opener.put("192.0.2.7:443", refusing(DeviceTrouble.CERTIFICATE, certificate=shown))
    trial = await rig.open("https://192.0.2.7")
    document = rig.read(trial)
    assert (document["step"], document["problems"][0]["fix"]) == ("failed", "accept_certificate")
    assert document["report"]["certificate"]["fingerprint"] == shown

    rig.opener.put("192.0.2.7:443", rig.device)
    await rig.trials.fix(Request({"trial": trial, "fix": "accept_certificate"}))
    await rig.settle()

    (camera_id,) = await keep(rig, trial, {"channel": "vs_1", "name": "Gate"})
    assert rig.cameras.known(camera_id).fingerprint == shown


async def test_key_frames_are_set_to_two_seconds_and_read_anew() -> None:
    rig = Rig()
    slow = profile("main", replace(encoder(), gov_length=250))
    rig.device.answers = camera_answers(GetProfiles=(slow,), SetVideoEncoderConfiguration=None)
    trial = await rig.open()
    assert "key_frames" in [each["id"] for each in rig.read(trial)["problems"]]

    await rig.trials.fix(Request({"trial": trial, "fix": "key_frames"}))
    await rig.settle()

    assert [each.gov_length for each in set_encoders(rig.device)] == [50]
    assert rig.read(trial)["step"] == "ready"
    assert rig.device.asked.count("GetProfiles") >= 3


async def test_a_fix_that_the_camera_refuses_is_a_problem_in_words() -> None:
    rig = Rig()
    rig.device.answers["SetSystemDateAndTime"] = refusing(DeviceTrouble.REFUSED, title="The camera refused: no.")
    trial = await rig.open()

    with pytest.raises(Problem) as caught:
        await rig.trials.fix(Request({"trial": trial, "fix": "set_clock"}))

    assert caught.value.title == "The camera refused: no."
    assert rig.read(trial)["step"] == "ready"


async def test_a_channel_that_is_recorded_already_says_so() -> None:
    rig = Rig()
    (camera_id,) = await keep(rig, await rig.open(), {"channel": "vs_1", "name": "Gate"})

    again = rig.read(await rig.open())

    assert again["report"]["channels"][0]["added"] == camera_id


async def test_a_channel_is_not_kept_twice() -> None:
    rig = Rig()
    await keep(rig, await rig.open(), {"channel": "vs_1", "name": "Gate"})
    again = await rig.open()

    with pytest.raises(Problem) as caught:
        await keep(rig, again, {"channel": "vs_1", "name": "Twice"})

    assert caught.value.kind is Kind.CONFLICT
    assert len(rig.cameras.all()) == 1
    assert rig.read(again)["step"] == "ready"


async def test_channels_are_kept_all_or_none() -> None:
    rig = Rig()
    three = (profile(f"p{number}", encoder(f"e{number}"), source=f"vs_{number}") for number in range(1, 4))
    rig.device.answers = camera_answers(GetProfiles=tuple(three))
    for number in range(MAX_CAMERAS - 2):
        rig.cameras.keep(Access(url=f"rtsp://192.0.2.1/{number}"), name="Full")
    trial = await rig.open()
    channels = [{"channel": f"vs_{number}", "name": "More"} for number in range(1, 4)]

    with pytest.raises(Problem) as caught:
        await keep(rig, trial, *channels)
    with pytest.raises(Problem) as twice:
        await keep(rig, trial, channels[0], channels[0])

    assert (caught.value.kind, len(rig.cameras.all())) == (Kind.EXHAUSTED, MAX_CAMERAS - 2)
    assert twice.value.kind is Kind.INVALID
    assert len(await keep(rig, trial, *channels[:2])) == 2


async def test_a_trial_that_is_closed_while_something_is_put_right_stays_closed() -> None:
    rig = Rig()
    go = asyncio.Event()
    trial = await rig.open()
    call = rig.device.call

    async def slowly(request: Any, **more: Any) -> Any:
        await go.wait()
        return await call(request, **more)

    rig.device.call = slowly  # type: ignore[method-assign, assignment]  # the fake, held up
    rig.device.answers["SetSystemDateAndTime"] = None
    fixing = asyncio.gather(rig.trials.fix(Request({"trial": trial, "fix": "set_clock"})), return_exceptions=True)
    await rig.settle()
    await rig.trials.close(Request({"trial": trial}))
    rig.device.closed = False
    go.set()
    (outcome,) = await fixing

    assert isinstance(outcome, Problem)
    assert outcome.kind is Kind.NOT_FOUND
    assert not rig.ingest.sources


async def test_a_swapped_camera_keeps_its_id_its_name_and_its_settings() -> None:
    rig = Rig()
    old = rig.cameras.add(Request({"name": "Gate", "url": "rtsp://192.0.2.1/a", "sound": True}))
    trial = await rig.open()

    await rig.trials.swap(Request({"camera": old.id, "trial": trial, "channel": "vs_1"}))

    camera = rig.cameras.known(old.id)
    assert (camera.name, camera.sound, camera.added_us) == ("Gate", True, old.added_us)
    assert (camera.url, camera.identity) == ("rtsp://192.0.2.7/main", IDENTITY)
    assert list(rig.ingest.sources) == [old.id]


async def test_a_swap_with_a_camera_that_is_not_there_leaves_the_trial() -> None:
    rig = Rig()
    trial = await rig.open()

    with pytest.raises(Problem) as caught:
        await rig.trials.swap(Request({"camera": "cam_x", "trial": trial, "channel": "vs_1"}))

    assert caught.value.kind is Kind.NOT_FOUND
    assert trial in rig.ingest.sources


async def test_a_stream_whose_login_differs_is_told_beside_the_report() -> None:
    rig = Rig()
    trial = await rig.open()

    rig.ingest.states[trial] = REFUSED
    await rig.clock.advance(WATCH_S)

    document = rig.read(trial)
    assert (document["step"], document["problems"][0]["id"]) == ("ready", f"stream_{Trouble.CREDENTIALS}")
    assert trial not in rig.ingest.sources
