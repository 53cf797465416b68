from tawny.wire.onvif import media2
from tests.wire.onvif import values
from tests.wire.onvif.answers_in_words import answer, sent


def test_a_mask_reads_back() -> None:
    assert media2.read_mask(sent(media2.write_mask("tr2:Masks", values.MASK))) == values.MASK


def test_a_mask_that_does_not_say_so_hides() -> None:
    assert media2.read_mask(answer('<Masks token="k"/>')).enabled


def test_options_of_masks_are_read() -> None:
    read = media2.get_mask_options("v").read(
        answer(
            '<A><Options RectangleOnly="true"><MaxMasks>8</MaxMasks><MaxPoints>4</MaxPoints>'
            "<Types>Color</Types><Types>Pixelated</Types></Options></A>"
        )
    )

    assert read == media2.MaskOptions(most=8, most_points=4, kinds=("Color", "Pixelated"), rectangle_only=True)


def test_an_address_stands_right_in_the_answer() -> None:
    read = media2.get_stream_uri("p").read(answer("<tr2:A><tr2:Uri>rtsp://192.0.2.1/1</tr2:Uri></tr2:A>"))

    assert read == "rtsp://192.0.2.1/1"


def test_a_profile_that_was_made_tells_its_token() -> None:
    assert media2.create_profile("x").read(answer("<A><Token>p9</Token></A>")) == "p9"


def test_capabilities_are_told_by_attributes() -> None:
    read = media2.get_service_capabilities().read(
        answer('<A><Capabilities Mask="true"><StreamingCapabilities RTSPStreaming="true"/></Capabilities></A>')
    )

    assert read == media2.Capabilities(masks=True, rtsp=True)
