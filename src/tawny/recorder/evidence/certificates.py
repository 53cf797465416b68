"""The recorder's certificates: a root that signed itself, and evidence certificates under it (RFC 5280).

The evidence certificate has the profile of a C2PA claim signer (C2PA 2.2, section 14.5): digitalSignature, an extended key usage, key identifiers, no authority.
The subject's unit (OU) is the recorder's id, so that a chain alone tells whose it is.
"""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tawny.wire.evidence.chains import public_bytes
from tawny.wire.evidence.statements import key_id

EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)  # a machine whose clock starts in 1970 makes its certificates as of here
SLACK = timedelta(days=1)  # certificates hold a little earlier than they were made, for clocks that are set back
ROOT_LIFE = timedelta(days=30 * 365)
EVIDENCE_LIFE = timedelta(days=25 * 365)  # exports are looked at long after they were made


def make_root(key: ec.EllipticCurvePrivateKey, *, recorder: str, now: datetime) -> x509.Certificate:
    """The root certificate of *recorder*."""
    since = max(now, EARLIEST)
    name = _name(recorder, "Tawny recorder root")
    builder = _builder(name, name, key.public_key(), since - SLACK, since + ROOT_LIFE)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(certificates=True), critical=True)
    return builder.sign(key, hashes.SHA256())


def issue(
    root: x509.Certificate, root_key: ec.EllipticCurvePrivateKey, key: ec.EllipticCurvePublicKey, *, now: datetime
) -> x509.Certificate:
    """The evidence certificate of *key*."""
    since = max(now, EARLIEST)
    until = min(since + EVIDENCE_LIFE, root.not_valid_after_utc)
    name = _name(recorder_of(root), f"Tawny recorder evidence {key_id(public_bytes(key))}")
    builder = _builder(name, root.subject, key, since - SLACK, until)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(certificates=False), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    return builder.add_extension(authority, critical=False).sign(root_key, hashes.SHA256())


def recorder_of(certificate: x509.Certificate) -> str:
    """The id of the recorder whose certificate this is; ValueError where it tells none."""
    found = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
    if len(found) != 1:
        raise ValueError("the certificate names no recorder")
    return str(found[0].value)


def made_at(certificate: x509.Certificate) -> datetime:
    """When the certificate was made."""
    return certificate.not_valid_before_utc + SLACK


def pem(*certificates: x509.Certificate) -> str:
    return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in certificates).decode()


def _name(recorder: str, common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Tawny"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, recorder),
        ]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, since: datetime, until: datetime
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=key)
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(since).not_valid_after(until)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)


def _usage(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certificates,
        crl_sign=certificates,
        encipher_only=False,
        decipher_only=False,
    )
