"""What may be asked about evidence (``docs/design/programs.md``, "Control")."""

from collections.abc import Mapping

from tawny.recorder.cameras.requests import Request
from tawny.recorder.evidence.service import Document, Evidence
from tawny.recorder.evidence.witnesses import MAX_URL
from tawny.recorder.servers.methods import Method
from tawny.runtime.problem import Kind, Problem

_BY = {"app"}


def methods(evidence: Evidence) -> Mapping[str, Method]:
    """The methods ``evidence.*``."""

    def read(request: Request) -> Document:
        request.finish()
        return evidence.document()

    def heads(request: Request) -> Document:
        request.finish()
        return evidence.newest_head()

    def witnessed(request: Request) -> None:
        head, by, who = request.text("head"), request.text("by"), request.text("who")
        request.finish()
        if by not in _BY:
            raise Problem(Kind.INVALID, "“by” has to be “app”.", field="by")
        evidence.witnessed(head, by=by, who=who)

    def change(request: Request) -> Document:
        url = request.text("tsa_url", limit=MAX_URL)
        request.finish()
        evidence.set_tsa_url(url.strip())
        return evidence.document()

    async def rotate(request: Request) -> Document:
        who = request.text("who")
        request.finish()
        await evidence.rotate(who)
        return evidence.document()

    return {
        "evidence.read": read,
        "evidence.heads": heads,
        "evidence.witnessed": witnessed,
        "evidence.set": change,
        "evidence.rotate": rotate,
    }
