"""The profiles of a device: a fixed one for each stream, and those that clients put together of the same parts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from tawny.camera.onvif.dispatch import refusal
from tawny.camera.onvif.model import Channel, Stream
from tawny.wire.onvif.answers.media import KINDS
from tawny.wire.onvif.configurations import Configuration
from tawny.wire.onvif.profiles import Profile

MOST_MADE = 8  # profiles that clients make
_LONGEST = 64
_PARTS = {
    "VideoSource": "video_source",
    "VideoEncoder": "video_encoder",
    "AudioSource": "audio_source",
    "AudioEncoder": "audio_encoder",
    "Metadata": "metadata",
    "PTZ": "ptz",
}
_KINDS = {kind.name: kind for kind in KINDS if kind.name in _PARTS}
PART_KINDS = tuple(_PARTS)


@dataclass(slots=True, kw_only=True)
class _Made:
    """A profile that a client made: tokens of configurations by kind."""

    name: str
    parts: dict[str, str] = field(default_factory=dict)


class Catalogue:
    """The profiles of all channels and what stands in them; asked anew each time, for a channel may change.

    Invariants: a fixed profile never changes by a client's wish; one that was made has only configurations that there
    are; no two have one token.
    """

    def __init__(self, channels: Sequence[Channel], *, equip: Callable[[Profile], Profile]) -> None:
        self.channels = channels
        self._equip = equip
        self.changed: Callable[[str], None] = lambda token: (
            None
        )  # hears of a profile that is made, put together or gone
        self._made: dict[str, _Made] = {}
        self._count = 0

    def fixed(self) -> list[Profile]:
        """The profiles of the streams, with what `equip` adds to them."""
        return [self._equip(profile) for channel in self.channels for profile in channel.profiles()]

    @property
    def most(self) -> int:
        """How many profiles there can be."""
        return sum(len(channel.streams) for channel in self.channels) + MOST_MADE

    def profiles(self) -> list[Profile]:
        """All profiles."""
        fixed = self.fixed()
        return [*fixed, *(_assembled(token, made, fixed) for token, made in self._made.items())]

    def profile(self, token: str | None) -> Profile:
        """The profile of that token; the fault NoProfile where there is none."""
        found = next((profile for profile in self.profiles() if profile.token == token), None)
        if found is None:
            raise refusal("InvalidArgVal", "NoProfile", reason="There is no such profile.")
        return found

    def channel(self, source: str | None) -> Channel:
        """The channel with that video source; the fault NoSource where there is none."""
        found = next((channel for channel in self.channels if channel.token == source), None)
        if found is None:
            raise refusal("InvalidArgVal", "NoSource", reason="There is no such video source.")
        return found

    def stream(self, profile: Profile) -> tuple[Channel, Stream]:
        """The stream that the profile stands for: that of its video encoder."""
        wanted = profile.video_encoder.token if profile.video_encoder is not None else ""
        for channel in self.channels:
            for stream in channel.streams:
                if f"{channel.token}-{stream.name}-video" == wanted:
                    return channel, stream
        raise refusal("Action", "IncompleteConfiguration", reason="The profile has no video encoder.", code="Receiver")

    def make(self, name: str, token: str | None = None) -> Profile:
        """A new profile without any part."""
        if len(self._made) >= MOST_MADE:
            raise refusal("Action", "MaxNVTProfiles", reason=f"There is room for {MOST_MADE} more.", code="Receiver")
        if token is None:
            self._count += 1
            token = f"made-{self._count}"
        if any(profile.token == token for profile in self.profiles()):
            raise refusal("InvalidArgVal", "ProfileExists", reason="There is a profile of that token.")
        if not 0 < len(token) <= _LONGEST or not token.isprintable() or len(name) > _LONGEST:
            raise refusal("InvalidArgVal", reason=f"A name or a token has up to {_LONGEST} characters.")
        self._made[token] = _Made(name=name)
        self.changed(token)
        return self.profile(token)

    def delete(self, token: str | None) -> None:
        """Have the profile no more."""
        self._changeable(token, "DeletionOfFixedProfile")
        del self._made[token or ""]
        self.changed(token or "")

    def put(self, token: str | None, kind: str, configuration: str | None) -> None:
        """Put a configuration into the profile in the place of the one of its kind; None: the first there is."""
        made = self._changeable(token, "FixedProfile")
        there = _configurations(kind, self.fixed())
        if not there or (configuration is not None and configuration not in there):
            raise refusal("InvalidArgVal", "NoConfig", reason="There is no such configuration.")
        made.parts[kind] = configuration or next(iter(there))
        self.changed(token or "")

    def take(self, token: str | None, kind: str) -> None:
        """Take the configuration of a kind, or of all ("All"), out of the profile."""
        made = self._changeable(token, "FixedProfile")
        for each in PART_KINDS if kind == "All" else (kind,):
            made.parts.pop(each, None)
        self.changed(token or "")

    def _changeable(self, token: str | None, subcode: str) -> _Made:
        profile = self.profile(token)
        if profile.fixed:
            raise refusal("Action", subcode, reason="The profile is a fixed one.")
        return self._made[profile.token]


def _configurations(kind: str, profiles: Sequence[Profile]) -> dict[str, Configuration]:
    chosen = _KINDS.get(kind)
    found = [chosen.of(profile) for profile in profiles] if chosen is not None else []
    return {configuration.token: configuration for configuration in found if configuration is not None}


def _assembled(token: str, made: _Made, fixed: Sequence[Profile]) -> Profile:
    parts = {_PARTS[kind]: _configurations(kind, fixed).get(part) for kind, part in made.parts.items()}
    return replace(Profile(token=token, name=made.name), **parts)  # type: ignore[arg-type]  # each is of its kind
