"""A stand-in for the hub's HTTP API: what `tawny demo` and `tawny run --login-file` ask of it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "let-me-in"
PASSWORD = "right"


class FakeHub:
    """Keeps cameras in memory; *unlinked* is how often it answers that the recorder is not there.

    *around* are addresses of devices that a search finds; *searches* and *lost* count what was asked for.
    """

    def __init__(self) -> None:
        self.around: list[str] = []
        self.searches: list[str] = []
        self.lost = 0
        self.cameras: dict[str, dict[str, Any]] = {}
        self.unlinked = 0
        self.port = 0

    def answer(self, method: str, path: str, body: dict[str, Any], token: str) -> tuple[int, Any]:
        if path == "/health":
            return 200, {"status": "ok"}
        if path == "/session":
            return self._session(method, body)
        if token != f"Bearer {TOKEN}":
            return 401, problem("unauthenticated", "Sign in first.")
        if self.unlinked:
            self.unlinked -= 1
            return 503, problem("unavailable", "The recorder is not connected just now.")
        if path == "/discovery":
            self.searches.append(method)
            return 200, {"items": [{"address": address, "gone": False} for address in self.around]}
        if path == "/lost":
            self.lost += 1
            return 200, {"state": "searching", "items": []}
        return self._cameras(method, path, body)

    def _session(self, method: str, body: dict[str, Any]) -> tuple[int, Any]:
        if method == "GET":
            return 200, {"setup_required": True, "user": None}
        if method == "POST" and body["password"] != PASSWORD:
            return 401, problem("unauthenticated", "Wrong user or password.")
        return (200, {"token": TOKEN}) if method == "POST" else (204, None)

    def _cameras(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        if method == "GET":
            return 200, {"items": [{"id": key, **value} for key, value in self.cameras.items()]}
        key = f"cam_{len(self.cameras)}" if method == "POST" else path.rpartition("/")[2]
        kind = "onvif" if "address" in body else "rtsp"
        self.cameras.setdefault(key, {"kind": kind, "url": ""}).update(body)
        return 200, {"id": key, **self.cameras[key]}


def problem(kind: str, title: str) -> dict[str, str]:
    return {"type": f"urn:tawny:problem:{kind}", "title": title}


@contextmanager
def running(hub: FakeHub) -> Iterator[FakeHub]:
    """Serve *hub* on a loopback port."""

    class Handler(BaseHTTPRequestHandler):
        def _respond(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"{}")
            path = self.path.removeprefix("/api/v1")
            status, answer = hub.answer(self.command, path, body, self.headers.get("Authorization", ""))
            data = b"" if answer is None else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = do_DELETE = _respond  # noqa: N815 - names that http.server looks for

        def log_message(self, format: str, *words: Any) -> None:  # noqa: A002 - the name in http.server
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, name="fake hub", daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
