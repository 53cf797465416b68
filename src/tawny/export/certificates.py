"""The certificates of the keys that signed heads: ours, and those that another recorder left on its volume."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from tawny.recorder.archive.heads import CERTIFICATES
from tawny.recorder.evidence.keys import EVIDENCE
from tawny.runtime.problem import Kind, Problem
from tawny.wire.evidence.chains import read_chain
from tawny.wire.evidence.statements import is_key_id

_END: Final = "-----END CERTIFICATE-----"
_BEGIN: Final = "-----BEGIN CERTIFICATE-----"
_MAX_FILE: Final = 4 << 20


class Certificates:
    """Chains by the id of their key, as PEM, leaf first."""

    def __init__(self, keys: Path, volumes: Iterable[Path]) -> None:
        self._keys = keys
        self._volumes = list(volumes)

    def chain(self, key: str) -> str:
        """The chain of *key*. Problem where nobody left it here."""
        if is_key_id(key):
            with suppress(OSError):
                return (self._keys / EVIDENCE / f"{key}.pem").read_text("ascii")
            for volume in self._volumes:
                with suppress(OSError, ValueError, StopIteration):
                    return _chain_in((volume / CERTIFICATES).read_bytes()[:_MAX_FILE].decode("ascii"), key)
        raise Problem(
            Kind.UNAVAILABLE,
            f"The certificate of the key {key}, which signed this footage, is not here.",
            remedy="Put it into the keys directory of the recorder, or export from the recorder that recorded it.",
        )


def _chain_in(text: str, key: str) -> str:
    """The chain of *key* among the certificates in *text*: its own, then the one that follows it. ValueError where it is not there."""
    found = [f"{_BEGIN}{part.partition(_END)[0]}{_END}\n" for part in text.split(_BEGIN)[1:]]
    for certificate, above in zip(found, [*found[1:], ""], strict=True):
        with suppress(ValueError):  # torn by a crash
            if read_chain(certificate).key_id == key:
                return certificate + above
    raise ValueError(f"no certificate of {key}")
