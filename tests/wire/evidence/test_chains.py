"""Chains of certificates, and what they signed."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from tawny.wire.evidence.chains import fingerprint, read_chain, read_root
from tests.wire.evidence.certificates import SINCE, Authority, pem, signed

ROOT = Authority()
KEY = ec.generate_private_key(ec.SECP256R1())
CHAIN = read_chain(pem(ROOT.issue(KEY), ROOT.certificate))


def test_a_chain_is_under_its_own_root_only() -> None:
    assert CHAIN.under(ROOT.certificate)
    assert not CHAIN.under(Authority().certificate)
    assert not read_chain(pem(Authority().issue(KEY), ROOT.certificate)).under(ROOT.certificate)


def test_a_key_that_is_no_authority_issues_nothing() -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    middle = Authority()
    middle.key, middle.certificate = KEY, ROOT.issue(KEY)

    chain = read_chain(pem(middle.issue(other), middle.certificate, ROOT.certificate))

    assert not chain.under(ROOT.certificate)


def test_only_what_the_key_signed_is_signed() -> None:
    signature = signed(KEY, b"statement")

    assert CHAIN.signed(b"statement", signature)
    assert not CHAIN.signed(b"Statement", signature)
    assert not CHAIN.signed(b"statement", signed(ROOT.key, b"statement"))
    assert not CHAIN.signed(b"statement", bytes(64))
    assert not CHAIN.signed(b"statement", signature[:-1])


def test_certificates_hold_for_their_time() -> None:
    since_us = int(SINCE.timestamp()) * 1_000_000

    assert CHAIN.valid_at(since_us)
    assert not CHAIN.valid_at(since_us - 1)


def test_other_keys_than_p256_are_refused() -> None:
    with pytest.raises(ValueError, match="P-256"):
        read_chain(pem(Authority(curve=ec.SECP384R1()).certificate))


def test_a_root_is_one_certificate_that_signed_itself() -> None:
    assert read_root(pem(ROOT.certificate)) == ROOT.certificate
    assert len(fingerprint(ROOT.certificate)) == 95

    for wrong in (pem(ROOT.issue(KEY)), pem(ROOT.issue(KEY), ROOT.certificate), ""):
        with pytest.raises(ValueError):
            read_root(wrong)


@given(st.binary(max_size=300), st.integers(0, 600))
def test_any_bytes_are_a_chain_or_refused(noise: bytes, at: int) -> None:
    whole = pem(ROOT.certificate).encode()
    try:
        chain = read_chain(whole[:at] + noise + whole[at:])
    except ValueError:
        return

    assert chain.certificates
