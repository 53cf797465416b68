"""What heads and lenses report of themselves, in our words."""

from dataclasses import replace

from tawny.recorder.camera_settings.sections import asked
from tawny.recorder.control.facts import Lens
from tawny.recorder.control.head import Head
from tawny.recorder.control.model import FocusReport, PtzReport
from tawny.recorder.onvif.model import Device
from tawny.wire.onvif import imaging, ptz

LONGEST_TOKEN = 128  # ONVIF's reference tokens have 64 characters at most; some cameras' more
_LONGEST_NAME = 64
_MOST_PRESETS = 300  # the most that makers tell of


async def head_report(device: Device, head: Head) -> PtzReport:
    presets = await asked(device, ptz.get_presets(head.profile), ())
    status = await asked(device, ptz.get_status(head.profile), ptz.Status())
    report = PtzReport(
        move=head.pans,
        zoom=head.zooms,
        to=head.goes_to,
        by=head.goes_by,
        home=head.home,
        presets=tuple(_preset(each) for each in presets[:_MOST_PRESETS] if len(each.token) <= LONGEST_TOKEN),
        most_presets=head.most_presets,
    )
    return stands(report, head, status)


def stands(report: PtzReport, head: Head, status: ptz.Status) -> PtzReport:
    """The report with where the head is now."""
    position = head.place(status.position)
    return replace(report, position=position, moving=_moving(status.moving, status.zooming))


async def focus_report(device: Device, lens: Lens) -> FocusReport:
    moves, auto = lens.moves, None
    if lens.switched:
        settings = await asked(device, imaging.get_imaging_settings(lens.source), imaging.ImagingSettings())
        auto = None if settings.focus is None else settings.focus.mode == "AUTO"
    return FocusReport(
        move=moves.continuous is not None,
        to=moves.absolute is not None,
        by=moves.relative is not None,
        auto=auto,
    )


def _preset(told: ptz.Preset) -> tuple[str, str]:
    return told.token, (told.name or told.token)[:_LONGEST_NAME]


def _moving(pan_tilt: str | None, zoom: str | None) -> bool | None:
    words = {word.upper() for word in (pan_tilt, zoom) if word}
    if "MOVING" in words:
        return True
    return False if "IDLE" in words else None
