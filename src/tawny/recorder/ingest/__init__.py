"""From cameras to the archive and to whoever watches: the media thread and what it decides (design D1, D2, D5).

`service` is what the rest of the recorder sees. Behind it, from the outside in:

- `loop` is the thread: one sweep over all sockets every 200 ms, and calls posted from other threads; `connecting` runs
  attempts on helper threads, through the port in `connection` (the adapter is `adapters.rtsp_camera`).
- `camera_stream` is one stream over time: attempts, sessions and the gaps between them; `supervision` decides when to try
  again and what to say, in the words of `troubles`.
- `camera_session` is one connection: bytes to depacketizers (`wire.depacketize`), then `timing` (RTP time to the
  recorder's), `side_tracks` (sound and metadata on clocks of their own), `decode_order` (B-frames), `fragments` (fragments and segments, handed to the archive's `Recording`) and
  `broadcast` (the same samples, encoded for the feed).
- `model` holds the values that others see.

`timing`, `decode_order`, `fragments`, `broadcast` and `supervision` do no I/O and know no time but what they are given.
"""
