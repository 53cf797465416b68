from tawny.recorder.events import channels
from tawny.recorder.onvif.model import DeviceTrouble
from tawny.runtime.clock import SimulatedClock
from tawny.wire.onvif.configurations import VideoSourceConfiguration, write_video_source_configuration
from tawny.wire.onvif.elements import Element, make
from tawny.wire.onvif.events import Message
from tawny.wire.onvif.names import EVENTS, MEDIA, MEDIA2
from tests.fakes.event_device import EventDevice
from tests.fakes.onvif_device import FakeDevice

TOKENS = {"left": "left", "left-picture": "left", "right": "right", "right-picture": "right"}


def configurations(_: Element) -> Element:
    made = [VideoSourceConfiguration(token=f"{name}-picture", source=name) for name in ("left", "right")]
    return make(
        "trt:GetVideoSourceConfigurationsResponse",
        *(write_video_source_configuration("trt:Configurations", each) for each in made),
    )


async def test_sources_and_their_configurations_stand_for_a_picture() -> None:
    device = FakeDevice({"trt:GetVideoSourceConfigurations": configurations}, services=[MEDIA, MEDIA2, EVENTS])

    assert await channels.sources(device) == TOKENS
    assert device.asked == ["tr2:GetVideoSourceConfigurations", "trt:GetVideoSourceConfigurations"]


async def test_a_device_that_tells_none_has_none() -> None:
    device = EventDevice(SimulatedClock())
    device.services = frozenset({MEDIA})
    device.trouble = DeviceTrouble.REFUSED

    assert await channels.sources(device) == {}


def test_a_message_names_its_picture_in_many_ways() -> None:
    def about(name: str, token: str) -> str | None:
        return channels.channel(Message(topic="t", source={name: token, "Rule": "left"}), TOKENS)

    assert about("VideoSourceToken", "left") == "left"
    assert about("VideoSourceConfigurationToken", "right-picture") == "right"
    assert about("Source", "right") == "right"
    assert about("Source", "nobody") is None
    assert about("InputToken", "left") is None
