"""Replay (ver10): where recordings on a camera's card can be played from."""

from tawny.wire.onvif.elements import duration_s, make, spelt_duration
from tawny.wire.onvif.media import read_uri
from tawny.wire.onvif.soap import Call, nothing


def get_replay_uri(recording: str, *, transport: str = "RTSP") -> Call[str]:
    """Ask where to play *recording*; *transport* as in ``media.get_stream_uri``."""
    setup = make(
        "trp:StreamSetup",
        make("tt:Stream", "RTP-Unicast"),
        make("tt:Transport", make("tt:Protocol", transport)),
    )
    return Call(body=make("trp:GetReplayUri", setup, make("trp:RecordingToken", recording)), read=read_uri)


def get_session_timeout() -> Call[float | None]:
    """Seconds that a session lasts without a sign of life."""
    return Call(
        body=make("trp:GetReplayConfiguration"), read=lambda answer: duration_s(answer, "Configuration/SessionTimeout")
    )


def set_session_timeout(seconds: float) -> Call[None]:
    given = make("trp:Configuration", make("tt:SessionTimeout", spelt_duration(seconds)))
    return Call(body=make("trp:SetReplayConfiguration", given), read=nothing)
