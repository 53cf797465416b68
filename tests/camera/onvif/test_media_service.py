from dataclasses import replace

import httpx
import pytest

from tawny.camera.sources import Source
from tawny.wire.media import VideoCodec
from tawny.wire.onvif import media, media2
from tawny.wire.onvif.answers.media import KINDS
from tawny.wire.onvif.elements import children, make, text
from tawny.wire.onvif.soap import FaultError
from tests.camera.clips import VIDEO, clip
from tests.camera.onvif.staged import ADMIN, source, staged

H265 = replace(clip(), video=replace(VIDEO, codec=VideoCodec.H265))


@pytest.mark.parametrize("prefix", ["trt", "tr2"])
async def test_a_profile_tells_what_the_stream_is(prefix: str) -> None:
    async with staged() as camera:
        call = media.get_profiles() if prefix == "trt" else media2.get_profiles()
        main, sub = call.read(await camera.ask(call.body))

    assert (main.token, sub.token, main.fixed) == ("gate-main", "gate-sub", True)
    assert main.video_source is not None
    assert main.video_source.source == "gate"
    encoder = main.video_encoder
    assert encoder is not None
    assert encoder.size is not None
    assert (encoder.encoding, encoder.size.width, encoder.frame_rate, encoder.gov_length) == ("H264", 640, 25, 50)
    assert main.audio_encoder is not None
    assert main.audio_encoder.encoding == ("G711" if prefix == "trt" else "PCMA")
    assert main.audio_encoder.sample_rate == 8000
    assert sub.audio_encoder is None


async def test_media_is_silent_about_a_codec_that_it_does_not_know() -> None:
    async with staged([Source(name="gate", streams={"main": H265, "sub": clip()})]) as camera:
        old = await camera.ask(make("trt:GetProfiles"))
        new = await camera.ask(make("tr2:GetProfiles", make("tr2:Type", "VideoEncoder")))
        with pytest.raises(FaultError) as refused:
            await camera.ask(make("trt:GetProfile", make("trt:ProfileToken", "gate-main")))

    assert [text(p, "@token") for p in children(old, "Profiles")] == ["gate-sub"]
    assert [text(p, "Configurations/VideoEncoder/Encoding") for p in children(new, "Profiles")] == ["H265", "H264"]
    assert refused.value.fault.names("NoProfile")


async def test_media2_tells_only_the_kinds_of_configuration_that_are_asked_for() -> None:
    async with staged() as camera:
        bare = await camera.ask(make("tr2:GetProfiles"))
        some = await camera.ask(make("tr2:GetProfiles", make("tr2:Token", "gate-sub"), make("tr2:Type", "VideoSource")))

    assert not children(bare, "Profiles/Configurations")
    (only,) = children(some, "Profiles/Configurations")
    assert [child.tag.rpartition("}")[2] for child in only] == ["VideoSource"]


async def test_the_stream_is_where_the_client_dialled() -> None:
    async with staged() as camera:
        old = await camera.ask(make("trt:GetStreamUri", make("trt:ProfileToken", "gate-sub")))
        new = await camera.ask(make("tr2:GetStreamUri", make("tr2:ProfileToken", "gate-sub")))

    expected = f"rtsp://127.0.0.1:{camera.rtsp_port}/gate/sub"
    assert (text(old, "MediaUri/Uri"), text(new, "Uri")) == (expected, expected)


@pytest.mark.parametrize("prefix", ["trt", "tr2"])
@pytest.mark.parametrize("kind", [kind.name for kind in KINDS if kind.name not in {"VideoAnalytics", "PTZ"}])
async def test_a_configuration_is_the_same_wherever_it_is_asked_for(prefix: str, kind: str) -> None:
    async with staged([source("gate"), source("yard")]) as camera:
        listed = await camera.ask(make(f"{prefix}:Get{kind}Configurations"))
        tokens = [text(c, "@token") or "" for c in children(listed, "Configurations")]
        wanted = make(f"{prefix}:ConfigurationToken", tokens[-1])
        options = await camera.ask(make(f"{prefix}:Get{kind}ConfigurationOptions", wanted))
        chosen = make(f"{prefix}:ConfigurationToken", tokens[-1])
        if prefix == "trt":
            one = await camera.ask(make(f"trt:Get{kind}Configuration", chosen))
            found = [text(one, "Configuration/@token")]
        else:
            one = await camera.ask(make(f"tr2:Get{kind}Configurations", chosen))
            found = [text(c, "@token") for c in children(one, "Configurations")]

    assert len(tokens) == len(set(tokens))
    assert found == [tokens[-1]]
    codecs = 2 if (prefix, kind) == ("tr2", "VideoEncoder") else 1
    assert len(children(options, "Options")) == codecs


async def test_options_offer_what_is_and_writing_that_back_is_accepted() -> None:
    async with staged() as camera:
        call = media2.get_video_encoder_options(configuration="gate-main-video")
        offered, _ = call.read(await camera.ask(call.body))
        call3 = media.get_profiles()
        encoder = call3.read(await camera.ask(call3.body))[0].video_encoder
        assert encoder is not None
        await camera.ask(media.set_video_encoder(encoder).body)
        with pytest.raises(FaultError) as refused:
            await camera.ask(media.set_video_encoder(replace(encoder, encoding="JPEG")).body)
        with pytest.raises(FaultError) as absent:
            await camera.ask(media.set_video_encoder(replace(encoder, token="none")).body)

    assert encoder.size in offered.sizes
    assert encoder.frame_rate in offered.frame_rates
    assert refused.value.fault.names("ConfigModify")
    assert absent.value.fault.names("NoConfig")


@pytest.mark.parametrize("operation", ["GetStreamUri", "GetSnapshotUri", "GetProfile", "SetSynchronizationPoint"])
async def test_an_unknown_profile_is_refused(operation: str) -> None:
    async with staged() as camera:
        with pytest.raises(FaultError) as refused:
            await camera.ask(make(f"trt:{operation}", make("trt:ProfileToken", "none")))

    assert refused.value.fault.names("NoProfile")


async def test_the_number_of_streams_at_once_is_told_by_codec() -> None:
    async with staged() as camera:
        wanted = make("trt:ConfigurationToken", "gate-picture")
        old = await camera.ask(make("trt:GetGuaranteedNumberOfVideoEncoderInstances", wanted))
        new = await camera.ask(make("tr2:GetVideoEncoderInstances", make("tr2:ConfigurationToken", "gate-picture")))

    assert (text(old, "TotalNumber"), text(old, "H264")) == ("2", "2")
    assert (text(new, "Info/Codec/Encoding"), text(new, "Info/Total")) == ("H264", "2")


async def test_a_snapshot_wants_a_login_and_says_where_there_is_no_picture() -> None:
    async with staged() as camera:
        address = f"http://127.0.0.1:{camera.port}/snapshot/gate-main"

        nobody = await camera.client.get(address)
        somebody = await camera.client.get(address, auth=httpx.DigestAuth(ADMIN.name, ADMIN.password))

    assert nobody.status_code == 401
    assert somebody.status_code == 503  # the bytes of this clip are no pictures


async def test_an_encrypted_stream_is_told_where_there_is_one() -> None:
    async with staged(more_ports={"RTSPS": 322}) as camera, staged() as plain:
        call = media2.get_stream_uri("gate-main", protocol="RtspsUnicast")
        uri = call.read(await camera.ask(call.body))
        with pytest.raises(FaultError) as refused:
            await plain.ask(media2.get_stream_uri("gate-main", protocol="RtspsUnicast").body)

    assert uri == "rtsps://127.0.0.1:322/gate/main"
    assert refused.value.fault.names("InvalidStreamSetup")
