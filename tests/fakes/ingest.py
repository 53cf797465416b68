"""A fake of what connects to cameras: it remembers what it was told, and is in the state a test puts it in."""

from collections.abc import Mapping

from tawny.recorder.archive.model import GapReason
from tawny.recorder.ingest.model import CameraSource, CameraState, Phase, StreamStatus, Trouble
from tawny.recorder.ingest.troubles import Failure
from tawny.wire.media import AudioCodec, AudioFormat, StreamName, VideoCodec, VideoFormat

VIDEO = VideoFormat(
    codec=VideoCodec.H264, parameter_sets=(b"\x67", b"\x68"), width=1920, height=1080, codec_string="avc1.640028"
)
AUDIO = AudioFormat(codec=AudioCodec.PCMA, sample_rate=8000, channels=1)
REFUSED = CameraState(
    phase=Phase.WAITING,
    since_us=1_800_000_000_000_000,
    title="The camera refused the password.",
    remedy="Type it again.",
    kind=Trouble.CREDENTIALS,
    retry_at_us=1_800_000_030_000_000,
)
ONLINE = CameraState(phase=Phase.ONLINE, since_us=1_800_000_000_000_000)
DELIVERING = StreamStatus(
    video=VIDEO, audio=AUDIO, fps=25.004, bits_per_second=4_000_000, lost_packets=3, recording=True
)


class FakeIngest:
    """Holds sources as `Ingest` does; *removed* lists what was taken out, with the reason."""

    def __init__(self) -> None:
        self.sources: dict[str, CameraSource] = {}
        self.removed: list[tuple[str, GapReason]] = []
        self.states: dict[str, CameraState] = {}

    def set_camera(self, source: CameraSource) -> None:
        self.sources[source.camera] = source
        self.states[source.camera] = CameraState(phase=Phase.CONNECTING, since_us=0)

    def remove_camera(self, camera: str, *, reason: GapReason) -> None:
        if self.sources.pop(camera, None) is not None:
            self.removed.append((camera, reason))
            del self.states[camera]

    def refuse(self, camera: str, problem: Failure) -> None:
        self.states[camera] = CameraState(
            phase=Phase.WAITING, since_us=0, title=problem.title, remedy=problem.remedy, kind=problem.kind
        )

    def state(self, camera: str) -> CameraState:
        return self.states.get(camera, CameraState(phase=Phase.DISABLED, since_us=0))

    def streams(self, camera: str) -> Mapping[StreamName, StreamStatus | None]:
        online = self.state(camera).phase is Phase.ONLINE
        return {StreamName.MAIN: DELIVERING if online else None, StreamName.SUB: None}
