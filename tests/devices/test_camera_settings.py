"""Settings as real cameras tell them, each with the quirk it pins."""

from typing import Any

from tawny.recorder.camera_settings import osd, video
from tawny.recorder.camera_settings.model import Field
from tawny.wire.onvif import media, media2
from tawny.wire.onvif.encoders import VideoEncoder
from tawny.wire.onvif.geometry import Size
from tests.devices.test_onvif_answers import OTHER_HIKVISION, answered

ENCODER = VideoEncoder(
    token="1", encoding="H264", size=Size(width=3840, height=2160), frame_rate=12.5, bitrate_kbps=8192, gov_length=50
)


def by_id(fields: tuple[Field, ...]) -> dict[str, Field]:
    return {field.id: field for field in fields}


def values(field: Field) -> list[Any]:
    return [choice.value for choice in field.choices]


def test_hikvision_offers_frame_rates_below_one() -> None:
    options = answered(
        f"{OTHER_HIKVISION}get_media2_video_encoder_configuration_options.xml", media2.get_video_encoder_options()
    )

    fields = by_id(video.fields(ENCODER, options))

    assert values(fields["encoding"]) == ["H264", "H265"]
    assert values(fields["size"]) == ["3840x2160", "1280x720"]
    assert (fields["frame_rate"].value, values(fields["frame_rate"])[:2]) == (12.5, [12.5, 12])
    assert values(fields["frame_rate"])[-1] == 0.0625
    assert (fields["bitrate"].least, fields["bitrate"].most) == (32, 16384)


def test_hikvision_in_h265_has_other_sizes_so_the_nearest_is_taken() -> None:
    options = answered(
        f"{OTHER_HIKVISION}get_media2_video_encoder_configuration_options.xml", media2.get_video_encoder_options()
    )

    became = video.changed(ENCODER, {"encoding": "H265"}, options)

    assert became.size == Size(width=3072, height=1728)


def test_hikvisions_texts_stand_where_they_are_until_they_are_moved() -> None:
    shown = answered(f"{OTHER_HIKVISION}get_media_osds.xml", media.get_osds())
    options = answered(f"{OTHER_HIKVISION}get_osd_options.xml", media.get_osd_options("VideoSourceToken"))

    clock, name = (by_id(osd.fields(each, options)) for each in shown)
    moved = osd.changed(shown[1], {"place": "LowerLeft", "text": "Gate"}, options)
    left = osd.changed(shown[1], {"text": "Gate"}, options)

    assert (clock["kind"].value, clock["date_format"].value) == ("DateAndTime", "MM/dd/yyyy")
    assert (name["text"].value, name["font_size"].value) == ("Camera 01", 32)
    assert values(name["place"]) == ["Custom", "UpperLeft", "LowerLeft"]
    assert (moved.place, moved.at, moved.font_color) == ("LowerLeft", None, shown[1].font_color)
    assert left.at == shown[1].at
    assert osd.has_room(shown, options)
