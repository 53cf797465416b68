"""Search (ver10): when something was recorded on a camera's card, and what happened then.

A search is begun, asked for results until it is Completed, and ended; it also ends by itself when it is not asked.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tawny.wire.onvif.elements import (
    Element,
    child,
    children,
    flag,
    integer,
    make,
    moment_us,
    number,
    spelt,
    spelt_duration,
    spelt_moment,
    text,
)
from tawny.wire.onvif.events import Message, read_message
from tawny.wire.onvif.recording import Source, read_source
from tawny.wire.onvif.soap import Call, nothing
from tawny.wire.onvif.topics import CONCRETE_SET

COMPLETED = "Completed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What is on the card altogether."""

    from_us: int | None = None
    until_us: int | None = None
    recordings: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackInformation:
    """A track and the span of its footage, which may have holes."""

    token: str
    kind: str
    from_us: int | None = None
    until_us: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingInformation:
    """A recording and the span of its footage; *status* is Recording, Stopped, Initiated, Removed or Unknown."""

    token: str
    source: Source = field(default_factory=Source)
    earliest_us: int | None = None
    latest_us: int | None = None
    content: str = ""
    tracks: tuple[TrackInformation, ...] = ()
    status: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingsFound:
    """Some results; *state* is Queued, Searching, Completed or Unknown."""

    state: str
    recordings: tuple[RecordingInformation, ...] = ()

    @property
    def completed(self) -> bool:
        """Whether there is nothing more to come."""
        return self.state == COMPLETED


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFound:
    """An event of the past; *start_state* means that it tells how things were when the search's time began."""

    recording: str
    track: str
    utc_us: int | None
    message: Message
    start_state: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsFound:
    """Some results; *state* as of recordings."""

    state: str
    events: tuple[EventFound, ...] = ()

    @property
    def completed(self) -> bool:
        """Whether there is nothing more to come."""
        return self.state == COMPLETED


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackAttributes:
    """What a track is encoded as; sizes of video, sample rate of sound."""

    token: str
    kind: str
    encoding: str | None = None
    width: int | None = None
    height: int | None = None
    frame_rate: float | None = None
    bitrate_kbps: int | None = None
    sample_rate: int | None = None


def read_summary(answer: Element) -> Summary:
    held = child(answer, "Summary")
    return Summary(
        from_us=moment_us(held, "DataFrom"),
        until_us=moment_us(held, "DataUntil"),
        recordings=integer(held, "NumberRecordings") or 0,
    )


def read_recording_information(element: Element) -> RecordingInformation:
    return RecordingInformation(
        token=text(element, "RecordingToken") or "",
        source=read_source(child(element, "Source")),
        earliest_us=moment_us(element, "EarliestRecording"),
        latest_us=moment_us(element, "LatestRecording"),
        content=text(element, "Content") or "",
        tracks=tuple(_track(each) for each in children(element, "Track")),
        status=text(element, "RecordingStatus"),
    )


def _track(element: Element) -> TrackInformation:
    return TrackInformation(
        token=text(element, "TrackToken") or "",
        kind=text(element, "TrackType") or "",
        from_us=moment_us(element, "DataFrom"),
        until_us=moment_us(element, "DataTo"),
    )


def read_recordings_found(answer: Element) -> RecordingsFound:
    held = child(answer, "ResultList")
    return RecordingsFound(
        state=text(held, "SearchState") or "Unknown",
        recordings=tuple(read_recording_information(each) for each in children(held, "RecordingInformation")),
    )


def read_events_found(answer: Element) -> EventsFound:
    held = child(answer, "ResultList")
    found = (_event(each) for each in children(held, "Result"))
    return EventsFound(
        state=text(held, "SearchState") or "Unknown", events=tuple(each for each in found if each is not None)
    )


def _event(element: Element) -> EventFound | None:
    holder = child(element, "Event")
    if holder is None:
        return None
    return EventFound(
        recording=text(element, "RecordingToken") or "",
        track=text(element, "TrackToken") or "",
        utc_us=moment_us(element, "Time"),
        message=read_message(holder),
        start_state=flag(element, "StartStateEvent") or False,
    )


def read_media_attributes(answer: Element) -> tuple[TrackAttributes, ...]:
    held = children(answer, "MediaAttributes")
    return tuple(_attributes(each) for media in held for each in children(media, "TrackAttributes"))


def _attributes(element: Element) -> TrackAttributes:
    video, audio = child(element, "VideoAttributes"), child(element, "AudioAttributes")
    described = audio if video is None else video
    return TrackAttributes(
        token=text(element, "TrackInformation/TrackToken") or "",
        kind=text(element, "TrackInformation/TrackType") or "",
        encoding=text(described, "Encoding"),
        width=integer(video, "Width"),
        height=integer(video, "Height"),
        frame_rate=number(video, "Framerate"),
        bitrate_kbps=integer(described, "Bitrate"),
        sample_rate=integer(audio, "Samplerate"),
    )


def _search_token(answer: Element) -> str:
    token = text(answer, "SearchToken")
    if token is None:
        raise ValueError("the camera gives no token for the search")
    return token


def get_recording_summary() -> Call[Summary]:
    return Call(body=make("tse:GetRecordingSummary"), read=read_summary)


def get_recording_information(recording: str) -> Call[RecordingInformation]:
    def read(answer: Element) -> RecordingInformation:
        held = child(answer, "RecordingInformation")
        if held is None:
            raise ValueError("the camera tells nothing of the recording")
        return read_recording_information(held)

    return Call(body=make("tse:GetRecordingInformation", make("tse:RecordingToken", recording)), read=read)


def get_media_attributes(recordings: Iterable[str], utc_us: int) -> Call[tuple[TrackAttributes, ...]]:
    body = make(
        "tse:GetMediaAttributes",
        *(make("tse:RecordingTokens", recording) for recording in recordings),
        make("tse:Time", spelt_moment(utc_us)),
    )
    return Call(body=body, read=read_media_attributes)


def find_recordings(*, most: int | None = None, keep_alive_s: float = 60) -> Call[str]:
    """Begin to search all recordings; the answer is the search's token."""
    body = make(
        "tse:FindRecordings",
        make("tse:Scope"),
        None if most is None else make("tse:MaxMatches", str(most)),
        make("tse:KeepAliveTime", spelt_duration(keep_alive_s)),
    )
    return Call(body=body, read=_search_token)


def get_recording_search_results(search: str, *, most: int = 100, wait_s: float = 5) -> Call[RecordingsFound]:
    return Call(body=_results("GetRecordingSearchResults", search, most, wait_s), read=read_recordings_found)


def find_events(
    *,
    from_us: int,
    until_us: int,
    recordings: Iterable[str] = (),
    topics: Iterable[str] = (),
    include_start_state: bool = True,
    keep_alive_s: float = 60,
) -> Call[str]:
    """Begin to search events; with *until_us* before *from_us* it goes backwards. The answer is the search's token."""
    expression = "|".join(topics)
    body = make(
        "tse:FindEvents",
        make("tse:StartPoint", spelt_moment(from_us)),
        make("tse:EndPoint", spelt_moment(until_us)),
        make("tse:Scope", *(make("tt:IncludedRecordings", recording) for recording in recordings)),
        make(
            "tse:SearchFilter",
            make("wsnt:TopicExpression", expression, Dialect=CONCRETE_SET) if expression else None,
        ),
        make("tse:IncludeStartState", spelt(include_start_state)),
        make("tse:KeepAliveTime", spelt_duration(keep_alive_s)),
    )
    return Call(body=body, read=_search_token)


def get_event_search_results(search: str, *, most: int = 100, wait_s: float = 5) -> Call[EventsFound]:
    return Call(body=_results("GetEventSearchResults", search, most, wait_s), read=read_events_found)


def end_search(search: str) -> Call[None]:
    return Call(body=make("tse:EndSearch", make("tse:SearchToken", search)), read=nothing)


def _results(operation: str, search: str, most: int, wait_s: float) -> Element:
    return make(
        f"tse:{operation}",
        make("tse:SearchToken", search),
        make("tse:MaxResults", str(most)),
        make("tse:WaitTime", spelt_duration(wait_s)),
    )
