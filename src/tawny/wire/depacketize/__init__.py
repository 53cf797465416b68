"""RTP packets to access units, at the cost of one slice a packet (RFC 3550, 6184, 7798, 2435, 3640, 3551, 7587; RFC 2326, 10.12).

``interleaved`` walks what one read of a TCP connection brought, in place, and knows nothing of codecs but the pattern
of a fragment in the middle of a NAL unit, which five packets in six are. ``video`` counts packets, joins pictures and
watches parameter sets, with ``h264`` and ``h265`` telling what a payload holds; ``mjpeg`` makes JPEG files; ``audio`` does AAC, G.711 and Opus;
``metadata`` joins ONVIF's documents.

A picture of which a packet is missing is dropped and counted, and the rest of its group of pictures is kept: a
decoder conceals a missing reference far better than people bear a hole of seconds, and what is stored is exactly what
the camera delivered.
"""
