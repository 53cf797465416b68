import pytest

from tawny.camera.main import CapturedSource, captured_streams
from tawny.camera.onvif.device import Device, Surroundings
from tawny.camera.onvif.device_service import Service
from tawny.camera.onvif.dispatch import Asked
from tawny.camera.onvif.happenings import MOTION, OBJECTS, Happenings, topics_of
from tawny.camera.onvif.head import Head, adjustable
from tawny.camera.onvif.imaging_service import imaging_service
from tawny.camera.onvif.main import identity_of
from tawny.camera.onvif.model import Channel, channels_of
from tawny.camera.onvif.notifications import Notifications
from tawny.camera.onvif.users import Users
from tawny.camera.v4l2.webcam import Webcam
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.tasks import Tasks
from tawny.wire.onvif.elements import Element, child, make, text
from tawny.wire.onvif.soap import FaultError
from tests.camera.clips import clip, stream
from tests.camera.onvif.staged import BASE
from tests.fakes.webcams import FakeWebcam


def webcam_channel(fake: FakeWebcam) -> Channel:
    webcam = Webcam(fake.open, label="/dev/video0", clock=fake.clock)
    firsts = webcam.begin()
    source = CapturedSource(name=webcam.place, webcam=webcam, firsts=firsts)
    streams = captured_streams(source, clock=fake.clock, spread_s=0.0, random_32=lambda: 1)
    return channels_of({f"/{source.name}/{name}": each for name, each in streams.items()})[0]


async def ask(service: Service, name: str, *content: Element, source: str = "fake-webcam") -> Element:
    handler = next(operation.handler for operation in service.operations if operation.name == f"timg:{name}")
    body = make(f"timg:{name}", make("timg:VideoSourceToken", source), *content)
    asked = Asked(body=body, path="", user="root", base="", host="", local="", peer="")
    answered = handler(asked)
    return answered if isinstance(answered, Element) else await answered


def wish(**values: float) -> Element:
    return make("timg:ImagingSettings", *(make(f"tt:{name}", str(value)) for name, value in values.items()))


async def test_a_webcam_offers_what_its_device_adjusts_and_nothing_else() -> None:
    service = imaging_service([webcam_channel(FakeWebcam(SimulatedClock()))], {})

    options = child(await ask(service, "GetOptions"), "ImagingOptions")
    settings = child(await ask(service, "GetImagingSettings"), "ImagingSettings")

    assert text(options, "Brightness/Max") == "100"
    assert text(options, "Contrast/Min") == "0"
    assert text(options, "Sharpness/Max") is None
    assert text(settings, "Brightness") == "50"
    assert text(settings, "ColorSaturation") is None


async def test_a_webcams_brightness_is_set_in_the_device_and_read_back() -> None:
    fake = FakeWebcam(SimulatedClock())
    service = imaging_service([webcam_channel(fake)], {})

    await ask(service, "SetImagingSettings", wish(Brightness=25.0))

    assert fake.controls["brightness"].value == -32
    settings = child(await ask(service, "GetImagingSettings"), "ImagingSettings")
    assert text(settings, "Brightness") == "25"


async def test_what_a_webcam_lacks_or_cannot_do_now_is_a_fault() -> None:
    fake = FakeWebcam(SimulatedClock())
    service = imaging_service([webcam_channel(fake)], {})

    with pytest.raises(FaultError, match="no sharpness"):
        await ask(service, "SetImagingSettings", wish(Sharpness=25.0))
    with pytest.raises(FaultError, match="outside"):
        await ask(service, "SetImagingSettings", wish(Brightness=101.0))
    fake.plugged = False
    with pytest.raises(FaultError, match="not there"):
        await ask(service, "SetImagingSettings", wish(Brightness=25.0))
    with pytest.raises(FaultError, match="not there"):
        await ask(service, "GetImagingSettings")


async def test_a_webcam_has_no_service_for_what_turns() -> None:
    clock = SimulatedClock()
    channel = webcam_channel(FakeWebcam(clock))
    async with Tasks("test") as tasks:
        around = Surroundings(clock=clock, tasks=tasks, rtsp_ports={"RTSP": 554}, secret=b"test")
        device = Device(identity_of([channel], BASE), [channel], Users(None, {}), around)
        served = device.dispatcher.served()

    assert {topic.topic for topic in topics_of([channel])}.isdisjoint({MOTION, OBJECTS})
    assert not any("/ptz/" in name for name in served)
    assert any("/imaging/" in name for name in served)


async def test_a_drawn_picture_is_adjusted_by_its_head() -> None:
    clock = SimulatedClock()
    async with Tasks("test") as tasks:
        (channel,) = channels_of({"/gate/main": stream(clip(), clock, tasks)})
        head = Head(channel, clock=clock, tasks=tasks, draw=lambda shown, view: shown)
        service = imaging_service([channel], {"gate": head})

        await ask(service, "SetImagingSettings", wish(Contrast=70.0), source="gate")

        assert head.view.contrast == 70.0
        with pytest.raises(FaultError, match="no such video source"):
            await ask(service, "GetImagingSettings", source="yard")


async def test_a_webcam_is_a_device_without_head_metadata_or_events_of_actors() -> None:
    clock = SimulatedClock()
    channel = webcam_channel(FakeWebcam(clock))
    async with Tasks("test") as tasks:
        notifications = Notifications(clock=clock, tasks=tasks, name=lambda: "p")
        Happenings([channel], notifications, clock=clock, heads={}).flip_input()
        profiles = channel.profiles()

    assert not adjustable(channel)
    assert [profile.metadata for profile in profiles] == [None, None]
    assert [profile.ptz for profile in profiles] == [None, None]
    assert profiles[0].video_encoder is not None
    assert profiles[0].video_encoder.frame_rate == 25.0
    assert identity_of([channel], BASE).make.hardware == "webcam"
    assert identity_of([channel], BASE).name == "Tawny fake webcam"
