"""The scopes of a device: what it says of itself in WS-Discovery; some are fixed, the others are its owner's."""

from collections.abc import Callable, Sequence
from urllib.parse import quote

from tawny.camera.onvif.dispatch import refusal
from tawny.camera.onvif.model import Channel, Identity

_SCOPE = "onvif://www.onvif.org/"
_MOST = 32  # scopes that an owner sets
_LONGEST = 256


class Scopes:
    """What the device says of itself.

    Invariant: fixed ones stay; each change of the others is told to *changed* after it was made.
    """

    def __init__(self, identity: Identity, channels: Sequence[Channel]) -> None:
        kinds = ["Network_Video_Transmitter", "video_encoder"]
        kinds += ["audio_encoder"] if any(channel.sound for channel in channels) else []
        hardware = f"{_SCOPE}hardware/{quote(identity.make.model)}"
        self.fixed = (*(f"{_SCOPE}type/{kind}" for kind in kinds), f"{_SCOPE}Profile/Streaming", hardware)
        self.own: tuple[str, ...] = (f"{_SCOPE}name/{quote(identity.name)}", f"{_SCOPE}location/")
        self.changed: Callable[[], None] = lambda: None

    def all(self) -> tuple[str, ...]:
        """All of them, the fixed ones first."""
        return (*self.fixed, *self.own)

    def set(self, scopes: Sequence[str]) -> None:
        """Have *scopes* instead of the owner's."""
        if any(scope in self.fixed for scope in scopes):
            raise refusal("OperationProhibited", "ScopeOverwrite", reason="A fixed scope can't be set.")
        self._become(scopes)

    def add(self, scopes: Sequence[str]) -> None:
        """Have *scopes* too."""
        self._become((*self.own, *(scope for scope in scopes if scope not in self.fixed)))

    def remove(self, scopes: Sequence[str]) -> None:
        """Have *scopes* no more."""
        if any(scope in self.fixed for scope in scopes):
            raise refusal("OperationProhibited", "FixedScope", reason="A fixed scope can't be removed.")
        if any(scope not in self.own for scope in scopes):
            raise refusal("InvalidArgVal", "NoScope", reason="There is no such scope.")
        self._become([scope for scope in self.own if scope not in scopes])

    def _become(self, scopes: Sequence[str]) -> None:
        own = tuple(dict.fromkeys(scopes))
        if len(own) > _MOST:
            raise refusal("OperationProhibited", "TooManyScopes", reason=f"There is room for {_MOST} scopes.")
        if any(not 0 < len(scope) <= _LONGEST or not scope.isprintable() or " " in scope for scope in own):
            raise refusal("InvalidArgVal", reason="A scope is an address of at most 256 plain characters.")
        self.own = own
        self.changed()
