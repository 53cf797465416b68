"""Certificates and what they signed: ES256 with EC P-256 throughout, two certificates a chain (the key in use, then the recorder's root).

A chain is trusted where its last certificate *is* the trusted root, byte for byte; whoever names a root has compared its fingerprint.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from tawny.wire.evidence.statements import SIGNATURE_SIZE, key_id

MAX_PEM = 32 * 1024
MAX_CHAIN = 4
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """A certificate and those above it, each signed by the next."""

    certificates: tuple[x509.Certificate, ...]

    @property
    def leaf(self) -> x509.Certificate:
        """The certificate of the key that signs."""
        return self.certificates[0]

    @property
    def public_key(self) -> ec.EllipticCurvePublicKey:
        """The key that signs."""
        return _public_key(self.leaf)

    @property
    def recorder(self) -> str:
        """The id of the recorder, which is the unit (OU) of the leaf's subject; empty where it has none."""
        found = self.leaf.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
        return str(found[0].value) if len(found) == 1 else ""

    @property
    def key_id(self) -> str:
        """The id of the key that signs."""
        return key_id(public_bytes(self.public_key))

    def under(self, root: x509.Certificate) -> bool:
        """Whether the chain ends in *root* and each certificate was issued by the next."""
        links = zip(self.certificates, self.certificates[1:], strict=False)
        return self.certificates[-1] == root and all(_issued(below, above) for below, above in links)

    def valid_at(self, utc_us: int) -> bool:
        """Whether every certificate was valid at *utc_us*."""
        moment = _EPOCH + timedelta(microseconds=utc_us)
        return all(c.not_valid_before_utc <= moment <= c.not_valid_after_utc for c in self.certificates)

    def signed(self, statement: bytes, signature: bytes) -> bool:
        """Whether the leaf's key made the *signature* (``r || s``) over *statement*."""
        return verifies(self.public_key, statement, signature)


def read_chain(pem: bytes | str) -> Chain:
    """The chain in *pem*, leaf first; ValueError where it is none, or of other keys than P-256."""
    data = pem.encode() if isinstance(pem, str) else pem
    if len(data) > MAX_PEM:
        raise ValueError("too long for a chain of certificates")
    certificates = tuple(x509.load_pem_x509_certificates(data))
    if len(certificates) > MAX_CHAIN:
        raise ValueError(f"a chain has at most {MAX_CHAIN} certificates")
    for certificate in certificates:
        _public_key(certificate)
    return Chain(certificates=certificates)


def read_root(pem: bytes | str) -> x509.Certificate:
    """The self-signed root in *pem*; ValueError for anything else."""
    chain = read_chain(pem)
    if len(chain.certificates) != 1 or not _issued(chain.leaf, chain.leaf):
        raise ValueError("this is no root certificate: one certificate that signed itself is expected")
    return chain.leaf


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate, as people compare it: ``AB:CD:…``."""
    return sha256(certificate.public_bytes(Encoding.DER)).digest().hex(":").upper()


def public_bytes(key: ec.EllipticCurvePublicKey) -> bytes:
    """The SubjectPublicKeyInfo (DER) of *key*."""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def verifies(key: ec.EllipticCurvePublicKey, statement: bytes, signature: bytes) -> bool:
    """Whether *key* made the *signature* (``r || s``) over *statement*."""
    if len(signature) != SIGNATURE_SIZE:
        return False
    half = SIGNATURE_SIZE // 2
    encoded = encode_dss_signature(int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big"))
    try:
        key.verify(encoded, statement, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def raw_signature(encoded: bytes) -> bytes:
    """``r || s`` of an ECDSA signature in DER."""
    half = SIGNATURE_SIZE // 2
    return b"".join(number.to_bytes(half, "big") for number in decode_dss_signature(encoded))


def _public_key(certificate: x509.Certificate) -> ec.EllipticCurvePublicKey:
    key = certificate.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("a certificate has a key that is not of P-256")  # noqa: TRY004 - of bytes from outside
    return key


def _issued(below: x509.Certificate, above: x509.Certificate) -> bool:
    try:
        below.verify_directly_issued_by(above)
        return above.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (InvalidSignature, ValueError, TypeError, x509.ExtensionNotFound):
        return False
