"""CPU and memory per recorded camera, against `ffmpeg -c copy`, one process a camera.

Rounds alternate ours and the peer's on the same source: 16 cameras 1080p25, about 4 Mbit/s, with AAC, packets paced as a
camera sends them. Ours is `tawny run` as it ships (supervisor, recorder, gateway, hub; hashing, sync and index on), all
processes counted. Memory is PSS per camera added between 16 and 64 cameras. With `--transport udp` or `tls` media comes that way, to us and to the peer.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.clips import main_clip
from bench.processes import cpu_s, pss_kb, wait_for
from bench.report import Report, spread, words
from bench.tawny_under_test import Tawny
from tawny.runtime.data_directory import DataDirectory
from tawny.wire.mp4.reading import read_init, samples, walk

BUDGET_RATIO = 0.2
BUDGET_MEMORY = 0.05
PEER = "ffmpeg -rtsp_transport tcp -i URL -c copy -f segment -segment_time 60 -segment_format_options movflags=+frag_keyframe+empty_moov OUT-%03d.mp4"


TRANSPORTS = ("tcp", "udp", "tls")


@dataclass
class Source:
    """Cameras that play: where, how media comes from them, and when they have ended what they *offered*."""

    port: int
    transport: str
    fingerprint: str
    offered: dict[str, float] = field(default_factory=dict)

    def url(self, camera: int) -> str:
        return f"rtsp{'s' * (self.transport == 'tls')}://127.0.0.1:{self.port}/{camera}"

    def described(self, camera: int) -> dict[str, str]:
        """The camera as the API takes it."""
        body = {"name": f"Camera {camera}", "url": self.url(camera)}
        body |= {"transport": "udp"} if self.transport == "udp" else {}
        return body | ({"fingerprint": self.fingerprint} if self.transport == "tls" else {})


@contextmanager
def source(clip: Path, cameras: int, *, burst: bool = False, transport: str = "tcp") -> Iterator[Source]:
    """The paced cameras in a process of their own."""
    command = [sys.executable, "-m", "bench.paced_cameras", str(clip), "--cameras", str(cameras)]
    command += ["--burst"] if burst else []
    command += ["--tls"] if transport == "tls" else []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            _, port, _, fingerprint = process.stdout.readline().split()
            playing = Source(int(port), transport, fingerprint)
            yield playing
        finally:
            process.stdin.close()
            playing.offered.update(json.loads(process.stdout.readline() or "{}"))


@contextmanager
def ffmpegs(source: Source, cameras: int, directory: Path) -> Iterator[list[int]]:
    """The peer: one ffmpeg a camera; their pids."""
    directory.mkdir()
    processes = []
    for camera in range(cameras):
        out = directory / f"{camera}-%03d.mp4"
        transport = "udp" if source.transport == "udp" else "tcp"
        command = ["ffmpeg", "-v", "error", "-rtsp_transport", transport, "-i", source.url(camera)]
        command += ["-c", "copy", "-f", "segment", "-segment_time", "60"]
        command += ["-segment_format_options", "movflags=+frag_keyframe+empty_moov", str(out)]
        processes.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        time.sleep(0.05)  # many at once do not settle
    try:
        yield [process.pid for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()


def per_camera_ms(pids: list[int], cameras: int, window_s: float) -> float:
    """Milliseconds of CPU per camera and second over the next *window_s*."""
    before, began = cpu_s(pids), time.monotonic()
    time.sleep(window_s)
    return (cpu_s(pids) - before) / (time.monotonic() - began) / cameras * 1000


def measure_ours(source: Source, cameras: int, data: Path, window_s: float) -> tuple[float, int]:
    with Tawny(data) as tawny:
        for camera in range(cameras):
            tawny.call("POST", "/cameras", {**source.described(camera), "user": "", "password": "", "sound": True})
        wait_for(lambda: tawny.online() == cameras, timeout_s=40, what=f"{cameras} cameras online")
        time.sleep(4)
        pids = tawny.pids()
        return per_camera_ms(pids, cameras, window_s), pss_kb(pids)


def measure_peer(source: Source, cameras: int, directory: Path, window_s: float) -> tuple[float, int]:
    with ffmpegs(source, cameras, directory) as pids:
        time.sleep(5)
        return per_camera_ms(pids, cameras, window_s), pss_kb(pids)


def lost_frames(data: Path, *, camera: str = "", since_us: int = 0) -> tuple[int, int]:
    """Video frames in the archive of *data* (of one *camera*) from *since_us* on, and how many are missing inside its files."""
    frames = lost = 0
    for path in sorted((DataDirectory(root=data).archive / camera).rglob("*-main.mp4")):
        content = path.read_bytes()
        init = read_init(content[: 1 << 16])
        for fragment in walk(content, offset=init.size):
            if fragment.track == 1 and fragment.utc_us >= since_us:
                bytes_ = content[fragment.offset : fragment.offset + fragment.size]
                durations = [sample.duration for sample in samples(bytes_)]
                frames += len(durations)
                lost += sum(max(0, round(duration / 3600) - 1) for duration in durations)
    return frames, lost


def main() -> int:
    parser = words(__doc__ or "")
    parser.add_argument("--cameras", type=int, default=16)
    parser.add_argument("--window", type=float, default=12.0, help="seconds measured each round")
    parser.add_argument("--no-memory", action="store_true", help="leave the 64-camera memory run out")
    parser.add_argument("--transport", choices=TRANSPORTS, default="tcp", help="how media comes (%(default)s)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tawny-bench-") as temporary:
        report = bench(
            Path(given.keep or temporary),
            given.cameras,
            given.rounds,
            given.window,
            memory=not given.no_memory,
            transport=given.transport,
        )
    report.show()
    return 0 if report.holds else 1


def bench(
    directory: Path, cameras: int, rounds: int, window_s: float, *, memory: bool, transport: str = "tcp"
) -> Report:
    clip = main_clip()
    ours: list[float] = []
    peers: list[float] = []
    bursts: list[float] = []
    frames = lost = 0
    pss_16 = peer_pss_16 = 0
    with source(clip, cameras, transport=transport) as playing:
        for number in range(rounds):
            data = directory / f"round-{number}"
            cost, pss_16 = measure_ours(playing, cameras, data, window_s)
            ours.append(cost)
            found, missing = lost_frames(data)
            frames, lost = frames + found, lost + missing
            cost, peer_pss_16 = measure_peer(playing, cameras, directory / f"peer-{number}", window_s)
            peers.append(cost)
            print(f"round {number + 1}: ours {ours[-1]:.2f}, ffmpeg {peers[-1]:.2f} ms per camera-second", flush=True)
    with source(clip, cameras, burst=True, transport=transport) as bursting:
        bursts.append(measure_ours(bursting, cameras, directory / "burst", window_s)[0])
    beside: dict[str, float | str | None] = {"burst_ms": round(bursts[0], 3), "frames": frames}
    beside |= {f"source_{key}": value for key, value in playing.offered.items()}
    memory_holds = True
    if memory:
        more = 64
        with source(clip, more, transport=transport) as many:
            _, pss_64 = measure_ours(many, more, directory / "memory", 2)
            _, peer_pss_64 = measure_peer(many, more, directory / "peer-memory", 2)
        mine = (pss_64 - pss_16) / (more - cameras) / 1024
        theirs = (peer_pss_64 - peer_pss_16) / (more - cameras) / 1024
        beside |= {
            "memory_mb_per_camera": round(mine, 3),
            "peer_memory_mb_per_camera": round(theirs, 2),
            "memory_ratio": round(mine / theirs, 4),
        }
        memory_holds = mine / theirs <= BUDGET_MEMORY
    ratios = [a / b for a, b in zip(ours, peers, strict=True)]
    ratio = statistics.median(ratios)
    return Report(
        name="record",
        value=round(ratio, 4),
        unit="x of the peer's CPU per camera",
        budget=BUDGET_RATIO,
        holds=ratio <= BUDGET_RATIO and memory_holds,
        conditions=f"{cameras} cameras 1080p25 H.264 about 4 Mbit/s with AAC, over {transport.upper()}, packets paced over 15 ms, loopback, source on the same box; all processes of `tawny run` counted",
        spread=f"ratio {spread(ratios)}; ours {spread(ours)}, peer {spread(peers)} ms per camera-second",
        peer=PEER if transport != "udp" else PEER.replace("-rtsp_transport tcp", "-rtsp_transport udp"),
        peer_value=round(statistics.median(peers), 3),
        ratio=round(ratio, 4),
        lost=lost,
        beside=beside,
    )


if __name__ == "__main__":
    sys.exit(main())
