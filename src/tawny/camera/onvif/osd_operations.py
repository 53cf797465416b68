"""Texts that a client has written into the pictures: operations of both media services."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from tawny.camera.onvif.dispatch import Asked, Handler, refusal
from tawny.camera.onvif.head import Head
from tawny.camera.onvif.lettering import PLACES, Text
from tawny.wire.onvif.elements import Element, child, make, text
from tawny.wire.onvif.osd import Osd, OsdOptions, read_osd, write_osd, write_osd_options

MOST = 4  # texts in a picture
_LONGEST = 64
_OPTIONS = OsdOptions(
    most=(("Total", MOST), ("PlainText", MOST)), kinds=("Text",), places=PLACES, text_kinds=("Plain",)
)


class Osds:
    """The texts of all channels that can be drawn anew; *heads* are named by their video sources.

    Invariant: every text is in its channel's view, from which the picture is drawn.
    """

    def __init__(self, heads: Mapping[str, Head]) -> None:
        self._heads = {f"{source}-picture": head for source, head in heads.items()}
        self._osds: dict[str, Osd] = {}
        self._made = 0

    def handlers(self, prefix: str) -> dict[str, Handler]:
        """The handlers for the service *prefix*, ``trt`` or ``tr2``."""
        handlers: dict[str, Handler] = {
            "GetOSDs": lambda asked: make(f"{prefix}:GetOSDsResponse", *self._listed(prefix, asked)),
            "GetOSDOptions": lambda asked: self._options(prefix, asked),
            "CreateOSD": lambda asked: self._create(prefix, asked),
            "SetOSD": lambda asked: self._set(prefix, asked),
            "DeleteOSD": lambda asked: self._delete(prefix, asked),
        }
        if prefix == "trt":
            handlers["GetOSD"] = lambda asked: make("trt:GetOSDResponse", write_osd("trt:OSD", self._known(asked)))
        return handlers

    def _listed(self, prefix: str, asked: Asked) -> Iterator[Element]:
        configuration, token = text(asked.body, "ConfigurationToken"), text(asked.body, "OSDToken")
        if configuration is not None:
            self._head(configuration)
        if token is not None:
            self._known(asked)
        for each in self._osds.values():
            if configuration in {None, each.configuration} and token in {None, each.token}:
                yield write_osd(f"{prefix}:OSDs", each)

    def _options(self, prefix: str, asked: Asked) -> Element:
        self._head(text(asked.body, "ConfigurationToken") or "")
        return make(f"{prefix}:GetOSDOptionsResponse", write_osd_options(f"{prefix}:OSDOptions", _OPTIONS))

    def _create(self, prefix: str, asked: Asked) -> Element:
        wanted = self._wanted(asked)
        if sum(each.configuration == wanted.configuration for each in self._osds.values()) >= MOST:
            raise refusal("InvalidArgVal", "MaxOSDs", reason=f"There is room for {MOST} texts.", code="Receiver")
        self._made += 1
        token = f"text-{self._made}"
        self._become({**self._osds, token: replace(wanted, token=token)})
        return make(f"{prefix}:CreateOSDResponse", make(f"{prefix}:OSDToken", token))

    def _set(self, prefix: str, asked: Asked) -> Element:
        token = text(asked.body, "OSD/@token") or ""
        if token not in self._osds:
            raise _no_config()
        self._become({**self._osds, token: replace(self._wanted(asked), token=token)})
        return make(f"{prefix}:SetOSDResponse")

    def _delete(self, prefix: str, asked: Asked) -> Element:
        gone = self._known(asked).token
        self._become({token: each for token, each in self._osds.items() if token != gone})
        return make(f"{prefix}:DeleteOSDResponse")

    def _known(self, asked: Asked) -> Osd:
        found = self._osds.get(text(asked.body, "OSDToken") or "")
        if found is None:
            raise _no_config()
        return found

    def _wanted(self, asked: Asked) -> Osd:
        """The text as asked for."""
        element = child(asked.body, "OSD")
        if element is None:
            raise refusal("InvalidArgVal", "ConfigModify", reason="The request has no text.")
        osd = read_osd(element)
        self._head(osd.configuration)
        words = osd.plain_text or ""
        if osd.kind != "Text" or osd.text_kind != "Plain" or osd.place not in PLACES:
            raise refusal("InvalidArgVal", "ConfigModify", reason="Plain texts in the corners are drawn, nothing else.")
        if not 0 < len(words) <= _LONGEST:
            raise refusal("InvalidArgVal", "ConfigModify", reason=f"A text has 1 to {_LONGEST} characters.")
        return Osd(configuration=osd.configuration, kind="Text", place=osd.place, text_kind="Plain", plain_text=words)

    def _become(self, osds: dict[str, Osd]) -> None:
        self._osds = osds
        for configuration, head in self._heads.items():
            mine = [each for each in osds.values() if each.configuration == configuration]
            texts = tuple(Text(place=each.place, words=each.plain_text or "") for each in mine)
            if texts != head.view.texts:
                head.look(replace(head.view, texts=texts))

    def _head(self, configuration: str) -> Head:
        found = self._heads.get(configuration)
        if found is None:
            raise _no_config()
        return found


def _no_config() -> Exception:
    return refusal("InvalidArgVal", "NoConfig", reason="There is no such text or configuration.")
