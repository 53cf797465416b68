import pytest

from tawny.recorder.adding.restreaming import AGAIN_S, ASK_S, Restreaming
from tawny.recorder.cameras.model import Access, Camera, OnvifSource
from tawny.recorder.ingest.model import CameraState, Phase, Trouble
from tawny.recorder.onvif.model import Device, DeviceAddress, DeviceTrouble
from tawny.runtime.problem import Kind, Problem
from tests.fakes.devices import camera_answers, encoder, profile, refusing
from tests.recorder.adding.rig import ADMIN, Rig


class StreamRig(Rig):
    """A camera that was added with profiles "main" and "sub", which have moved since."""

    def __init__(self) -> None:
        super().__init__()
        self.reachable = True
        self.asked = 0
        source = OnvifSource(address=DeviceAddress(host="192.0.2.7"), main_profile="main", sub_profile="sub")
        access = Access(url="rtsp://192.0.2.7/old", user=ADMIN.user, password=ADMIN.password, device=source)
        self.camera = self.cameras.keep(access, name="Gate")
        self.restreaming = Restreaming(cameras=self.cameras, device=self.of, clock=self.clock)

    async def of(self, camera_id: str) -> Device:
        self.asked += 1
        if not self.reachable:
            raise Problem(Kind.UNREACHABLE, "The camera does not answer.")
        return self.device

    async def failing(self, kind: Trouble) -> Camera:
        self.restreaming.see(self.camera.id, CameraState(phase=Phase.WAITING, since_us=0, kind=kind))
        await self.settle()
        return self.cameras.known(self.camera.id)


@pytest.mark.parametrize("kind", [Trouble.NOT_FOUND, Trouble.UNREACHABLE])
async def test_a_stream_that_is_not_there_is_asked_for_and_connected_where_it_is(kind: Trouble) -> None:
    rig = StreamRig()

    camera = await rig.failing(kind)

    assert (camera.url, camera.sub_url) == ("rtsp://192.0.2.7/main", "rtsp://192.0.2.7/sub")
    assert rig.ingest.sources[camera.id].main_url == "rtsp://192.0.2.7/main"


@pytest.mark.parametrize("kind", [Trouble.CREDENTIALS, Trouble.SILENT, Trouble.CODEC])
async def test_other_failures_are_no_reason_to_ask(kind: Trouble) -> None:
    rig = StreamRig()

    camera = await rig.failing(kind)

    assert camera.url == "rtsp://192.0.2.7/old"
    assert rig.asked == 0


@pytest.mark.parametrize(("reachable", "wait_s"), [(True, ASK_S), (False, AGAIN_S)])
async def test_a_camera_is_not_asked_again_at_once(reachable: bool, wait_s: float) -> None:
    rig = StreamRig()
    rig.reachable = reachable

    await rig.failing(Trouble.NOT_FOUND)
    await rig.failing(Trouble.NOT_FOUND)
    asked = rig.asked
    await rig.clock.advance(wait_s)
    await rig.failing(Trouble.NOT_FOUND)

    assert (asked, rig.asked) == (1, 2)


async def test_profiles_that_have_other_names_after_a_reset_are_chosen_anew() -> None:
    rig = StreamRig()
    addresses = camera_answers()["GetStreamUri"]

    def told(call: object) -> str:
        uri = str(addresses(call))
        if uri.endswith("/main"):
            raise refusing(DeviceTrouble.REFUSED)
        return uri

    rig.device.answers = camera_answers(GetProfiles=(profile("P1", encoder()),), GetStreamUri=told)

    camera = await rig.failing(Trouble.NOT_FOUND)

    assert (camera.url, camera.sub_url) == ("rtsp://192.0.2.7/P1", "")
    assert camera.device is not None
    assert (camera.device.main_profile, camera.device.sub_profile) == ("P1", "")


async def test_a_device_that_does_not_answer_changes_nothing() -> None:
    rig = StreamRig()
    rig.device.answers = camera_answers(GetStreamUri=refusing(DeviceTrouble.UNREACHABLE))

    camera = await rig.failing(Trouble.NOT_FOUND)

    assert camera.url == "rtsp://192.0.2.7/old"
