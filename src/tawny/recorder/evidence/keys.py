"""The recorder's keys: made at the first start, kept for good, and followed by others (`docs/design/evidence.md`, "Keys").

Written in the order key, certificate, note of succession, ``current``: whatever a crash leaves, the key that ``current`` names is whole, and what nothing names
harms nobody. The root's key may be taken away and kept elsewhere; only making a new evidence key needs it.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from tawny.recorder.evidence.certificates import issue, made_at, make_root, pem
from tawny.runtime.clock import Clock, from_utc_us, utc_us
from tawny.runtime.problem import Kind, Problem
from tawny.wire.evidence.chains import Chain, public_bytes, read_chain
from tawny.wire.evidence.statements import is_key_id, key_id, key_statement, signature_text
from tawny.wire.moments import rfc3339

ROOT = "root.pem"
ROOT_KEY = "root.key"
EVIDENCE = "evidence"
CURRENT = "current"
_SECOND = 1_000_000


class SigningKey(Protocol):
    """A private key of P-256 that signs; used from one thread at a time."""

    @property
    def public_key(self) -> ec.EllipticCurvePublicKey:
        """The public half; always there, also while the key does not answer."""
        ...

    @property
    def kept_in(self) -> str:
        """``file`` or ``pkcs11``; only a file answers at once."""
        ...

    def sign(self, statement: bytes) -> bytes:
        """The signature ``r || s`` (ES256) over *statement*. OSError where the key does not answer."""
        ...


class KeyStore(Protocol):
    """Where private keys are. Each method raises Problem where the place can't be used."""

    def make(self) -> SigningKey:
        """A new evidence key, safely kept under its id."""
        ...

    def load(self, key: str) -> SigningKey:
        """The evidence key with the id *key*."""
        ...

    def discard(self, key: str) -> None:
        """Destroy the evidence key with the id *key*, where that can be done."""
        ...

    def root_key(self, *, make: bool) -> ec.EllipticCurvePrivateKey | None:
        """The root's key; made where there is none and *make*."""
        ...

    def write(self, path: Path, data: bytes) -> None:
        """Put *data* into the place of the file *path*, whole or not at all, readable by the owner only."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyInUse:
    """The key that signs. *previous* and *signature* tell of its succession: who signed that it follows, as of *since_us*."""

    id: str
    signing: SigningKey
    chain: str
    since_us: int
    previous: str | None
    signature: str

    def sign(self, statement: bytes) -> bytes:
        """The signature ``r || s`` (ES256) over *statement*. OSError where the key does not answer."""
        return self.signing.sign(statement)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRecord:
    """A key that is or was in use; *until_us* is None for the one that is."""

    id: str
    since_us: int
    until_us: int | None


class Keys:
    """The keys below one directory.

    Invariant: certificates are never removed, and `current` names a key whose certificate is there.
    """

    def __init__(self, directory: Path, store: KeyStore, *, clock: Clock, recorder: Callable[[], str]) -> None:
        self._directory = directory
        self._evidence = directory / EVIDENCE
        self._store = store
        self._clock = clock
        self._recorder = recorder

    def open(self) -> KeyInUse:
        """The key in use; all keys are made where there is none. Problem where they can't be used."""
        current = self._current()
        return self._make(None) if current is None else self._load(current)

    def key_in_use(self) -> KeyInUse:
        """As `open`, for programs that only sign: nothing is made."""
        current = self._current()
        if current is None:
            raise Problem(Kind.UNAVAILABLE, "The recorder has no evidence key yet.", remedy="Start the recorder once.")
        return self._load(current)

    def rotate(self) -> KeyInUse:
        """Make a new key, which the one in use signs for; the old private key is destroyed."""
        old = self.open()
        new = self._make(old)
        self._store.discard(old.id)
        return new

    def root(self) -> x509.Certificate:
        """The root certificate; FileNotFoundError before the first start."""
        return read_chain((self._directory / ROOT).read_bytes()).leaf

    def chain(self, key: str) -> str:
        """The certificate of the key with the id *key* and the root, as PEM; FileNotFoundError where it was never ours."""
        if not is_key_id(key):
            raise FileNotFoundError(key)
        return (self._evidence / f"{key}.pem").read_text("ascii")

    def records(self) -> list[KeyRecord]:
        """Every key that ever was in use, the newest first."""
        current = self._current()
        found = [read_chain(path.read_bytes()) for path in self._evidence.glob("*.pem")]
        made = sorted(((_since_us(chain), chain.key_id) for chain in found), reverse=True)
        made.sort(key=lambda one: one[1] != current)  # the one in use first, also where the clock was set back
        ends = [None, *(since for since, _ in made)]
        return [KeyRecord(id=key, since_us=since, until_us=end) for (since, key), end in zip(made, ends, strict=False)]

    def _current(self) -> str | None:
        try:
            key = (self._evidence / CURRENT).read_bytes().decode("ascii", "replace").strip()
        except FileNotFoundError:
            return None
        if not is_key_id(key):
            raise Problem(
                Kind.UNAVAILABLE,
                "The note of the evidence key in use is damaged.",
                remedy=f"Restore {self._evidence} from a backup.",
            )
        return key

    def _load(self, key: str) -> KeyInUse:
        try:
            chain, signing = self.chain(key), self._store.load(key)
            _check(key, chain, signing)
            note = json.loads((self._evidence / f"{key}.json").read_bytes())
            return KeyInUse(
                id=key,
                signing=signing,
                chain=chain,
                since_us=int(note["since_us"]),
                previous=note["previous"],
                signature=str(note["signature"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            raise Problem(
                Kind.UNAVAILABLE,
                f"The evidence key {key} can't be read.",
                remedy=f"Restore {self._directory} from a backup. Recording goes on unsigned until then.",
            ) from None

    def _make(self, old: KeyInUse | None) -> KeyInUse:
        now_us = self._clock.utc_us() // _SECOND * _SECOND  # as certificates have it
        root_key = self._store.root_key(make=old is None)
        if root_key is None:
            raise Problem(
                Kind.UNAVAILABLE,
                "The root's key is not here, so that no new evidence key can be made.",
                remedy=f"Put {ROOT_KEY} back into {self._directory} for as long as it takes.",
            )
        root = self._root(root_key, now_us)
        signing = self._store.make()
        key = key_id(public_bytes(signing.public_key))
        certificate = issue(root, root_key, signing.public_key, now=from_utc_us(now_us))
        statement = key_statement(recorder=self._recorder(), key=key, utc=rfc3339(now_us))
        new = KeyInUse(
            id=key,
            signing=signing,
            chain=pem(certificate, root),
            since_us=now_us,
            previous=None if old is None else old.id,
            signature=signature_text((old.signing if old else signing).sign(statement)),
        )
        self._keep(new)
        return new

    def _keep(self, key: KeyInUse) -> None:
        note = {"since_us": key.since_us, "previous": key.previous, "signature": key.signature}
        self._store.write(self._evidence / f"{key.id}.pem", key.chain.encode())
        self._store.write(self._evidence / f"{key.id}.json", json.dumps(note).encode() + b"\n")
        self._store.write(self._evidence / CURRENT, key.id.encode() + b"\n")

    def _root(self, key: ec.EllipticCurvePrivateKey, now_us: int) -> x509.Certificate:
        try:
            root = self.root()
        except FileNotFoundError:
            root = make_root(key, recorder=self._recorder(), now=from_utc_us(now_us))
            self._store.write(self._directory / ROOT, pem(root).encode())
        if public_bytes(key.public_key()) != public_bytes(read_chain(pem(root)).public_key):
            raise Problem(
                Kind.UNAVAILABLE,
                f"{ROOT_KEY} is not the key of {ROOT}.",
                remedy=f"Restore both in {self._directory} from a backup.",
            )
        return root


def _check(key: str, chain: str, signing: SigningKey) -> None:
    if {key} != {read_chain(chain).key_id, key_id(public_bytes(signing.public_key))}:
        raise ValueError("key and certificate are not of each other")


def _since_us(chain: Chain) -> int:
    return utc_us(made_at(chain.leaf))
