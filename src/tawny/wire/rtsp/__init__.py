"""RTSP 1.0 (RFC 2326) with RTP between the messages of one TCP connection (10.12), without I/O.

`messages` cuts a connection's bytes into requests, answers and interleaved packets; `headers` reads
the headers that have parts; `urls` joins control addresses;
`client` leads a camera from the first request to its stream; `server` is the other side, one machine a connection.
"""
