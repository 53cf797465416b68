"""The certificate that a camera shows, read for people: whose it says to be, and until when."""

from hashlib import sha256

from cryptography import x509
from cryptography.x509.oid import NameOID

from tawny.recorder.adding.model import Certificate

_MOST_NAME = 200


def read_certificate(shown: bytes, *, fingerprint: str = "") -> Certificate:
    """What *shown* (DER) says; of one that can't be read, or is not there, just its fingerprint.

    Nothing of it is proved: whoever made the certificate wrote what he liked.
    """
    known = sha256(shown).hexdigest() if shown else fingerprint
    try:
        certificate = x509.load_der_x509_certificate(shown)
        subject = _subject(certificate.subject)
        not_after_us = int(certificate.not_valid_after_utc.timestamp() * 1_000_000)
    except (ValueError, TypeError, OverflowError, x509.InvalidVersion):
        return Certificate(fingerprint=known)
    return Certificate(fingerprint=known, subject=subject, not_after_us=not_after_us)


def _subject(name: x509.Name) -> str:
    """The common name, else all of it."""
    common = [str(each.value) for each in name.get_attributes_for_oid(NameOID.COMMON_NAME)]
    text = ", ".join(common) or name.rfc4514_string()
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()[:_MOST_NAME]
