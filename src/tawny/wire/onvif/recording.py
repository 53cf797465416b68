"""Recording (ver10): what is kept on a camera's card, and the jobs that fill it."""

from dataclasses import dataclass

from tawny.wire.onvif.elements import Element, child, children, duration_s, flag, integer, make, text, uri
from tawny.wire.onvif.soap import Call, nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a recording is of; *id* is usually the token of a video source."""

    id: str = ""
    name: str = ""
    location: str = ""
    description: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A track of a recording: *kind* is Video, Audio or Metadata."""

    token: str
    kind: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A recording; *retention_s* 0 means that it is kept for as long as there is room."""

    token: str
    source: Source = Source()
    content: str = ""
    retention_s: float | None = None
    tracks: tuple[Track, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingJob:
    """What fills a recording: *mode* is Active or Idle, *sources* are tokens of profiles or receivers."""

    token: str
    recording: str
    mode: str
    priority: int = 0
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What the service can do."""

    dynamic_recordings: bool = False
    dynamic_tracks: bool = False
    most_recordings: int | None = None
    most_jobs: int | None = None


def read_capabilities(element: Element | None) -> Capabilities:
    return Capabilities(
        dynamic_recordings=flag(element, "@DynamicRecordings") or False,
        dynamic_tracks=flag(element, "@DynamicTracks") or False,
        most_recordings=integer(element, "@MaxRecordings"),
        most_jobs=integer(element, "@MaxRecordingJobs"),
    )


def read_source(element: Element | None) -> Source:
    return Source(
        id=text(element, "SourceId") or "",
        name=text(element, "Name") or "",
        location=text(element, "Location") or "",
        description=text(element, "Description") or "",
        address=uri(element, "Address") or "",
    )


def write_source(name: str, source: Source) -> Element:
    return make(
        name,
        make("tt:SourceId", source.id),
        make("tt:Name", source.name),
        make("tt:Location", source.location),
        make("tt:Description", source.description),
        make("tt:Address", source.address),
    )


def read_recording(element: Element) -> Recording:
    configuration = child(element, "Configuration")
    return Recording(
        token=text(element, "RecordingToken") or "",
        source=read_source(child(configuration, "Source")),
        content=text(configuration, "Content") or "",
        retention_s=duration_s(configuration, "MaximumRetentionTime"),
        tracks=tuple(_track(each) for each in children(element, "Tracks/Track")),
    )


def _track(element: Element) -> Track:
    return Track(
        token=text(element, "TrackToken") or "",
        kind=text(element, "Configuration/TrackType") or "",
        description=text(element, "Configuration/Description") or "",
    )


def read_recording_job(element: Element) -> RecordingJob:
    configuration = child(element, "JobConfiguration")
    sources = (text(each, "SourceToken/Token") for each in children(configuration, "Source"))
    return RecordingJob(
        token=text(element, "JobToken") or "",
        recording=text(configuration, "RecordingToken") or "",
        mode=text(configuration, "Mode") or "",
        priority=integer(configuration, "Priority") or 0,
        sources=tuple(source for source in sources if source),
    )


def get_service_capabilities() -> Call[Capabilities]:
    return Call(
        body=make("trc:GetServiceCapabilities"), read=lambda answer: read_capabilities(child(answer, "Capabilities"))
    )


def get_recordings() -> Call[tuple[Recording, ...]]:
    return Call(
        body=make("trc:GetRecordings"),
        read=lambda answer: tuple(read_recording(each) for each in children(answer, "RecordingItem")),
    )


def get_recording_jobs() -> Call[tuple[RecordingJob, ...]]:
    return Call(
        body=make("trc:GetRecordingJobs"),
        read=lambda answer: tuple(read_recording_job(each) for each in children(answer, "JobItem")),
    )


def get_recording_job_state(job: str) -> Call[str | None]:
    """Idle, Active, Error, PartiallyActive or as the camera says."""
    return Call(
        body=make("trc:GetRecordingJobState", make("trc:JobToken", job)),
        read=lambda answer: text(answer, "State/State"),
    )


def set_recording_job_mode(job: str, *, active: bool) -> Call[None]:
    mode = make("trc:Mode", "Active" if active else "Idle")
    return Call(body=make("trc:SetRecordingJobMode", make("trc:JobToken", job), mode), read=nothing)
