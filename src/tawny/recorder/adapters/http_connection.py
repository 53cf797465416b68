"""One HTTP connection to a device, a request at a time; its answers are strangers' and bounded."""

import asyncio
from email.utils import parsedate_to_datetime

import h11

from tawny.recorder.onvif.exchange import HttpAnswer
from tawny.recorder.onvif.model import DeviceError, DeviceTrouble, device_error
from tawny.runtime.clock import utc_us
from tawny.wire.auth import challenges
from tawny.wire.onvif.documents import LARGEST

_LARGEST_HEAD = 65_536


class UnheardError(Exception):
    """The connection ended before a byte of an answer came."""


class HttpConnection:
    """One connection, and what HTTP says about it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, shown: bytes) -> None:
        self.shown = shown
        self._reader = reader
        self._writer = writer
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LARGEST_HEAD)
        self._heard = False

    async def exchange(self, request: h11.Request, body: bytes) -> HttpAnswer:
        """Send *request* with *body*, and read the whole answer."""
        self._heard = False
        try:
            self._writer.write(self._http.send(request) + self._http.send(h11.Data(data=body)))
            self._writer.write(self._http.send(h11.EndOfMessage()))
            await self._writer.drain()
            return await self._answer()
        except h11.RemoteProtocolError as error:
            raise self._unreadable(error) from error
        except OSError as error:
            if not self._heard:
                raise UnheardError from error
            raise device_error(DeviceTrouble.UNREACHABLE, title="The camera broke the connection off.") from error

    async def _answer(self) -> HttpAnswer:
        response: h11.Response | None = None
        body = bytearray()
        while True:
            match event := await self._event():
                case h11.Response():
                    response = event
                case h11.Data(data=data):
                    body += data
                    if len(body) > LARGEST:
                        raise device_error(
                            DeviceTrouble.BAD_ANSWER, title="The camera's answer is larger than any answer may be."
                        )
                case h11.EndOfMessage() if response is not None:
                    return _read(response, bytes(body))
                case h11.ConnectionClosed():
                    raise device_error(DeviceTrouble.UNREACHABLE, title="The camera broke the connection off.")
                case _:
                    pass  # 100 Continue

    async def _event(self) -> h11.Event:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            data = await self._reader.read(_LARGEST_HEAD)
            if not data and not self._heard:
                raise UnheardError
            self._heard = True
            self._http.receive_data(data)
        assert isinstance(event, h11.Event)  # PAUSED comes after EndOfMessage alone
        return event

    def _unreadable(self, error: h11.RemoteProtocolError) -> DeviceError:
        if "peer closed connection" in str(error) or "incomplete" in str(error):
            return device_error(DeviceTrouble.UNREACHABLE, title="The camera broke the connection off.")
        return device_error(DeviceTrouble.NOT_ONVIF, reason=str(error))

    def renewed(self) -> bool:
        """Whether the connection can carry another request, and get ready for that."""
        if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE or self._reader.at_eof():
            return False
        self._http.start_next_cycle()
        return True

    def close(self) -> None:
        """End it at once: there is nothing to say that the device would miss."""
        self._writer.transport.abort()


def _read(response: h11.Response, body: bytes) -> HttpAnswer:
    headers = [(name.lower(), value.decode("latin-1")) for name, value in response.headers]
    first = dict(reversed(headers))
    after = first.get(b"retry-after", "")
    return HttpAnswer(
        status=response.status_code,
        body=body,
        challenges=challenges(value for name, value in headers if name == b"www-authenticate"),
        location=first.get(b"location", ""),
        date_us=_moment(first.get(b"date", "")),
        retry_after_s=int(after) if after.isdecimal() and len(after) < 6 else None,
    )


def _moment(written: str) -> int | None:
    try:
        found = parsedate_to_datetime(written)
        return None if found.tzinfo is None else utc_us(found)
    except (ValueError, TypeError, OverflowError):
        return None
