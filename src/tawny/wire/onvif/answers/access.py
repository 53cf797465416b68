"""Who may call what: ONVIF's access classes (Core Specification, 5.9.4) and the class of each operation."""

from collections.abc import Iterator, Mapping
from enum import StrEnum


class AccessClass(StrEnum):
    """What an operation touches."""

    PRE_AUTH = "PRE_AUTH"
    READ_SYSTEM = "READ_SYSTEM"
    READ_SYSTEM_SENSITIVE = "READ_SYSTEM_SENSITIVE"
    READ_SYSTEM_SECRET = "READ_SYSTEM_SECRET"  # noqa: S105 - a class of operations
    WRITE_SYSTEM = "WRITE_SYSTEM"
    UNRECOVERABLE = "UNRECOVERABLE"
    READ_MEDIA = "READ_MEDIA"
    ACTUATE = "ACTUATE"


class Level(StrEnum):
    """A user's level, as ``tt:UserLevel`` spells it."""

    ADMINISTRATOR = "Administrator"
    OPERATOR = "Operator"
    USER = "User"


_USER = {AccessClass.PRE_AUTH, AccessClass.READ_SYSTEM, AccessClass.READ_MEDIA}
_ALLOWED = {
    Level.ADMINISTRATOR: set(AccessClass),
    Level.OPERATOR: {*_USER, AccessClass.READ_SYSTEM_SENSITIVE, AccessClass.ACTUATE},
    Level.USER: _USER,
}


def permitted(level: Level | None, access: AccessClass) -> bool:
    """Whether a user of *level* (None: nobody who logged in) may call what has *access*."""
    return access in _ALLOWED[level] if level is not None else access is AccessClass.PRE_AUTH


_OPERATIONS = {
    "tds": {
        AccessClass.PRE_AUTH: "GetWsdlUrl GetServices GetServiceCapabilities GetCapabilities GetHostname "
        "GetSystemDateAndTime GetEndpointReference",
        AccessClass.READ_SYSTEM: "GetDeviceInformation GetScopes GetDiscoveryMode GetNetworkInterfaces "
        "GetNetworkProtocols GetRelayOutputs",
        AccessClass.READ_SYSTEM_SECRET: "GetUsers",
        AccessClass.WRITE_SYSTEM: "CreateUsers SetUser DeleteUsers SetSystemDateAndTime SetScopes AddScopes RemoveScopes "
        "SetHostname SetRelayOutputSettings",
        AccessClass.ACTUATE: "SetRelayOutputState",
        AccessClass.UNRECOVERABLE: "SystemReboot",
    },
    "trt": {
        AccessClass.PRE_AUTH: "GetServiceCapabilities",
        AccessClass.READ_MEDIA: "GetProfiles GetProfile GetVideoSources GetAudioSources GetAudioOutputs "
        "GetStreamUri GetSnapshotUri "
        "GetVideoSourceConfigurations GetVideoSourceConfiguration GetVideoSourceConfigurationOptions "
        "GetVideoEncoderConfigurations GetVideoEncoderConfiguration GetVideoEncoderConfigurationOptions "
        "GetAudioSourceConfigurations GetAudioSourceConfiguration GetAudioSourceConfigurationOptions "
        "GetAudioEncoderConfigurations GetAudioEncoderConfiguration GetAudioEncoderConfigurationOptions "
        "GetMetadataConfigurations GetMetadataConfiguration GetMetadataConfigurationOptions "
        "GetCompatibleVideoSourceConfigurations GetCompatibleVideoEncoderConfigurations "
        "GetCompatibleAudioSourceConfigurations GetCompatibleAudioEncoderConfigurations "
        "GetCompatibleMetadataConfigurations GetGuaranteedNumberOfVideoEncoderInstances GetOSDs GetOSD GetOSDOptions",
        AccessClass.ACTUATE: "SetSynchronizationPoint SetVideoEncoderConfiguration CreateOSD SetOSD DeleteOSD "
        "CreateProfile DeleteProfile AddVideoSourceConfiguration AddVideoEncoderConfiguration "
        "AddAudioSourceConfiguration AddAudioEncoderConfiguration AddMetadataConfiguration AddPTZConfiguration "
        "RemoveVideoSourceConfiguration RemoveVideoEncoderConfiguration RemoveAudioSourceConfiguration "
        "RemoveAudioEncoderConfiguration RemoveMetadataConfiguration RemovePTZConfiguration",
    },
    "tr2": {
        AccessClass.PRE_AUTH: "GetServiceCapabilities",
        AccessClass.READ_MEDIA: "GetProfiles GetStreamUri GetSnapshotUri GetVideoSourceConfigurations "
        "GetVideoSourceConfigurationOptions GetVideoEncoderConfigurations GetVideoEncoderConfigurationOptions "
        "GetAudioSourceConfigurations GetAudioSourceConfigurationOptions GetAudioEncoderConfigurations "
        "GetAudioEncoderConfigurationOptions GetMetadataConfigurations GetMetadataConfigurationOptions "
        "GetVideoEncoderInstances GetOSDs GetOSDOptions GetMasks GetMaskOptions",
        AccessClass.ACTUATE: "SetSynchronizationPoint SetVideoEncoderConfiguration CreateOSD SetOSD DeleteOSD "
        "CreateMask SetMask DeleteMask CreateProfile DeleteProfile AddConfiguration RemoveConfiguration",
    },
    "timg": {
        AccessClass.PRE_AUTH: "GetServiceCapabilities",
        AccessClass.READ_MEDIA: "GetImagingSettings GetOptions",
        AccessClass.ACTUATE: "SetImagingSettings",
    },
    "tptz": {
        AccessClass.PRE_AUTH: "GetServiceCapabilities",
        AccessClass.READ_MEDIA: "GetNodes GetNode GetConfigurations GetConfiguration GetConfigurationOptions "
        "GetCompatibleConfigurations GetStatus GetPresets",
        AccessClass.ACTUATE: "AbsoluteMove RelativeMove ContinuousMove Stop SetPreset GotoPreset RemovePreset "
        "SetHomePosition GotoHomePosition",
    },
    "tev": {
        AccessClass.PRE_AUTH: "GetServiceCapabilities",
        AccessClass.READ_MEDIA: "GetEventProperties CreatePullPointSubscription PullMessages SetSynchronizationPoint",
    },
    "wsnt": {AccessClass.READ_MEDIA: "Subscribe Renew Unsubscribe"},
    "tmd": {
        AccessClass.PRE_AUTH: "GetServiceCapabilities",
        AccessClass.READ_MEDIA: "GetVideoSources GetAudioSources GetAudioOutputs GetDigitalInputs "
        "GetRelayOutputOptions",
        AccessClass.WRITE_SYSTEM: "SetRelayOutputSettings",
    },
}


def _classes() -> Iterator[tuple[str, AccessClass]]:
    for prefix, classes in _OPERATIONS.items():
        for access, names in classes.items():
            yield from ((f"{prefix}:{name}", access) for name in names.split())


ACCESS: Mapping[str, AccessClass] = dict(_classes())
