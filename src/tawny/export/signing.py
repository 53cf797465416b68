"""C2PA: a claim signed before the file is written.

``Builder.sign_file`` would copy the whole file once more, and c2pa-rs reads a whole ``mdat`` into memory to hash it. So the file's hash is made here, and given to the
claim as its hard binding; ``c2pa_builder_sign_embeddable`` of the C interface then gives the box for it. A first box, with a hash and a signature of zeros, tells its size: it
is the placeholder in the plan of which the hash is made. c2pa-python 0.38.1 does not wrap that function: the private names that it takes are here only, the version is pinned, and a test
holds them.
"""

import ctypes
import json
import struct
from collections.abc import Callable
from hashlib import sha256
from importlib.metadata import version
from typing import Any, Final, Protocol

import c2pa
from c2pa import c2pa as binding

from tawny.export.pieces import CHUNK, Pieces
from tawny.wire.c2pa.store import ACTIONS, BINDING, EXCLUSIONS, RECORDING
from tawny.wire.evidence.statements import SIGNATURE_SIZE
from tawny.wire.mp4.export import hashed, read_layout

_FORMAT: Final = b"video/mp4"
_CREATED: Final = {
    "action": "c2pa.created",
    "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
}
_SETTINGS: Final = {
    "version": 1,
    "builder": {"thumbnail": {"enabled": False}},
    "verify": {"verify_after_sign": False},  # of what is not written yet; our own verification follows
}


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
    """The claim of one file: `placeholder`, then `sign`.

    Invariant: the box that `sign` gives has exactly the size of `placeholder`.
    """

    def __init__(self, key: EvidenceKey, *, title: str, recording: str) -> None:
        self._key = key
        self._title = title
        self._recording = json.loads(recording)
        self.placeholder = self._box(bytes(sha256().digest_size), lambda data: bytes(SIGNATURE_SIZE))

    def sign(self, planned: Pieces) -> bytes:
        """The box for the file *planned*, in which the placeholder stands. SigningFailed, or what *planned* or the key raises."""
        signed = self._box(content_hash(planned), self._key.sign)
        if len(signed) != len(self.placeholder):
            raise SigningFailed("the signature has another size than was reserved")
        return signed

    def _box(self, digest: bytes, sign: Callable[[bytes], bytes]) -> bytes:
        failures: list[Exception] = []
        leaf = (
            "".join(self._key.chain.partition("-----END CERTIFICATE-----")[:2]) + "\n"
        )  # the root is the reader's to have
        with c2pa.Signer.from_callback(_caught(sign, failures), c2pa.C2paSigningAlg.ES256, leaf) as signer:
            context = c2pa.Context(c2pa.Settings.from_dict(_SETTINGS), signer)
            with c2pa.Builder(json.dumps(self._definition(digest), ensure_ascii=False), context) as builder:
                return _embeddable(builder, failures)

    def _definition(self, digest: bytes) -> dict[str, Any]:
        bound = {"exclusions": _plain(EXCLUSIONS), "alg": "sha256", "hash": list(digest), "name": "jumbf manifest"}
        return {
            "claim_generator_info": [{"name": "Tawny", "version": version("tawny")}],
            "title": self._title,
            "format": _FORMAT.decode(),
            "assertions": [
                {"label": BINDING, "data": bound},
                {"label": ACTIONS, "data": {"actions": [_CREATED]}},
                {"label": RECORDING, "data": self._recording, "kind": "Json"},
            ],
        }


def content_hash(planned: Pieces) -> bytes:
    """The hash of ``c2pa.hash.bmff.v3``: each box under it after its offset in eight bytes."""

    def read(offset: int, size: int) -> bytes:
        planned.seek(offset)
        return planned.read(size) or b""

    layout = read_layout(read, planned.seek(0, 2))
    digest = sha256()
    for extent in hashed(layout):
        digest.update(struct.pack(">Q", extent.offset))
        planned.seek(extent.offset)
        left = extent.size
        while left:
            chunk = planned.read(min(CHUNK, left)) or b""
            digest.update(chunk)
            left -= len(chunk)
    return digest.digest()


def _embeddable(builder: c2pa.Builder, failures: list[Exception]) -> bytes:
    pointer = ctypes.POINTER(ctypes.c_ubyte)()
    function = binding._lib.c2pa_builder_sign_embeddable
    function.restype = ctypes.c_int64
    size = function(builder._handle, _FORMAT, ctypes.byref(pointer))
    if failures:
        raise failures[0]
    if size < 0:
        raise SigningFailed(f"C2PA: {binding._read_native_error() or 'unknown error'}")
    try:
        return ctypes.string_at(pointer, size)
    finally:
        binding._lib.c2pa_free(pointer)


def _caught(sign: Callable[[bytes], bytes], failures: list[Exception]) -> Callable[[bytes], bytes]:
    """*sign*, its error kept: the library would only say that there was one."""

    def signing(data: bytes) -> bytes:
        try:
            return sign(data)
        except Exception as error:
            failures.append(error)
            raise

    return signing


def _plain(value: Any) -> Any:
    """*value* as JSON has it: bytes become lists, which the library takes for bytes."""
    if isinstance(value, bytes):
        return list(value)
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value
