import asyncio
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from tawny.recorder.camera_settings.service import CameraSettings
from tawny.recorder.cameras.model import Camera
from tawny.recorder.onvif.model import Device, DeviceTrouble, device_error
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.problem import Kind, Problem
from tawny.wire.onvif.elements import Element
from tawny.wire.onvif.geometry import Size
from tests.fakes.onvif_device import FakeDevice, KeepingDevice, onvif_camera, rtsp_camera


def settings_of(
    device: FakeDevice, camera: Camera | None = None, *, clock: SimulatedClock | None = None
) -> CameraSettings:
    async def reached(_: str) -> Device:
        return device

    known = camera or onvif_camera()
    return CameraSettings(
        device=reached,
        camera=lambda camera_id: known if camera_id == known.id else None,
        clock=clock or SimulatedClock(),
    )


async def written(camera: FakeDevice, /, **parts: Any) -> dict[tuple[str, str], dict[str, Any]]:
    """The results by part and field."""
    spelt = {name.replace("__", "."): values for name, values in parts.items()}
    document = await settings_of(camera).write("cam_a", spelt)
    return {(each["part"], each["field"]): each for each in document["results"]}


async def parts_of(device: FakeDevice) -> dict[str, dict[str, Any]]:
    document = await settings_of(device).read("cam_a")
    return {part["id"]: part for part in document["parts"]}


def values_of(part: dict[str, Any]) -> dict[str, Any]:
    return {field["id"]: field["value"] for field in part["fields"]}


async def test_everything_that_the_camera_reports_is_told_and_nothing_else() -> None:
    device = KeepingDevice()

    parts = await parts_of(device)

    assert list(parts) == ["video.main", "video.sub", "image", "osd.1", "osd.2", "masks", "audio", "clock", "device"]
    assert values_of(parts["video.main"]) == {
        "encoding": "H264",
        "size": "1920x1080",
        "frame_rate": 25,
        "bitrate": 4096,
        "rate_control": "variable",
        "key_frames": 50,
        "quality": 4,
        "codec_profile": "Main",
    }
    assert "sharpness" not in values_of(parts["image"])


async def test_what_a_camera_does_not_have_is_not_shown() -> None:
    device = KeepingDevice()
    for operation in ("tr2:GetOSDs", "tr2:GetMaskOptions", "timg:GetImagingSettings", "tds:GetNTP", "tds:GetHostname"):
        del device.answers[operation]

    parts = await parts_of(device)

    assert list(parts) == ["video.main", "video.sub", "audio", "clock", "device"]
    assert "servers" not in values_of(parts["clock"])
    assert "host_name" not in values_of(parts["device"])


async def test_a_stream_is_changed_and_read_back() -> None:
    device = KeepingDevice()

    results = await written(device, video__main={"size": "640x360", "frame_rate": 10, "rate_control": "constant"})

    assert [(each["ok"], each["title"], each["became"]) for each in results.values()] == [
        (True, "", "640x360"),
        (True, "", 10),
        (True, "", "constant"),
    ]
    kept = device.kept.encoders["v1"]
    assert (kept.size, kept.frame_rate, kept.constant_bitrate) == (Size(width=640, height=360), 10.0, True)
    assert kept.bitrate_kbps == 4096


async def test_another_codec_gets_what_it_can_do() -> None:
    device = KeepingDevice()

    results = await written(device, video__main={"encoding": "H265"})

    kept = device.kept.encoders["v1"]
    assert results["video.main", "encoding"]["ok"]
    assert (kept.encoding, kept.frame_rate, kept.codec_profile) == ("H265", 15.0, "Main")


async def test_what_the_camera_changes_is_said() -> None:
    results = await written(KeepingDevice(), video__main={"bitrate": 1000})

    result = results["video.main", "bitrate"]
    assert (result["ok"], result["became"], result["title"]) == (True, 960, "The camera made it 960.")


async def test_a_number_beyond_what_the_camera_takes_becomes_the_nearest_and_that_is_said() -> None:
    results = await written(KeepingDevice(), video__main={"bitrate": 50_000, "key_frames": 0})

    assert results["video.main", "bitrate"]["title"] == "8192 is the most that the camera takes."
    assert results["video.main", "bitrate"]["became"] == 8192
    assert results["video.main", "key_frames"]["title"] == "1 is the least that the camera takes."


async def test_a_frame_rate_that_is_not_offered_becomes_the_nearest() -> None:
    results = await written(KeepingDevice(), video__main={"frame_rate": 19})

    result = results["video.main", "frame_rate"]
    assert (result["became"], result["title"]) == (20, "20 fps is the nearest that the camera offers.")


async def test_one_field_that_is_refused_leaves_the_others_written() -> None:
    device = KeepingDevice()

    results = await written(device, video__main={"quality": 2, "bitrate": 666, "key_frames": 25})

    assert [each["ok"] for each in results.values()] == [True, False, True]
    refusal = results["video.main", "bitrate"]
    assert (refusal["became"], refusal["title"]) == (4096, "The camera refused. It said: no such number")
    kept = device.kept.encoders["v1"]
    assert (kept.quality, kept.gov_length, kept.bitrate_kbps) == (2.0, 25, 4096)


async def test_what_the_camera_silently_leaves_as_it_was_is_no_success() -> None:
    device = KeepingDevice()
    device.answers["tr2:SetVideoEncoderConfiguration"] = lambda body: body

    results = await written(device, video__main={"key_frames": 25})

    result = results["video.main", "key_frames"]
    assert (result["ok"], result["became"], result["title"]) == (False, 50, "The camera kept 50.")


@pytest.mark.parametrize(
    ("part", "field", "wanted", "title"),
    [
        ("video.main", "size", "800x600", "The camera does not offer that."),
        ("video.main", "bitrate", "much", "This is a number."),
        ("video.main", "bitrate", float("nan"), "This is a number."),
        ("video.main", "bitrate", True, "This is a number."),
        ("video.main", "glow", 1, "The camera has no such setting."),
        ("video.third", "bitrate", 1, "The camera has no such setting."),
        ("device", "make", "Mine", "This can only be read."),
        ("device", "host_name", "a b", "A name in the network has letters, digits and hyphens."),
        ("device", "host_name", "x" * 64, "The text is longer than 63 characters."),
        ("device", "name", "two\nlines", "The text holds a character that can't be written."),
        ("clock", "servers_from_dhcp", "yes", "This is either on or off."),
        ("clock", "servers", "a;b", "Time servers are up to 4 names or addresses, as in pool.ntp.org."),
        (
            "clock",
            "zone",
            "Europe/Berlin",
            "The time zone can't be read. It looks like CET-1CEST,M3.5.0,M10.5.0/3 or UTC0.",
        ),
        ("masks", "areas", "all", "This is a list of areas."),
        ("masks", "areas", [{"points": [[0, 0], [2, 0], [1, 1]]}], "A point has two numbers from 0 to 1."),
        ("masks", "areas", [{"points": [[0, 0]]}], "An area has 3 to 64 points."),
    ],
)
async def test_a_wish_that_makes_no_sense_is_refused_in_words(part: str, field: str, wanted: Any, title: str) -> None:
    device = KeepingDevice()
    before = deepcopy(device.kept)

    document = await settings_of(device).write("cam_a", {part: {field: wanted}})

    (result,) = document["results"]
    assert (result["ok"], result["title"]) == (False, title)
    assert device.kept == before


async def test_the_picture_is_changed_without_touching_the_rest() -> None:
    device = KeepingDevice()
    sent: list[Element] = []
    take = device.answers["timg:SetImagingSettings"]

    def noted(body: Element) -> Element:
        sent.append(body)
        return take(body)

    device.answers["timg:SetImagingSettings"] = noted

    results = await written(device, image={"brightness": 61, "night": "ON", "longest_exposure": 20_000})

    assert all(each["ok"] and not each["title"] for each in results.values())
    exposure = device.kept.picture.exposure
    assert exposure is not None
    assert (exposure.mode, exposure.min_time, exposure.max_time) == ("AUTO", 100.0, 20_000.0)
    told = {each.tag.rpartition("}")[2] for each in sent[0].iterdescendants()}
    assert "Contrast" not in told


async def test_a_text_is_written_over_the_picture_and_taken_away() -> None:
    device = KeepingDevice()
    settings = settings_of(device)

    first = await settings.write("cam_a", {"osd.2": {"text": "Gate", "place": "LowerLeft"}})
    parts = {part["id"]: part for part in first["settings"]["parts"]}
    said = await settings.act("cam_a", "osd.2.delete")

    assert [(each["ok"], each["became"]) for each in first["results"]] == [(True, "Gate"), (True, "LowerLeft")]
    assert values_of(parts["osd.2"])["text"] == "Gate"
    assert parts["osd.3"]["title"] == "A further text"
    assert said == {"title": "The text was taken away."}
    assert list(device.kept.texts) == ["t1"]


async def test_a_new_text_that_is_refused_is_tried_once() -> None:
    device = KeepingDevice()

    results = await written(device, osd__2={"text": "", "place": "LowerLeft"})

    assert {each["title"] for each in results.values()} == {"A text needs at least one character."}
    assert list(device.kept.texts) == ["t1"]


async def test_masks_are_made_moved_and_taken_away_in_coordinates_of_the_page() -> None:
    device = KeepingDevice()
    square = {"points": [[0, 0], [0.5, 0], [0.5, 0.5], [0, 0.5]], "kind": "color", "enabled": True}
    other = {"points": [[0.6, 0.6], [0.9, 0.6], [0.9, 0.9], [0.6, 0.9]], "kind": "blur", "enabled": False}

    made = await written(device, masks={"areas": [square, other]})
    first = device.kept.masks["m1"]
    moved = await written(device, masks={"areas": [other]})

    assert made["masks", "areas"]["ok"]
    assert [(corner.x, corner.y) for corner in first.polygon] == [(-1, 1), (0, 1), (0, 0), (-1, 0)]
    assert moved["masks", "areas"]["ok"]
    (left,) = device.kept.masks.values()
    assert (left.token, left.kind, left.enabled, left.color) == ("m1", "Blurred", False, None)


async def test_a_triangle_becomes_the_rectangle_around_it_where_the_camera_has_rectangles_only() -> None:
    device = KeepingDevice()

    results = await written(device, masks={"areas": [{"points": [[0.1, 0.1], [0.9, 0.5], [0.1, 0.9]]}]})

    result = results["masks", "areas"]
    assert result["ok"]
    assert result["became"][0]["points"] == [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]]
    assert result["title"] == "The camera drew the areas in its own way."


async def test_an_area_of_a_kind_that_the_camera_lacks_is_hidden_as_it_can() -> None:
    square = {"points": [[0, 0], [0.5, 0], [0.5, 0.5], [0, 0.5]], "kind": "pixels"}

    results = await written(KeepingDevice(), masks={"areas": [square]})

    result = results["masks", "areas"]
    assert (result["ok"], result["became"][0]["kind"]) == (True, "color")
    assert result["title"] == "The camera hides areas in its own way: One colour."


async def test_more_masks_than_there_can_be_are_refused() -> None:
    area = {"points": [[0, 0], [1, 0], [1, 1]]}

    results = await written(KeepingDevice(), masks={"areas": [area] * 4})

    assert results["masks", "areas"]["title"] == "The camera takes 3 areas."


async def test_the_clock_tells_how_far_it_is_off_and_is_set() -> None:
    device = KeepingDevice()
    settings = settings_of(device)

    clock = (await parts_of(device))["clock"]
    said = await settings.act("cam_a", "clock.set")

    assert values_of(clock)["offset"] == 90
    assert "tds:SetSystemDateAndTime" in device.asked
    assert said == {"title": "The camera's clock was set."}


async def test_time_servers_and_zone_are_written() -> None:
    device = KeepingDevice()

    results = await written(
        device, clock={"servers": "192.0.2.1, time.example.org", "source": "ntp", "zone": "CET-1CEST,M3.5.0,M10.5.0/3"}
    )

    assert all(each["ok"] for each in results.values())
    assert device.kept.servers == ("192.0.2.1", "time.example.org")
    assert (device.kept.ntp, device.kept.zone) == (True, "CET-1CEST,M3.5.0,M10.5.0/3")


async def test_name_and_place_of_the_device_are_written_beside_its_other_scopes() -> None:
    device = KeepingDevice()

    results = await written(device, device={"name": "Gate north", "host_name": "gate-north"})

    assert all(each["ok"] for each in results.values())
    assert device.kept.scopes == ["onvif://www.onvif.org/name/Gate%20north", "onvif://www.onvif.org/hardware/F1"]
    assert device.kept.host_name == "gate-north"


async def test_sound_of_another_codec_gets_rates_that_it_can_have() -> None:
    device = KeepingDevice()

    results = await written(device, audio={"encoding": "MP4A-LATM"})

    assert results["audio", "encoding"]["ok"]
    assert (device.kept.audio.bitrate_kbps, device.kept.audio.sample_rate) == (64, 16_000)


async def test_the_camera_is_restarted() -> None:
    device = KeepingDevice()

    said = await settings_of(device).act("cam_a", "device.reboot")

    assert (device.kept.restarts, said["title"]) == (1, "The camera restarts; it is back in about a minute.")


async def test_an_action_that_is_not_offered_is_refused() -> None:
    with pytest.raises(Problem) as refused:
        await settings_of(KeepingDevice()).act("cam_a", "osd.9.delete")

    assert refused.value.kind is Kind.NOT_FOUND


class PassingClock(SimulatedClock):
    """A clock on which a sleeper's time passes at once."""

    async def sleep(self, seconds: float) -> None:
        self.wait(seconds)


async def test_a_camera_that_answers_a_moment_later_is_read_back_then() -> None:
    clock, device = PassingClock(), KeepingDevice()
    profiles = device.answers["tr2:GetProfiles"]
    away_until_s = 3.0

    def restarting(body: Element) -> Element:
        if "tr2:SetVideoEncoderConfiguration" in device.asked and clock.monotonic() < away_until_s:
            raise device_error(DeviceTrouble.UNREACHABLE)
        return profiles(body)

    device.answers["tr2:GetProfiles"] = restarting

    document = await settings_of(device, clock=clock).write("cam_a", {"video.main": {"quality": 2}})

    assert document["results"][0]["ok"]
    assert clock.monotonic() == 4.0


async def test_of_a_camera_that_does_not_come_back_it_is_said_that_nothing_is_known() -> None:
    clock, device = PassingClock(), KeepingDevice()
    profiles = device.answers["tr2:GetProfiles"]

    def gone(body: Element) -> Element:
        if "tr2:SetVideoEncoderConfiguration" in device.asked:
            raise device_error(DeviceTrouble.UNREACHABLE)
        return profiles(body)

    device.answers["tr2:GetProfiles"] = gone

    with pytest.raises(Problem, match="The settings were sent, but what became of them is not known"):
        await settings_of(device, clock=clock).write("cam_a", {"video.main": {"quality": 2}})


async def test_a_camera_that_does_not_answer_is_a_problem_in_words() -> None:
    device = KeepingDevice()

    def gone(_: Element) -> Element:
        raise device_error(DeviceTrouble.UNREACHABLE)

    device.answers["tr2:GetProfiles"] = gone

    with pytest.raises(Problem, match="does not answer") as raised:
        await settings_of(device).read("cam_a")

    assert raised.value.kind is Kind.UNREACHABLE


async def test_a_camera_known_by_its_stream_alone_has_no_settings_here() -> None:
    with pytest.raises(Problem, match="by its stream alone"):
        await settings_of(KeepingDevice(), rtsp_camera("cam_a")).read("cam_a")


async def test_an_unknown_camera_is_not_found() -> None:
    with pytest.raises(Problem) as raised:
        await settings_of(KeepingDevice()).read("cam_z")

    assert raised.value.kind is Kind.NOT_FOUND


@pytest.mark.parametrize("settings", [{}, {"image": {}}, {"image": 3}, {f"p{n}": {"a": 1} for n in range(33)}])
async def test_a_request_of_no_sensible_size_is_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(Problem) as raised:
        await settings_of(KeepingDevice()).write("cam_a", settings)

    assert raised.value.kind is Kind.INVALID


async def test_a_camera_whose_second_media_service_is_of_no_use_is_asked_in_the_first() -> None:
    device = KeepingDevice()
    del device.answers["tr2:GetProfiles"]

    await settings_of(device).read("cam_a")

    assert "trt:GetVideoEncoderConfigurationOptions" in device.asked


async def test_an_encoder_that_does_not_tell_what_it_can_do_is_shown_and_can_not_be_changed() -> None:
    device = KeepingDevice()
    del device.answers["tr2:GetVideoEncoderConfigurationOptions"]

    part = (await parts_of(device))["video.main"]

    assert values_of(part)["size"] == "1920x1080"
    assert all(field["locked"] for field in part["fields"])


async def test_no_limit_of_the_bit_rate_is_no_number() -> None:
    device = KeepingDevice()
    device.kept.encoders["v1"] = replace(device.kept.encoders["v1"], bitrate_kbps=2**31 - 1)

    part = (await parts_of(device))["video.main"]

    (bitrate,) = [field for field in part["fields"] if field["id"] == "bitrate"]
    assert (bitrate["value"], bitrate["most"], bitrate["hint"]) == (None, 8192, "The camera has no limit now.")


async def test_what_is_so_already_is_not_written_again() -> None:
    device = KeepingDevice()

    results = await written(device, video__main={"size": "1920x1080", "bitrate": 4096}, device={"make": "Fake"})

    assert all(each["ok"] and not each["title"] for each in results.values())
    assert not [name for name in device.asked if ":Set" in name]


async def test_a_camera_that_takes_its_time_with_everything_is_given_up() -> None:
    async def never(_: str) -> Device:
        await asyncio.Event().wait()
        return KeepingDevice()

    camera = onvif_camera()
    settings = CameraSettings(device=never, camera=lambda _: camera, clock=SimulatedClock(), patience_s=0.01)

    for attempt in (settings.read("cam_a"), settings.write("cam_a", {"image": {"a": 1}}), settings.act("cam_a", "a")):
        with pytest.raises(Problem, match="answers too slowly") as raised:
            await attempt

        assert raised.value.kind is Kind.UNREACHABLE
