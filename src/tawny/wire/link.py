"""The link between gateway and hub: what both ends must agree on beyond HTTP/2 itself.

The gateway dials, then the roles swap: it is the HTTP/2 server and the hub its client (as in ONVIF's Uplink). Paths are
those of the HTTP API without ``/api/v1``. Media bodies are framed messages of `tawny.wire.media_socket`;
``GET /changes`` answers JSON lines.
"""

from collections.abc import Mapping

PERSON_HEADER = "tawny-person"  # for whom the hub asks
CHANGES_PATH = "/changes"
PROBLEM_TYPE = "application/problem+json"  # RFC 9457
MEDIA_TYPE = "application/vnd.tawny.media"  # of a body of framed media messages
LINES_TYPE = "application/x-ndjson"
WINDOW_BYTES = 1 << 20  # initial flow-control window of each stream
CONNECTION_WINDOW_BYTES = 64 << 20  # of the whole connection: streams limit each other only through their own windows

STATUS_OF_KIND: Mapping[str, int] = {
    "invalid": 400,
    "unauthenticated": 401,
    "forbidden": 403,
    "not_found": 404,
    "conflict": 409,
    "refused": 422,
    "too_many": 429,
    "unreachable": 502,
    "unavailable": 503,
    "exhausted": 507,
}
"""HTTP status for each `tawny.runtime.problem.Kind`, on the link and in the HTTP API alike."""


def live_path(camera: str, stream: str) -> str:
    """Where the live media of a camera's *stream* flows."""
    return f"/cameras/{camera}/live?stream={stream}"


def playback_path(camera: str, stream: str, start: str, *, speed: float = 1, frames: str | None = None) -> str:
    """Where the recorded media flows from *start* on (back where *speed* is negative), RFC 3339 in UTC with ``Z``."""
    manner = (f"&speed={speed:g}" if speed != 1 else "") + (f"&frames={frames}" if frames else "")
    return f"/cameras/{camera}/playback?from={start}&stream={stream}{manner}"
