import pytest

from tawny.wire.onvif import media, media2
from tawny.wire.onvif.elements import Element
from tawny.wire.onvif.profiles import Profile
from tawny.wire.onvif.soap import Call, FaultError, T_co
from tests.camera.onvif.staged import Staged, staged


async def told(camera: Staged, call: Call[T_co]) -> T_co:
    return call.read(await camera.ask(call.body))


async def named(camera: Staged, token: str) -> Profile:
    return next(profile for profile in await told(camera, media2.get_profiles()) if profile.token == token)


async def test_a_profile_made_of_a_cameras_parts_streams_like_the_one_that_has_them() -> None:
    async with staged() as camera:
        made = await told(camera, media.create_profile("Ours", token="ours"))
        with pytest.raises(FaultError) as incomplete:
            await camera.ask(media.get_stream_uri("ours").body)
        await camera.ask(media.add_configuration("ours", "VideoSource", "gate-picture").body)
        await camera.ask(media.add_configuration("ours", "VideoEncoder", "gate-sub-video").body)
        uri = await told(camera, media.get_stream_uri("ours"))
        snapshot = await told(camera, media2.get_snapshot_uri("ours"))
        whole = await told(camera, media.get_profile("ours"))
        await camera.ask(media.remove_configuration("ours", "VideoEncoder").body)
        lacking = await named(camera, "ours")
        await camera.ask(media.delete_profile("ours").body)
        left = [profile.token for profile in await told(camera, media.get_profiles())]

    assert (made.name, made.fixed, made.video_source) == ("Ours", False, None)
    assert incomplete.value.fault.names("IncompleteConfiguration")
    assert uri.endswith("/gate/sub")
    assert snapshot.endswith("/gate-sub")
    assert whole.video_encoder is not None
    assert whole.video_encoder.token == "gate-sub-video"
    assert lacking.video_encoder is None
    assert left == ["gate-main", "gate-sub"]


async def test_media2_makes_a_profile_with_all_its_parts_at_once() -> None:
    parts = [("VideoSource", "gate-picture"), ("VideoEncoder", "gate-main-video"), ("PTZ", "gate-head")]
    async with staged() as camera:
        ptz = (await named(camera, "gate-main")).ptz
        assert ptz is not None
        token = await told(camera, media2.create_profile("Ours", [*parts[:2], ("PTZ", ptz.token)])) or ""
        made = await named(camera, token)
        await camera.ask(media2.remove_configurations(token, [("All", "")]).body)
        empty = await named(camera, token)

    assert made.ptz == ptz
    assert made.video_encoder is not None
    assert (empty.ptz, empty.video_source, empty.video_encoder) == (None, None, None)


async def test_a_profile_that_cannot_be_made_whole_is_not_made() -> None:
    async with staged() as camera:
        with pytest.raises(FaultError) as refused:
            await camera.ask(media2.create_profile("Ours", [("VideoSource", "nowhere")]).body)
        left = await told(camera, media2.get_profiles())

    assert refused.value.fault.names("NoConfig")
    assert len(left) == 2


async def test_there_is_room_for_as_many_profiles_as_are_told() -> None:
    async with staged() as camera:
        most = (await told(camera, media.get_service_capabilities())).most_profiles or 0
        for _ in range(most - 2):
            await camera.ask(media.create_profile("Ours").body)
        with pytest.raises(FaultError) as refused:
            await camera.ask(media.create_profile("Ours").body)

    assert refused.value.fault.names("MaxNVTProfiles")


@pytest.mark.parametrize(
    ("body", "subcode"),
    [
        (media.delete_profile("gate-main").body, "DeletionOfFixedProfile"),
        (media2.delete_profile("none").body, "NoProfile"),
        (media.create_profile("Ours", token="gate-main").body, "ProfileExists"),
        (media.create_profile("O" * 100).body, "InvalidArgVal"),
        (media.add_configuration("gate-main", "VideoSource", "gate-picture").body, "FixedProfile"),
        (media2.add_configurations("none", [("VideoSource", "gate-picture")]).body, "NoProfile"),
        (media2.create_profile("Ours", [("Toaster", "1")]).body, "NoConfig"),
    ],
)
async def test_what_cannot_be_is_refused(body: Element, subcode: str) -> None:
    async with staged() as camera:
        with pytest.raises(FaultError) as refused:
            await camera.ask(body)

    assert refused.value.fault.names(subcode)
