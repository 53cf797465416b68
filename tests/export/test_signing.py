"""The claim: its box has the size that was reserved, and what fails is told."""

from collections.abc import Callable

import pytest

from tawny.export.pieces import Pieces
from tawny.export.signing import Claim, content_hash
from tawny.wire.c2pa.store import read_store
from tawny.wire.mp4.boxes import box
from tawny.wire.mp4.export import SIGNATURE_HEAD
from tawny.wire.mp4.movie import FTYP, Piece
from tests.export.building import SignedArchive


class Key:
    """A key that signs, or fails, as it is told."""

    id = "0011223344556677"

    def __init__(self, chain: str, sign: Callable[[bytes], bytes]) -> None:
        self.chain = chain
        self.sign = sign


def planned(placeholder: bytes) -> Pieces:
    parts = (FTYP + placeholder + box(b"moov", b"index") + box(b"meta", b"about"), box(b"mdat", b"picture"))
    return Pieces([Piece(size=len(part), data=part) for part in parts], told=lambda size: None)


@pytest.fixture
def chain(tmp_path_factory: pytest.TempPathFactory) -> str:
    archive = SignedArchive(tmp_path_factory.mktemp("keys"))
    archive.close()
    return archive.key.chain


@pytest.mark.parametrize("size", [0, 100, 5_000, 70_000])
def test_the_box_has_the_size_of_its_placeholder(chain: str, size: int) -> None:
    claim = Claim(Key(chain, lambda data: b"\1" * 64), title="a.mp4", recording=f'{{"filling": "{"x" * size}"}}')

    signed = claim.sign(planned(claim.placeholder))

    assert len(signed) == len(claim.placeholder)
    assert signed[8 : 8 + len(SIGNATURE_HEAD)] == SIGNATURE_HEAD


def test_the_hash_in_it_is_that_of_the_planned_file(chain: str) -> None:
    claim = Claim(Key(chain, lambda data: b"\1" * 64), title="a.mp4", recording="{}")

    signed = claim.sign(planned(claim.placeholder))

    assert read_store(signed[8 + len(SIGNATURE_HEAD) :]).binding == content_hash(planned(claim.placeholder))


def test_a_key_that_fails_says_why(chain: str) -> None:
    def failing(data: bytes) -> bytes:
        raise OSError("the token was pulled")

    claim = Claim(Key(chain, failing), title="a.mp4", recording="{}")

    with pytest.raises(OSError, match="the token was pulled"):
        claim.sign(planned(claim.placeholder))


def test_a_file_that_stops_being_readable_says_so(chain: str) -> None:
    claim = Claim(Key(chain, lambda data: b"\1" * 64), title="a.mp4", recording="{}")
    head = FTYP + claim.placeholder + box(b"moov", b"index") + box(b"meta", b"about")
    pieces = [Piece(size=len(head), data=head), Piece(size=100, source="/nowhere/at/all.mp4")]

    with pytest.raises(FileNotFoundError):
        claim.sign(Pieces(pieces, told=lambda size: None))
