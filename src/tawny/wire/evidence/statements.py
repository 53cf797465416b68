"""What the recorder signs: short texts, each line ended by a line feed, ES256, signatures as ``r || s`` in base64url without padding."""

import base64
import re
from hashlib import sha256

SIGNATURE_SIZE = 64  # r and s of P-256 (RFC 7518, section 3.4)
_KEY_ID = re.compile(r"[0-9a-f]{16}")


def head_statement(*, recorder: str, volume: str, ledger: str, size: int, root: bytes, utc: str) -> bytes:
    """A ledger's first *size* lines have this *root*; *ledger* is ``<owner>/<day>``, *utc* the text of the line."""
    return _text("tawny head v1", recorder, volume, ledger, str(size), root.hex(), utc)


def key_statement(*, recorder: str, key: str, utc: str) -> bytes:
    """From *utc* on the key with the id *key* signs; signed by the key before it."""
    return _text("tawny key v1", recorder, key, utc)


def key_id(public_key: bytes) -> str:
    """The id of a key, from its SubjectPublicKeyInfo (DER)."""
    return sha256(public_key).hexdigest()[:16]


def is_key_id(text: str) -> bool:
    """Whether *text* has the form of a key's id."""
    return _KEY_ID.fullmatch(text) is not None


def signature_text(signature: bytes) -> str:
    return base64.urlsafe_b64encode(signature).rstrip(b"=").decode()


def read_signature(text: str) -> bytes:
    """The signature in *text*; ValueError for anything but what `signature_text` writes."""
    if len(text) != len(signature_text(bytes(SIGNATURE_SIZE))):
        raise ValueError("a signature has 64 bytes")
    signature = base64.b64decode(text + "==", altchars=b"-_", validate=True)
    if signature_text(signature) != text:
        raise ValueError("a signature has one spelling only")
    return signature


def _text(*lines: str) -> bytes:
    if any("\n" in line for line in lines):
        raise ValueError("a statement's parts are single lines")
    return "".join(f"{line}\n" for line in lines).encode()
