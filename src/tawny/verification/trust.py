"""Certificates from a file that is not trusted yet: whatever is wrong with one is a ValueError or a no, never a crash."""

from collections.abc import Sequence
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

from tawny.wire.evidence.chains import Chain, read_chain

# beside ValueError and TypeError, what cryptography raises for a certificate that it does not understand; some of it only when a field is looked at
STRANGE: Final = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)


def chain_of_pem(pem: str) -> Chain:
    """The chain in *pem*, leaf first; ValueError where it is none."""
    try:
        return read_chain(pem)
    except STRANGE as error:
        raise ValueError(str(error)) from None


def chain_of_der(certificates: Sequence[bytes]) -> Chain:
    """The chain of *certificates*, leaf first; ValueError where it is none."""
    try:
        found = [x509.load_der_x509_certificate(one) for one in certificates]
        return read_chain(b"".join(one.public_bytes(Encoding.PEM) for one in found))
    except STRANGE as error:
        raise ValueError(str(error)) from None


def leads_to(chain: Chain, roots: Sequence[x509.Certificate]) -> bool:
    """Whether the chain leads to one of *roots*, which need not stand in it."""
    try:
        return any(chain.under(root) or Chain(certificates=(*chain.certificates, root)).under(root) for root in roots)
    except STRANGE:
        return False


def recorder_of(chain: Chain) -> str:
    """The id of the recorder whose chain this is; empty where it tells none."""
    try:
        return chain.recorder
    except STRANGE:
        return ""
