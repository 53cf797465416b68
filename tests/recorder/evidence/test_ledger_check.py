"""A ledger held against its heads: whatever is changed in signed lines is found, and no bytes do harm."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.recorder.evidence.certificates import issue, make_root
from tawny.recorder.evidence.ledger_check import LedgerFindings, Named, Trust, check_ledger
from tawny.wire.evidence.chains import public_bytes
from tawny.wire.evidence.ledgers import HeadEntry, line_hash, lines
from tawny.wire.evidence.statements import head_statement, key_id
from tawny.wire.evidence.tree import root
from tests.wire.evidence.certificates import SINCE, signed

VOLUME, LEDGER, UTC = "vol_1", "cam_gate/2026-11-22", "2026-11-22T12:00:00.000000Z"
ROOT_KEY, KEY = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
ROOT = make_root(ROOT_KEY, recorder="rec_1", now=SINCE)
TRUST = Trust([ROOT], [issue(ROOT, ROOT_KEY, KEY.public_key(), now=SINCE)])


def head(
    whole: list[bytes], *, utc: str = UTC, key: ec.EllipticCurvePrivateKey = KEY, recorder: str = "rec_1"
) -> bytes:
    size, digest = len(whole), root([line_hash(line) for line in whole])
    statement = head_statement(recorder=recorder, volume=VOLUME, ledger=LEDGER, size=size, root=digest, utc=utc)
    return HeadEntry(
        id=f"led_{size}",
        utc=utc,
        volume=VOLUME,
        ledger=LEDGER,
        size=size,
        root=digest,
        key=key_id(public_bytes(key.public_key())),
        signature=signed(key, statement),
    ).line()


def ledger(*numbers: int) -> list[bytes]:
    """Lines, with a head behind as many of them as each number says."""
    whole: list[bytes] = []
    for number in numbers:
        whole += [b'{"kind":"segment","id":"led_%d"}' % (len(whole) + n) for n in range(number)]
        whole.append(head(whole))
    return whole


def checked(whole: list[bytes], **more: list[Named]) -> LedgerFindings:
    return check_ledger(whole, volume=VOLUME, ledger=LEDGER, trust=TRUST, **more)


WHOLE = ledger(2, 3, 1)
BYTES = b"".join(line + b"\n" for line in WHOLE)
SIGNED = (
    len(BYTES) - len(WHOLE[-1]) - 2
)  # without the line end before the last head: who takes that takes the head away


def test_a_signed_ledger_is_covered_up_to_its_last_head() -> None:
    found = checked(WHOLE)

    assert (found.covered, found.faults) == (len(WHOLE) - 1, [])


def test_lines_behind_the_last_head_are_not_covered() -> None:
    found = checked([*WHOLE, b"{}", b"{}"])

    assert (found.covered, found.faults) == (len(WHOLE) - 1, [])


@settings(max_examples=150)
@given(st.integers(0, SIGNED - 1), st.integers(1, 255))
def test_any_changed_byte_before_the_last_head_is_found(at: int, flip: int) -> None:
    changed = bytearray(BYTES)
    changed[at] ^= flip

    assert checked(list(lines(bytes(changed)))).faults


@settings(max_examples=60)
@given(st.integers(0, SIGNED - 1), st.integers(1, SIGNED), st.binary(max_size=40))
def test_bytes_taken_away_or_put_in_are_found(at: int, count: int, put: bytes) -> None:
    changed = BYTES[:at] + put + BYTES[min(at + count, SIGNED) :]
    whole = list(lines(changed))
    if whole == WHOLE:
        return

    assert checked(whole).faults or checked(whole).covered < len(WHOLE) - 1


@given(st.lists(st.binary(max_size=60), max_size=6), st.integers(0, 9))
def test_no_bytes_do_harm(noise: list[bytes], size: int) -> None:
    named = [Named(size=size + 1, root=bytes(32))]

    assert checked(noise, named=named).covered == 0


def test_the_first_change_is_named_between_two_heads() -> None:
    whole = list(WHOLE)
    whole[4] = b'{"kind":"segment","id":"led_x"}'

    [(line, fault)] = checked(whole).faults

    assert (line, fault) == (2, "a line from 3 to 6 is not as it was signed")


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (head(WHOLE, key=ec.generate_private_key(ec.SECP256R1())), "not issued by a trusted recorder"),
        (head(WHOLE, recorder="rec_2"), "the signature of a head is wrong"),
        (head(WHOLE, utc="2020-01-01T00:00:00.000000Z"), "outside the time"),
        (head([*WHOLE, b"more"]), "head is of another ledger"),
        (head(WHOLE).replace(b'"signature":"', b'"signature":"x'), "can't be read"),
    ],
)
def test_heads_that_are_not_to_be_believed_are_told(last: bytes, words: str) -> None:
    found = checked([*WHOLE, last])

    [(line, fault)] = found.faults
    assert (line, found.covered) == (len(WHOLE), len(WHOLE) - 1)
    assert words in fault


def test_what_the_recorders_ledger_names_has_to_be_there() -> None:
    good = Named(size=3, root=root([line_hash(line) for line in WHOLE[:3]]))

    assert checked(WHOLE, named=[good]).faults == []
    assert "its end was taken away" in checked(WHOLE, named=[Named(size=99, root=bytes(32))]).faults[0][1]
    assert "are not those" in checked(WHOLE, named=[Named(size=3, root=bytes(32))]).faults[0][1]


def test_certificates_that_no_trusted_root_issued_count_for_nothing() -> None:
    other_key = ec.generate_private_key(ec.SECP256R1())
    other = make_root(other_key, recorder="rec_1", now=SINCE)
    trust = Trust([other], [issue(ROOT, ROOT_KEY, KEY.public_key(), now=SINCE), ROOT])

    found = check_ledger(WHOLE, volume=VOLUME, ledger=LEDGER, trust=trust)

    assert found.covered == 0
    assert len(found.faults) == 1  # once, and not for each head
