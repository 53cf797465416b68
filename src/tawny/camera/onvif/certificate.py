"""The device's certificate: made by itself at its first start, known to others by its fingerprint."""

import hashlib
import os
import ssl
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tawny.runtime.clock import Clock, from_utc_us
from tawny.runtime.problem import Kind, Problem

_LASTS = timedelta(days=20 * 365)  # nobody renews a camera's certificate; it is pinned, not trusted by its date
_BEFORE = timedelta(days=2)  # for clients whose clocks are behind


def tls_context(directory: Path, *, clock: Clock) -> tuple[ssl.SSLContext, str]:
    """A server's context with the certificate kept in *directory*, and its SHA-256 fingerprint in hex."""
    path = directory / "certificate.pem"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        if not path.exists():
            _write(path, clock)
        context.load_cert_chain(path)
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError) as error:
        raise Problem(
            Kind.CONFLICT,
            f"The camera's certificate can't be read from {path}.",
            remedy="Remove the file to have a new one; who knew the old one must learn its fingerprint anew.",
        ) from error
    return context, hashlib.sha256(certificate.public_bytes(serialization.Encoding.DER)).hexdigest()


def _write(path: Path, clock: Clock) -> None:
    """Key and certificate in one file that only its owner may read, whole or not at all."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tawny-camera")])
    now = from_utc_us(clock.utc_us())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BEFORE)
        .not_valid_after(now + _LASTS)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_suffix(".new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secret + certificate.public_bytes(serialization.Encoding.PEM))
    beside.replace(path)
