"""What is wrong with a camera, and how to put it right: pure decisions over what it reports and what was measured."""

from collections.abc import Iterator, Mapping

from tawny.recorder.adding.advice import advice
from tawny.recorder.adding.channels import SOUNDS_RECORDED, recorded
from tawny.recorder.adding.model import Channel, Fix, How, Report, ReportedStream, Severity, TroubleItem
from tawny.recorder.ingest.model import StreamStatus
from tawny.recorder.ingest.model import Trouble as StreamTrouble
from tawny.recorder.ingest.troubles import Failure
from tawny.recorder.onvif.model import DeviceError, DeviceTrouble, Login
from tawny.wire.media import StreamName

CLOCK_S = 5.0
KEY_FRAME_S = 4.0
_WEAK = frozenset(
    {"", "admin", "root", "12345", "123456", "888888", "666666", "password", "pass", "1234", "4321", "1111"}
)
_CHIEFS = frozenset({"admin", "root", "service", "administrator"})

Measured = Mapping[StreamName, StreamStatus | None]


def problems(report: Report, measured: Measured, *, channel: str = "", login: Login | None = None) -> list[TroubleItem]:
    """What is wrong with the camera of *report*; *measured* is of its *channel*. The worst first."""
    found = [*_device(report, login)]
    for each in report.channels:
        watched = each.channel == (channel or report.channels[0].channel)
        found += _channel(each, report, measured if watched else {})
    order = list(Severity)
    return sorted(found, key=lambda item: order.index(item.severity))


def from_device(error: DeviceError, *, make: str = "") -> TroubleItem:
    """Why the ONVIF side does not answer as it should."""
    fix = _FIXES.get(error.trouble)
    about = _ADVICE.get(error.trouble)
    return TroubleItem(
        id=str(error.trouble),
        severity=Severity.ERROR,
        title=error.title,
        remedy=advice(make, about) if about and make else error.remedy,
        fix=fix,
        minutes=error.minutes,
    )


def from_stream(failure: Failure, *, channel: str | None = None, make: str = "") -> TroubleItem:
    """Why a stream does not come."""
    fix = _STREAM_FIXES.get(failure.kind)
    return TroubleItem(
        id=f"stream_{failure.kind}",
        severity=Severity.ERROR,
        title=failure.title,
        remedy=advice(make, "video") if failure.kind is StreamTrouble.CODEC and make else failure.remedy,
        fix=Fix.H264 if failure.kind is StreamTrouble.CODEC and channel is not None else fix,
        channel=channel,
    )


_STREAM_FIXES: Mapping[StreamTrouble, Fix] = {
    StreamTrouble.CREDENTIALS: Fix.LOGIN,
    StreamTrouble.CERTIFICATE: Fix.ACCEPT_CERTIFICATE,
    StreamTrouble.BASIC_ONLY: Fix.ALLOW_BASIC,
}
_FIXES: Mapping[DeviceTrouble, Fix] = {
    DeviceTrouble.NOT_ACTIVATED: Fix.SET_PASSWORD,
    DeviceTrouble.CREDENTIALS: Fix.LOGIN,
    DeviceTrouble.WEAKER_LOGIN: Fix.LOGIN,
    DeviceTrouble.CERTIFICATE: Fix.ACCEPT_CERTIFICATE,
    DeviceTrouble.BASIC_ONLY: Fix.ALLOW_BASIC,
}
_ADVICE: Mapping[DeviceTrouble, str] = {
    DeviceTrouble.NOT_ACTIVATED: "activation",
    DeviceTrouble.CREDENTIALS: "user",
    DeviceTrouble.NOT_ONVIF: "onvif",
}


def _device(report: Report, login: Login | None) -> Iterator[TroubleItem]:
    if not any(each.main for each in report.channels):
        yield TroubleItem(
            id="no_stream",
            severity=Severity.ERROR,
            title="The camera tells of no stream that could be recorded.",
            remedy="See that RTSP and a video profile are switched on in its settings, or enter a stream's address.",
        )
    offset = report.clock.offset_s if report.clock else None
    if offset is not None and abs(offset) > CLOCK_S:
        yield _clock(report, offset)
    if login is not None and report.how is How.ONVIF:
        yield from _login(report, login)


def _clock(report: Report, offset: float) -> TroubleItem:
    return TroubleItem(
        id="clock",
        severity=Severity.WARNING,
        title=f"The camera's clock is {_span(abs(offset))} {'fast' if offset > 0 else 'slow'}.",
        remedy=advice(report.make, "clock"),
        fix=Fix.SET_CLOCK,
    )


def _span(seconds: float) -> str:
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} seconds"


def _login(report: Report, login: Login) -> Iterator[TroubleItem]:
    if report.authentication == "none":
        yield TroubleItem(
            id="open",
            severity=Severity.WARNING,
            title="The camera asks nobody for a password.",
            remedy="Set one, so that nobody else in the network may look or change its settings.",
            fix=Fix.SET_PASSWORD,
        )
    elif login.user and (login.password.lower() in _WEAK or login.password == login.user):
        yield TroubleItem(
            id="default_password",
            severity=Severity.WARNING,
            title="The camera has a password that anybody would guess.",
            remedy=advice(report.make, "password"),
        )
    if report.authentication == "basic":
        yield TroubleItem(
            id="basic",
            severity=Severity.WARNING,
            title="The camera wants the password sent readable.",
            remedy="Switch on digest authentication in its settings, or reach it by https.",
        )
    if login.user.lower() in _CHIEFS and report.authentication != "none":
        yield TroubleItem(
            id="own_user",
            severity=Severity.INFO,
            title=f"The recorder logs in as “{login.user}”, who may do everything.",
            remedy="A user of its own can be taken away from it without changing anybody else's password.",
            fix=Fix.CREATE_USER,
        )


def _channel(channel: Channel, report: Report, measured: Measured) -> Iterator[TroubleItem]:
    main, token = channel.main, channel.channel
    if main is None:
        if any(each.main for each in report.channels):
            yield TroubleItem(
                id="no_stream", severity=Severity.ERROR, title=f"{channel.name} has no stream.", channel=token
            )
        return
    yield from _codec(main, channel, report)
    key_frame_s = _key_frame_s(main, measured.get(StreamName.MAIN))
    if key_frame_s is not None and key_frame_s > KEY_FRAME_S:
        yield TroubleItem(
            id="key_frames",
            severity=Severity.WARNING,
            title=f"A key frame comes only every {key_frame_s:.0f} seconds: playback starts and jumps late.",
            remedy=advice(report.make, "key_frames"),
            fix=_over_onvif(report, Fix.KEY_FRAMES),
            channel=token,
        )
    if channel.sub is None:
        yield TroubleItem(
            id="no_sub",
            severity=Severity.INFO,
            title="There is no second, smaller stream: walls of many pictures need more of the network and the screen.",
            remedy="Switch a sub stream on in the camera's settings, at about 640x360.",
            channel=token,
        )
    if main.audio is not None and main.audio not in SOUNDS_RECORDED:
        yield TroubleItem(
            id="audio",
            severity=Severity.INFO,
            title=f"The camera's sound is {main.audio.upper()}, which is not recorded.",
            remedy="Choose AAC or G.711 in the camera's audio settings.",
            channel=token,
        )


def _codec(main: ReportedStream, channel: Channel, report: Report) -> Iterator[TroubleItem]:
    if not recorded(main.codec):
        yield TroubleItem(
            id="codec",
            severity=Severity.ERROR,
            title=f"The camera's video is {main.codec.upper()}, which is not recorded.",
            remedy=advice(report.make, "video"),
            fix=_over_onvif(report, Fix.H264),
            channel=channel.channel,
        )
    elif main.codec == "h265":
        helped = channel.sub is not None and channel.sub.codec != "h265"
        yield TroubleItem(
            id="h265",
            severity=Severity.INFO if helped else Severity.WARNING,
            title="The picture is H.265, which some browsers and players can't show"
            + ("; they get the smaller stream instead." if helped else "."),
            remedy=advice(report.make, "video"),
            fix=_over_onvif(report, Fix.H264),
            channel=channel.channel,
        )


def _key_frame_s(stated: ReportedStream, measured: StreamStatus | None) -> float | None:
    """As measured where it was; cameras state their plain setting, and smart codecs stretch it."""
    return (measured.key_frame_s if measured else None) or stated.key_frame_s


def _over_onvif(report: Report, fix: Fix) -> Fix | None:
    return fix if report.how is How.ONVIF else None
