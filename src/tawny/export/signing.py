"""C2PA: a claim signed before the file is written.

``Builder.sign_file`` would copy the whole file once more and keep it in memory below 512 MB. The C interface in the same wheel can do better, but
c2pa-python 0.38.1 does not wrap it: ``c2pa_builder_placeholder`` gives a box of the final size, ``_update_hash_from_stream`` hashes the planned file with it
in its place, ``_sign_embeddable`` gives the box. The private names that this needs are here only; the version is pinned, and a test holds them.
"""

import ctypes
import io
import json
from collections.abc import Callable
from importlib.metadata import version
from typing import Any, Final, Protocol

import c2pa
from c2pa import c2pa as binding

from tawny.export.pieces import CHUNK, Pieces
from tawny.wire.c2pa.store import ACTIONS, RECORDING

_FORMAT: Final = b"video/mp4"
_CREATED: Final = {
    "action": "c2pa.created",
    "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
}
_SETTINGS: Final = {
    "version": 1,
    "builder": {"thumbnail": {"enabled": False}},
    "verify": {"verify_after_sign": False},  # of what is not written yet; our own verification follows
    "core": {"backing_store_memory_threshold_in_mb": 1},
}
_bytes_pointer = ctypes.POINTER(ctypes.c_ubyte)


class EvidenceKey(Protocol):
    """The recorder's evidence key in use."""

    @property
    def id(self) -> str:
        """The key's id."""
        ...

    @property
    def chain(self) -> str:
        """Its certificate, then the root (PEM)."""
        ...

    def sign(self, data: bytes) -> bytes:
        """ES256 over *data*: ``r || s``. OSError or ValueError where the key can't be used."""
        ...


class SigningFailed(ValueError):  # noqa: N818 - what happened
    """The claim could not be made."""


class Claim:
    """The claim of one file: `placeholder`, then `sign`, once.

    Invariant: the box that `sign` gives has exactly the size of `placeholder`.
    """

    def __init__(self, key: EvidenceKey, *, title: str, recording: str) -> None:
        self._failure: list[Exception] = []
        leaf = key.chain.partition("-----END CERTIFICATE-----")
        signer = c2pa.Signer.from_callback(self._caught(key.sign), c2pa.C2paSigningAlg.ES256, "".join(leaf[:2]) + "\n")
        context = c2pa.Context(c2pa.Settings.from_dict(_SETTINGS), signer)
        self._builder = c2pa.Builder(json.dumps(_definition(title, recording), ensure_ascii=False), context)
        self.placeholder = self._made("c2pa_builder_placeholder")

    def sign(self, planned: Pieces) -> bytes:
        """The box for the file *planned*, in which the placeholder stands. SigningFailed, or what *planned* or the key raised."""
        stream = c2pa.Stream(io.BufferedReader(_Watched(planned, self._failure), CHUNK))
        try:
            update = binding._lib.c2pa_builder_update_hash_from_stream
            code = _call(update, ctypes.c_int, self._builder._handle, _FORMAT, stream._stream)
            self._check(code)
        finally:
            stream.close()
        signed = self._made("c2pa_builder_sign_embeddable")
        if len(signed) != len(self.placeholder):
            raise SigningFailed("the signature has another size than was reserved")
        return signed

    def _made(self, function: str) -> bytes:
        pointer = _bytes_pointer()
        call = getattr(binding._lib, function)
        size = _call(call, ctypes.c_int64, self._builder._handle, _FORMAT, ctypes.byref(pointer))
        self._check(size)
        try:
            return ctypes.string_at(pointer, size)
        finally:
            binding._lib.c2pa_free(pointer)

    def _check(self, code: int) -> None:
        if self._failure:
            raise self._failure[0]
        if code < 0:
            raise SigningFailed(f"C2PA: {binding._read_native_error() or 'unknown error'}")

    def _caught(self, sign: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
        """*sign*, its error kept: the library would only say that there was one."""

        def signing(data: bytes) -> bytes:
            try:
                return sign(data)
            except Exception as error:
                self._failure.append(error)
                raise

        return signing


class _Watched(io.RawIOBase):
    """The planned file; an error of it is kept in *failure*."""

    def __init__(self, planned: Pieces, failure: list[Exception]) -> None:
        self._planned = planned
        self._failure = failure

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._planned.seek(offset, whence)

    def tell(self) -> int:
        return self._planned.tell()

    def readinto(self, buffer: Any) -> int:
        try:
            return self._planned.readinto(buffer)
        except Exception as error:
            self._failure.append(error)
            raise


def _definition(title: str, recording: str) -> dict[str, Any]:
    return {
        "claim_generator_info": [{"name": "Tawny", "version": version("tawny")}],
        "title": title,
        "format": _FORMAT.decode(),
        "assertions": [
            {"label": ACTIONS, "data": {"actions": [_CREATED]}},
            {"label": RECORDING, "data": json.loads(recording), "kind": "Json"},
        ],
    }


def _call(function: Any, result: Any, *arguments: Any) -> int:
    """Call *function* of the C interface, which has no prototype in the wrapper."""
    function.restype = result
    found: int = function(*arguments)
    return found
