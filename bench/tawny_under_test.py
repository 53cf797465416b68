"""Tawny as it ships, under measurement: `tawny run` on a data directory of its own, driven through its HTTP API."""

import http.client
import json
import os
import secrets
import socket
import ssl
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bench.processes import end, tree, wait_for


def free_port() -> int:
    """A loopback port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Tawny:
    """A running installation; ``with`` ends it. *data* may hold an earlier run's archive."""

    def __init__(self, data: Path, *, verb: str = "run", options: tuple[str, ...] = (), secure: bool = False) -> None:
        self.data = data
        self._secure = secure
        self.port = free_port()
        self._verb = verb
        self._options = options
        self._token = ""
        self._log = data.with_suffix(".log")
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        self.log_in()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process is not None:
            end(self.process)

    @property
    def url(self) -> str:
        return f"{'https' if self._secure else 'http'}://127.0.0.1:{self.port}"

    @property
    def token(self) -> str:
        """The owner's session, for sockets."""
        return self._token

    def start(self) -> None:
        """Start the program; returns at once."""
        login = self.data.with_suffix(".login")
        command = [sys.executable, "-m", "tawny.cli", self._verb, "--data", str(self.data), "--port", str(self.port)]
        command += ["--find-on", "lo"]  # a measurement leaves the network in peace
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--login-file", str(login), *self._options],
                stdout=log,
                stderr=log,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )

    def log_in(self) -> None:
        """Wait for the web address and log in as the owner."""
        login = self.data.with_suffix(".login")
        wait_for(self._answers, timeout_s=30, what=f"the web app on port {self.port}, see {self._log}")
        wait_for(login.exists, timeout_s=30, what="the login file")
        self.login: dict[str, str] = json.loads(login.read_text())
        answer = self.call("POST", "/session", {"user": self.login["user"], "password": self.login["password"]})
        self._token = answer["token"]
        wait_for(self._recorder_answers, timeout_s=30, what="the recorder behind the web app")

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """The answer of the HTTP API; RuntimeError with the problem where it refuses."""
        data = self._request(method, path, body)
        return json.loads(data) if data else None

    def _request(self, method: str, path: str, body: dict[str, Any] | None) -> bytes:
        headers = {"Content-Type": "application/json"} | (
            {"Authorization": f"Bearer {self._token}"} if self._token else {}
        )
        with closing(self._connection()) as connection:
            connection.request(method, f"/api/v1{path}", json.dumps(body) if body is not None else None, headers)
            response = connection.getresponse()
            data = response.read()
        if response.status >= 400:
            raise RuntimeError(f"{method} {path}: {response.status} {data.decode(errors='replace')[:300]}")
        return data

    def download(self, path: str) -> bytes:
        """The body that *path* answers."""
        return self._request("GET", path, None)

    def _connection(self) -> http.client.HTTPConnection:
        if not self._secure:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE  # the certificate was made for this measurement
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=30, context=context)

    def add_camera(self, name: str, url: str, *, sub_url: str | None = None, sound: bool = True) -> str:
        """Add an RTSP camera and return its id."""
        body: dict[str, Any] = {"name": name, "url": url, "user": "", "password": "", "sound": sound}
        if sub_url:
            body["sub_url"] = sub_url
        camera: str = self.call("POST", "/cameras", body)["id"]
        return camera

    def online(self) -> int:
        """How many cameras send pictures."""
        return sum(camera["state"]["phase"] == "online" for camera in self.call("GET", "/cameras")["items"])

    def pids(self) -> list[int]:
        """All processes of this installation."""
        assert self.process is not None
        return tree(self.process.pid)

    def _recorder_answers(self) -> bool:
        try:
            self.call("GET", "/recorder")
        except RuntimeError as refusal:
            if ": 503 " not in str(refusal):
                raise
            return False
        return True

    def _answers(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            raise RuntimeError(f"tawny ended with {self.process.returncode}:\n{self._log.read_text()[-3000:]}")
        try:
            self.call("GET", "/health")
        except (OSError, http.client.HTTPException):
            return False
        return True


def new_password() -> str:
    """A random password of letters and digits."""
    return secrets.token_hex(8)
