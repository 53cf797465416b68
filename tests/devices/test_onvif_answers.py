"""What real cameras answer to ONVIF's requests, by make: each with the quirk it pins."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.wire.onvif import analytics, device, documents, events, imaging, media, media2, network, ptz, soap
from tawny.wire.onvif.elements import Element, make
from tawny.wire.onvif.geometry import Range, Size
from tawny.wire.onvif.names import DEVICE, DEVICEIO, EVENTS, IMAGING, MEDIA, MEDIA2, PTZ

DEVICES = Path(__file__).parents[2] / "../shared/devices"

AXIS = "axis/q3819-pve-11.11.181"
DOME = "axis/m5525-e"
HIKVISION = "hikvision/ds-2cd2143g0"
OTHER_HIKVISION = "hikvision/ex_onvif/fixtures__"
REOLINK = "reolink/e1-zoom-3.1.0"
DAHUA = "dahua/go2rtc"

T = TypeVar("T")


def recorded(path: str) -> bytes:
    """What a device answered."""
    if not DEVICES.is_dir():
        pytest.skip("needs ../shared/devices (answers of real cameras), which is not here")
    return (DEVICES / path).read_bytes()


def answered(path: str, call: soap.Call[T]) -> T:
    return call.read(soap.answer(recorded(path)))


def every_answer() -> list[Path]:
    return sorted(DEVICES.rglob("*.xml")) if DEVICES.is_dir() else []


def refused(path: str) -> soap.Fault:
    with pytest.raises(soap.FaultError) as raised:
        soap.answer(recorded(path))
    return raised.value.fault


def event(path: str) -> events.Message:
    """A message that somebody kept as JSON, as its device sent it."""
    kept: dict[str, Any] = json.loads(recorded(path))
    inner = kept["Message"]["_value_1"]
    said = make(
        "tt:Message",
        *(items(name, inner[name]) for name in ("Source", "Key", "Data") if inner.get(name)),
        UtcTime=inner.get("UtcTime"),
        PropertyOperation=inner.get("PropertyOperation"),
    )
    topic = make("wsnt:Topic", kept["Topic"]["_value_1"], Dialect=kept["Topic"].get("Dialect"))
    body = make("tev:PullMessagesResponse", make("wsnt:NotificationMessage", topic, make("wsnt:Message", said)))
    (message,) = events.read_messages(soap.answer(soap.envelope(body)))
    return message


def items(name: str, kept: dict[str, Any]) -> Element:
    simple = [make("tt:SimpleItem", Name=item["Name"], Value=item["Value"]) for item in kept.get("SimpleItem", ())]
    elements = [
        make("tt:ElementItem", documents.document(item["_value_1"].encode(), lenient=False), Name=item["Name"])
        for item in kept.get("ElementItem") or ()
    ]
    return make(f"tt:{name}", *simple, *elements)


def test_every_answer_is_an_answer_or_a_fault() -> None:
    answers = every_answer()
    if not answers:
        pytest.skip("needs ../shared/devices (answers of real cameras), which is not here")

    said = [told(path.read_bytes()) for path in answers]

    assert (said.count("Response"), said.count("Sender"), said.count("Receiver")) == (130, 24, 12)


def told(data: bytes) -> str:
    try:
        return "Response" if soap.answer(data).tag.endswith("Response") else "something else"
    except soap.FaultError as error:
        return error.fault.code


# --- Axis


def test_axis_has_one_address_for_all_services_but_the_devices_own() -> None:
    services = {each.namespace: each.address for each in answered(f"{AXIS}/020_GetServices.xml", device.get_services())}

    assert services[DEVICE] == "http://192.168.2.190/onvif/device_service"
    assert {services[each] for each in (MEDIA, EVENTS, IMAGING)} == {"http://192.168.2.190/onvif/services"}


def test_axis_tells_the_same_services_to_older_clients() -> None:
    told = answered(f"{DOME}/trt_GetCapabilities.xml", device.get_capabilities())

    assert {DEVICE, EVENTS, MEDIA, PTZ, DEVICEIO} <= {each.namespace for each in told.services}
    assert (told.inputs, told.relays, told.pull_points) == (4, 0, False)


def test_axis_lists_port_0_and_addresses_kept_for_later() -> None:
    protocols = answered(f"{AXIS}/009_GetNetworkProtocols.xml", network.get_network_protocols())
    (interface,) = answered(f"{AXIS}/008_GetNetworkInterfaces.xml", network.get_network_interfaces())

    assert {each.name: (each.enabled, each.ports) for each in protocols} == {
        "HTTP": (True, (80,)),
        "HTTPS": (False, (443,)),
        "RTSP": (True, (554,)),
    }
    assert interface.mac == "b8:a4:4f:9d:c7:ed"
    assert interface.addresses == ("192.168.2.190/24", "169.254.34.187/16")


def test_axis_has_ipv6_addresses_of_every_origin() -> None:
    (interface,) = answered(f"{DOME}/trt_GetNetworkInterfaces.xml", network.get_network_interfaces())

    assert interface.addresses[0] == "192.168.4.12/24"
    assert "fc00::173/128" in interface.addresses
    assert "fe80::aecc:8eff:febe:ccea/64" in interface.addresses


def test_axis_leaves_the_endpoint_reference_empty() -> None:
    assert answered(f"{AXIS}/015_GetEndpointReference.xml", device.get_endpoint_reference()) is None


def test_axis_says_that_a_bitrate_has_no_limit() -> None:
    profiles = answered(f"{AXIS}/030_GetProfiles.xml", media.get_profiles())

    encoder = profiles[0].video_encoder
    assert [profile.token for profile in profiles] == ["profile_1_h264", "profile_1_jpeg"]
    assert encoder is not None
    assert (encoder.encoding, encoder.size, encoder.bitrate_kbps) == ("H264", Size(width=8192, height=1728), 2**31 - 1)
    assert (encoder.gov_length, encoder.codec_profile, encoder.frame_rate) == (32, "Main", 30)


def test_axis_spreads_options_over_an_extension() -> None:
    jpeg, h264 = answered(f"{AXIS}/038_GetVideoEncoderConfigurationOptions.xml", media.get_video_encoder_options())

    assert (jpeg.encoding, h264.encoding) == ("JPEG", "H264")
    assert len(h264.sizes) == 7
    assert h264.gov_length == Range(low=1, high=32_767)
    assert h264.bitrate_kbps == Range(low=1, high=2**31 - 1)
    assert h264.codec_profiles == ("Baseline", "Main", "High")


def test_axis_has_no_sound_and_says_so_in_two_subcodes() -> None:
    fault = refused(f"{AXIS}/032_GetAudioSources.xml")

    assert fault.subcodes == ("ActionNotSupported", "AudioNotSupported")
    assert fault.unsupported
    assert not fault.unauthorized


def test_axis_refuses_without_a_reason() -> None:
    fault = refused(f"{AXIS}/014_GetRemoteDiscoveryMode.xml")

    assert fault == soap.Fault(code="Sender")
    assert str(fault) == "Sender"


def test_axis_tells_exposure_and_options_of_the_image() -> None:
    settings_ = answered(f"{AXIS}/044_GetImagingSettings.xml", imaging.get_imaging_settings("0"))
    options = answered(f"{AXIS}/045_GetOptions.xml", imaging.get_options("0"))

    assert (settings_.brightness, settings_.ir_cut_filter) == (50, "AUTO")
    assert settings_.exposure == imaging.Exposure(
        mode="AUTO", priority="FrameRate", min_time=1, max_time=-1, min_gain=0, max_gain=100
    )
    assert options.exposure_time == Range(low=-60, high=2_000_000)
    assert options.ir_cut_filter_modes == ("OFF", "ON", "AUTO")
    assert options.focus_modes == ()
    assert answered(f"{AXIS}/046_GetMoveOptions.xml", imaging.get_move_options("0")) == imaging.MoveOptions()


def test_axis_has_topics_of_its_own_at_the_root_of_the_tree() -> None:
    properties = answered(f"{AXIS}/055_GetEventProperties.xml", events.get_event_properties())

    topics = {each.topic: each for each in properties.topics}
    assert not properties.fixed
    assert topics["tnsaxis:AudioControl/DigitalSignalStatus"].data == {"signal_status": "xsd:string"}
    assert any(topic.startswith("tns1:") for topic in topics)


# --- Hikvision


def test_hikvision_has_three_streams_and_its_own_capabilities_between_onvifs() -> None:
    profiles = answered(f"{HIKVISION}/trt_GetProfiles.xml", media.get_profiles())
    told = answered(f"{HIKVISION}/trt_GetCapabilities.xml", device.get_capabilities())

    assert [profile.token for profile in profiles] == ["Profile_1", "Profile_2", "Profile_3"]
    assert {each.address for each in told.services} >= {
        "http://192.168.4.13/onvif/Recording",
        "http://192.168.4.13/onvif/DeviceIO",
    }
    assert profiles[0].video_source is not None
    assert profiles[0].video_source.source == "VideoSource_1"


def test_hikvision_names_each_profiles_stream() -> None:
    addresses = [
        answered(f"{HIKVISION}/trt_GetStreamUriProfile_{n}.xml", media.get_stream_uri(f"Profile_{n}"))
        for n in (1, 2, 3)
    ]

    assert len(set(addresses)) == 3
    assert all(address.startswith("rtsp://192.168.4.13:554/") for address in addresses)


def test_hikvision_refuses_an_operation_with_a_receivers_fault() -> None:
    fault = refused(f"{HIKVISION}/trt_GetVideoSourceConfigurations.xml")

    assert fault.subcodes == ("ActionNotSupported", "InvalidOperation")
    assert fault.unsupported


def test_hikvision_offers_what_media2_alone_can_say() -> None:
    h264, h265 = answered(
        f"{OTHER_HIKVISION}get_media2_video_encoder_configuration_options.xml", media2.get_video_encoder_options()
    )

    assert (h264.encoding, h265.encoding) == ("H264", "H265")
    assert h264.frame_rates[0] == 0.0625
    assert h264.frame_rates[-1] == 12.5
    assert h265.gov_length == Range(low=1, high=250)
    assert h265.constant_bitrate is True


def test_hikvision_draws_clock_and_name() -> None:
    clock, name = answered(f"{OTHER_HIKVISION}get_media_osds.xml", media.get_osds())
    options = answered(f"{OTHER_HIKVISION}get_osd_options.xml", media.get_osd_options("VideoSourceToken"))

    assert (clock.text_kind, clock.date_format, clock.time_format) == ("DateAndTime", "MM/dd/yyyy", "HH:mm:ss")
    assert (name.plain_text, name.place) == ("Camera 01", "Custom")
    assert ("Total", 14) in options.most
    assert "hh:mm:ss tt" in options.time_formats
    assert answered(f"{OTHER_HIKVISION}create_osd.xml", media.create_osd(name)) == "OsdToken_102"


def test_hikvision_tells_the_state_of_every_property_first() -> None:
    pulled = answered(f"{OTHER_HIKVISION}pull_messages.xml", events.pull_messages(timeout_s=5))

    motion = next(each for each in pulled.messages if each.topic == "tns1:RuleEngine/CellMotionDetector/Motion")
    assert {each.operation for each in pulled.messages} == {"Initialized"}
    assert motion.state is False
    assert motion.source["Rule"] == "MyMotionDetectorRule"
    assert motion.utc_us == int(datetime(2025, 4, 18, 20, 34, 5, tzinfo=UTC).timestamp()) * 1_000_000


def test_hikvision_gives_each_pull_point_an_address() -> None:
    made = answered(f"{OTHER_HIKVISION}create_pull_point_subscription.xml", events.create_pull_point())

    assert made.address.endswith("/PullSubManager_20250415T164937Z_0")
    assert made.references == ()
    assert made.lasts_s == 60


def test_hikvision_hangs_its_topics_below_onvifs() -> None:
    properties = answered(f"{OTHER_HIKVISION}get_event_properties.xml", events.get_event_properties())

    topics = {each.topic: each for each in properties.topics}
    assert "tns1:Device/HardwareFailure/tnshik:HardDiskFull" in topics
    assert "tns1:Device/tnshik:Network/tnshik:EthernetBroken" in topics
    assert topics["tns1:RuleEngine/FieldDetector/ObjectsInside"].key == {"ObjectId": "xs:integer"}
    assert topics["tns1:RuleEngine/FieldDetector/ObjectsInside"].is_property
    assert "tns1:Device" not in topics


def test_hikvision_modules_are_written_back_as_they_were() -> None:
    modules = answered(f"{OTHER_HIKVISION}get_analytics_modules.xml", analytics.get_modules("VideoAnalyticsToken"))

    for module in modules:
        sent = soap.answer(soap.envelope(analytics.modify_module("VideoAnalyticsToken", module).body))
        (again,) = analytics.get_modules("VideoAnalyticsToken").read(sent)
        assert again == module
    assert modules[0].parameters == {"Sensitivity": "60"}
    assert modules[3].kind == "hikxsd:TamperEngine"
    assert modules[3].namespace == "http://www.onvifext.com/onvif/ext/ver10/schema"


def test_hikvision_takes_its_time_from_a_named_server() -> None:
    assert answered(f"{OTHER_HIKVISION}get_ntp.xml", network.get_ntp()).used == ("time.windows.com",)


# --- Reolink


def test_reolink_echoes_the_callers_token_in_its_header() -> None:
    envelope = soap.parse(recorded(f"{REOLINK}/001_GetDeviceInformation.xml"))

    assert envelope.header is not None
    assert envelope.body is not None
    assert device.read_device_information(envelope.body) == device.DeviceInformation(
        manufacturer="REOLINK",
        model="E1 Zoom",
        firmware="v3.1.0.2649_23083101",
        serial="192168261",
        hardware="IPC",
    )


def test_reolink_says_what_it_does_not_know_in_the_words_of_its_toolkit() -> None:
    fault = refused(f"{REOLINK}/014_GetRemoteDiscoveryMode.xml")

    assert fault.subcodes == ()
    assert fault.unsupported
    assert not fault.unauthorized


def test_reolink_streams_from_an_address_without_a_path() -> None:
    address = answered(f"{REOLINK}/035_GetStreamUri.xml", media.get_stream_uri("000"))
    other = answered(f"{REOLINK}/042_GetStreamUri.xml", media.get_stream_uri("001"))

    assert address.startswith("rtsp://192.168.2.61:554/")
    assert address != other


def test_reolink_writes_its_zone_with_the_sign_of_posix() -> None:
    clock = answered(f"{REOLINK}/002_GetSystemDateAndTime.xml", device.get_system_date_and_time())

    assert clock.utc_us is not None
    assert clock.local_us is not None
    assert (clock.zone, clock.ntp) == ("CST+8:00:00", True)
    assert clock.utc_us - clock.local_us == 8 * 3600 * 1_000_000


def test_reolink_has_sound_in_kilohertz_and_a_head_that_moves() -> None:
    profiles = answered(f"{REOLINK}/030_GetProfiles.xml", media.get_profiles())

    main = profiles[0]
    assert main.audio_encoder is not None
    assert main.ptz is not None
    assert main.ptz.pan_tilt_limits is not None
    assert (main.audio_encoder.encoding, main.audio_encoder.sample_rate) == ("AAC", 16_000)
    assert (main.ptz.node, main.ptz.timeout_s) == ("000", 5)
    assert main.ptz.pan_tilt_limits.y == Range(low=-1, high=1)


def test_reolink_knows_neither_position_nor_presets() -> None:
    status = answered(f"{REOLINK}/037_GetStatus.xml", ptz.get_status("000"))

    assert (status.position, status.moving, status.zooming) == (None, "IDLE", "IDLE")
    assert answered(f"{REOLINK}/038_GetPresets.xml", ptz.get_presets("000")) == ()


def test_reolink_offers_media2_as_well() -> None:
    services = answered(f"{REOLINK}/020_GetServices.xml", device.get_services())
    able = answered(f"{REOLINK}/021_GetServiceCapabilities.xml", device.get_service_capabilities())

    assert {MEDIA, PTZ, EVENTS} <= {each.namespace for each in services}
    assert (MEDIA2 in {each.namespace for each in services}, able.http_digest, able.username_token) == (
        True,
        True,
        True,
    )


# --- Dahua


@pytest.mark.parametrize("form", ["01_dahua-stream-default", "03_dahua-stream-formatted"])
def test_dahua_puts_a_line_break_before_an_address(form: str) -> None:
    address = answered(f"{DAHUA}/{form}.xml", media.get_stream_uri("Profile000"))

    assert address == "rtsp://192.168.1.123:554/cam/realmonitor?channel=1&subtype=1&unicast=true&proto=Onvif"


@pytest.mark.parametrize("form", ["02_dahua-snapshot-default", "04_dahua-snapshot-formatted"])
def test_dahua_does_so_with_stills_too(form: str) -> None:
    address = answered(f"{DAHUA}/{form}.xml", media.get_snapshot_uri("Profile000"))

    assert address.startswith("http://192.168.1.123/onvifsnapshot/")
    assert not any(character.isspace() for character in address)


def test_dahua_has_an_empty_extension_within_an_extension() -> None:
    told = answered(f"{DAHUA}/06_dahua-default.xml", device.get_capabilities())

    assert (told.inputs, told.relays, told.pull_points, told.base_notification) == (2, 1, True, True)
    assert DEVICEIO in {each.namespace for each in told.services}


# --- Events of makers


@pytest.mark.parametrize(
    ("path", "topic", "state"),
    [
        ("tp-link-tapo/events/tapo_cellmotiondetector_person", "CellMotionDetector/People", True),
        ("tp-link-tapo/events/tapo_tpsmartevent_pet", "TPSmartEventDetector/TPSmartEvent", True),
        ("tp-link-tapo/events/tapo_line_crossed", "CellMotionDetector/LineCross", True),
        ("tp-link-tapo/events/tapo_tamper", "CellMotionDetector/Tamper", True),
        ("tp-link-tapo/events/tapo_intrusion", "CellMotionDetector/Intrusion", True),
        ("ajax/events/ajax_motion_detector", "MotionDetector/Detection", True),
        ("hikvision/events/hikvision_alarm", "Trigger/AlarmIn", True),
        ("reolink/events/reolink_package", "MyRuleDetector/Package", True),
    ],
)
def test_a_makers_own_words_for_a_state_are_understood(path: str, topic: str, state: bool) -> None:
    message = event(f"{path}.json")

    assert "/".join(message.path[-2:]) == topic
    assert message.state is state


def test_ajax_tells_classes_and_no_state() -> None:
    message = event("ajax/events/ajax_human_vehicle.json")

    assert message.topic == "tns1:RuleEngine/ObjectDetection/Object"
    assert message.classes == ("Human", "Vehicle")
    assert message.state is None
    assert event("ajax/events/ajax_object_detector_cleared.json").classes == ()


def test_ajax_tells_a_line_as_xml_of_its_own() -> None:
    message = event("ajax/events/ajax_line_crossing.json")

    assert message.topic == "tns1:RuleEngine/tnsajax:LineDetector/Crossing"
    assert b'points="0.77 0.7 0.48 0.037"' in message.elements["LineCrossing"]
    assert message.operation is None


@pytest.mark.parametrize("path", ["ajax/events/ajax_missing_attributes", "tp-link-tapo/events/tapo_missing_attributes"])
def test_a_message_without_time_and_source_is_one_all_the_same(path: str) -> None:
    message = event(f"{path}.json")

    assert message.topic
    assert message.utc_us is None


# --- Anything


def readers() -> list[Callable[[Element], object]]:
    calls: list[soap.Call[Any]] = [
        device.get_capabilities(),
        device.get_services(),
        device.get_system_date_and_time(),
        device.get_scopes(),
        network.get_network_interfaces(),
        network.get_network_protocols(),
        media.get_profiles(),
        media.get_stream_uri("x"),
        media.get_video_encoder_options(),
        media.get_osds(),
        media.get_osd_options("x"),
        media2.get_profiles(),
        media2.get_video_encoder_options(),
        imaging.get_imaging_settings("x"),
        imaging.get_options("x"),
        ptz.get_status("x"),
        ptz.get_presets("x"),
        events.get_event_properties(),
        events.pull_messages(timeout_s=1),
        events.create_pull_point(),
        analytics.get_modules("x"),
    ]
    return [call.read for call in calls]


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_spoilt_answers_are_values_or_value_errors(data: st.DataObject) -> None:
    answers = every_answer()
    if not answers:
        pytest.skip("needs ../shared/devices (answers of real cameras), which is not here")
    whole = data.draw(st.sampled_from(answers)).read_bytes()
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 40)))

    for spoilt in (whole[:start] + data.draw(st.binary(max_size=12)) + whole[end:], whole[:start]):
        try:
            body = soap.answer(spoilt)
        except ValueError:
            continue
        for read in readers():
            try:
                assert read(body) is not NotImplemented
            except ValueError as error:
                assert str(error)  # noqa: PT017 - a reader may refuse, never crash
