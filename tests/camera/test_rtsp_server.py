import asyncio
import contextlib
import socket
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self

import pytest

from tawny.camera.live import LiveStream
from tawny.camera.rtsp_server import CameraServer
from tawny.camera.sources import Clip
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.tasks import Tasks
from tawny.wire.rtp import SenderReport, parse, parse_rtcp
from tawny.wire.rtsp.client import Client, LowerTransport, RtspError
from tawny.wire.rtsp.tunnel import TunnelClient, encoded
from tests.camera.clips import clip, framed, stream
from tests.fakes.certificates import self_signed


class Viewer:
    """A client of ours over a socket."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, client: Client) -> None:
        self._reader = reader
        self._writer = writer
        self.client = client
        self.media = bytearray()

    @classmethod
    async def play(
        cls,
        port: int,
        *,
        path: str = "/gate/main",
        password: str = "",
        most_bytes: int = 0,
        udp: Sequence[int] = (),
    ) -> Self:
        sock = socket.socket()
        if most_bytes:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, most_bytes)
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", port))
        reader, writer = await asyncio.open_connection(sock=sock, limit=4096)
        url = f"rtsp://127.0.0.1:{port}{path}"
        user = "me" if password else ""
        ports = iter(udp)
        client = Client(
            url,
            user=user,
            password=password,
            cnonce=lambda: "c",
            wants=lambda d: d.media,
            transports=[LowerTransport.UDP if udp else LowerTransport.TCP],
            udp_port=lambda: next(ports),
        )
        viewer = cls(reader, writer, client)
        try:
            out = viewer.client.start()
            while viewer.client.playing is None:
                writer.write(out)
                out = viewer.client.receive(await viewer._read())
        except BaseException:
            await viewer.close()
            raise
        viewer.media += viewer.client.unread
        return viewer

    async def _read(self) -> bytes:
        data = await self._reader.read(65_536)
        assert data, "the camera closed the connection"
        return data

    async def until(self, packets: int) -> list[tuple[int, bytes]]:
        """Read until that many packets have come."""
        while len(found := framed(self.media)) < packets:
            self.media += await self._read()
        return found

    async def rest(self) -> list[tuple[int, bytes]]:
        """Read what comes until the connection ends."""
        while data := await self._reader.read(65_536):
            self.media += data
        return framed(self.media)

    async def say(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def leave(self) -> list[tuple[int, bytes]]:
        """Take leave; all that came before."""
        await self.say(self.client.teardown())
        try:
            return await self.rest()
        finally:
            await self.close()

    async def close(self) -> None:
        self._writer.close()
        try:
            await self._writer.wait_closed()
        except ConnectionError:
            return


@asynccontextmanager
async def camera(
    played: Clip, clock: SimulatedClock, *, passwords: Mapping[str, str] | None = None
) -> AsyncIterator[tuple[int, LiveStream]]:
    async with Tasks("test") as tasks:
        live = stream(played, clock, tasks)
        server = CameraServer({"/gate/main": live}, clock=clock, passwords=passwords or {})
        port = await server.listen("127.0.0.1", 0)
        try:
            yield port, live
        finally:
            server.close()


async def test_two_viewers_see_the_same_frames() -> None:
    clock = SimulatedClock()
    async with camera(clip(sound=True), clock) as (port, _):
        one, two = await Viewer.play(port), await Viewer.play(port)

        await clock.advance(0.2)
        first, second = await one.leave(), await two.leave()

    media = [frame for frame in second if frame[0] in {0, 2}]
    assert len(media) == 10
    assert [frame for frame in first if frame[0] in {0, 2}][-10:] == media
    assert {channel for channel, _ in first} == {0, 1, 2, 3}


async def test_what_play_promises_is_what_comes_first() -> None:
    clock = SimulatedClock()
    async with camera(clip(), clock) as (port, _):
        await clock.advance(3.33)
        viewer = await Viewer.play(port)

        await clock.advance(0.1)
        packets = [parse(packet) for channel, packet in await viewer.until(2) if channel == 0]
        await viewer.close()

    assert viewer.client.playing is not None
    (track,) = viewer.client.playing.tracks
    assert (packets[0].sequence, packets[0].timestamp) == (track.first_sequence, track.first_timestamp)


async def test_a_password_is_asked_for() -> None:
    clock = SimulatedClock()
    async with camera(clip(), clock, passwords={"me": "secret"}) as (port, _):
        viewer = await Viewer.play(port, password="secret")
        await viewer.close()

        with pytest.raises(RtspError, match="401"):
            await Viewer.play(port, password="wrong")


async def test_another_path_is_not_found() -> None:
    async with camera(clip(), SimulatedClock()) as (port, _):
        with pytest.raises(RtspError, match="404"):
            await Viewer.play(port, path="/gate/sub")


async def test_a_viewer_that_leaves_gets_nothing_more_and_the_stream_rests() -> None:
    clock = SimulatedClock()
    async with camera(clip(), clock) as (port, live):
        viewer = await Viewer.play(port)
        await clock.advance(0.1)
        await viewer.until(3)

        await viewer.leave()
        await clock.advance(0.1)
        made = live.firsts()[1].sequence
        await clock.advance(1.0)

        assert live.firsts()[1].sequence == made


def by_picture(found: list[tuple[int, bytes]]) -> Counter[int]:
    return Counter(parse(packet).timestamp for channel, packet in found if channel == 0)


async def test_a_viewer_that_reads_slowly_misses_whole_pictures_and_nobody_else_does() -> None:
    clock, pictures = SimulatedClock(), 250  # 15 MB: more than sockets hold
    async with camera(clip(bytes_a_frame=60_000), clock) as (port, _), Tasks("viewers") as tasks:
        slow, quick = await Viewer.play(port, most_bytes=8192), await Viewer.play(port)
        reading = tasks.start(quick.rest(), name="quick")
        await clock.advance(pictures * 0.04 - 0.01)
        await quick.say(quick.client.teardown())
        await slow.say(slow.client.teardown())

        quickly, slowly = by_picture(await reading), by_picture(await slow.rest())
        await quick.close()
        await slow.close()

    assert set(quickly.values()) == set(slowly.values()) == {43}
    assert len(quickly) == pictures - 1  # the first left before it came
    assert 0 < len(slowly) < pictures


async def test_one_who_asks_without_end_and_reads_nothing_is_let_go() -> None:
    async def ask_on() -> None:
        for _ in range(2000):
            writer.write(b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n" * 1000)
            await writer.drain()

    async with camera(clip(), SimulatedClock()) as (port, _):
        _, writer = await asyncio.open_connection("127.0.0.1", port)

        with pytest.raises(ConnectionError):
            await ask_on()
        writer.close()


async def test_one_who_does_not_speak_rtsp_is_answered_and_let_go() -> None:
    async with camera(clip(), SimulatedClock()) as (port, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nHost: camera\r\n\r\n")

        answer = await reader.read()
        writer.close()

    assert answer.startswith(b"RTSP/1.0 400 Bad Request")


async def test_a_viewer_over_udp_gets_its_packets_at_its_ports() -> None:
    clock, loop = SimulatedClock(), asyncio.get_running_loop()
    async with camera(clip(sound=True), clock) as (port, _):
        with contextlib.ExitStack() as held:
            pairs = udp_pairs(held, 2)
            viewer = await Viewer.play(port, udp=[pair[0].getsockname()[1] for pair in pairs])
            await clock.advance(0.2)

            packets = [parse(await loop.sock_recv(pairs[0][0], 2000)) for _ in range(3)]
            reports = [parse_rtcp(await loop.sock_recv(pair[1], 2000)) for pair in pairs]
            left = await viewer.leave()

    assert viewer.client.playing is not None
    assert packets[0].sequence == viewer.client.playing.tracks[0].first_sequence
    assert [type(report[0]) for report in reports] == [SenderReport, SenderReport]
    assert left == []


def udp_pairs(held: contextlib.ExitStack, count: int) -> list[tuple[socket.socket, socket.socket]]:
    """Pairs of sockets on loopback, the first of each on an even port."""
    pairs: list[tuple[socket.socket, socket.socket]] = []
    while len(pairs) < count:
        first, second = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        first.bind(("127.0.0.1", 0))
        try:
            if first.getsockname()[1] % 2 == 0:
                second.bind(("127.0.0.1", first.getsockname()[1] + 1))
                pairs.append((held.enter_context(first), held.enter_context(second)))
                first.setblocking(False)
                second.setblocking(False)
                continue
        except OSError:
            pass
        first.close()
        second.close()
    return pairs


async def test_an_encrypted_connection_is_served_and_offered_nothing_in_the_clear(tmp_path: Path) -> None:
    self_signed(tmp_path / "camera.pem")
    server_side, client_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    server_side.load_cert_chain(tmp_path / "camera.pem")
    client_side.check_hostname, client_side.verify_mode = False, ssl.CERT_NONE
    setup = "SETUP rtsps://x/gate/main/track=1 RTSP/1.0\r\nCSeq: 1\r\nTransport: RTP/AVP;unicast;client_port=5000-5001\r\n\r\n"
    clock = SimulatedClock()
    async with Tasks("test") as tasks:
        server = CameraServer({"/gate/main": stream(clip(), clock, tasks)}, clock=clock, passwords={})
        port = await server.listen("127.0.0.1", 0, tls=server_side)
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=client_side)

        writer.write(setup.encode())
        answer = await reader.readuntil(b"\r\n\r\n")

        writer.close()
        server.close()

    assert answer.startswith(b"RTSP/1.0 461")


async def test_a_viewer_through_http_talks_on_one_connection_and_listens_on_the_other() -> None:
    tunnel = TunnelClient("rtsp://x/gate/main", cookie="c0", cnonce=lambda: "c")
    clock = SimulatedClock()
    async with camera(clip(), clock) as (port, _):
        reader, listens = await asyncio.open_connection("127.0.0.1", port)
        _, talks = await asyncio.open_connection("127.0.0.1", port)
        listens.write(tunnel.get())
        opened = await reader.readuntil(b"\r\n\r\n")
        talks.write(tunnel.post() + encoded(b"DESCRIBE rtsp://x/gate/main RTSP/1.0\r\nCSeq: 7\r\n\r\n"))

        answer = await reader.readuntil(b"\r\n\r\n")
        setup = b"SETUP rtsp://x/gate/main/track=1 RTSP/1.0\r\nCSeq: 8\r\nTransport: RTP/AVP;unicast;client_port=5000-5001\r\n\r\n"
        talks.write(encoded(setup))
        rest = await reader.readuntil(b"CSeq: 8")
        talks.write(b"no base64!")
        await reader.read()

        for writer in (talks, listens):
            writer.close()

    assert opened.startswith(b"HTTP/1.0 200 OK")
    assert answer.startswith(b"RTSP/1.0 200 OK\r\nCSeq: 7\r\n")
    assert b"m=video" in rest
    assert b"RTSP/1.0 461" in rest  # nothing goes beside the tunnel


async def test_a_tunnel_that_nobody_listens_to_is_closed() -> None:
    tunnel = TunnelClient("rtsp://x/gate/main", cookie="c0", cnonce=lambda: "c")
    async with camera(clip(), SimulatedClock()) as (port, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(tunnel.post())

        assert await reader.read() == b""

        writer.close()


async def test_streams_that_are_withheld_go_to_nobody_until_they_are_offered_again() -> None:
    clock = SimulatedClock()
    async with Tasks("test") as tasks:
        server = CameraServer({"/gate/main": stream(clip(), clock, tasks)}, clock=clock, passwords={})
        port = await server.listen("127.0.0.1", 0)
        before = await Viewer.play(port)
        server.withhold(["/gate/main"])
        with pytest.raises((AssertionError, ConnectionError)):
            await before.until(10_000)
        with pytest.raises((AssertionError, ConnectionError)):
            await Viewer.play(port)
        server.offer(["/gate/main"])
        after = await Viewer.play(port)
        await clock.advance(0.2)
        found = await after.leave()
        await before.close()
        server.close()

    assert len(found) >= 5
