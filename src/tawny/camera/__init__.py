"""The camera program: drawn places, video files and webcams as RTSP cameras, the first two looped at almost no cost.

`sources` holds the values (a source's clips and samples), which `files` reads from video files and `drawing` gets from
`scenes`; `description` says in SDP what a clip is. `live` is what every stream does for those who watch: `pacing` plays
a clip as one on the clock, `capturing` sends what `v4l2` brings from a webcam. `rtsp_server` joins connections
(`wire.rtsp.server`) and streams; `onvif` makes an ONVIF device of them; `main` puts it together, `commands` reads the
command line.
"""
