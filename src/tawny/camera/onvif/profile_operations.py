"""Profiles that clients make, which some VMSs do instead of using those there are (Genetec): both media services."""

from collections.abc import Callable
from functools import partial

from tawny.camera.onvif.catalogue import PART_KINDS, Catalogue
from tawny.camera.onvif.dispatch import Asked, Handler, refusal
from tawny.wire.onvif.answers import media as answers
from tawny.wire.onvif.elements import Element, children, make, text


def media_handlers(catalogue: Catalogue) -> dict[str, Handler]:
    """The operations of Media, one for each kind of configuration."""

    def create(asked: Asked) -> Element:
        made = catalogue.make(text(asked.body, "Name") or "", text(asked.body, "Token"))
        return make("trt:CreateProfileResponse", answers.profile("trt:Profile", made))

    def delete(asked: Asked) -> Element:
        catalogue.delete(text(asked.body, "ProfileToken"))
        return make("trt:DeleteProfileResponse")

    def add(kind: str, asked: Asked) -> Element:
        catalogue.put(text(asked.body, "ProfileToken"), kind, text(asked.body, "ConfigurationToken") or "")
        return make(f"trt:Add{kind}ConfigurationResponse")

    def remove(kind: str, asked: Asked) -> Element:
        catalogue.take(text(asked.body, "ProfileToken"), kind)
        return make(f"trt:Remove{kind}ConfigurationResponse")

    return {
        "CreateProfile": create,
        "DeleteProfile": delete,
        **{f"Add{kind}Configuration": partial(add, kind) for kind in PART_KINDS},
        **{f"Remove{kind}Configuration": partial(remove, kind) for kind in PART_KINDS},
    }


def media2_handlers(catalogue: Catalogue) -> dict[str, Handler]:
    """The operations of Media2, which take several configurations at once."""

    def create(asked: Asked) -> Element:
        made = catalogue.make(text(asked.body, "Name") or "")
        try:
            _put(catalogue, made.token, asked)
        except ValueError:
            catalogue.delete(made.token)
            raise
        return make("tr2:CreateProfileResponse", make("tr2:Token", made.token))

    def delete(asked: Asked) -> Element:
        catalogue.delete(text(asked.body, "Token"))
        return make("tr2:DeleteProfileResponse")

    def add(asked: Asked) -> Element:
        _put(catalogue, text(asked.body, "ProfileToken"), asked)
        return make("tr2:AddConfigurationResponse")

    def remove(asked: Asked) -> Element:
        _each(asked, lambda kind, _: catalogue.take(text(asked.body, "ProfileToken"), kind))
        return make("tr2:RemoveConfigurationResponse")

    return {"CreateProfile": create, "DeleteProfile": delete, "AddConfiguration": add, "RemoveConfiguration": remove}


def _put(catalogue: Catalogue, profile: str | None, asked: Asked) -> None:
    catalogue.profile(profile)
    _each(asked, lambda kind, token: catalogue.put(profile, kind, token))


def _each(asked: Asked, apply: Callable[[str, str | None], None]) -> None:
    """Apply to each configuration that the request names, by kind and token."""
    for element in children(asked.body, "Configuration")[: 2 * len(PART_KINDS)]:
        kind = text(element, "Type") or ""
        if kind not in {*PART_KINDS, "All"}:
            raise refusal("InvalidArgVal", "NoConfig", reason="There is no such kind of configuration.")
        apply(kind, text(element, "Token"))
