"""The hub's HTTP API as a script uses it, over the standard library."""

import http.client
import json
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from tawny.runtime.problem import Kind, Problem

_TIMEOUT_S = 20.0
_MOST_BYTES = 16 << 20  # the document of an export of many files
_PIECE_BYTES = 1 << 20
_PARTIAL = 206


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where the hub listens: *listen* is an IP address, perhaps 0.0.0.0. *https* as `tawny hub` decides it."""

    listen: str
    port: int
    https: bool

    @property
    def url(self) -> str:
        """What a person types."""
        shown = socket.gethostname() if ip_address(self.listen).is_unspecified else self.listen
        return f"{'https' if self.https else 'http'}://{f'[{shown}]' if ':' in shown else shown}:{self.port}"

    @property
    def host(self) -> str:
        """What this machine connects to."""
        address = ip_address(self.listen)
        if not address.is_unspecified:
            return self.listen
        return "::1" if address.version == 6 else "127.0.0.1"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a hub is, as its URL tells."""

    host: str
    port: int
    https: bool

    @classmethod
    def read(cls, url: str) -> "Place":
        """The place that *url* names; ValueError where it names none."""
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("not the address of a hub")
        https = parts.scheme == "https"
        return cls(host=parts.hostname, port=parts.port or (443 if https else 80), https=https)


class Api:
    """Calls to the hub; *trust* names the certificate it must show over HTTPS, None trusts what this machine trusts."""

    def __init__(self, address: Address | Place, *, trust: Path | None) -> None:
        self._address = address
        self._trust = trust
        self._token = ""

    def healthy(self) -> bool:
        """Whether the hub answers."""
        try:
            self.call("GET", "/health")
        except Problem:
            return False
        return True

    def set_up_required(self) -> bool:
        """Whether there is no owner yet."""
        return bool(self.call("GET", "/session")["setup_required"])

    def log_in(self, user: str, password: str) -> None:
        """Sign in for the calls to come."""
        self._token = self.call("POST", "/session", {"user": user, "password": password})["token"]

    def log_out(self) -> None:
        """End the session."""
        self.call("DELETE", "/session")
        self._token = ""

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """The JSON answer; raises Problem as the hub tells it, or UNREACHABLE."""
        headers = {"Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        try:
            connection = self._connection()
            try:
                connection.request(method, f"/api/v1{path}", json.dumps(body) if body is not None else None, headers)
                response = connection.getresponse()
                data = response.read(_MOST_BYTES)
            finally:
                connection.close()
            answer = json.loads(data) if data else None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _unreachable(error) from error
        if response.status >= 400:
            raise _problem(response.status, answer)
        return answer

    def download(self, path: str, out: BinaryIO, told: Callable[[int], None]) -> None:
        """Write what *path* has behind what *out* has already; *told* hears how much that is by now.

        Raises Problem as `call` does, UNREACHABLE also where the answer breaks off; OSError where *out* refuses.
        """
        headers = {"Authorization": f"Bearer {self._token}", "Range": f"bytes={out.tell()}-"}
        connection = self._connection()
        try:
            response = self._response(connection, path, headers)
            total = int(response.headers.get("Content-Range", "").rpartition("/")[2] or 0)
            while piece := _piece(response):
                out.write(piece)
                told(out.tell())
        finally:
            connection.close()
        if out.tell() < total:
            raise Problem(Kind.UNREACHABLE, "The hub broke its answer off.")

    def _response(
        self, connection: http.client.HTTPConnection, path: str, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        try:
            connection.request("GET", f"/api/v1{path}", headers=headers)
            response = connection.getresponse()
            if response.status == _PARTIAL:
                return response
            answer = json.loads(response.read(_MOST_BYTES) or b"null")
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _unreachable(error) from error
        raise _problem(response.status, answer)

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._address.host, self._address.port
        if not self._address.https:
            return http.client.HTTPConnection(host, port, timeout=_TIMEOUT_S)
        if self._trust is None:
            return http.client.HTTPSConnection(host, port, timeout=_TIMEOUT_S)
        context = ssl.create_default_context(cafile=str(self._trust))
        context.check_hostname = False  # a certificate given by --certificate names the house, not this address
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # trust exactly the certificate that was given
        return http.client.HTTPSConnection(host, port, timeout=_TIMEOUT_S, context=context)


def _problem(status: int, answer: Any) -> Problem:
    return Problem.read(answer if isinstance(answer, dict) else {"title": f"The hub answered {status}."})


def _unreachable(error: Exception) -> Problem:
    return Problem(Kind.UNREACHABLE, f"The hub does not answer: {error}.")


def _piece(response: http.client.HTTPResponse) -> bytes:
    try:
        return response.read(_PIECE_BYTES)
    except (OSError, http.client.HTTPException) as error:
        raise _unreachable(error) from error
