"""What may be asked of ingest over the control socket (``docs/design/programs.md``, "Control")."""

from collections.abc import Callable, Mapping

from tawny.recorder.cameras.requests import Request
from tawny.recorder.ingest.service import Ingest


def methods(ingest: Ingest) -> Mapping[str, Callable[[Request], None]]:
    """The methods by name."""

    def seal(request: Request) -> None:
        camera = request.text("camera")
        request.finish()
        ingest.seal(camera)

    return {"archive.seal": seal}
