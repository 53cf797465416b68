"""The ONVIF side of cameras: held, known again, never asked too often for a login."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import pytest

from tawny.recorder.cameras.model import Camera, OnvifSource
from tawny.recorder.onvif.holding import FIRST_RETRY_S, LOGIN_RETRY_S, LOOK_S, REFUSED_RETRY_S
from tawny.recorder.onvif.keeping import DeviceKeeper
from tawny.recorder.onvif.model import (
    Authentication,
    DeviceAddress,
    DeviceError,
    DevicePhase,
    DeviceTrouble,
    Identity,
    Learned,
    Login,
    device_error,
)
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.problem import Kind, Problem
from tawny.wire.tries import Tries
from tests.fakes.devices import IDENTITY, FakeDevice
from tests.fakes.settings import FakeSettings

ADDRESS = DeviceAddress(host="192.0.2.7")
OTHER = replace(IDENTITY, uuid="", serial="SN-2", mac="02:00:00:00:00:02")


def camera(camera_id: str = "cam_1", **changes: Any) -> Camera:
    source = OnvifSource(address=ADDRESS, main_profile="main")
    whole = Camera(
        id=camera_id, name="Gate", url="rtsp://192.0.2.7/main", sub_url="", user="u", password="p", added_us=0
    )
    return replace(whole, device=source, **changes)


@dataclass
class ScriptedOpener:
    """Reaches what *outcomes* say, one after the other, the last one ever again; remembers how it was asked."""

    outcomes: list[FakeDevice | DeviceError]
    asked: list[tuple[Login, Learned, str]] = field(default_factory=list)
    opened: list[FakeDevice] = field(default_factory=list)

    async def open(
        self,
        address: DeviceAddress,
        login: Login,
        *,
        learned: Learned | None = None,
        fingerprint: str = "",
        on_learned: Callable[[Learned], None] | None = None,
        on_reached: Callable[[], None] | None = None,
        tries: Tries | None = None,
    ) -> FakeDevice:
        self.asked.append((login, learned or Learned(), fingerprint))
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        if isinstance(outcome, DeviceError):
            raise outcome
        if on_reached:
            on_reached()
        if on_learned:
            on_learned(outcome.learned)
        self.opened.append(outcome)
        return outcome


@dataclass
class Heard:
    """The port `DeviceListener`, written down."""

    changes: list[str] = field(default_factory=list)
    identities: list[tuple[str, bool]] = field(default_factory=list)
    known: dict[str, Identity] = field(default_factory=dict)
    titles: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)

    def changed(self, camera_id: str) -> None:
        self.changes.append(camera_id)

    def on_identity(self, camera_id: str, ok: bool) -> None:
        self.identities.append((camera_id, ok))

    def identified(self, camera_id: str, identity: Identity) -> None:
        self.known[camera_id] = identity

    def told(self, camera_id: str, title: str) -> None:
        self.titles.append(title)

    def lost(self, camera_id: str) -> None:
        self.losses.append(camera_id)


class Scene:
    """A keeper and everything around it."""

    def __init__(self) -> None:
        self.clock = SimulatedClock()
        self.settings = FakeSettings()
        self.heard = Heard()
        self.notes: list[dict[str, Any]] = []
        self.opener = ScriptedOpener([FakeDevice()])
        self.keeper = DeviceKeeper(
            opener=self.opener,
            kept=self.settings,
            note=lambda entry: self.notes.append(dict(entry)),
            listener=self.heard,
            clock=self.clock,
            random=Random(1),
            new_id=lambda kind: f"{kind}_1",
        )

    def finds(self, *outcomes: FakeDevice | DeviceError) -> None:
        self.opener.outcomes = list(outcomes)

    def trouble(self, camera_id: str = "cam_1") -> DeviceTrouble | None:
        return self.keeper.state(camera_id).kind

    def phase(self, camera_id: str = "cam_1") -> DevicePhase:
        return self.keeper.state(camera_id).phase


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    made = Scene()
    yield made
    await made.keeper.stop()


async def test_a_camera_without_an_onvif_side_has_none(scene: Scene) -> None:
    scene.keeper.set_camera(replace(camera(), device=None))
    await scene.clock.advance(1)

    assert scene.phase() is DevicePhase.NONE
    with pytest.raises(Problem) as raised:
        await scene.keeper.of("cam_1")
    assert raised.value.kind is Kind.NOT_FOUND


async def test_a_camera_that_is_met_first_is_written_down_and_told(scene: Scene) -> None:
    scene.keeper.set_camera(camera())
    await scene.clock.advance(1)

    assert scene.phase() is DevicePhase.ONLINE
    assert scene.heard.known == {"cam_1": IDENTITY}
    assert scene.heard.identities == [("cam_1", True)]
    (note,) = scene.notes
    assert {name: note[name] for name in ("kind", "camera", "serial", "mac", "firmware")} == {
        "kind": "camera_identity",
        "camera": "cam_1",
        "serial": "SN-1",
        "mac": "02:00:00:00:00:01",
        "firmware": "V5.6.3",
    }
    assert await scene.keeper.of("cam_1") is scene.opener.opened[0]


async def test_a_camera_that_was_known_before_it_was_added_is_written_down_once(scene: Scene) -> None:
    for _ in range(2):
        scene.keeper.set_camera(camera(identity=IDENTITY))
        await scene.clock.advance(1)
        scene.keeper.remove_camera("cam_1")

    assert [note["known"] for note in scene.notes] == [True]
    assert scene.heard.titles == []
    assert scene.heard.known == {}


async def test_other_firmware_is_told_and_nothing_more(scene: Scene) -> None:
    scene.finds(FakeDevice(identity=replace(IDENTITY, firmware="V6")))

    scene.keeper.set_camera(camera(identity=IDENTITY))
    await scene.clock.advance(1)

    assert scene.phase() is DevicePhase.ONLINE
    assert scene.heard.titles == ["The camera has other firmware now: V6."]
    assert [note["firmware"] for note in scene.notes] == ["V6"]


async def test_another_device_is_a_state_of_its_own_and_is_not_spoken_to(scene: Scene) -> None:
    stranger = FakeDevice(identity=OTHER)
    scene.finds(stranger)

    scene.keeper.set_camera(camera(identity=IDENTITY))
    await scene.clock.advance(LOGIN_RETRY_S * 2 + 1)

    assert scene.trouble() is DeviceTrouble.IDENTITY
    assert scene.heard.identities == [("cam_1", False)]
    assert [note["known"] for note in scene.notes] == [False]
    assert stranger.closed
    with pytest.raises(Problem):
        await scene.keeper.of("cam_1")


@pytest.mark.parametrize(
    ("found", "proved"),
    [
        (FakeDevice(identity=IDENTITY), True),
        (FakeDevice(identity=replace(IDENTITY, firmware="V6")), True),
        (FakeDevice(identity=OTHER), False),
        (FakeDevice(identity=Identity(uuid=IDENTITY.uuid)), False),  # it copies what a Hello tells, and no more
        (device_error(DeviceTrouble.CREDENTIALS), False),
        (device_error(DeviceTrouble.BASIC_ONLY), False),
        (device_error(DeviceTrouble.UNREACHABLE), None),
    ],
)
async def test_who_says_that_it_is_a_camera_proves_it_or_is_left_alone(
    found: FakeDevice | DeviceError, proved: bool | None, scene: Scene
) -> None:
    scene.keeper.set_camera(camera(identity=IDENTITY))
    await scene.clock.advance(1)
    scene.finds(found)

    assert await scene.keeper.is_at("cam_1", "192.0.2.99", None) is proved
    assert await scene.keeper.is_at("cam_none", "192.0.2.99", None) is None
    assert scene.phase() is DevicePhase.ONLINE
    assert scene.opener.asked[-1][1:] == (Learned(clock_offset_s=0.0), "")  # what was learned goes along
    assert (scene.heard.titles, len(scene.notes)) == ([], 1)
    assert not isinstance(found, FakeDevice) or found.closed


async def test_an_accepted_stranger_is_the_camera_from_then_on(scene: Scene) -> None:
    scene.finds(FakeDevice(identity=OTHER))
    scene.keeper.set_camera(camera(identity=IDENTITY))
    await scene.clock.advance(1)

    scene.keeper.accept("cam_1", "identity")
    await scene.clock.advance(1)

    assert scene.phase() is DevicePhase.ONLINE
    assert scene.heard.known["cam_1"].serial == "SN-2"
    assert scene.heard.identities[-1] == ("cam_1", True)
    assert scene.opener.asked[-1][1].authentication is Authentication.NONE


async def test_a_refused_password_waits_an_hour_whoever_asks(scene: Scene) -> None:
    scene.finds(device_error(DeviceTrouble.CREDENTIALS))
    scene.keeper.set_camera(camera())
    await scene.clock.advance(1)

    for _ in range(5):
        with pytest.raises(Problem, match="refused the user or password"):
            await scene.keeper.of("cam_1")
        scene.keeper.doubt("cam_1")
    await scene.clock.advance(REFUSED_RETRY_S - 10)
    early = len(scene.opener.asked)
    await scene.clock.advance(10)

    assert (early, len(scene.opener.asked)) == (1, 2)


async def test_a_new_password_is_tried_at_once_and_what_was_learned_of_the_login_is_forgotten(scene: Scene) -> None:
    scene.settings.set_value("device cam_1", Learned(authentication=Authentication.DIGEST_SHA256).document())
    scene.finds(device_error(DeviceTrouble.WEAKER_LOGIN), FakeDevice())
    scene.keeper.set_camera(camera())
    await scene.clock.advance(1)

    scene.keeper.set_camera(camera(password="q"))
    await scene.clock.advance(1)

    before, after = (learned.authentication for _, learned, _ in scene.opener.asked)
    assert (before, after) == (Authentication.DIGEST_SHA256, Authentication.NONE)
    assert scene.phase() is DevicePhase.ONLINE


async def test_a_lock_out_waits_as_long_as_the_camera_says(scene: Scene) -> None:
    scene.finds(device_error(DeviceTrouble.LOCKED_OUT, minutes=30))
    scene.keeper.set_camera(camera())

    await scene.clock.advance(30 * 60)
    early = len(scene.opener.asked)
    await scene.clock.advance(60)

    assert (early, len(scene.opener.asked)) == (1, 2)


async def test_an_unreachable_camera_is_tried_again_and_reported_lost_once(scene: Scene) -> None:
    scene.finds(device_error(DeviceTrouble.UNREACHABLE))
    scene.keeper.set_camera(camera())

    await scene.clock.advance(600)

    assert len(scene.opener.asked) > 5
    assert scene.heard.losses == ["cam_1"]
    assert scene.keeper.state("cam_1").retry_at_us is not None


async def test_who_needs_the_camera_now_does_not_wait_for_the_next_attempt(scene: Scene) -> None:
    scene.finds(device_error(DeviceTrouble.UNREACHABLE), FakeDevice())
    scene.keeper.set_camera(camera())
    await scene.clock.advance(FIRST_RETRY_S / 10)

    found = await scene.keeper.of("cam_1")

    assert found is scene.opener.opened[0]


async def test_a_camera_that_falls_silent_is_lost_and_found_again(scene: Scene) -> None:
    gone = FakeDevice()
    scene.finds(gone, FakeDevice())
    scene.keeper.set_camera(camera())
    await scene.clock.advance(1)

    gone.answers["GetSystemDateAndTime"] = device_error(DeviceTrouble.SILENT)
    await scene.clock.advance(LOOK_S)
    waiting = scene.trouble()
    await scene.clock.advance(FIRST_RETRY_S * 2)

    assert waiting is DeviceTrouble.SILENT
    assert gone.closed
    assert scene.phase() is DevicePhase.ONLINE
    assert scene.heard.titles == []


async def test_a_password_that_is_changed_at_the_camera_is_noticed(scene: Scene) -> None:
    found = FakeDevice()
    scene.finds(found, device_error(DeviceTrouble.CREDENTIALS))
    scene.keeper.set_camera(camera())
    await scene.clock.advance(1)

    found.ended = device_error(DeviceTrouble.CREDENTIALS)
    with pytest.raises(Problem):
        await scene.keeper.of("cam_1")
    await scene.clock.advance(1)

    assert scene.trouble() is DeviceTrouble.CREDENTIALS
    assert len(scene.opener.asked) == 1


async def test_an_unknown_certificate_is_told_and_its_confirmation_tried(scene: Scene) -> None:
    scene.finds(device_error(DeviceTrouble.CERTIFICATE, certificate="ab"), FakeDevice())
    scene.keeper.set_camera(camera(fingerprint="00"))
    await scene.clock.advance(1)
    shown = scene.keeper.state("cam_1").certificate

    scene.keeper.accept("cam_1", "certificate")
    scene.keeper.set_camera(camera(fingerprint=shown))
    await scene.clock.advance(1)

    assert [fingerprint for _, _, fingerprint in scene.opener.asked] == ["00", "ab"]
    assert scene.phase() is DevicePhase.ONLINE


async def test_channels_of_one_device_share_it_and_its_tries(scene: Scene) -> None:
    scene.finds(device_error(DeviceTrouble.CREDENTIALS))
    for number in range(16):
        scene.keeper.set_camera(camera(f"cam_{number}", identity=IDENTITY))
    await scene.clock.advance(1)

    assert len(scene.opener.asked) == 1
    assert {scene.trouble(f"cam_{number}") for number in range(16)} == {DeviceTrouble.CREDENTIALS}


async def test_a_channel_that_is_removed_leaves_the_others_their_device(scene: Scene) -> None:
    for name in ("cam_1", "cam_2"):
        scene.keeper.set_camera(camera(name, identity=IDENTITY))
    await scene.clock.advance(1)

    scene.keeper.remove_camera("cam_1")
    await scene.clock.advance(1)
    still = scene.phase("cam_2")
    scene.keeper.remove_camera("cam_2")
    await scene.clock.advance(1)

    assert still is DevicePhase.ONLINE
    assert scene.opener.opened[0].closed
    assert scene.phase("cam_1") is DevicePhase.NONE


async def test_what_was_learned_is_kept_and_a_drifting_clock_is_no_news(scene: Scene) -> None:
    learned = Learned(authentication=Authentication.DIGEST_MD5, clock_offset_s=10.0)
    scene.finds(FakeDevice(learned=learned))
    scene.keeper.set_camera(camera())
    await scene.clock.advance(1)

    scene.keeper.learned(["cam_1"], replace(learned, clock_offset_s=10.4))
    small = Learned.read(scene.settings.value("device cam_1"))
    scene.keeper.learned(["cam_1"], replace(learned, clock_offset_s=70.0))
    large = Learned.read(scene.settings.value("device cam_1"))

    assert small == learned
    assert large.clock_offset_s == 70.0
    assert scene.keeper.clock_offset_s("cam_1") == 10.0


async def test_a_camera_that_is_set_as_it_was_is_left_alone(scene: Scene) -> None:
    scene.keeper.set_camera(camera())
    await scene.clock.advance(1)

    scene.keeper.set_camera(camera(name="Other", identity=scene.heard.known["cam_1"]))
    await scene.clock.advance(1)

    assert len(scene.opener.asked) == 1


async def test_who_waits_for_a_camera_that_is_removed_gets_an_answer(scene: Scene) -> None:
    class Slow(ScriptedOpener):
        async def open(self, *_: Any, **__: Any) -> FakeDevice:
            await asyncio.Event().wait()
            raise AssertionError

    scene.keeper._opener = Slow([])
    scene.keeper.set_camera(camera())
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(outcome(scene))
        await scene.clock.advance(1)
        scene.keeper.remove_camera("cam_1")

    assert waiting.result() is Kind.UNREACHABLE


async def outcome(scene: Scene) -> Kind | None:
    try:
        await scene.keeper.of("cam_1")
    except Problem as problem:
        return problem.kind
    return None
