"""The deterministic subset of CBOR, against examples of RFC 8949 (appendix A), and against noise."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.wire.c2pa import cbor


@pytest.mark.parametrize(
    ("spelled", "value"),
    [
        ("00", 0),
        ("17", 23),
        ("1818", 24),
        ("1903e8", 1000),
        ("1b000000e8d4a51000", 1_000_000_000_000),
        ("20", -1),
        ("3863", -100),
        ("f4", False),
        ("f5", True),
        ("f6", None),
        ("4401020304", b"\x01\x02\x03\x04"),
        ("62c3bc", "ü"),
        ("83010203", [1, 2, 3]),
        ("a26161016162820203", {"a": 1, "b": [2, 3]}),
        ("d2f6", cbor.Tagged(18, None)),
    ],
)
def test_examples_of_the_standard_are_read(spelled: str, value: cbor.Value) -> None:
    assert cbor.decode(bytes.fromhex(spelled)) == value


@pytest.mark.parametrize(
    "spelled",
    [
        "",
        "1800",  # 0, longer than needed
        "190017",
        "1a0000ffff",
        "1b00000000ffffffff",
        "5f42010243030405ff",  # indefinite
        "9fff",
        "f90000",  # a float
        "f7",  # undefined
        "0000",  # two values
        "62ff",
        "62c328",  # no UTF-8
        "a2616101616102",  # a member twice
        "a1f601",  # a member without a name
        "9b7fffffffffffffff",
        "81" * 40 + "00",  # nested too deeply
    ],
)
def test_other_spellings_are_refused(spelled: str) -> None:
    with pytest.raises(ValueError):
        cbor.decode(bytes.fromhex(spelled))


@given(st.binary(max_size=100))
def test_noise_is_a_value_or_a_value_error(data: bytes) -> None:
    with suppress(ValueError):
        cbor.decode(data)


@settings(max_examples=20)
@given(st.sampled_from([0, 23, 24, 255, 256, 65_535, 65_536]))
def test_byte_strings_are_written_as_they_are_read(size: int) -> None:
    assert cbor.decode(cbor.encode_bytes(bytes(size))) == bytes(size)
