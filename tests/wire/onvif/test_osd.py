from tawny.wire.onvif import osd
from tawny.wire.onvif.geometry import Range, Vector
from tawny.wire.onvif.osd import Color, Osd
from tests.wire.onvif.answers_in_words import answer, sent


def test_a_text_reads_back() -> None:
    text = Osd(
        token="o",
        configuration="v",
        place="Custom",
        at=Vector(x=-0.5, y=0.866667),
        text_kind="DateAndTime",
        date_format="yyyy-MM-dd",
        time_format="HH:mm:ss",
        font_size=32,
        font_color=Color(x=255, y=128, z=128, space="http://www.onvif.org/ver10/colorspace/YCbCr"),
        background_color=Color(x=16, y=128, z=128),
        plain_text="Gate <1>",
    )

    assert osd.read_osd(sent(osd.write_osd("trt:OSD", text))) == text


def test_a_picture_reads_back() -> None:
    logo = Osd(token="o", configuration="v", kind="Image", place="LowerRight", image="file:logo.png")

    assert osd.read_osd(sent(osd.write_osd("tr2:OSD", logo))) == logo


def test_options_that_are_no_numbers_are_passed_over() -> None:
    read = osd.read_osd_options(
        answer(
            '<OSDOptions><MaximumNumberOfOSDs Total="4" Image="many"/><Type>Text</Type><TextOption>'
            "<Type>Plain</Type><FontSizeRange><Min>16</Min><Max>64</Max></FontSizeRange></TextOption></OSDOptions>"
        )
    )

    assert read == osd.OsdOptions(
        most=(("Total", 4),), kinds=("Text",), text_kinds=("Plain",), font_size=Range(low=16, high=64)
    )
