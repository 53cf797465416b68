"""A camera looked at without being tried or kept: what ``tawny probe`` tells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tawny.recorder.adding.looking import Found, Looker, Step, Streams, Wish
from tawny.recorder.adding.model import Channel, Formats, How, Report, ReportedStream, Severity, TroubleItem
from tawny.recorder.adding.problems import from_device, from_stream, problems
from tawny.recorder.ingest.model import CameraSource, Trouble
from tawny.recorder.ingest.troubles import Failure
from tawny.recorder.onvif.model import DeviceError, DeviceTrouble
from tawny.wire.tries import Tries

_CODES = {"usable": 0, "not_usable": 1, "unreachable": 2, "login_refused": 3}
_NOWHERE = frozenset(
    {DeviceTrouble.ADDRESS, DeviceTrouble.UNREACHABLE, DeviceTrouble.SILENT, Trouble.ADDRESS, Trouble.UNREACHABLE}
)
_REFUSED = frozenset({DeviceTrouble.CREDENTIALS, DeviceTrouble.LOCKED_OUT, Trouble.CREDENTIALS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """What a look at a camera gave: *outcome* is a key of the exit codes."""

    address: str
    outcome: str
    title: str
    remedy: str = ""
    report: Report | None = None
    problems: Sequence[TroubleItem] = ()

    @property
    def exit_code(self) -> int:
        """For scripts."""
        return _CODES[self.outcome]

    def document(self) -> dict[str, Any]:
        """All of it as JSON: the report's members beside the outcome, and every stream in one list."""
        report = self.report or Report(how=How.ONVIF, address=self.address)
        streams = list(listed_streams(report))
        return {
            **report.document(),
            "how": str(report.how) if self.report else None,
            "address": self.address,
            "outcome": self.outcome,
            "usable": self.outcome == "usable",
            "title": self.title,
            "remedy": self.remedy,
            "clock_offset_s": report.clock.offset_s if report.clock else None,
            "streams": [{"channel": token, "stream": name, **each.document()} for token, name, each in streams],
            "audio": any(each.audio for _, _, each in streams),
            "ptz": any(channel.ptz for channel in report.channels),
            "problems": [item.document() for item in self.problems],
        }


async def probe(wish: Wish, looker: Looker, streams: Streams, step: Step) -> Probed:
    """Look at what *wish* describes."""
    address = wish.target.shown or wish.target.hosts[0]
    try:
        found = await looker.look(wish, step)
    except (DeviceError, Failure) as error:
        return _failed(address, error)
    try:
        step("connecting", "Connecting to the video stream.")
        return await _seen(address, found, streams, wish.tries)
    finally:
        if found.device is not None:
            await found.device.close()


async def _seen(address: str, found: Found, streams: Streams, tries: Tries) -> Probed:
    """A camera that answered, with its first stream tried."""
    trouble: Failure | None = None
    channel = next((each for each in found.report.channels if each.main), None)
    if channel is not None:
        try:
            formats = await streams.check(_source(found, channel, tries))
            found = replace(found, report=_completed(found.report, channel, formats))
        except Failure as error:
            trouble = error
    return _judged(address, found, trouble)


def _judged(address: str, found: Found, trouble: Failure | None) -> Probed:
    if trouble is not None and found.device is None:
        return _failed(address, trouble)
    listed = problems(found.report, {}, login=found.login)
    outcome, title = "usable", "The camera can be recorded."
    if trouble is not None:
        # A firewall between us and a camera that says where its streams are is nothing that the camera lacks.
        there = trouble.kind not in _NOWHERE
        item = from_stream(trouble, channel="", make=found.report.make)
        listed.insert(0, replace(item, channel=None, severity=Severity.ERROR if there else Severity.WARNING))
        if there:
            outcome, title = _outcome(trouble.kind), trouble.title
    worst = next((item for item in listed if item.severity is Severity.ERROR), None)
    if outcome == "usable" and worst is not None:
        outcome, title = "not_usable", worst.title
    return Probed(
        address=address,
        outcome=outcome,
        title=title,
        remedy=worst.remedy if worst else "",
        report=found.report,
        problems=listed,
    )


def _failed(address: str, error: DeviceError | Failure) -> Probed:
    device = isinstance(error, DeviceError)
    item = from_device(error) if isinstance(error, DeviceError) else from_stream(error)
    how = How.ONVIF if device else How.RTSP
    kind = error.trouble if isinstance(error, DeviceError) else error.kind
    return Probed(
        address=address,
        outcome=_outcome(kind),
        title=item.title,
        remedy=item.remedy,
        report=None if kind in _NOWHERE else Report(how=how, address=address),
        problems=[item],
    )


def _outcome(kind: DeviceTrouble | Trouble) -> str:
    return "unreachable" if kind in _NOWHERE else "login_refused" if kind in _REFUSED else "not_usable"


def _source(found: Found, channel: Channel, tries: Tries) -> CameraSource:
    return CameraSource(
        camera="",
        main_url=channel.main.uri if channel.main else "",
        sub_url=None,
        user=found.login.user,
        password=found.login.password,
        sound=True,
        record=False,
        transport=found.transport,
        fingerprint=found.fingerprint,
        allow_basic=found.login.allow_basic,
        tries=tries,
    )


def _completed(report: Report, channel: Channel, formats: Formats) -> Report:
    """*report* with what the stream itself says where nothing was stated."""
    main, video = channel.main, formats.video
    if main is None or main.codec:
        return report
    stated = replace(main, audio=str(formats.audio.codec) if formats.audio else None)
    if video is not None:
        stated = replace(stated, codec=str(video.codec), width=video.width, height=video.height)
    return replace(
        report, channels=tuple(replace(each, main=stated) if each is channel else each for each in report.channels)
    )


def listed_streams(report: Report) -> Iterator[tuple[str, str, ReportedStream]]:
    """Every stream with its channel, and "main" or "sub"."""
    for channel in report.channels:
        for name, stream in (("main", channel.main), ("sub", channel.sub)):
            if stream is not None:
                yield channel.channel, name, stream
