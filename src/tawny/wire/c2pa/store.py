"""The manifest store of an export: one manifest, three assertions, one claim, one signature."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from tawny.wire.c2pa import cbor
from tawny.wire.mp4.boxes import boxes

ACTIONS: Final = "c2pa.actions.v2"
BINDING: Final = "c2pa.hash.bmff.v3"
RECORDING: Final = "org.tawny.recording"
_C2PA_UUID: Final = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_ISO_SUFFIX: Final = bytes.fromhex("00110010800000aa00389b71")  # a JUMBF type is four letters and this
_LABELLED: Final = 0x03  # requestable, with a label
_SALTED: Final = 0x13  # and a private box: the salt
_SALT_SIZE: Final = 16
_ES256: Final = -7  # RFC 9053, 2.1
_ALGORITHM, _X5CHAIN = 1, 33  # COSE header parameters: RFC 9052, 3.1, and RFC 9360
_CLAIM_MEMBERS: Final = {
    "instanceID",
    "claim_generator_info",
    "signature",
    "created_assertions",
    "gathered_assertions",
    "dc:title",
    "alg",
}
EXCLUSIONS: Final = [
    {"xpath": "/uuid", "data": [{"offset": 8, "value": _C2PA_UUID}]},
    {"xpath": "/ftyp"},
    {"xpath": "/mfra"},
    {"xpath": "/free"},
    {"xpath": "/skip"},
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """What the store says. `hashes` and `binding` are checked by who reads the file; the form has been.

    *chain* are certificates (DER), the signer's first; *signed* is what *signature* (``r || s``) is over; *assertions* are contents by label.
    """

    label: str
    title: str
    chain: tuple[bytes, ...]
    signed: bytes
    signature: bytes
    assertions: Mapping[str, bytes]
    binding: bytes


def read_store(data: bytes) -> Store:
    """The store in *data* (JUMBF); ValueError, in words, where a byte is not as our exports have it."""
    label, assertions, claim_bytes, signature = _read_manifest(data)
    claim = cbor.decode(claim_bytes)
    if not isinstance(claim, dict) or claim.keys() != _CLAIM_MEMBERS or claim["alg"] != "sha256":
        raise ValueError("the claim has other members than ours")
    if claim["signature"] != f"self#jumbf=/c2pa/{label}/c2pa.signature":
        raise ValueError("the claim names another signature")
    _compare(claim["created_assertions"], claim["gathered_assertions"], assertions)
    chain, protected, raw = _read_signature(signature)
    title = claim["dc:title"]
    return Store(
        label=label,
        title=title if isinstance(title, str) else "",
        chain=chain,
        signed=_to_be_signed(protected, claim_bytes),
        signature=raw,
        assertions={name: content for name, (_, content) in assertions.items()},
        binding=_read_binding(assertions[BINDING][1]),
    )


def _read_manifest(data: bytes) -> tuple[str, dict[str, tuple[bytes, bytes]], bytes, bytes]:
    """The manifest's label, its assertions (hash and content by label), its claim and its signature."""
    (manifest,) = _superbox(data, b"c2pa", "c2pa", 1)
    label = _label_of(manifest)
    parts = _superbox(manifest, b"c2ma", label, 3)
    found: dict[str, tuple[bytes, bytes]] = {}
    for assertion in _superbox(parts[0], b"c2as", "c2pa.assertions", 3):
        name = _label_of(assertion)
        found[name] = sha256(assertion[8:]).digest(), _assertion(assertion, name)
    if found.keys() != {ACTIONS, RECORDING, BINDING}:
        raise ValueError("other assertions than ours")
    claim = _content(_superbox(parts[1], b"c2cl", "c2pa.claim.v2", 1)[0], b"cbor")
    signature = _content(_superbox(parts[2], b"c2cs", "c2pa.signature", 1)[0], b"cbor")
    return label, found, claim, signature


def _superbox(data: bytes, kind: bytes, label: str, count: int) -> list[bytes]:
    """The *count* boxes inside the superbox *data*, behind its description."""
    inside = _inside(data)
    if inside[0] != _description(kind, _LABELLED, label) or len(inside) != count + 1:
        raise ValueError(f"the box {label!r} has another form than ours")
    return inside[1:]


def _assertion(data: bytes, label: str) -> bytes:
    kind = b"json" if label == RECORDING else b"cbor"
    inside = _inside(data)
    salt_at = len(_description(kind, _SALTED, label, bytes(_SALT_SIZE))) - _SALT_SIZE
    if len(inside) != 2 or inside[0] != _description(kind, _SALTED, label, inside[0][salt_at:]):
        raise ValueError(f"the assertion {label!r} has another form than ours")
    return _content(inside[1], kind)


def _inside(data: bytes) -> list[bytes]:
    """The boxes of the superbox that fills *data*."""
    if len(data) < 16 or struct.unpack_from(">I4s", data) != (len(data), b"jumb"):
        raise ValueError("a superbox is expected")
    inside = [data[b.offset : b.end] for b in boxes(data, 8, len(data))]
    if len(inside) > 8:
        raise ValueError("too many boxes")
    return inside


def _description(kind: bytes, toggles: int, label: str, salt: bytes = b"") -> bytes:
    private = struct.pack(">I4s", 8 + len(salt), b"c2sh") + salt if salt else b""
    body = kind + _ISO_SUFFIX + bytes((toggles,)) + label.encode() + b"\0" + private
    return struct.pack(">I4s", 8 + len(body), b"jumd") + body


def _label_of(data: bytes) -> str:
    description = _inside(data)[0]
    name, end, _ = description[25:].partition(b"\0")
    if not end or not name or len(name) > 128:
        raise ValueError("a box without a label")
    return name.decode()


def _content(data: bytes, kind: bytes) -> bytes:
    if struct.unpack_from(">I4s", data) != (len(data), kind):
        raise ValueError(f"a box {kind!r} is expected")
    return data[8:]


def _compare(created: cbor.Value, gathered: cbor.Value, assertions: Mapping[str, tuple[bytes, bytes]]) -> None:
    """Each assertion is named once by the claim, with its hash."""
    wanted = {f"self#jumbf=c2pa.assertions/{name}": digest for name, (digest, _) in assertions.items()}
    if not isinstance(created, list) or not isinstance(gathered, list) or len(created + gathered) != len(wanted):
        raise ValueError("the claim names other assertions")
    for one in created + gathered:
        if (
            not isinstance(one, dict)
            or one.keys() != {"url", "hash"}
            or wanted.pop(str(one["url"]), None) != one["hash"]
        ):
            raise ValueError("an assertion is not the one that was signed")


def _read_binding(content: bytes) -> bytes:
    found = cbor.decode(content)
    form = {"exclusions": EXCLUSIONS, "alg": "sha256", "name": "jumbf manifest"}
    digest = found.pop("hash", None) if isinstance(found, dict) else None
    if found != form or not isinstance(digest, bytes) or len(digest) != sha256().digest_size:
        raise ValueError("the hash of the file has another form than ours")
    return digest


def _read_signature(data: bytes) -> tuple[tuple[bytes, ...], bytes, bytes]:
    """The certificates, the protected header, and the signature; padding has to be zero."""
    sign1 = cbor.decode(data)
    match sign1:
        case cbor.Tagged(18, [bytes() as protected, dict() as padding, None, bytes() as raw]) if len(raw) == 64:
            pass
        case _:
            raise ValueError("the signature has another form than ours")
    if not padding.keys() <= {"pad", "pad2"} or any(not isinstance(p, bytes) or any(p) for p in padding.values()):
        raise ValueError("the padding behind the signature is not zero")
    header = cbor.decode(protected)
    if not isinstance(header, dict) or header.keys() != {_ALGORITHM, _X5CHAIN} or header[_ALGORITHM] != _ES256:
        raise ValueError("the signature has another header than ours")
    chain = header[_X5CHAIN] if isinstance(header[_X5CHAIN], list) else [header[_X5CHAIN]]
    if not 0 < len(chain) <= 4 or not all(isinstance(one, bytes) for one in chain):
        raise ValueError("the signature has no certificates")
    return tuple(chain), protected, raw


def _to_be_signed(protected: bytes, claim: bytes) -> bytes:
    """``Sig_structure`` of RFC 9052, section 4.4: the claim is the detached payload."""
    parts = (b"\x84", b"\x6aSignature1", cbor.encode_bytes(protected), cbor.encode_bytes(b""), cbor.encode_bytes(claim))
    return b"".join(parts)
