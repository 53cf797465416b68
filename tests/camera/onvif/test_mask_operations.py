from dataclasses import replace

import pytest

from tawny.camera.onvif.mask_operations import MOST
from tawny.camera.onvif.veils import Veil
from tawny.camera.onvif.views import View
from tawny.camera.sources import Clip
from tawny.wire.onvif import media2
from tawny.wire.onvif.elements import Element
from tawny.wire.onvif.geometry import Vector
from tawny.wire.onvif.media2 import Mask
from tawny.wire.onvif.osd import Color
from tawny.wire.onvif.soap import FaultError
from tests.camera.onvif.staged import Staged, staged

DOOR = Mask(
    configuration="gate-picture",
    polygon=(Vector(x=-1, y=1), Vector(x=0, y=1), Vector(x=0, y=0), Vector(x=-1, y=0)),
    kind="Color",
    color=Color(x=16, y=128, z=128),
)


def drawn(original: Clip, view: View) -> Clip:
    return replace(original)


async def told(camera: Staged) -> list[Mask]:
    call = media2.get_masks(configuration="gate-picture")
    return list(call.read(await camera.ask(call.body)))


def veils(camera: Staged) -> tuple[Veil, ...]:
    return camera.device.heads["gate"].view.veils


async def test_a_mask_is_put_over_the_picture_changed_switched_off_and_taken_away() -> None:
    async with staged(draw=drawn) as camera:
        create = media2.create_mask(DOOR)
        token = create.read(await camera.ask(create.body)) or ""
        first, shown = veils(camera), await told(camera)
        await camera.ask(media2.set_mask(replace(shown[0], kind="Pixelated", color=None)).body)
        second = veils(camera)
        await camera.ask(media2.set_mask(replace(shown[0], enabled=False)).body)
        third, off = veils(camera), await told(camera)
        await camera.ask(media2.delete_mask(token).body)
        last = await told(camera)

    corners = ((0.0, 0.0), (0.5, 0.0), (0.5, 0.5), (0.0, 0.5))
    assert first == (Veil(corners=corners, color=(16, 128, 128)),)
    assert shown == [replace(DOOR, token=token)]
    assert [each.kind for each in second] == ["Pixelated"]
    assert (third, [mask.enabled for mask in off], last) == ((), [False], [])


async def test_options_tell_how_many_masks_there_may_be_and_one_more_is_refused() -> None:
    async with staged(draw=drawn) as camera:
        call = media2.get_mask_options("gate-picture")
        options = call.read(await camera.ask(call.body))
        capabilities = media2.get_service_capabilities()
        says = capabilities.read(await camera.ask(capabilities.body))
        for _ in range(options.most):
            await camera.ask(media2.create_mask(DOOR).body)
        with pytest.raises(FaultError) as refused:
            await camera.ask(media2.create_mask(DOOR).body)

    assert (options.most, set(options.kinds)) == (MOST, {"Color", "Blurred", "Pixelated"})
    assert says.masks
    assert refused.value.fault.names("MaxMasks")


@pytest.mark.parametrize(
    ("body", "subcode"),
    [
        (media2.create_mask(replace(DOOR, configuration="nowhere")).body, "NoConfig"),
        (media2.create_mask(replace(DOOR, kind="Frosted")).body, "ConfigModify"),
        (media2.create_mask(replace(DOOR, polygon=DOOR.polygon[:2])).body, "InvalidPolygon"),
        (media2.create_mask(replace(DOOR, polygon=(*DOOR.polygon, Vector(x=1.5, y=0)))).body, "InvalidPolygon"),
        (media2.create_mask(replace(DOOR, color=Color(x=300, y=0, z=0))).body, "ConfigModify"),
        (media2.set_mask(replace(DOOR, token="mask-9")).body, "NoConfig"),
        (media2.delete_mask("mask-9").body, "NoConfig"),
        (media2.get_masks(token="mask-9").body, "NoConfig"),
        (media2.get_mask_options("nowhere").body, "NoConfig"),
    ],
)
async def test_what_cannot_be_hidden_is_refused(body: Element, subcode: str) -> None:
    async with staged(draw=drawn) as camera:
        with pytest.raises(FaultError) as refused:
            await camera.ask(body)

    assert refused.value.fault.names(subcode)
