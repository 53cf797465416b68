"""Cameras that misbehave, each in one way, on loopback ports of their own: for journeys through the whole program."""

import contextlib
import random
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Self

from bench.paced_cameras import Cameras, Clip, Viewer
from tawny.runtime.clock import SystemClock

Mutation = Callable[[Clip], Clip]


def as_it_is(clip: Clip) -> Clip:
    return clip


def without_key_frames(clip: Clip) -> Clip:
    """Only pictures that depend on others: nothing can ever be decoded."""
    keys = {packet[3] for packet in clip.packets if packet[1] == 96 and starts_key_frame(packet[4])}
    return replace(clip, packets=[packet for packet in clip.packets if packet[1] != 96 or packet[3] not in keys])


def with_garbage(clip: Clip) -> Clip:
    """Every third non-key slice holds random bytes, some units have impossible types, some are cut short."""
    randomness = random.Random(3)
    keys = {packet[3] for packet in clip.packets if packet[1] == 96 and starts_key_frame(packet[4])}

    def spoil(number: int, payload: bytes) -> bytes:
        match number % 9:
            case 0:
                return payload[:2] + randomness.randbytes(len(payload) - 2)
            case 3:
                return bytes([0x80 | 30]) + randomness.randbytes(40)
            case 6:
                return payload[:1]
            case _:
                return payload

    packets = [
        packet if packet[1] != 96 or packet[3] in keys else (*packet[:4], spoil(number, packet[4]))
        for number, packet in enumerate(clip.packets)
    ]
    return replace(clip, packets=packets)


def ten_times_the_bitrate(clip: Clip) -> Clip:
    """Ten filler units (NAL type 12) for each packet."""
    filler = bytes([12]) + b"\xff" * 1380
    packets = []
    for packet in clip.packets:
        if packet[1] == 96:
            packets += [(packet[0], 96, 0, packet[3], filler)] * 10 if not is_fragment(packet[4]) else []
            if is_fragment(packet[4]) and packet[4][1] & 0x80:
                packets += [(packet[0], 96, 0, packet[3], filler)] * 60
        packets.append(packet)
    return replace(clip, packets=packets)


def with_codec(encoding: str) -> Mutation:
    """The description names another codec."""
    return lambda clip: replace(clip, sdp=clip.sdp.replace("H264/90000", f"{encoding}/90000"))


def sound_only(clip: Clip) -> Clip:
    """A description without video."""
    head, _, rest = clip.sdp.partition("m=video")
    return replace(clip, sdp=head + "m=audio" + rest.partition("m=audio")[2])


def is_fragment(payload: bytes) -> bool:
    return payload[0] & 31 == 28


def starts_key_frame(payload: bytes) -> bool:
    return payload[0] & 31 == 5 or (is_fragment(payload) and payload[1] & 31 == 5) or payload[0] & 31 in {7, 8}


class _Shuffled(socket.socket):
    """A socket whose datagrams get lost, and overtake each other."""

    def __init__(self, plain: socket.socket) -> None:
        super().__init__(fileno=plain.detach())
        self._random = random.Random(5)
        self._held = b""

    def send(self, data: Any, flags: int = 0, /) -> int:
        chance, held = self._random.random(), self._held
        self._held = b""
        if chance < 0.02:
            return len(data)
        if chance < 0.04 and not held:
            self._held = bytes(data)
            return len(data)
        sent = super().send(data, flags)
        if held:
            super().send(held, flags)
        return sent


class _Shuffling(list[Viewer]):
    """Viewers whose sockets are exchanged as they come; `close` ends these."""

    def __init__(self) -> None:
        super().__init__()
        self._sockets: list[socket.socket] = []

    def append(self, viewer: Viewer) -> None:
        viewer.udp = {kind: _Shuffled(plain) for kind, plain in viewer.udp.items()}
        self._sockets += viewer.udp.values()
        super().append(viewer)

    def close(self) -> None:
        for sock in self._sockets:
            sock.close()


class HostileCamera:
    """One misbehaving camera; ``with`` ends it.

    *drops_after_s* closes each connection after that long, *stalls_after_s* keeps it open and sends nothing more;
    *shuffles_udp*: of its datagrams one in fifty is lost, and one in fifty is overtaken by the next.
    """

    def __init__(
        self,
        clip: Clip,
        mutation: Mutation = as_it_is,
        *,
        drops_after_s: float | None = None,
        stalls_after_s: float | None = None,
        shuffles_udp: bool = False,
    ) -> None:
        self._cameras = Cameras(mutation(clip), 1)
        self._shuffling = _Shuffling()
        if shuffles_udp:
            self._cameras.joined = self._shuffling
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.connections = 0
        self._drops_after_s = drops_after_s
        self._stalls_after_s = stalls_after_s

    def __enter__(self) -> Self:
        threading.Thread(target=self._cameras.run, daemon=True).start()
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._cameras.over = True
        self._listener.close()
        self._shuffling.close()

    @property
    def url(self) -> str:
        return f"rtsp://127.0.0.1:{self.port}/0"

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError):
            self._cameras.handshake(sock)
            if self._drops_after_s is not None:
                SystemClock().wait(self._drops_after_s)
                sock.shutdown(socket.SHUT_RDWR)
            if self._stalls_after_s is not None:
                SystemClock().wait(self._stalls_after_s)
                self._cameras.over = True


class NotRtsp:
    """A server that answers every connection with *greeting* and says no more."""

    def __init__(self, greeting: bytes) -> None:
        self._greeting = greeting
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                with contextlib.suppress(OSError):
                    sock.recv(4096)
                    sock.sendall(self._greeting)
                    sock.close()
