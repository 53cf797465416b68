"""Privacy masks that a client has put over the pictures: operations of Media2."""

from collections.abc import Mapping
from dataclasses import replace

from tawny.camera.onvif.dispatch import Asked, Handler, refusal
from tawny.camera.onvif.head import Head
from tawny.camera.onvif.veils import BLURRED, COLOR, PIXELATED, Veil
from tawny.wire.onvif.answers.media import mask_options
from tawny.wire.onvif.elements import Element, child, make, text
from tawny.wire.onvif.media2 import Mask, MaskOptions, read_mask, write_mask
from tawny.wire.onvif.osd import Color

MOST = 8
_YCBCR = "http://www.onvif.org/ver10/colorspace/YCbCr"
_BLACK = Color(x=0, y=128, z=128)
OPTIONS = MaskOptions(most=MOST, most_points=16, kinds=(COLOR, BLURRED, PIXELATED))


class Masks:
    """The masks of all channels that can be drawn anew; *heads* are named by their video sources.

    Invariant: every mask that is enabled is in its channel's view, from which the picture is drawn.
    """

    def __init__(self, heads: Mapping[str, Head]) -> None:
        self._heads = {f"{source}-picture": head for source, head in heads.items()}
        self._masks: dict[str, Mask] = {}
        self._made = 0

    def handlers(self) -> dict[str, Handler]:
        """The handlers for ``tr2``."""
        return {
            "GetMasks": self._get,
            "GetMaskOptions": self._options,
            "CreateMask": self._create,
            "SetMask": self._set,
            "DeleteMask": self._delete,
        }

    def _get(self, asked: Asked) -> Element:
        configuration, token = text(asked.body, "ConfigurationToken"), text(asked.body, "Token")
        if configuration is not None:
            self._know(configuration)
        if token is not None and token not in self._masks:
            raise _no_config()
        wanted = [
            mask
            for mask in self._masks.values()
            if configuration in {None, mask.configuration} and token in {None, mask.token}
        ]
        return make("tr2:GetMasksResponse", *(write_mask("tr2:Masks", mask) for mask in wanted))

    def _options(self, asked: Asked) -> Element:
        self._know(text(asked.body, "ConfigurationToken") or "")
        return make("tr2:GetMaskOptionsResponse", mask_options("tr2:Options", OPTIONS))

    def _create(self, asked: Asked) -> Element:
        wanted = self._wanted(asked)
        if sum(mask.configuration == wanted.configuration for mask in self._masks.values()) >= MOST:
            raise refusal("InvalidArgVal", "MaxMasks", reason=f"There is room for {MOST} masks.", code="Receiver")
        self._made += 1
        token = f"mask-{self._made}"
        self._become({**self._masks, token: replace(wanted, token=token)})
        return make("tr2:CreateMaskResponse", make("tr2:Token", token))

    def _set(self, asked: Asked) -> Element:
        wanted = self._wanted(asked)
        if wanted.token not in self._masks:
            raise _no_config()
        self._become({**self._masks, wanted.token: wanted})
        return make("tr2:SetMaskResponse")

    def _delete(self, asked: Asked) -> Element:
        gone = text(asked.body, "Token")
        if gone not in self._masks:
            raise _no_config()
        self._become({token: mask for token, mask in self._masks.items() if token != gone})
        return make("tr2:DeleteMaskResponse")

    def _wanted(self, asked: Asked) -> Mask:
        """The mask as asked for."""
        element = child(asked.body, "Mask")
        if element is None:
            raise refusal("InvalidArgVal", "ConfigModify", reason="The request has no mask.")
        mask = read_mask(element)
        self._know(mask.configuration)
        if mask.kind not in OPTIONS.kinds:
            raise refusal("InvalidArgVal", "ConfigModify", reason="There is no such kind of mask.")
        if not 3 <= len(mask.polygon) <= OPTIONS.most_points:
            raise refusal("InvalidArgVal", "InvalidPolygon", reason=f"A mask has 3 to {OPTIONS.most_points} corners.")
        if any(not -1 <= value <= 1 for corner in mask.polygon for value in (corner.x, corner.y)):
            raise refusal("InvalidArgVal", "InvalidPolygon", reason="A corner lies outside of the picture.")
        if mask.color is not None and not _paintable(mask.color):
            raise refusal("InvalidArgVal", "ConfigModify", reason="A colour is told as Y, Cb and Cr from 0 to 255.")
        return mask

    def _become(self, masks: dict[str, Mask]) -> None:
        self._masks = masks
        for configuration, head in self._heads.items():
            veils = tuple(_veil(m) for m in masks.values() if m.configuration == configuration and m.enabled)
            if veils != head.view.veils:
                head.look(replace(head.view, veils=veils))

    def _know(self, configuration: str) -> None:
        if configuration not in self._heads:
            raise _no_config()


def _paintable(color: Color) -> bool:
    return color.space in {None, _YCBCR} and all(0 <= value <= 255 for value in (color.x, color.y, color.z))


def _veil(mask: Mask) -> Veil:
    """ONVIF's coordinates are -1 to 1 with y upwards, ours 0 to 1 from the upper left."""
    color = mask.color or _BLACK
    return Veil(
        corners=tuple(((corner.x + 1) / 2, (1 - corner.y) / 2) for corner in mask.polygon),
        kind=mask.kind,
        color=(round(color.x), round(color.y), round(color.z)),
    )


def _no_config() -> Exception:
    return refusal("InvalidArgVal", "NoConfig", reason="There is no such mask or configuration.")
