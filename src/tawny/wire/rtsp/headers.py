"""The headers whose values have parts: Session, Transport and RTP-Info (RFC 2326, 12.33, 12.37 and 12.39)."""

import re
from dataclasses import dataclass

DEFAULT_TIMEOUT_S = 60  # RFC 2326, 12.37


@dataclass(frozen=True, slots=True, kw_only=True)
class RtpInfo:
    """One part of RTP-Info: *url* is as written, often only a control attribute; what is not told or absurd is None."""

    url: str
    sequence: int | None = None
    timestamp: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UdpServer:
    """The server's end of a track that comes over UDP; what it does not tell is None or empty."""

    rtp_port: int | None
    rtcp_port: int | None
    source: str = ""


def session(header: str) -> tuple[str, int]:
    """Session and its timeout in seconds; Hikvision pads the value with blanks."""
    name, _, parameters = header.partition(";")
    match = re.search(r"timeout\s*=\s*(\d{1,6})", parameters, re.IGNORECASE | re.ASCII)
    return name.strip()[:200], (int(match[1]) if match else 0) or DEFAULT_TIMEOUT_S


def interleaved(transport: str) -> tuple[int, int] | None:
    """The channels of RTP and RTCP that a Transport header names, or None."""
    match = re.search(r"interleaved\s*=\s*(\d{1,3})(?:\s*-\s*(\d{1,3}))?", transport, re.IGNORECASE | re.ASCII)
    if match is None:
        return None
    rtp = int(match[1])
    rtcp = int(match[2]) if match[2] else rtp + 1
    if rtp > 255 or rtcp > 255 or rtp == rtcp:
        raise ValueError("the RTSP peer names interleaved channels that cannot be")
    return rtp, rtcp


def client_ports(transport: str) -> tuple[int, int] | None:
    """The ports for RTP and RTCP that a client wishes for over UDP, or None."""
    match = re.search(r"client_port\s*=\s*(\d{1,5})(?:\s*-\s*(\d{1,5}))?", transport, re.IGNORECASE | re.ASCII)
    rtp = _port(int(match[1])) if match else None
    rtcp = _port(int(match[2] or int(match[1]) + 1)) if match else None
    return (rtp, rtcp) if rtp and rtcp else None


def udp_server(transport: str) -> UdpServer:
    """Where the server's packets come from, as far as its Transport header tells; some forget the ports."""
    ports = re.search(r"server_port\s*=\s*(\d{1,5})(?:\s*-\s*(\d{1,5}))?", transport, re.IGNORECASE | re.ASCII)
    source = re.search(r"source\s*=\s*([0-9A-Fa-f.:]{2,45})", transport, re.IGNORECASE)
    rtp = _port(int(ports[1])) if ports else None
    rtcp = _port(int(ports[2] or int(ports[1]) + 1)) if ports else None
    return UdpServer(rtp_port=rtp, rtcp_port=rtcp, source=source[1] if source else "")


def _port(number: int) -> int | None:
    return number if 0 < number < 65_536 else None


def rtp_info(header: str) -> list[RtpInfo]:
    """The parts of RTP-Info that name an address; addresses may hold commas, so parts end where the next url begins."""
    found = []
    for part in re.split(r",\s*(?=url\s*=)", header, flags=re.IGNORECASE):
        pairs = (field.partition("=") for field in part.split(";"))
        fields = {key.strip().lower(): value.strip(" \"',") for key, _, value in pairs}
        if fields.get("url"):
            sequence, timestamp = _bounded(fields.get("seq", ""), 16), _bounded(fields.get("rtptime", ""), 32)
            found.append(RtpInfo(url=fields["url"], sequence=sequence, timestamp=timestamp))
    return found


def _bounded(text: str, bits: int) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,10}", text) and int(text) < 1 << bits else None
