"""Our own certificate authority: for a recorder that has no name on the internet, nobody else can vouch.

The authority is made once and lives as long as the data directory; the server's certificate is short-lived and made anew
at each start, and before it ends.
"""

import os
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tawny.runtime.clock import Clock, from_utc_us

LEAF_LIFETIME = timedelta(days=90)
_AUTHORITY_LIFETIME = timedelta(days=3650)
_BACKDATED = timedelta(days=1)  # for phones whose clock is behind ours


@dataclass(frozen=True, kw_only=True)
class CertificateFiles:
    """A server's certificate (with its chain) and key, as PEM files."""

    certificate: Path
    key: Path


@dataclass(frozen=True, kw_only=True)
class Authority:
    """The authority's certificate and key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def authority_path(keys: Path) -> Path:
    """Where the authority's public certificate stands."""
    return keys / "ca.pem"


def load_or_make_authority(keys: Path, clock: Clock) -> Authority:
    """The authority kept in *keys*, made where there is none."""
    certificate_file, key_file = authority_path(keys), keys / "ca.key"
    if certificate_file.exists() and key_file.exists():
        key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise ValueError(f"{key_file} does not hold a key of ours")
        return Authority(certificate=x509.load_pem_x509_certificate(certificate_file.read_bytes()), key=key)
    made = _new_authority(from_utc_us(clock.utc_us()))
    _write(key_file, _key_pem(made.key))
    _write(certificate_file, made.certificate.public_bytes(serialization.Encoding.PEM))
    return made


def make_certificate(keys: Path, authority: Authority, names: Iterable[str], clock: Clock) -> CertificateFiles:
    """A fresh certificate for *names* (host names and addresses), in place of the one before."""
    files = CertificateFiles(certificate=keys / "hub.pem", key=keys / "hub.key")
    now = from_utc_us(clock.utc_us())
    key = ec.generate_private_key(ec.SECP256R1())
    alternatives = x509.SubjectAlternativeName([_general_name(name) for name in sorted(set(names))])
    certificate = (
        _builder("Tawny", authority.certificate.subject, key, now, now + LEAF_LIFETIME)
        .add_extension(alternatives, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False)
        .sign(authority.key, SHA256())
    )
    chain = [each.public_bytes(serialization.Encoding.PEM) for each in (certificate, authority.certificate)]
    _write(files.key, _key_pem(key))
    _write(files.certificate, b"".join(chain))
    return files


def local_names(listen: str, hosts: Iterable[str]) -> frozenset[str]:
    """The names and addresses by which this machine may be called when listening on *listen*."""
    name = socket.gethostname().lower()
    found = {"localhost", "127.0.0.1", "::1", name, *(host.lower() for host in hosts)}
    if "." not in name:
        found.add(f"{name}.local")
    found.update(_own_addresses() if ip_address(listen).is_unspecified else {listen})
    return frozenset(found)


def _own_addresses() -> set[str]:
    """The addresses from which this machine would speak to the world; connecting a datagram socket sends nothing."""
    found = set()
    for family, target in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((target, 9))
                found.add(str(probe.getsockname()[0]))
        except OSError:
            continue  # no network of this kind
    return found


def _new_authority(now: datetime) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    name = f"Tawny on {socket.gethostname()}"[:64]
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        _builder(name, subject, key, now, now + _AUTHORITY_LIFETIME)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )
    return Authority(certificate=certificate, key=key)


def _builder(
    name: str, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, start: datetime, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start - _BACKDATED)
        .not_valid_after(end)
    )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name.encode("idna").decode())


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, content: bytes) -> None:
    """Replace *path*, readable by this user only, whole or not at all."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
