"""Bytes to values and back, without I/O: protocol machines and formats.

``media`` names what flows (formats, access units); ``h26x`` and ``audio`` read codec parameters; ``sdp``, ``auth``,
``rtsp``, ``rtp``, ``depacketize`` and ``packetize`` are RFC 8866, 7616, 2326, 3550, 6184, 7798, 3640 and 3551; ``mp4``
is ISO/IEC 14496-12; ``onvif`` is SOAP and the services of cameras; ``feed`` and ``link`` are what our own programs say
to each other, ``media_socket`` what the hub says to browsers. Nothing here reads a clock, a file or a socket.
"""
