"""MP4 (ISO/IEC 14496-12) in the one form that we store, send and export.

- `boxes`: boxes to bytes and back, for every other module here
- `sample_entries`: a track's format as its sample entry (``avc1 hvc1 mp4a alaw ulaw``), and back
- `fragments`: writes the init segment and fragments, stored (``prft moof mdat``) and live (``moof mdat``)
- `reading`: reads what `fragments` wrote; trusts nothing
- `movie`: plans a plain MP4 whose samples lie inside untouched stored fragments

A segment file is ``ftyp moov (prft moof mdat)*`` (`docs/design/programs.md`); the ``moof`` has one fixed form, so that it is
written by one ``struct.pack`` and checked by one ``struct.unpack``.
"""
