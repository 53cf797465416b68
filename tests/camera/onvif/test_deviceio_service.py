from tawny.wire.onvif.elements import children, make, text
from tests.camera.onvif.staged import source, staged


async def test_sources_and_the_input_are_those_that_other_services_name() -> None:
    async with staged([source("gate"), source("yard", sound=False)]) as camera:
        videos = await camera.ask(make("tmd:GetVideoSources"))
        sounds = await camera.ask(make("tmd:GetAudioSources"))
        inputs = await camera.ask(make("tmd:GetDigitalInputs"))
        told = await camera.ask(make("tmd:GetServiceCapabilities"), who=None)
        media = await camera.ask(make("trt:GetVideoSources"))
        heard = await camera.ask(make("trt:GetAudioSources"))

    assert [text(t) for t in children(videos, "Token")] == [text(s, "@token") for s in children(media, "VideoSources")]
    assert [text(t) for t in children(sounds, "Token")] == [text(s, "@token") for s in children(heard, "AudioSources")]
    assert [text(i, "@token") for i in children(inputs, "DigitalInputs")] == ["input-1"]
    assert (text(told, "Capabilities/@VideoSources"), text(told, "Capabilities/@DigitalInputs")) == ("2", "1")
