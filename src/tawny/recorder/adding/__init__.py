"""Adding cameras: tried first, with a report of what they are and what is wrong with them, then kept.

``target`` reads what a person typed, ``looking`` finds out what answers there (ONVIF first, else RTSP by the paths of
``patterns``), ``report`` asks an ONVIF device what it is and offers, ``problems`` says what is wrong with that and how to
put it right (by make: ``advice``). ``trial`` is one camera being tried, ``trials`` holds those that people look at;
``fixes`` is what may be put right from here. ``adder`` adds one without anybody looking, ``batches`` adds or sets many.
``methods`` offers it all; ``probing`` only looks, for ``tawny probe`` (``commands``).
"""
