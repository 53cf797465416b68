"""The camera program: drawn places or video files as an RTSP camera, looped, at almost no cost.

`sources` holds the values (a source's clips and samples), which `files` reads from video files and `drawing` gets from
`scenes`; `description` says in SDP what a clip is; `live` is what every stream does for those who watch, `pacing` plays a clip as one on the clock; `rtsp_server`
joins connections (`wire.rtsp.server`) and streams; `main` puts it together, `commands` reads the command line.
"""
