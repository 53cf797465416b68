"""Paths under which makers' cameras keep their streams, for when a person typed no path and ONVIF does not answer.

From the makers' manuals; the order is by how many cameras are out there, so that most are found within a few tries.
"""

from typing import NamedTuple


class Pattern(NamedTuple):
    """Where a make keeps its main stream, and its sub stream where there is one."""

    makes: str
    main: str
    sub: str = ""


PATTERNS = (
    Pattern("Hikvision", "/Streaming/Channels/101", "/Streaming/Channels/102"),
    Pattern("Dahua, Amcrest", "/cam/realmonitor?channel=1&subtype=0", "/cam/realmonitor?channel=1&subtype=1"),
    Pattern("TP-Link Tapo, Kasa", "/stream1", "/stream2"),
    Pattern("Reolink", "/h264Preview_01_main", "/h264Preview_01_sub"),
    Pattern("Axis", "/axis-media/media.amp", "/axis-media/media.amp?resolution=640x360"),
    Pattern("Uniview, Anpviz", "/unicast/c1/s0/live", "/unicast/c1/s1/live"),
    Pattern("Hanwha", "/profile2/media.smp", "/profile3/media.smp"),
    Pattern("Foscam", "/videoMain", "/videoSub"),
    Pattern("XiongMai and its many names", "/live/ch00_0", "/live/ch00_1"),
    Pattern("Bosch", "/rtsp_tunnel?inst=1", "/rtsp_tunnel?inst=2"),
    Pattern("Vivotek", "/live.sdp", "/live2.sdp"),
    Pattern("Grandstream", "/0", "/4"),
    Pattern("Ubiquiti (old), Wyze", "/live"),
    Pattern("Sony", "/media/video1", "/media/video2"),
    Pattern("Panasonic, i-PRO", "/MediaInput/h264/stream_1", "/MediaInput/h264/stream_2"),
    Pattern("others", "/11", "/12"),
    Pattern("others", "/live/main", "/live/sub"),
)
