"""Time-stamping services: one that answers from memory, and one that runs ``openssl ts`` behind HTTP."""

import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tawny.recorder.evidence.witnesses import TimeStamp
from tawny.runtime.problem import Problem

_SETTINGS = """
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical,CA:true
[tsa]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[ts]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
accuracy = secs:1
"""


class FakeTimeStamps:
    """Answers with the data itself, or with *problem*."""

    def __init__(self) -> None:
        self.problem: Problem | None = None
        self.asked: list[tuple[str, bytes]] = []

    def stamp(self, url: str, data: bytes) -> TimeStamp:
        self.asked.append((url, data))
        if self.problem is not None:
            raise self.problem
        return TimeStamp(token=b"token of " + data[:20], utc_us=1_795_348_800_000_000)


class OpensslService:
    """A certificate authority for time stamps, below one directory; `answer` is what it answers to a request."""

    def __init__(self, directory: Path) -> None:
        found = shutil.which("openssl")
        if found is None:
            pytest.skip("needs openssl")
        self._openssl = found
        self._directory = directory
        (directory / "openssl.cnf").write_text(_SETTINGS)
        (directory / "serial").write_text("01\n")
        for name in ("root", "tsa"):
            self._run("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{name}.key")
        request = ("req", "-new", "-config", "openssl.cnf", "-sha256")
        self._run(*request, "-x509", "-extensions", "root", "-key", "root.key", "-subj", "/CN=Root", "-out", "root.pem")
        self._run(*request, "-key", "tsa.key", "-subj", "/CN=TSA", "-out", "tsa.csr")
        signing = ("x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial")
        self._run(*signing, "-extfile", "openssl.cnf", "-extensions", "tsa", "-out", "tsa.pem")

    def answer(self, request: bytes) -> bytes:
        (self._directory / "request").write_bytes(request)
        self._run("ts", "-reply", "-config", "openssl.cnf", "-section", "ts", "-queryfile", "request", "-out", "reply")
        return (self._directory / "reply").read_bytes()

    def token(self, data: bytes) -> bytes:
        """A time stamp over SHA-256 of *data*, by itself."""
        (self._directory / "data").write_bytes(data)
        self._run("ts", "-query", "-data", "data", "-sha256", "-cert", "-out", "query")
        self.answer((self._directory / "query").read_bytes())
        self._run("ts", "-reply", "-in", "reply", "-out", "token", "-token_out")
        return (self._directory / "token").read_bytes()

    def verifies(self, token: bytes, data: bytes) -> bool:
        """Whether openssl itself believes *token* about *data*."""
        (self._directory / "token").write_bytes(token)
        (self._directory / "data").write_bytes(data)
        words = ("ts", "-verify", "-token_in", "-in", "token", "-data", "data", "-CAfile", "root.pem")
        return self._run(*words, "-untrusted", "tsa.pem", check=False) == 0

    def _run(self, *words: str, check: bool = True) -> int:
        done = subprocess.run([self._openssl, *words], cwd=self._directory, capture_output=True, check=check)
        return done.returncode


@contextmanager
def http_service(answer: Callable[[bytes], tuple[int, dict[str, str], bytes]]) -> Iterator[str]:
    """An HTTP server on loopback that answers each POST as told; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, headers, body = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - of the library
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsa"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
