"""The gateway: what reads and answers, so that the recorder only has to write.

``main`` joins the parts. ``link`` dials the hub and serves HTTP/2 on that connection; ``routes`` says which path is
answered by what. ``control`` asks the recorder and watches what changes there; ``feed`` takes its live media. ``live`` and
``playback`` turn the feed and the archive's files into media messages, ``download`` a range into one MP4; ``timeline``
tells what there is and why something is missing. Everything that only needs the archive works while the recorder is
down.
"""
