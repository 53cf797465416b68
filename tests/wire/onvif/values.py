"""Values with something in every field, for round trips."""

from tawny.wire.onvif.analytics import Config
from tawny.wire.onvif.configurations import (
    AudioOutputConfiguration,
    AudioSourceConfiguration,
    Configuration,
    MetadataConfiguration,
    Multicast,
    VideoSourceConfiguration,
)
from tawny.wire.onvif.deviceio import RelayOutput
from tawny.wire.onvif.encoders import AudioEncoder, VideoEncoder
from tawny.wire.onvif.geometry import Range, Rectangle, Size, Vector
from tawny.wire.onvif.imaging import Exposure, Focus, ImagingSettings, Mode, WhiteBalance
from tawny.wire.onvif.media2 import Mask
from tawny.wire.onvif.osd import Color
from tawny.wire.onvif.profiles import Profile
from tawny.wire.onvif.ptz import PtzConfiguration, PtzVector, Space

MULTICAST = Multicast(address="239.0.1.0", port=4000, ttl=64, auto_start=True)
RELAY = RelayOutput(token="r1", mode="Monostable", delay_s=2.5, idle="closed")

VIDEO_SOURCE_CONFIGURATION = VideoSourceConfiguration(
    token="v",
    name="Source",
    use_count=2,
    source="s",
    bounds=Rectangle(x=0, y=8, width=1920, height=1080),
    rotate_mode="ON",
    rotate_degrees=180,
)
AUDIO_SOURCE_CONFIGURATION = AudioSourceConfiguration(token="as", name="Microphone", use_count=2, source="m")
VIDEO_ENCODER = VideoEncoder(
    token="e",
    name="Encoder",
    use_count=1,
    encoding="H264",
    size=Size(width=1920, height=1080),
    quality=4.5,
    frame_rate=25,
    bitrate_kbps=4096,
    encoding_interval=1,
    gov_length=50,
    codec_profile="High",
    guaranteed_frame_rate=False,
    multicast=MULTICAST,
    session_timeout_s=60,
)
VIDEO_ENCODER2 = VideoEncoder(
    token="e",
    name="Encoder",
    use_count=1,
    encoding="H265",
    size=Size(width=1920, height=1080),
    quality=4.5,
    frame_rate=12.5,
    bitrate_kbps=4096,
    gov_length=50,
    codec_profile="Main",
    constant_bitrate=True,
    guaranteed_frame_rate=True,
    multicast=MULTICAST,
)
AUDIO_ENCODER = AudioEncoder(
    token="ae",
    name="Sound",
    use_count=1,
    encoding="AAC",
    bitrate_kbps=64,
    sample_rate=44_100,
    multicast=MULTICAST,
    session_timeout_s=60,
)
METADATA_CONFIGURATION = MetadataConfiguration(
    token="m",
    name="Metadata",
    use_count=1,
    analytics=True,
    events=True,
    ptz_status=True,
    ptz_position=False,
    compression="None",
    multicast=MULTICAST,
    session_timeout_s=30,
)
AUDIO_OUTPUT_CONFIGURATION = AudioOutputConfiguration(
    token="ao",
    name="Speaker",
    use_count=1,
    output="o",
    send_primacy="www.onvif.org/ver20/HalfDuplex/Server",
    level=80,
)
PTZ_CONFIGURATION = PtzConfiguration(
    token="c",
    name="Head",
    use_count=1,
    node="n",
    absolute_pan_tilt_space="urn:a",
    absolute_zoom_space="urn:b",
    relative_pan_tilt_space="urn:c",
    relative_zoom_space="urn:d",
    continuous_pan_tilt_space="urn:e",
    continuous_zoom_space="urn:f",
    speed=PtzVector(pan=1, tilt=1, zoom=0.5),
    timeout_s=5,
    pan_tilt_limits=Space(uri="urn:a", x=Range(low=-1, high=1), y=Range(low=-0.5, high=1)),
    zoom_limits=Space(uri="urn:b", x=Range(low=0, high=1)),
)
PROFILE = Profile(
    token="p",
    name="Main",
    fixed=True,
    video_source=VIDEO_SOURCE_CONFIGURATION,
    audio_source=AUDIO_SOURCE_CONFIGURATION,
    video_encoder=VIDEO_ENCODER,
    audio_encoder=AUDIO_ENCODER,
    analytics=Configuration(token="a", name="Analytics", use_count=1),
    ptz=PTZ_CONFIGURATION,
    metadata=METADATA_CONFIGURATION,
    audio_output=AUDIO_OUTPUT_CONFIGURATION,
    audio_decoder=Configuration(token="d", name="Decoder", use_count=1),
)
IMAGING_SETTINGS = ImagingSettings(
    brightness=50,
    saturation=40.5,
    contrast=30,
    sharpness=20,
    backlight_compensation=Mode(mode="ON", level=3),
    exposure=Exposure(
        mode="MANUAL",
        priority="LowNoise",
        min_time=1,
        max_time=2,
        min_gain=3,
        max_gain=4,
        min_iris=5,
        max_iris=6,
        time=7,
        gain=8,
        iris=9,
    ),
    focus=Focus(mode="AUTO", speed=1, near_limit=0.1, far_limit=100),
    ir_cut_filter="AUTO",
    wide_dynamic_range=Mode(mode="OFF"),
    white_balance=WhiteBalance(mode="MANUAL", red_gain=10, blue_gain=20),
)
MASK = Mask(
    token="k",
    configuration="v",
    polygon=(Vector(x=-1, y=1), Vector(x=0, y=1), Vector(x=0, y=0)),
    kind="Color",
    color=Color(x=16, y=128, z=128),
    enabled=False,
)
RULE = Config(
    name="rule",
    kind="tt:CellMotionDetector",
    parameters={"MinCount": "5"},
    elements={"Layout": b'<tt:CellLayout xmlns:tt="http://www.onvif.org/ver10/schema" Columns="22"></tt:CellLayout>'},
)
