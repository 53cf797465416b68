from tawny.wire.onvif import ptz
from tawny.wire.onvif.geometry import Range
from tawny.wire.onvif.ptz import Node, Preset, PtzVector, Space, Spaces, Status
from tests.wire.onvif import values
from tests.wire.onvif.answers_in_words import answer, sent

UNIT = Range(low=-1, high=1)


def test_a_node_reads_back_with_its_spaces() -> None:
    node = Node(
        token="n",
        name="Head",
        spaces=Spaces(
            absolute_pan_tilt=(Space(uri=ptz.POSITION_SPACE, x=UNIT, y=UNIT),),
            absolute_zoom=(Space(uri=ptz.ZOOM_POSITION_SPACE, x=Range(low=0, high=1)),),
            continuous_pan_tilt=(Space(uri=ptz.VELOCITY_SPACE, x=UNIT, y=UNIT), Space(uri="urn:x", x=UNIT, y=UNIT)),
            zoom_speed=(Space(uri=ptz.ZOOM_SPEED_SPACE, x=Range(low=0, high=1)),),
        ),
        most_presets=16,
        home=True,
        fixed_home=False,
        auxiliary_commands=("tt:Wiper|On", "tt:Wiper|Off"),
    )

    assert ptz.read_node(sent(ptz.write_node("tptz:PTZNode", node))) == node


def test_a_configuration_reads_back_whole() -> None:
    written = ptz.write_ptz_configuration("tptz:PTZConfiguration", values.PTZ_CONFIGURATION)

    assert ptz.read_ptz_configuration(sent(written)) == values.PTZ_CONFIGURATION


def test_presets_and_status_read_back() -> None:
    preset = Preset(token="1", name="Gate", position=PtzVector(pan=0.1, tilt=-0.2, zoom=0))
    status = Status(
        position=PtzVector(pan=0, tilt=0), moving="IDLE", zooming="MOVING", error="no", utc_us=1_768_332_313_000_000
    )

    assert ptz.read_preset(sent(ptz.write_preset("tptz:Preset", preset))) == preset
    assert ptz.read_status(sent(ptz.write_status("tptz:PTZStatus", status))) == status


def test_presets_without_a_token_are_left_out() -> None:
    read = ptz.get_presets("p").read(answer('<A><Preset><Name>x</Name></Preset><Preset token="2"/></A>'))

    assert read == (Preset(token="2"),)


def test_pan_without_tilt_is_no_position() -> None:
    read = ptz.get_status("p").read(
        answer('<A><PTZStatus><Position><PanTilt x="1"/><Zoom x="0.5"/></Position></PTZStatus></A>')
    )

    assert read.position == PtzVector(zoom=0.5)


def test_options_tell_how_long_a_move_may_last() -> None:
    read = ptz.get_configuration_options("c").read(
        answer(
            "<A><PTZConfigurationOptions><Spaces/><PTZTimeout><Min>PT1S</Min><Max>PT5M</Max></PTZTimeout>"
            "</PTZConfigurationOptions></A>"
        )
    )

    assert read == ptz.ConfigurationOptions(timeout_s=Range(low=1, high=300))
