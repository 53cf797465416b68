from tawny.wire.onvif import imaging
from tawny.wire.onvif.geometry import Range
from tawny.wire.onvif.imaging import ImagingOptions, ImagingSettings
from tests.wire.onvif import values
from tests.wire.onvif.answers_in_words import answer, sent


def test_settings_read_back_whole() -> None:
    written = imaging.write_imaging_settings("timg:ImagingSettings", values.IMAGING_SETTINGS)

    assert imaging.read_imaging_settings(sent(written)) == values.IMAGING_SETTINGS


def test_what_is_not_named_is_not_written() -> None:
    written = sent(imaging.write_imaging_settings("timg:ImagingSettings", ImagingSettings(brightness=0)))

    assert [child.text for child in written] == ["0"]


def test_options_read_back() -> None:
    options = ImagingOptions(
        brightness=Range(low=0, high=100),
        saturation=Range(low=0, high=100),
        contrast=Range(low=0, high=100),
        sharpness=Range(low=0, high=10),
        ir_cut_filter_modes=("ON", "OFF", "AUTO"),
    )

    assert imaging.read_imaging_options(sent(imaging.write_imaging_options("timg:ImagingOptions", options))) == options


def test_status_and_ways_of_moving_the_focus_are_read() -> None:
    status = imaging.get_status("s").read(
        answer(
            "<A><Status><FocusStatus20><Position>0.5</Position><MoveStatus>MOVING</MoveStatus></FocusStatus20></Status></A>"
        )
    )
    moves = imaging.get_move_options("s").read(
        answer("<A><MoveOptions><Continuous><Speed><Min>-1</Min><Max>1</Max></Speed></Continuous></MoveOptions></A>")
    )

    assert status == imaging.Status(position=0.5, moving="MOVING")
    assert moves == imaging.MoveOptions(continuous=Range(low=-1, high=1))
