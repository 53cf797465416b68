from dataclasses import replace

import pytest

from tawny.camera.onvif.views import View
from tawny.camera.sources import Clip
from tawny.wire.onvif import media, media2
from tawny.wire.onvif.elements import Element
from tawny.wire.onvif.osd import Osd
from tawny.wire.onvif.soap import FaultError
from tests.camera.onvif.staged import Staged, staged

BARN = Osd(configuration="gate-picture", place="UpperRight", text_kind="Plain", plain_text="Barn 1")


def drawn(original: Clip, view: View) -> Clip:
    return replace(original)


async def written(camera: Staged) -> list[Osd]:
    call = media2.get_osds(configuration="gate-picture")
    return list(call.read(await camera.ask(call.body)))


def words(camera: Staged) -> list[tuple[str, str]]:
    return [(text.place, text.words) for text in camera.device.heads["gate"].view.texts]


async def test_a_text_is_written_into_the_picture_changed_and_taken_away() -> None:
    async with staged(draw=drawn) as camera:
        create = media.create_osd(BARN)
        token = create.read(await camera.ask(create.body)) or ""
        first, shown = words(camera), await written(camera)
        await camera.ask(media2.set_osd(replace(shown[0], plain_text="Stable", place="LowerLeft")).body)
        second = words(camera)
        await camera.ask(media.delete_osd(token).body)
        last = await written(camera)

    assert first == [("UpperRight", "Barn 1")]
    assert shown == [replace(BARN, token=token)]
    assert second == [("LowerLeft", "Stable")]
    assert (words(camera), last) == ([], [])


async def test_options_tell_how_many_texts_there_may_be_and_one_more_is_refused() -> None:
    async with staged(draw=drawn) as camera:
        call = media.get_osd_options("gate-picture")
        options = call.read(await camera.ask(call.body))
        for _ in range(dict(options.most)["Total"]):
            await camera.ask(media.create_osd(BARN).body)
        with pytest.raises(FaultError) as refused:
            await camera.ask(media2.create_osd(BARN).body)

    assert options.text_kinds == ("Plain",)
    assert "LowerRight" in options.places
    assert refused.value.fault.names("MaxOSDs")


@pytest.mark.parametrize(
    ("body", "subcode"),
    [
        (media.create_osd(replace(BARN, configuration="nowhere")).body, "NoConfig"),
        (media.create_osd(replace(BARN, text_kind="Date", plain_text=None)).body, "ConfigModify"),
        (media.create_osd(replace(BARN, plain_text="x" * 65)).body, "ConfigModify"),
        (media2.set_osd(replace(BARN, token="text-9")).body, "NoConfig"),
        (media.delete_osd("text-9").body, "NoConfig"),
        (media.get_osd_options("nowhere").body, "NoConfig"),
    ],
)
async def test_what_cannot_be_drawn_is_refused(body: Element, subcode: str) -> None:
    async with staged(draw=drawn) as camera:
        with pytest.raises(FaultError) as refused:
            await camera.ask(body)

    assert refused.value.fault.names(subcode)
