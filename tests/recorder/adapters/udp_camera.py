"""A camera on loopback that sends over UDP, in the order and from the ports that a test wants."""

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class UdpCamera:
    """What the camera did: *offers* are the Transport headers that it saw, *heard* what came to its ports."""

    port: int
    offers: list[str] = field(default_factory=list)
    heard: list[bytes] = field(default_factory=list)
    clients: list[int] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"rtsp://127.0.0.1:{self.port}/main"


@contextmanager
def udp_camera(
    sdp: str, packets: Sequence[bytes], *, refuses: str = "", wrong_ports: bool = False, stranger: bytes = b""
) -> Iterator[UdpCamera]:
    """Sends *packets* to the first track's port after PLAY; *refuses* "UDP" or "TCP" with 461.

    With *wrong_ports* it sends from others than it told; *stranger* comes first, from somebody else's address.
    """
    with ExitStack() as held:
        listening = held.enter_context(socket.create_server(("127.0.0.1", 0)))
        told = held.enter_context(_bound("127.0.0.1"))
        sending = held.enter_context(_bound("127.0.0.1")) if wrong_ports else told
        elsewhere = held.enter_context(_bound("127.0.0.2"))
        camera = UdpCamera(listening.getsockname()[1])

        def play() -> None:
            if camera.clients:
                if stranger:
                    elsewhere.sendto(stranger, ("127.0.0.1", camera.clients[0]))
                for packet in packets:
                    sending.sendto(packet, ("127.0.0.1", camera.clients[0]))
                with suppress(TimeoutError):
                    camera.heard.append(told.recv(2000))

        def serve() -> None:
            for _ in range(2):  # who hears nothing over UDP comes again
                with suppress(OSError):
                    connected, _ = listening.accept()
                    _answer_all(connected, camera, sdp, told.getsockname()[1], refuses, play)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield camera
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(10)


def _bound(host: str) -> socket.socket:
    opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    opened.bind((host, 0))
    opened.settimeout(2)
    return opened


def _answer_all(
    connected: socket.socket, camera: UdpCamera, sdp: str, port: int, refuses: str, play: Callable[[], None]
) -> None:
    with connected, suppress(ConnectionError):
        while request := connected.recv(65_536).decode():
            headers = dict(line.split(": ", 1) for line in request.split("\r\n")[1:] if ": " in line)
            method, status, extra, body = request.split(" ", 1)[0], "200 OK", "", ""
            if method == "DESCRIBE":
                body = sdp
            elif method == "SETUP":
                offer = headers["Transport"]
                camera.offers.append(offer)
                is_udp = "TCP" not in offer
                if refuses == ("UDP" if is_udp else "TCP"):
                    status = "461 Unsupported Transport"
                elif is_udp:
                    camera.clients.append(int(offer.split("client_port=")[1].split("-")[0]))
                extra = f"Session: 7;timeout=30\r\nTransport: {offer}" + f";server_port={port}-{port + 1}" * is_udp
            head = f"RTSP/1.0 {status}\r\nCSeq: {headers['CSeq']}\r\n" + (f"{extra}\r\n" if extra else "")
            connected.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
            if method == "PLAY":
                play()
