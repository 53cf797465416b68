from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest

from tawny.camera.onvif.views import Coding, View
from tawny.camera.sources import Clip, Source
from tawny.wire.media import VideoCodec
from tawny.wire.onvif import media, media2
from tawny.wire.onvif.answers.events import Filter
from tawny.wire.onvif.encoders import VideoEncoder
from tawny.wire.onvif.geometry import Size
from tests.camera.clips import VIDEO, clip
from tests.camera.onvif.staged import Staged, staged


@dataclass(kw_only=True)
class Drawing:
    """A camera, and the codings that it was drawn in."""

    camera: Staged
    codings: list[Coding | None] = field(default_factory=list)

    async def encoder(self) -> VideoEncoder:
        call = media2.get_profiles(token="gate-main")
        (profile,) = call.read(await self.camera.ask(call.body))
        assert profile.video_encoder is not None
        return profile.video_encoder

    async def set(self, wish: VideoEncoder) -> VideoEncoder:
        """The encoder as it is told at once after it was set."""
        await self.camera.ask(media2.set_video_encoder(wish).body)
        return await self.encoder()


@asynccontextmanager
async def drawing() -> AsyncIterator[Drawing]:
    codings: list[Coding | None] = []

    def noted(original: Clip, view: View) -> Clip:
        codings.append(view.coding)
        return replace(original)

    large = clip(frames=50)
    source = Source(name="gate", streams={"main": replace(large, video=replace(VIDEO, width=1920, height=1080))})
    async with staged([source], draw=noted) as camera:
        yield Drawing(camera=camera, codings=codings)


async def test_codec_size_rate_bit_rate_and_key_frames_are_set_and_told_at_once() -> None:
    async with drawing() as drawn:
        before = await drawn.encoder()
        wish = replace(
            before,
            encoding="H265",
            size=Size(width=1280, height=720),
            frame_rate=12.5,
            bitrate_kbps=900,
            gov_length=25,
        )
        after = await drawn.set(wish)
        head = drawn.camera.device.heads["gate"]
        size = drawn.camera.device.channels[0].size

    assert (before.encoding, before.frame_rate) == ("H264", 25.0)
    assert after == replace(wish, codec_profile="Main")
    assert head.coding("main") == Coding(
        codec=VideoCodec.H265, width=1280, height=720, step=2, group=25, bitrate=900_000
    )
    assert size == Size(width=1920, height=1080), "that of the sensor"


async def test_options_offer_both_codecs_three_rates_and_smaller_sizes() -> None:
    async with drawing() as drawn:
        call = media2.get_video_encoder_options(configuration="gate-main-video")
        options = call.read(await drawn.camera.ask(call.body))
        old = media.get_video_encoder_options(configuration="gate-main-video")
        (h264,) = old.read(await drawn.camera.ask(old.body))

    assert [each.encoding for each in options] == ["H264", "H265"]
    assert [size.width for size in options[0].sizes] == [1920, 1280, 640]
    assert options[0].frame_rates == (5.0, 12.5, 25.0)
    assert h264.sizes == options[0].sizes
    assert h264.frame_rate is not None
    assert (h264.frame_rate.low, h264.frame_rate.high) == (5, 25)


async def test_what_lies_between_becomes_the_nearest_and_what_is_so_already_is_not_drawn_again() -> None:
    async with drawing() as drawn:
        before = await drawn.encoder()
        same = await drawn.set(before)
        near = await drawn.set(replace(before, frame_rate=6.0, size=Size(width=700, height=400), bitrate_kbps=90_000))

    assert same == before
    assert None not in drawn.codings
    assert near.size is not None
    assert (near.frame_rate, near.size.width, near.bitrate_kbps) == (5.0, 640, 8000)


async def test_the_codec_alone_is_changed_and_changed_back() -> None:
    async with drawing() as drawn:
        before = await drawn.encoder()
        other = await drawn.set(replace(before, encoding="H265"))
        back = await drawn.set(replace(other, encoding="H264"))

    assert other == replace(before, encoding="H265", codec_profile="Main")
    assert back == before


async def test_a_change_is_told_as_an_event() -> None:
    async with drawing() as drawn:
        point = drawn.camera.device.notifications.subscribe(Filter(topics="tns1:Media//."), lasts_s=60)
        assert point is not None
        await drawn.set(replace(await drawn.encoder(), frame_rate=12.5))
        make = media.create_profile("Ours")
        await drawn.camera.ask(make.body)

    told = [(message.topic, dict(message.source), dict(message.data)) for message in point.waiting]
    assert told == [
        ("tns1:Media/ConfigurationChanged", {"Token": "gate-main-video"}, {"Type": "VideoEncoder"}),
        ("tns1:Media/ProfileChanged", {"Token": "made-1"}, {}),
    ]


@pytest.mark.parametrize("codec", [VideoCodec.H265])
async def test_a_stream_that_cannot_be_drawn_anew_offers_what_it_does(codec: VideoCodec) -> None:
    fixed = replace(clip(frames=50), video=replace(VIDEO, codec=codec))
    async with staged([Source(name="gate", streams={"main": fixed})]) as camera:
        call = media2.get_video_encoder_options(configuration="gate-main-video")
        (options,) = call.read(await camera.ask(call.body))

    assert (options.encoding, options.frame_rates, len(options.sizes)) == ("H265", (25.0,), 1)
