"""Secrets at rest: AES-256-GCM under this installation's key, each bound to the row it belongs to (NIST SP 800-38D).

A sealed secret is a 96-bit random nonce, the ciphertext and its 128-bit tag. The row's name is authenticated along, so
that a secret copied into another row does not open.
"""

import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_KEY_SIZE = 32
_NONCE_SIZE = 12


class Seal:
    """Seals and opens secrets with one key."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    @classmethod
    def at(cls, path: Path) -> "Seal":
        """The seal whose key is the file *path*, made (mode 0600) where there is none."""
        try:
            _create(path)
        except FileExistsError:
            path.chmod(0o600)
        key = path.read_bytes()
        if len(key) != _KEY_SIZE:
            raise ValueError(f"{path} is damaged: it has {len(key)} bytes and not {_KEY_SIZE}")
        return cls(key)

    def seal(self, secret: str, *, row: str) -> bytes:
        """*secret*, readable only with the key and for *row*."""
        nonce = secrets.token_bytes(_NONCE_SIZE)
        return nonce + self._cipher.encrypt(nonce, secret.encode(), row.encode())

    def open(self, sealed: bytes, *, row: str) -> str:
        """The secret that `seal` sealed for *row*; ValueError where key or row differ or the bytes are damaged."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE_SIZE], sealed[_NONCE_SIZE:], row.encode()).decode()
        except (InvalidTag, ValueError):  # ValueError: shorter than a nonce and a tag
            raise ValueError(f"the secret of {row} does not open with this key") from None


def _create(path: Path) -> None:
    """Write a fresh key so that a crash leaves either no file or the whole key: a key half written opens nothing."""
    if path.exists():
        raise FileExistsError(path)
    temporary = path.with_suffix(".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        os.write(descriptor, secrets.token_bytes(_KEY_SIZE))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    temporary.rename(path)
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
