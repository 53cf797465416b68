"""Statements: their exact texts, and signatures as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawny.wire.evidence.statements import (
    head_statement,
    is_key_id,
    key_id,
    key_statement,
    read_signature,
    signature_text,
)


def test_a_head_is_signed_as_seven_lines() -> None:
    statement = head_statement(
        recorder="rec_1", volume="vol_1", ledger="cam_1/2026-11-22", size=12, root=bytes(32), utc="2026-11-22T12:00:00Z"
    )

    assert statement == (
        b"tawny head v1\nrec_1\nvol_1\ncam_1/2026-11-22\n12\n" + b"00" * 32 + b"\n2026-11-22T12:00:00Z\n"
    )


def test_a_new_key_is_signed_as_four_lines() -> None:
    assert key_statement(recorder="rec_1", key="00" * 8, utc="now") == b"tawny key v1\nrec_1\n0000000000000000\nnow\n"


def test_no_part_of_a_statement_can_pass_for_another_line() -> None:
    with pytest.raises(ValueError, match="single lines"):
        key_statement(recorder="rec_1\n0000000000000000", key="11" * 8, utc="now")


@given(st.binary(min_size=64, max_size=64))
def test_a_signature_reads_back_from_its_text(signature: bytes) -> None:
    assert read_signature(signature_text(signature)) == signature


@given(st.text(max_size=90))
def test_any_text_is_a_signature_or_refused(text: str) -> None:
    try:
        signature = read_signature(text)
    except ValueError:
        return

    assert signature_text(signature) == text


def test_a_signature_has_one_spelling() -> None:
    text = signature_text(bytes(64))

    for other in (text[:-1] + "B", text + "=", text.replace("A", "+", 1)):
        with pytest.raises(ValueError):
            read_signature(other)


def test_a_keys_id_is_the_beginning_of_its_hash() -> None:
    assert key_id(b"") == "e3b0c44298fc1c14"
    assert is_key_id("e3b0c44298fc1c14")
    assert not is_key_id("../../etc/passwd")
