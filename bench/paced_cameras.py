"""Many cameras from one clip, as cheap as Python allows and independent of our own RTSP server: the benchmarks' source.

usage: python -m bench.paced_cameras --cameras N CLIP

Serves rtsp://127.0.0.1:PORT/I for I in 0..N-1 without a login: over interleaved TCP, over UDP where the client asks for it, and with --tls
as rtsps with a certificate of its own. Each video packet is a send() of its own, spread evenly over 15 ms of its frame time as cameras do (--burst: a whole frame at once). A send buffer that is full
drops packets with a sequence gap, as a camera does. Prints ``ready PORT STARTED FINGERPRINT`` (ms since 1970 at which the loop began; SHA-256 of the certificate, or ``-``) and, when standard input closes, one JSON line:
packets offered and dropped, and how late they were.
"""

import argparse
import hashlib
import json
import select
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import av

SPREAD_S = 0.015
PAYLOAD = 1400
LATE_S = 1.0
_INTERLEAVED = struct.Struct(">BBH")
_RTP = struct.Struct(">BBHII")


@dataclass
class Clip:
    """Packets of one loop: (seconds from its start, payload type, marker, timestamp, payload)."""

    packets: list[tuple[float, int, int, int, bytes]]
    duration_s: float
    sdp: str
    frames: list[float]  # when each video frame's last packet leaves, from the loop's start
    audio_rate: int


def nal_units(data: bytes) -> list[bytes]:
    units = []
    position = 0
    while position + 4 <= len(data):
        size = int.from_bytes(data[position : position + 4], "big")
        units.append(data[position + 4 : position + 4 + size])
        position += 4 + size
    return units


def payloads(nal: bytes) -> list[bytes]:
    """RFC 6184: one packet, or fragmentation units (FU-A)."""
    if len(nal) <= PAYLOAD:
        return [nal]
    indicator, kind = nal[0] & 0xE0 | 28, nal[0] & 0x1F
    chunks = [nal[i : i + PAYLOAD - 2] for i in range(1, len(nal), PAYLOAD - 2)]
    last = len(chunks) - 1
    return [
        bytes([indicator, kind | (0x80 if i == 0 else 0) | (0x40 if i == last else 0)]) + c
        for i, c in enumerate(chunks)
    ]


def read_clip(path: str, *, burst: bool) -> Clip:
    packets: list[tuple[float, int, int, int, bytes]] = []
    frames: list[float] = []
    with av.open(path) as container:
        video = container.streams.video[0]
        audio = container.streams.audio[0] if container.streams.audio else None
        extra = bytes(video.codec_context.extradata or b"")
        sps_size = int.from_bytes(extra[6:8], "big")
        sps, pps_at = extra[8 : 8 + sps_size], 8 + sps_size + 3
        pps = extra[pps_at : pps_at + int.from_bytes(extra[pps_at - 2 : pps_at], "big")]
        rate = audio.codec_context.sample_rate if audio else 0
        config = bytes(audio.codec_context.extradata or b"").hex() if audio else ""
        end = 0.0
        for packet in container.demux():
            if packet.dts is None or packet.pts is None or packet.time_base is None:
                continue
            at = float(packet.dts * packet.time_base)
            if packet.stream is video:
                units = [unit for unit in nal_units(bytes(packet)) if unit[0] & 31 not in {7, 8, 9}]
                units = [sps, pps, *units] if packet.is_keyframe else units
                pieces = [piece for unit in units for piece in payloads(unit)]
                gap = 0 if burst else SPREAD_S / len(pieces)
                for i, piece in enumerate(pieces):
                    marker = i == len(pieces) - 1
                    packets.append((at + i * gap, 96, marker, round(at * 90_000), piece))
                frames.append(at + (len(pieces) - 1) * gap)
                end = max(end, at + float((packet.duration or 0) * packet.time_base))
            elif audio is not None and packet.stream is audio:
                data = bytes(packet)
                header = struct.pack(">HH", 16, len(data) << 3)
                packets.append((max(0.0, at), 97, 1, round(at * rate), header + data))
    packets.sort(key=lambda packet: packet[0])
    import base64

    sprop = base64.b64encode(sps).decode() + "," + base64.b64encode(pps).decode()
    sdp = (
        "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=bench\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
        f"a=fmtp:96 packetization-mode=1;profile-level-id={sps[1:4].hex()};sprop-parameter-sets={sprop}\r\na=control:trackID=0\r\n"
    )
    if rate:
        sdp += (
            f"m=audio 0 RTP/AVP 97\r\na=rtpmap:97 MPEG4-GENERIC/{rate}/1\r\na=fmtp:97 streamtype=5;profile-level-id=1;mode=AAC-hbr;"
            f"sizelength=13;indexlength=3;indexdeltalength=3;config={config}\r\na=control:trackID=1\r\n"
        )
    return Clip(packets, end, sdp, frames, rate)


@dataclass
class Viewer:
    """One playing connection: where it is in the loop, and its own RTP numbers."""

    sock: socket.socket
    offset_s: float
    channels: dict[int, int]  # the interleaved ones
    udp: dict[int, socket.socket]  # by payload type: what it is sent from, where that is UDP
    position: int = 0
    loop: int = 0
    sequence: dict[int, int] = field(default_factory=lambda: {96: 0, 97: 0})
    blocked: bytes = b""


class Cameras:
    """The pacing loop; connections arrive from the handshake threads through `joined`."""

    def __init__(self, clip: Clip, count: int) -> None:
        self.clip = clip
        self.count = count
        self.started = time.monotonic() + 0.5
        self.joined: list[Viewer] = []
        self.offered = self.dropped = 0
        self.lateness: list[float] = []
        self.over = False

    def phase_s(self, camera: int) -> float:
        return self.clip.duration_s * camera / max(1, self.count)

    def run(self) -> None:
        viewers: list[Viewer] = []
        while not self.over:
            while self.joined:
                viewers.append(self.enter(self.joined.pop()))
            now = time.monotonic() - self.started
            viewers = [viewer for viewer in viewers if self.send_due(viewer, now)]
            time.sleep(0.001)

    def enter(self, viewer: Viewer) -> Viewer:
        """Start *viewer* at the live moment of its camera."""
        now = time.monotonic() - self.started + viewer.offset_s
        viewer.loop = int(now // self.clip.duration_s)
        within = now - viewer.loop * self.clip.duration_s
        packets = self.clip.packets
        viewer.position = next((i for i, packet in enumerate(packets) if packet[0] >= within), 0)
        return viewer

    def send_due(self, viewer: Viewer, now: float) -> bool:
        packets, duration = self.clip.packets, self.clip.duration_s
        while True:
            at, kind, marker, stamp, payload = packets[viewer.position]
            due = viewer.loop * duration + at - viewer.offset_s
            if due > now:
                return True
            rate = 90_000 if kind == 96 else self.clip.audio_rate
            sequence = viewer.sequence[kind]
            viewer.sequence[kind] = sequence + 1 & 0xFFFF
            packet = _RTP.pack(
                0x80,
                kind | marker << 7,
                sequence,
                stamp + round(viewer.loop * duration * rate) & 0xFFFFFFFF,
                kind,
            )
            self.offered += 1
            self.lateness.append(now - due)
            if not self.put(viewer, kind, packet + payload):
                return False
            viewer.position += 1
            if viewer.position == len(packets):
                viewer.position = 0
                viewer.loop += 1

    def put(self, viewer: Viewer, kind: int, packet: bytes) -> bool:
        """Send *packet*, or drop it where the buffer is full; False when nobody is there any more."""
        try:
            if kind in viewer.udp:
                viewer.udp[kind].send(packet)
                return True
            if viewer.blocked:
                sent = viewer.sock.send(viewer.blocked)
                viewer.blocked = viewer.blocked[sent:]
            if viewer.blocked:
                self.dropped += 1
                return True
            data = _INTERLEAVED.pack(0x24, viewer.channels[kind], len(packet)) + packet
            sent = viewer.sock.send(data)
            viewer.blocked = data[sent:]
        except (BlockingIOError, ssl.SSLWantWriteError):
            self.dropped += 1
        except OSError:
            viewer.sock.close()
            return False
        return True

    def handshake(self, sock: socket.socket) -> None:
        """Answer RTSP until PLAY, then hand the connection to the pacing loop."""
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 512 << 10)
        data, channels = b"", {96: 0, 97: 2}
        udp: dict[int, socket.socket] = {}
        while True:
            while b"\r\n\r\n" not in data:
                more = sock.recv(4096)
                if not more:
                    return
                data += more
            head, _, data = data.partition(b"\r\n\r\n")
            lines = head.decode().split("\r\n")
            method, url, _ = lines[0].split(" ")
            fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
            answer = [f"RTSP/1.0 200 OK\r\nCSeq: {fields['cseq']}\r\nSession: 1;timeout=60"]
            body = ""
            if method == "OPTIONS":
                answer.append("Public: OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN")
            elif method == "DESCRIBE":
                body = self.clip.sdp
                answer += [f"Content-Base: {url}/", "Content-Type: application/sdp", f"Content-Length: {len(body)}"]
            elif method == "SETUP":
                kind, wanted = 97 if url.endswith("trackID=1") else 96, fields["transport"]
                if "client_port=" in wanted:
                    first = int(wanted.split("client_port=")[1].split("-")[0])
                    udp[kind], port = udp_socket(to=first)
                    ports = f"client_port={first}-{first + 1};server_port={port}-{port + 1}"
                    answer.append(f"Transport: RTP/AVP;unicast;{ports};ssrc={kind:08X}")
                else:
                    first = int(wanted.split("interleaved=")[1].split("-")[0]) if "interleaved=" in wanted else 0
                    channels[kind] = first
                    answer.append(f"Transport: RTP/AVP/TCP;unicast;interleaved={first}-{first + 1}")
            sock.sendall(("\r\n".join(answer) + "\r\n\r\n" + body).encode())
            if method == "PLAY":
                camera = int(url.rstrip("/").rsplit("/", 1)[1])
                sock.setblocking(False)
                self.joined.append(Viewer(sock, self.phase_s(camera), channels, udp))
                return


def udp_socket(to: int) -> tuple[socket.socket, int]:
    """A socket on an even port (RFC 3550, 11), connected: it tells when nobody listens there any more."""
    while True:
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 512 << 10)
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        if port % 2 == 0:
            sock.connect(("127.0.0.1", to))
            return sock, port
        sock.close()


def certificate() -> tuple[ssl.SSLContext, str]:
    """A context with a certificate made for this run, and its SHA-256."""
    with tempfile.TemporaryDirectory(prefix="tawny-bench-") as place:
        key, chain = Path(place, "key.pem"), Path(place, "chain.pem")
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        command += ["-subj", "/CN=bench", "-days", "2", "-keyout", str(key), "-out", str(chain)]
        subprocess.run(command, check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain, key)
        return context, hashlib.sha256(ssl.PEM_cert_to_DER_cert(chain.read_text())).hexdigest()


def serve(cameras: Cameras, sock: socket.socket, context: ssl.SSLContext | None) -> None:
    with suppress(OSError):  # who goes away during the handshake, or does not like our certificate
        cameras.handshake(sock if context is None else context.wrap_socket(sock, server_side=True))


def main() -> None:
    words = argparse.ArgumentParser()
    words.add_argument("clip")
    words.add_argument("--cameras", type=int, default=16)
    words.add_argument("--burst", action="store_true")
    words.add_argument("--tls", action="store_true")
    given = words.parse_args()
    context, fingerprint = certificate() if given.tls else (None, "-")
    cameras = Cameras(read_clip(given.clip, burst=given.burst), given.cameras)
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    threading.Thread(target=cameras.run, daemon=True).start()
    wall_ms = (time.time() + cameras.started - time.monotonic()) * 1000
    print("ready", listener.getsockname()[1], wall_ms, fingerprint, flush=True)
    while True:
        ready, _, _ = select.select([listener, sys.stdin], [], [])
        if sys.stdin in ready and not sys.stdin.read(1):
            break
        if listener in ready:
            sock, _ = listener.accept()
            threading.Thread(target=serve, args=(cameras, sock, context), daemon=True).start()
    cameras.over = True
    late = sorted(cameras.lateness) or [0.0]
    result = {
        "offered": cameras.offered,
        "dropped": cameras.dropped,
        "late_p99_ms": round(late[int(len(late) * 0.99)] * 1000, 2),
        "late_over_1s": sum(x > LATE_S for x in late),
    }
    print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
