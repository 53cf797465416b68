"""The web app's files: hashed assets for ever, the page itself never from a cache."""

from pathlib import Path

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse, HTMLResponse

from tawny.hub.servers.parts import UsesParts
from tawny.runtime.problem import Kind, Problem

router = APIRouter(include_in_schema=False)

_NOT_BUILT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Tawny</title></head><body>
<h1>The web app has not been built</h1><p>Run <code>make setup</code> once, then load this page again.</p>
</body></html>
"""
_FOREVER = "public, max-age=31536000, immutable"


@router.get("/{path:path}")
async def read_file(path: str, parts: UsesParts) -> Response:
    """A file of the web app, or its page, which finds out itself what the address shows."""
    web = parts.front.web
    if path == "api" or path.startswith("api/"):
        raise Problem(Kind.NOT_FOUND, "There is nothing at this address.")
    if web is None or not (web / "index.html").is_file():
        return HTMLResponse(_NOT_BUILT, 503)
    found = _inside(web, path)
    if found is not None:
        return FileResponse(found, headers={"Cache-Control": _FOREVER if path.startswith("assets/") else "no-cache"})
    if path.startswith("assets/") or "." in path.rpartition("/")[2]:
        raise Problem(Kind.NOT_FOUND, "There is nothing at this address.")
    return FileResponse(web / "index.html", headers={"Cache-Control": "no-cache"})


def _inside(web: Path, path: str) -> Path | None:
    """The file *path* names, if it is one and stands below *web*."""
    if "\0" in path:
        return None
    wanted = (web / path).resolve()
    return wanted if wanted.is_file() and wanted.is_relative_to(web.resolve()) else None
