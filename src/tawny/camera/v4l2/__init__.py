"""A webcam as one of our camera's places: captured, encoded where it must be, sent live.

`model` holds the values and the port `CaptureDevice`; `structures` is the kernel's side of them (linux/videodev2.h, as
the Linux Media Userspace API defines it), `device` the adapter that speaks to a ``/dev/video*``. `pictures` turns
captured buffers into pictures, `encoding` pictures into H.264, `feed` a buffer into what the streams main and sub get;
`webcam` keeps a device captured, whatever becomes of it.
"""
