"""One of every request that the client can make."""

from typing import Any

from tawny.wire.onvif import (
    analytics,
    device,
    deviceio,
    events,
    imaging,
    media,
    media2,
    network,
    ptz,
    recording,
    replay,
    search,
)
from tawny.wire.onvif.osd import Osd
from tawny.wire.onvif.ptz import PtzVector
from tawny.wire.onvif.soap import Call
from tests.wire.onvif import values

MOVE = PtzVector(pan=0.5, tilt=-0.25, zoom=1.0)
OSD = Osd(token="o1", configuration="v", text_kind="Plain", plain_text="Gate", font_size=32)
USER = device.User(name="tawny", level="Operator")
NOW_US = 1_768_332_313_000_000


def every_request() -> list[Call[Any]]:
    return [
        *_device(),
        *_media(),
        *_media2(),
        *_control(),
        *_events(),
        *_recorded(),
    ]


def _device() -> list[Call[Any]]:
    return [
        device.get_device_information(),
        device.get_services(),
        device.get_capabilities(),
        device.get_service_capabilities(),
        device.get_system_date_and_time(),
        device.set_system_date_and_time(utc_us=NOW_US, zone="CET-1CEST,M3.5.0,M10.5.0/3", daylight_savings=True),
        device.set_system_date_and_time(utc_us=None),
        device.get_scopes(),
        device.set_scopes(["onvif://www.onvif.org/name/Gate"]),
        device.get_users(),
        device.create_user(USER, "pass word"),
        device.set_user(USER),
        device.delete_user("tawny"),
        device.system_reboot(),
        device.get_endpoint_reference(),
        device.get_relay_outputs(),
        device.set_relay_output_settings(values.RELAY),
        device.set_relay_output_state("r1", active=True),
        device.send_auxiliary_command("tt:Wiper|On"),
        network.get_network_interfaces(),
        network.get_network_protocols(),
        network.get_default_gateways(),
        network.get_hostname(),
        network.get_dns(),
        network.get_ntp(),
        network.set_ntp(network.Hosts(manual=("192.0.2.1", "2001:db8::1", "time.example"))),
        network.set_ntp(network.Hosts(from_dhcp=True)),
        deviceio.get_service_capabilities(),
        deviceio.get_video_sources(),
        deviceio.get_audio_outputs(),
        deviceio.get_digital_inputs(),
        deviceio.set_relay_output_settings(values.RELAY),
    ]


def _media() -> list[Call[Any]]:
    return [
        media.get_service_capabilities(),
        media.get_profiles(),
        media.get_profile("p"),
        media.create_profile("Tawny", token="tawny"),
        media.delete_profile("tawny"),
        media.add_configuration("p", "VideoEncoder", "e"),
        media.remove_configuration("p", "VideoEncoder"),
        media.get_stream_uri("p"),
        media.get_stream_uri("p", transport="UDP", multicast=True),
        media.get_snapshot_uri("p"),
        media.set_synchronization_point("p"),
        media.get_video_sources(),
        media.get_audio_sources(),
        media.get_audio_outputs(),
        media.get_video_source_configurations(),
        media.set_video_source_configuration(values.VIDEO_SOURCE_CONFIGURATION),
        media.get_audio_source_configurations(),
        media.get_video_encoders(),
        media.get_video_encoder("e"),
        media.get_video_encoder_options(configuration="e"),
        media.set_video_encoder(values.VIDEO_ENCODER),
        media.get_audio_encoders(),
        media.get_audio_encoder_options(profile="p"),
        media.set_audio_encoder(values.AUDIO_ENCODER),
        media.get_metadata_configurations(),
        media.set_metadata_configuration(values.METADATA_CONFIGURATION),
        media.get_audio_output_configurations(),
        media.set_audio_output_configuration(values.AUDIO_OUTPUT_CONFIGURATION),
        media.get_osds("v"),
        media.get_osd_options("v"),
        media.create_osd(OSD),
        media.set_osd(OSD),
        media.delete_osd("o1"),
    ]


def _media2() -> list[Call[Any]]:
    return [
        media2.get_service_capabilities(),
        media2.get_profiles(token="p", kinds=["VideoEncoder", "PTZ"]),
        media2.create_profile("Tawny", [("VideoSource", "v"), ("VideoEncoder", "e")]),
        media2.delete_profile("p"),
        media2.add_configurations("p", [("Metadata", "m")]),
        media2.remove_configurations("p", [("Metadata", "m")]),
        media2.get_stream_uri("p", protocol="RtspUnicast"),
        media2.get_snapshot_uri("p"),
        media2.set_synchronization_point("p"),
        media2.get_video_source_configurations(),
        media2.set_video_source_configuration(values.VIDEO_SOURCE_CONFIGURATION),
        media2.get_audio_source_configurations(),
        media2.get_video_encoders(profile="p"),
        media2.get_video_encoder_options(configuration="e", profile="p"),
        media2.set_video_encoder(values.VIDEO_ENCODER2),
        media2.get_audio_encoders(),
        media2.get_audio_encoder_options(),
        media2.set_audio_encoder(values.AUDIO_ENCODER),
        media2.get_metadata_configurations(),
        media2.set_metadata_configuration(values.METADATA_CONFIGURATION),
        media2.get_audio_output_configurations(),
        media2.set_audio_output_configuration(values.AUDIO_OUTPUT_CONFIGURATION),
        media2.get_osds(token="o1"),
        media2.get_osd_options("v"),
        media2.create_osd(OSD),
        media2.set_osd(OSD),
        media2.delete_osd("o1"),
        media2.get_masks(configuration="v"),
        media2.get_mask_options("v"),
        media2.create_mask(values.MASK),
        media2.set_mask(values.MASK),
        media2.delete_mask("k"),
    ]


def _control() -> list[Call[Any]]:
    return [
        imaging.get_imaging_settings("s"),
        imaging.set_imaging_settings("s", values.IMAGING_SETTINGS),
        imaging.get_options("s"),
        imaging.get_move_options("s"),
        imaging.get_status("s"),
        imaging.focus_to("s", 0.5, speed=1.0),
        imaging.focus_by("s", -0.5),
        imaging.focus_continuously("s", 1.0),
        imaging.stop("s"),
        ptz.get_nodes(),
        ptz.get_configurations(),
        ptz.get_configuration_options("c"),
        ptz.get_status("p"),
        ptz.get_presets("p"),
        ptz.set_preset("p", name="Gate"),
        ptz.goto_preset("p", "1", speed=MOVE),
        ptz.remove_preset("p", "1"),
        ptz.goto_home("p"),
        ptz.set_home("p"),
        ptz.move_continuously("p", MOVE, timeout_s=1.5),
        ptz.move_to("p", MOVE, speed=MOVE),
        ptz.move_by("p", PtzVector(zoom=0.1)),
        ptz.stop("p"),
        ptz.send_auxiliary_command("p", "tt:Wiper|On"),
    ]


def _events() -> list[Call[Any]]:
    return [
        events.get_service_capabilities(),
        events.get_event_properties(),
        events.create_pull_point(),
        events.create_pull_point(topics=["tns1:VideoSource//.", "tns1:RuleEngine//."], lasts_s=60),
        events.subscribe("http://192.0.2.9/notify", topics=["tns1:VideoSource//."]),
        events.pull_messages(timeout_s=5),
        events.set_synchronization_point(),
        events.renew(lasts_s=60),
        events.unsubscribe(),
        analytics.get_service_capabilities(),
        analytics.get_modules("a"),
        analytics.modify_module("a", values.RULE),
        analytics.get_rules("a"),
        analytics.create_rule("a", values.RULE),
        analytics.modify_rule("a", values.RULE),
        analytics.delete_rule("a", "rule"),
        analytics.get_supported_rules("a"),
    ]


def _recorded() -> list[Call[Any]]:
    return [
        recording.get_service_capabilities(),
        recording.get_recordings(),
        recording.get_recording_jobs(),
        recording.get_recording_job_state("j"),
        recording.set_recording_job_mode("j", active=True),
        search.get_recording_summary(),
        search.get_recording_information("r"),
        search.get_media_attributes(["r"], NOW_US),
        search.find_recordings(most=10),
        search.get_recording_search_results("s"),
        search.find_events(from_us=NOW_US, until_us=NOW_US + 1, recordings=["r"], topics=["tns1:RecordingHistory//."]),
        search.get_event_search_results("s"),
        search.end_search("s"),
        replay.get_replay_uri("r"),
        replay.get_session_timeout(),
        replay.set_session_timeout(60),
    ]
