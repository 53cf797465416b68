"""The store of a real export: every byte of it is given, or signed, or the signature."""

import io
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.export.progress import Progress
from tawny.wire.c2pa.store import Store, read_store
from tawny.wire.evidence.chains import verifies
from tawny.wire.mp4.export import SIGNATURE_HEAD, read_layout
from tests.export.building import SignedArchive, item
from tests.verification.building import tiny


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    archive = SignedArchive(tmp_path_factory.mktemp("archive"))
    archive.segment(0, tiny())
    archive.sign()
    directory = archive.job([item(0, 1)])
    done = archive.run(directory, Progress(io.StringIO(), archive.clock, threading.Event()))
    archive.close()
    whole = Path(directory / "files" / done["files"][0]["name"]).read_bytes()
    box = read_layout(lambda offset, size: whole[offset : offset + size], len(whole)).signature
    return whole[box.body + len(SIGNATURE_HEAD) : box.end]


def signed(store: Store) -> bool:
    key = x509.load_der_x509_certificate(store.chain[0]).public_key()
    return verifies(key, store.signed, store.signature)  # type: ignore[arg-type]  # the test's certificate has such a key


def test_the_store_tells_signer_title_and_assertions(data: bytes) -> None:
    store = read_store(data)

    assert signed(store)
    assert store.title == "01-gate-sud-main-20261122T120000Z.mp4"
    assert store.assertions.keys() == {"c2pa.actions.v2", "c2pa.hash.bmff.v3", "org.tawny.recording"}
    assert len(store.chain) == 1


@settings(max_examples=150)
@given(draw=st.data())
def test_no_bit_of_it_can_be_changed_unseen(data: bytes, draw: st.DataObject) -> None:
    at = draw.draw(st.integers(0, len(data) - 1))
    changed = bytearray(data)
    changed[at] ^= 1 << draw.draw(st.integers(0, 7))
    before = read_store(data)

    try:
        store = read_store(bytes(changed))
    except ValueError:
        return

    same = (store.chain, store.signed, store.signature) == (before.chain, before.signed, before.signature)
    assert not same


@settings(max_examples=100)
@given(st.binary(max_size=300))
def test_noise_is_a_value_error(noise: bytes) -> None:
    with suppress(ValueError):
        read_store(noise)


def test_a_store_cut_short_or_continued_is_refused(data: bytes) -> None:
    for wrong in (data[:-1], data + b"\0", data[:50], b""):
        with pytest.raises(ValueError):
            read_store(wrong)
