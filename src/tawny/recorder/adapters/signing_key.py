"""Private keys: in files that only the owner can read (PKCS #8, PEM), or where ``keys/pkcs11.json`` says, in a token."""

import os
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from tawny.recorder.adapters.pkcs11_key import SETTINGS, Pkcs11Token
from tawny.recorder.evidence.keys import EVIDENCE, ROOT_KEY, KeyInUse, Keys, SigningKey
from tawny.runtime.clock import Clock, SystemClock
from tawny.wire.evidence.chains import public_bytes, raw_signature
from tawny.wire.evidence.statements import key_id


class FileKey:
    """A key from a file."""

    kept_in = "file"

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self._key = key

    @property
    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self._key.public_key()

    def sign(self, statement: bytes) -> bytes:
        return raw_signature(self._key.sign(statement, ec.ECDSA(hashes.SHA256())))


class KeyFiles:
    """`KeyStore` on the directory of an installation's keys."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._evidence = directory / EVIDENCE
        self._token: Pkcs11Token | None = None

    def make(self) -> SigningKey:
        if (self._directory / SETTINGS).exists():
            key, handle = self._opened_token().make()
            self.write(self._of(key).with_suffix(".pkcs11"), handle)
            return key
        private = ec.generate_private_key(ec.SECP256R1())
        made = FileKey(private)
        self.write(self._of(made).with_suffix(".key"), _pem(private))
        return made

    def load(self, key: str) -> SigningKey:
        handle = self._evidence / f"{key}.pkcs11"
        if handle.exists():
            return self._opened_token().load(handle.read_bytes())
        return FileKey(_read(self._evidence / f"{key}.key"))

    def discard(self, key: str) -> None:
        (self._evidence / f"{key}.key").unlink(missing_ok=True)

    def root_key(self, *, make: bool) -> ec.EllipticCurvePrivateKey | None:
        path = self._directory / ROOT_KEY
        if path.exists():
            return _read(path)
        if not make:
            return None
        key = ec.generate_private_key(ec.SECP256R1())
        self.write(path, _pem(key))
        return key

    def write(self, path: Path, data: bytes) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = path.with_name(f"{path.name}.new")
        temporary.unlink(missing_ok=True)  # of an earlier crash
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            os.write(descriptor, data)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        temporary.rename(path)
        directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)

    def _of(self, key: SigningKey) -> Path:
        return self._evidence / key_id(public_bytes(key.public_key))

    def _opened_token(self) -> Pkcs11Token:
        if self._token is None:
            self._token = Pkcs11Token.open(self._directory / SETTINGS)
        return self._token


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _read(path: Path) -> ec.EllipticCurvePrivateKey:
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError(f"{path.name} is no key of P-256")  # noqa: TRY004 - a file from outside
    path.chmod(0o600)
    return key


def open_keys(directory: Path, *, clock: Clock, recorder: Callable[[], str]) -> Keys:
    """The keys of the installation whose keys are in *directory*."""
    return Keys(directory, KeyFiles(directory), clock=clock, recorder=recorder)


def key_in_use(directory: Path) -> KeyInUse:
    """The key that signs, for a program that makes none. Problem where it can't be used."""

    def recorder() -> str:
        raise AssertionError("no key is made here")

    return open_keys(directory, clock=SystemClock(), recorder=recorder).key_in_use()
