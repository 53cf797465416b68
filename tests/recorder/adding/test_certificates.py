from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from tawny.recorder.adding.certificates import read_certificate
from tawny.wire.moments import rfc3339
from tests.fakes.certificates import self_signed


def test_a_certificate_says_whose_it_is_and_until_when(tmp_path: Path) -> None:
    fingerprint = self_signed(tmp_path / "camera.pem")
    shown = x509.load_pem_x509_certificate((tmp_path / "camera.pem").read_bytes()).public_bytes(Encoding.DER)

    found = read_certificate(shown)

    assert (found.fingerprint, found.subject) == (fingerprint, "camera")
    assert found.not_after_us is not None
    assert rfc3339(found.not_after_us).startswith("2074-10-04T00:00:00")


def test_without_the_certificate_its_fingerprint_is_told() -> None:
    assert read_certificate(b"", fingerprint="ab").document() == {
        "fingerprint": "ab",
        "subject": "",
        "not_after": None,
    }


@given(st.binary(max_size=200))
def test_what_is_no_certificate_has_a_fingerprint_all_the_same(shown: bytes) -> None:
    found = read_certificate(shown, fingerprint="none")

    assert found.fingerprint == (sha256(shown).hexdigest() if shown else "none")
