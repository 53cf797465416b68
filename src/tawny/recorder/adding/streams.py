"""Whether there is a stream: by connecting to it, on a helper thread, for that blocks."""

import asyncio

from tawny.recorder.adding.model import Formats
from tawny.recorder.archive.model import StreamKey
from tawny.recorder.ingest.connection import Camera
from tawny.recorder.ingest.model import CameraSource
from tawny.wire.media import StreamName


class StreamCheck:
    """The port `looking.Streams`, on what ingest connects with."""

    def __init__(self, camera: Camera) -> None:
        self._camera = camera

    async def check(self, source: CameraSource) -> Formats:
        """See `looking.Streams.check`."""
        key = StreamKey(camera=source.camera, stream=StreamName.MAIN)
        connection = await asyncio.to_thread(self._camera.connect, source, key)
        connection.link.close()
        return Formats(connection.video.format, connection.audio.format if connection.audio else None)
