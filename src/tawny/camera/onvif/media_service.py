"""Both media services: the channels as profiles, their configurations, and where their streams are."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from tawny.camera.onvif import profile_operations
from tawny.camera.onvif.catalogue import Catalogue
from tawny.camera.onvif.device_service import Service
from tawny.camera.onvif.dispatch import Asked, Handler, Operation, refusal
from tawny.camera.onvif.encoders import Encoders
from tawny.camera.onvif.mask_operations import Masks
from tawny.camera.onvif.model import loudspeaker
from tawny.camera.onvif.osd_operations import Osds
from tawny.wire.onvif.answers import media as answers
from tawny.wire.onvif.answers.media import KINDS, Kind
from tawny.wire.onvif.configurations import (
    AudioSourceConfiguration,
    Configuration,
    MetadataConfiguration,
    VideoSourceConfiguration,
)
from tawny.wire.onvif.elements import Element, child, make, text, texts
from tawny.wire.onvif.encoders import AudioEncoder, VideoEncoder, read_video_encoder
from tawny.wire.onvif.profiles import Profile

SNAPSHOTS = "/snapshot/"
_VIDEO_ENCODER = next(kind for kind in KINDS if kind.name == "VideoEncoder")
_SERVED = ("VideoSource", "VideoEncoder", "AudioSource", "AudioEncoder", "Metadata")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What both services share; *changed* is told of a configuration that changed, by its kind and token."""

    catalogue: Catalogue
    encoders: Encoders
    osds: Osds
    masks: Masks
    changed: Callable[[str, str], None]


class MediaService:
    """Media (prefix ``trt``) or Media2 (``tr2``) over the same parts."""

    def __init__(self, prefix: str, parts: Parts, *, ports: Mapping[str, int]) -> None:
        self._prefix = prefix
        self._osds = parts.osds
        self._masks = parts.masks
        self._encoders = parts.encoders
        self._changed = parts.changed
        self._catalogue = parts.catalogue
        self._ports = ports
        self._second = prefix == "tr2"

    def service(self) -> Service:
        """The service with all its operations."""
        handlers: dict[str, Handler] = {
            "GetServiceCapabilities": lambda _: make(
                f"{self._prefix}:GetServiceCapabilitiesResponse", self._capabilities()
            ),
            "GetProfiles": self._get_profiles2 if self._second else self._get_profiles,
            "GetStreamUri": self._get_stream_uri,
            "GetSnapshotUri": self._get_snapshot_uri,
            "SetSynchronizationPoint": self._set_synchronization_point,
            **self._osds.handlers(self._prefix),
        }
        for kind in KINDS:
            if kind.name in _SERVED:
                handlers |= self._of_kind(kind)
        handlers |= self._of_media2() if self._second else self._of_media()
        return Service(
            prefix=self._prefix,
            operations=[Operation(name=f"{self._prefix}:{name}", handler=h) for name, h in handlers.items()],
            capabilities=self._capabilities,
        )

    def _of_media(self) -> dict[str, Handler]:
        """What Media has and Media2 has not."""
        catalogue = self._catalogue
        return {
            "GetProfile": self._get_profile,
            "GetVideoSources": lambda _: answers.video_sources(c.video_source() for c in catalogue.channels),
            "GetAudioSources": lambda _: answers.audio_sources(
                f"{c.token}-sound" for c in catalogue.channels if c.sound
            ),
            "GetAudioOutputs": lambda _: answers.audio_outputs(loudspeaker(c) for c in catalogue.channels),
            "GetGuaranteedNumberOfVideoEncoderInstances": self._instances,
            **profile_operations.media_handlers(catalogue),
        }

    def _of_media2(self) -> dict[str, Handler]:
        return {
            "GetVideoEncoderInstances": self._instances,
            **self._masks.handlers(),
            **profile_operations.media2_handlers(self._catalogue),
        }

    def _of_kind(self, kind: Kind) -> dict[str, Handler]:
        """The operations on one kind of configuration."""
        name = f"{kind.name}Configuration"
        handlers: dict[str, Handler] = {
            f"Get{name}s": lambda asked: self._get_configurations(kind, asked),
            f"Get{name}Options": lambda asked: self._get_options(kind, asked),
        }
        if not self._second:
            handlers[f"Get{name}"] = lambda asked: self._get_configuration(kind, asked)
            handlers[f"GetCompatible{name}s"] = lambda asked: self._get_compatible(kind, asked)
        if kind.name == "VideoEncoder":
            handlers[f"Set{name}"] = self._set_video_encoder
        return handlers

    def _capabilities(self) -> Element:
        most = self._catalogue.most
        return (
            answers.capabilities2(most_profiles=most, kinds=_SERVED, secure="RTSPS" in self._ports)
            if self._second
            else answers.capabilities(most_profiles=most)
        )

    def _profiles(self) -> list[Profile]:
        """The profiles in the service's own words; Media leaves out what it can't say."""
        listed = self._catalogue.profiles()
        return listed if self._second else [told for each in listed if (told := answers.for_media(each)) is not None]

    def _get_profiles(self, _: Asked) -> Element:
        return make(
            "trt:GetProfilesResponse", *(answers.profile("trt:Profiles", profile) for profile in self._profiles())
        )

    def _get_profile(self, asked: Asked) -> Element:
        token = self._profile(asked).token
        told = next((profile for profile in self._profiles() if profile.token == token), None)
        if told is None:
            raise refusal("InvalidArgVal", "NoProfile", reason="There is no such profile.")
        return make("trt:GetProfileResponse", answers.profile("trt:Profile", told))

    def _get_profiles2(self, asked: Asked) -> Element:
        token = text(asked.body, "Token")
        profiles = [self._catalogue.profile(token)] if token is not None else self._profiles()
        kinds = texts(asked.body, "Type")
        return make("tr2:GetProfilesResponse", *(answers.profile2(profile, kinds) for profile in profiles))

    def _profile(self, asked: Asked) -> Profile:
        return self._catalogue.profile(text(asked.body, "ProfileToken"))

    def _get_stream_uri(self, asked: Asked) -> Element:
        _, stream = self._catalogue.stream(self._profile(asked))
        secure = (text(asked.body, "Protocol") or "").lower().startswith("rtsps")
        port = self._ports.get("RTSPS" if secure else "RTSP")
        if port is None:
            raise refusal("InvalidArgVal", "InvalidStreamSetup", reason="The streams are not served by TLS.")
        return self._uri("GetStreamUri", f"{'rtsps' if secure else 'rtsp'}://{asked.host}:{port}{stream.path}")

    def _get_snapshot_uri(self, asked: Asked) -> Element:
        channel, stream = self._catalogue.stream(self._profile(asked))
        return self._uri("GetSnapshotUri", asked.base + SNAPSHOTS + quote(f"{channel.token}-{stream.name}"))

    def _uri(self, operation: str, address: str) -> Element:
        return (answers.media_uri2 if self._second else answers.media_uri)(operation, address)

    def _set_synchronization_point(self, asked: Asked) -> Element:
        """A loop has its key frames where they are: at most two seconds away."""
        self._profile(asked)
        return make(f"{self._prefix}:SetSynchronizationPointResponse")

    def _found(self, kind: Kind) -> dict[str, Configuration]:
        found = [kind.of(profile) for profile in self._profiles()]
        return {configuration.token: configuration for configuration in found if configuration is not None}

    def _get_configurations(self, kind: Kind, asked: Asked) -> Element:
        listed = (
            [self._chosen(kind, asked)] if text(asked.body, "ConfigurationToken") else self._of_profile(kind, asked)
        )
        return self._configurations(kind, f"Get{kind.name}Configurations", listed)

    def _get_compatible(self, kind: Kind, asked: Asked) -> Element:
        return self._configurations(kind, f"GetCompatible{kind.name}Configurations", self._of_profile(kind, asked))

    def _of_profile(self, kind: Kind, asked: Asked) -> list[Configuration]:
        """All configurations of a *kind*, or the one in the profile that the request names."""
        if text(asked.body, "ProfileToken") is None:
            return list(self._found(kind).values())
        mine = kind.of(self._profile(asked))
        return [] if mine is None else [self._found(kind)[mine.token]]

    def _configurations(self, kind: Kind, operation: str, listed: Sequence[Configuration]) -> Element:
        write = kind.write2 if self._second else kind.write
        written = (write(f"{self._prefix}:Configurations", configuration) for configuration in listed)
        return make(f"{self._prefix}:{operation}Response", *written)

    def _get_configuration(self, kind: Kind, asked: Asked) -> Element:
        chosen = self._chosen(kind, asked)
        return make(f"trt:Get{kind.name}ConfigurationResponse", kind.write("trt:Configuration", chosen))

    def _chosen(self, kind: Kind, asked: Asked) -> Configuration:
        found = self._found(kind).get(text(asked.body, "ConfigurationToken") or "")
        if found is None:
            raise refusal("InvalidArgVal", "NoConfig", reason="There is no such configuration.")
        return found

    def _get_options(self, kind: Kind, asked: Asked) -> Element:
        if text(asked.body, "ConfigurationToken"):
            listed = [self._chosen(kind, asked)]
        else:
            listed = self._of_profile(kind, asked)
        told = [
            option for configuration in listed[: None if self._second else 1] for option in self._options(configuration)
        ]
        return make(f"{self._prefix}:Get{kind.name}ConfigurationOptionsResponse", *told)

    def _options(self, configuration: Configuration) -> list[Element]:
        """What a configuration can be set to: one ``Options`` each."""
        options = f"{self._prefix}:Options"
        match configuration:
            case VideoSourceConfiguration():
                return [make(options, *answers.video_source_options(configuration))]
            case VideoEncoder() if self._second:
                offered = self._encoders.options(configuration.token)
                return [answers.video_encoder_options2(each) for each in offered]
            case VideoEncoder():
                return [make(options, *answers.video_encoder_options(self._encoders.options(configuration.token)[0]))]
            case AudioEncoder() if self._second:
                return [answers.audio_encoder_options(options, configuration)]
            case AudioEncoder():
                return [make(options, answers.audio_encoder_options("tt:Options", configuration))]
            case MetadataConfiguration():
                return [make(options, *answers.metadata_options(configuration))]
            case AudioSourceConfiguration():
                return [make(options, make("tt:InputTokensAvailable", configuration.source))]
            case _:
                raise AssertionError("no other kind is served")

    def _set_video_encoder(self, asked: Asked) -> Element:
        """Answered at once: what is sent follows when it is encoded."""
        element = child(asked.body, "Configuration")
        token = text(asked.body, "Configuration/@token") or ""
        if element is None or token not in self._found(_VIDEO_ENCODER):
            raise refusal("InvalidArgVal", "NoConfig", reason="There is no such configuration.")
        if self._encoders.set(token, read_video_encoder(element)):
            self._changed("VideoEncoder", token)
        return make(f"{self._prefix}:SetVideoEncoderConfigurationResponse")

    def _instances(self, asked: Asked) -> Element:
        token = text(asked.body, "ConfigurationToken")
        fixed = [profile for profile in self._profiles() if profile.fixed]
        profiles = [p for p in fixed if p.video_source is not None and p.video_source.token == token]
        if not profiles:
            raise refusal("InvalidArgVal", "NoConfig", reason="There is no such configuration.")
        tokens = [p.video_encoder.token for p in profiles if p.video_encoder is not None]
        counts = Counter(option.encoding for each in tokens for option in self._encoders.options(each))
        return answers.encoder_instances(self._prefix, counts, most=len(tokens))
