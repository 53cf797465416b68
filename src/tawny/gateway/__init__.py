"""The gateway: what reads and answers, so that the recorder only has to write.

- `main` joins the parts; `commands` is ``tawny gateway``
- `link` dials the hub and is the HTTP/2 server on that connection; `exchange` is what handlers see of it; `routes` says
  which path is answered by what
- `control` asks the recorder and watches what changes there; `feed` takes its live media, which `live` turns into media
  messages; `tracks` knows their formats and ticks
- `shelf` looks into the archive on a few threads; on it stand `footage` (timelines and days), `playback` (media messages
  from any moment on), `rewind` (back from there), `previews` (a few key frames of a range) and `download` (a range as one
  MP4); `manner` is a viewer's speed and which pictures it needs, `narration` makes the messages that all three tell
- `exports` are jobs done by a process of their own; `passing` hands on what the recorder answers by itself

Whatever only needs the archive works while the recorder is down; the rest says so.
"""
