"""What can go wrong with a camera, in plain words and with a remedy each; and what that means for the timeline."""

from collections.abc import Mapping

from tawny.recorder.archive.model import GapReason
from tawny.recorder.ingest.model import Trouble

_REASONS: Mapping[Trouble, GapReason] = {
    Trouble.CREDENTIALS: GapReason.CAMERA_REFUSED,
    Trouble.BASIC_ONLY: GapReason.CAMERA_REFUSED,
    Trouble.NOT_FOUND: GapReason.CAMERA_REFUSED,
    Trouble.NO_VIDEO: GapReason.CAMERA_REFUSED,
    Trouble.CODEC: GapReason.CAMERA_REFUSED,
    Trouble.CERTIFICATE: GapReason.CAMERA_REFUSED,
    Trouble.IDENTITY: GapReason.CAMERA_LOST,
    Trouble.SILENT: GapReason.CAMERA_SILENT,
    Trouble.NO_KEY_FRAME: GapReason.CAMERA_SILENT,
}


class Failure(Exception):  # noqa: N818 - what happened, not only that something did
    """Why a stream does not run: *kind* for programs, *title* and *remedy* for people.

    *certificate* is the fingerprint (SHA-256, hexadecimal) of the one that was shown and is not known, *shown* all of it
    (DER).
    """

    def __init__(self, kind: Trouble, title: str, remedy: str, certificate: str = "", shown: bytes = b"") -> None:
        super().__init__(title)
        self.certificate = certificate
        self.shown = shown
        self.kind = kind
        self.title = title
        self.remedy = remedy

    @property
    def reason(self) -> GapReason:
        """What the timeline says about the time without footage."""
        return _REASONS.get(self.kind, GapReason.CAMERA_LOST)


_CHECK_PORT = "Check the address and port, and that RTSP is switched on in the camera's settings."
_CHECK_POWER = "Check its power and network."

_WORDS: Mapping[Trouble, tuple[str, str]] = {
    Trouble.ADDRESS: ("There is no device of that name on the network.", "Check the address."),
    Trouble.UNREACHABLE: ("The camera does not answer.", "Check its power, its network and the address."),
    Trouble.NOT_RTSP: ("What answers at this address is no camera stream (RTSP).", _CHECK_PORT),
    Trouble.CREDENTIALS: (
        "The camera refused the user or password.",
        "Enter the user and password again; some cameras need a separate account for video streams.",
    ),
    Trouble.BASIC_ONLY: (
        "The camera wants the password sent readable, and the connection is not encrypted.",
        "Switch on digest authentication for RTSP in the camera's settings, or allow it if you trust this network.",
    ),
    Trouble.NOT_FOUND: (
        "The camera has no stream at this path.",
        "Copy the path of the stream from the camera's manual or settings.",
    ),
    Trouble.NO_VIDEO: ("The camera's stream has no video.", "Choose another stream of the camera."),
    Trouble.CODEC: (
        "The camera's video is neither H.264, H.265 nor MJPEG.",
        "Choose H.264 or H.265 in the camera's settings.",
    ),
    Trouble.CERTIFICATE: (
        "The camera shows another certificate than the one that was confirmed.",
        "If you replaced the camera or its certificate, confirm the new one; else somebody may be between you and it.",
    ),
    Trouble.IDENTITY: (
        "Another device answers at the camera's address.",
        "If you replaced the camera, accept the new one; else look for the camera's new address.",
    ),
    Trouble.SILENT: (
        "The camera is connected, but sends nothing.",
        "It may be overloaded: restart it if this goes on.",
    ),
    Trouble.NO_KEY_FRAME: (
        "No key frame came within 20 seconds.",
        "Set the key frame (I-frame) interval to 2 seconds in the camera's settings.",
    ),
    Trouble.CLOSED: ("The camera closed the connection.", _CHECK_POWER),
    Trouble.BAD_STREAM: (
        "The camera's stream can't be understood.",
        "Restart the camera; look for newer firmware if this goes on.",
    ),
    Trouble.OTHER: (
        "The camera refused to send its stream.",
        "Restart the camera; it may serve too many viewers already.",
    ),
}


def failure(kind: Trouble, *, title: str = "", remedy: str = "", certificate: str = "", shown: bytes = b"") -> Failure:
    """The failure of that kind in its usual words, or in more precise ones."""
    usual_title, usual_remedy = _WORDS[kind]
    return Failure(kind, title or usual_title, remedy or usual_remedy, certificate, shown)
