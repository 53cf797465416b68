"""Cameras that are not ours: GStreamer's RTSP server on a loopback port it chooses, run by Debian's own Python.

usage: /usr/bin/python3 gst_cameras.py [--user U --password P [--basic]] [--udp] [--tls PEM] [--talk FILE] NAME=FILE ...

Each FILE (MP4 or Matroska; H.264, H.265 or MJPEG, AAC, Opus, A-law or u-law) is served at /NAME from its beginning to each client and
ends with the file, as a camera that drops its viewers; interleaved only, or with --udp over UDP only; with --tls encrypted; with --talk they take
mu-law sound by ONVIF's backchannel and write it to that file. Prints ``ready PORT``. Ends when standard input closes.
"""

# Debian's Python has gi; our environment has not, so nothing of ours is imported here.
import argparse
import json
import subprocess
import sys
import threading
from pathlib import Path

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import Gio, GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402 - versions must be required first

PAY = {
    "h264": "h264parse ! rtph264pay name={} pt=96 config-interval=-1",
    "hevc": "h265parse ! rtph265pay name={} pt=96 config-interval=-1",
    "mjpeg": "jpegparse ! rtpjpegpay name={} pt=26",
    "aac": "aacparse ! rtpmp4gpay name={} pt=97",
    "opus": "opusparse ! rtpopuspay name={} pt=97",
    "pcm_alaw": "rtppcmapay name={} pt=8",
    "pcm_mulaw": "rtppcmupay name={} pt=0",
}


def codecs(file: str) -> list[str]:
    command = ["ffprobe", "-v", "error", "-show_entries", "stream=codec_name", "-of", "json", file]
    found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return [stream["codec_name"] for stream in found["streams"]]


def launch_line(file: str) -> str:
    demux = "matroskademux" if Path(file).suffix == ".mkv" else "qtdemux"
    branches = [f"d. ! queue ! {PAY[codec].format(f'pay{i}')}" for i, codec in enumerate(codecs(file))]
    return f"( filesrc location={file} ! {demux} name=d {' '.join(branches)} )"


def heard_in(file: str) -> str:
    caps = "application/x-rtp,media=audio,payload=0,clock-rate=8000,encoding-name=PCMU"
    sink = f"filesink location={file} buffer-mode=unbuffered async=false"
    return f'( capsfilter caps="{caps}" name=depay_backchannel ! rtppcmudepay ! {sink} )'


def protect(
    server: "GstRtspServer.RTSPServer", user: str, password: str, pem: str | None, *, basic: bool
) -> "GstRtspServer.RTSPToken":
    auth = GstRtspServer.RTSPAuth()
    if pem:
        auth.set_tls_certificate(Gio.TlsCertificate.new_from_file(pem))
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.BASIC if basic else GstRtsp.RTSPAuthMethod.DIGEST)
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", user)
    if basic:
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
    else:
        auth.add_digest(user, password, token)
    server.set_auth(auth)
    return token


def main() -> None:
    words = argparse.ArgumentParser()
    words.add_argument("--user")
    words.add_argument("--password", default="")
    words.add_argument("--basic", action="store_true")
    words.add_argument("--udp", action="store_true")
    words.add_argument("--tls")
    words.add_argument("--talk")
    words.add_argument("cameras", nargs="+")
    given = words.parse_args()
    Gst.init(None)
    server = GstRtspServer.RTSPOnvifServer() if given.talk else GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service("0")
    kept = protect(server, given.user, given.password, given.tls, basic=given.basic) if given.user else None
    for camera in given.cameras:
        name, _, file = camera.partition("=")
        if given.talk:
            factory = GstRtspServer.RTSPOnvifMediaFactory()
            factory.set_backchannel_launch(heard_in(given.talk))
            factory.set_media_gtype(GstRtspServer.RTSPOnvifMedia)
        else:
            factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(launch_line(file))
        factory.set_protocols(GstRtsp.RTSPLowerTrans.UDP if given.udp else GstRtsp.RTSPLowerTrans.TCP)
        if given.user:
            permissions = GstRtspServer.RTSPPermissions()
            permissions.add_permission_for_role(given.user, "media.factory.access", True)
            permissions.add_permission_for_role(given.user, "media.factory.construct", True)
            factory.set_permissions(permissions)
        server.get_mount_points().add_factory(f"/{name}", factory)
    server.attach(None)
    loop = GLib.MainLoop()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
    print("ready", server.get_bound_port(), flush=True)
    loop.run()
    del kept


if __name__ == "__main__":
    main()
