"""A root and a key under it, made in memory."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from tawny.wire.evidence.chains import raw_signature

SINCE = datetime(2026, 11, 1, tzinfo=UTC)
UNTIL = SINCE + timedelta(days=365)


class Authority:
    """A root certificate that issues others."""

    def __init__(self, name: str = "Root", *, curve: ec.EllipticCurve | None = None) -> None:
        self.key = ec.generate_private_key(curve or ec.SECP256R1())
        self._name = name
        self.certificate = self._issue(self.key.public_key(), name, ca=True)

    def issue(self, key: ec.EllipticCurvePrivateKey, *, ca: bool = False) -> x509.Certificate:
        return self._issue(key.public_key(), "Key", ca=ca)

    def _issue(self, key: ec.EllipticCurvePublicKey, name: str, *, ca: bool) -> x509.Certificate:
        subject, issuer = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, n)]) for n in (name, self._name))
        builder = x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=key, serial_number=7)
        builder = builder.not_valid_before(SINCE).not_valid_after(UNTIL)
        return builder.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True).sign(
            self.key, hashes.SHA256()
        )


def pem(*certificates: x509.Certificate) -> str:
    return b"".join(c.public_bytes(Encoding.PEM) for c in certificates).decode()


def signed(key: ec.EllipticCurvePrivateKey, statement: bytes) -> bytes:
    return raw_signature(key.sign(statement, ec.ECDSA(hashes.SHA256())))
