from dataclasses import replace

import pytest

from tawny.recorder.adding.looking import Wish
from tawny.recorder.adding.model import Formats
from tawny.recorder.adding.probing import Probed, probe
from tawny.recorder.adding.target import read_target
from tawny.recorder.ingest.model import CameraSource, Trouble
from tawny.recorder.ingest.troubles import failure
from tawny.recorder.onvif.model import DeviceTrouble, Login
from tests.fakes.devices import camera_answers, encoder, profile, refusing
from tests.fakes.ingest import AUDIO, VIDEO
from tests.recorder.adding.rig import ADMIN, Rig


class Streams:
    """A stream that is there, or *trouble*."""

    def __init__(self, trouble: Trouble | None = None) -> None:
        self.trouble = trouble

    async def check(self, source: CameraSource) -> Formats:
        if self.trouble is not None:
            raise failure(self.trouble)
        return Formats(VIDEO, AUDIO)


async def probed(rig: Rig, address: str = "http://192.0.2.7", *, trouble: Trouble | None = None) -> Probed:
    wish = Wish(target=read_target(address), login=ADMIN)
    return await probe(wish, rig.looker, Streams(trouble), lambda _, __: None)


async def test_a_good_camera_is_usable_and_told_with_all_it_has() -> None:
    rig = Rig()

    found = await probed(rig)

    document = found.document()
    assert (found.exit_code, document["usable"], document["how"]) == (0, True, "onvif")
    assert [each["stream"] for each in document["streams"]] == ["main", "sub"]
    assert (document["make"], document["clock_offset_s"], document["audio"]) == ("Hikvision", 0.0, True)
    assert ADMIN.password not in str(document)
    assert rig.device.closed


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (DeviceTrouble.CREDENTIALS, 3),
        (DeviceTrouble.LOCKED_OUT, 3),
        (DeviceTrouble.UNREACHABLE, 2),
        (DeviceTrouble.SILENT, 2),
        (DeviceTrouble.NOT_ONVIF, 1),
        (DeviceTrouble.NOT_ACTIVATED, 1),
        (DeviceTrouble.BASIC_ONLY, 1),
        (DeviceTrouble.CERTIFICATE, 1),
    ],
)
async def test_a_device_s_trouble_is_an_exit_code_and_words(trouble: DeviceTrouble, code: int) -> None:
    rig = Rig()
    rig.opener.put("192.0.2.7:80", refusing(trouble))

    found = await probed(rig)

    assert found.exit_code == code
    assert found.document()["problems"][0]["title"] == found.title


async def test_streams_that_are_told_of_and_can_t_be_reached_from_here_are_a_warning() -> None:
    found = await probed(Rig(), trouble=Trouble.UNREACHABLE)

    assert found.exit_code == 0
    assert (found.problems[0].id, str(found.problems[0].severity)) == ("stream_unreachable", "warning")


@pytest.mark.parametrize(("trouble", "code"), [(Trouble.CREDENTIALS, 3), (Trouble.NOT_FOUND, 1), (Trouble.CODEC, 1)])
async def test_a_stream_that_is_refused_makes_a_camera_unusable(trouble: Trouble, code: int) -> None:
    found = await probed(Rig(), trouble=trouble)

    assert found.exit_code == code
    assert found.report is not None


async def test_an_rtsp_camera_is_told_by_what_its_stream_says() -> None:
    found = await probed(Rig(), "rtsp://192.0.2.7/live")

    (stream,) = found.document()["streams"]
    assert (found.exit_code, stream["codec"], stream["width"], stream["audio"]) == (0, "h264", 1920, "pcma")


@pytest.mark.parametrize(
    ("trouble", "code"), [(Trouble.CREDENTIALS, 3), (Trouble.UNREACHABLE, 2), (Trouble.NOT_FOUND, 1)]
)
async def test_an_rtsp_camera_s_trouble_is_an_exit_code(trouble: Trouble, code: int) -> None:
    found = await probed(Rig(), "rtsp://192.0.2.7/live", trouble=trouble)

    assert found.exit_code == code


async def test_a_codec_that_is_not_recorded_is_not_usable() -> None:
    rig = Rig()
    rig.device.answers = camera_answers(GetProfiles=(profile("main", replace(encoder(), encoding="MPEG4")),))

    found = await probed(rig)

    assert (found.exit_code, found.problems[0].id) == (1, "codec")


async def test_no_login_at_all_is_a_login_refused() -> None:
    rig = Rig()
    wish = Wish(target=read_target("http://192.0.2.7"), login=Login())

    found = await probe(wish, rig.looker, Streams(), lambda _, __: None)

    assert found.exit_code == 3
