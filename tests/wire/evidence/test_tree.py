"""Hashes in the shape of RFC 9162."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawny.wire.evidence.tree import Frontier, first_leaf, leaf, path, root, verify_path

# of Certificate Transparency's own test tree, as in RFC 6962 implementations: the roots of its first leaves
LEAVES = [
    bytes.fromhex(d)
    for d in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.mark.parametrize("size", ROOTS)
def test_roots_are_those_of_the_standards_test_tree(size: int) -> None:
    assert root([leaf([data]) for data in LEAVES[:size]]).hex() == ROOTS[size]


@given(st.lists(st.binary(max_size=5), max_size=5))
def test_a_leaf_does_not_depend_on_how_its_bytes_are_cut(parts: list[bytes]) -> None:
    assert leaf(parts) == sha256(b"\0" + b"".join(parts)).digest()


def test_leaf_zero_binds_camera_stream_and_sequence() -> None:
    found = {
        first_leaf("cam_1", "main", 1, b"init"),
        first_leaf("cam_1", "sub", 1, b"init"),
        first_leaf("cam_1", "main", 2, b"init"),
        first_leaf("cam_1", "main", 1, b"x"),
    }

    assert len(found) == 4


hashes = st.binary(min_size=32, max_size=32)
trees = st.lists(hashes, min_size=1, max_size=40)


@given(trees, st.data())
def test_a_path_leads_from_any_leaf_to_the_root(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))

    found = verify_path(leaves[index], index, len(leaves), path(leaves, index))

    assert found == root(leaves)


@given(trees, st.data())
def test_a_path_leads_from_no_other_leaf_to_the_root(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    other = leaf([leaves[index]])

    assert verify_path(other, index, len(leaves), path(leaves, index)) != root(leaves)


@given(hashes, st.integers(-1, 70), st.integers(0, 70), st.lists(st.binary(max_size=33), max_size=70))
def test_any_path_is_followed_or_refused(leaf_hash: bytes, index: int, size: int, proof: list[bytes]) -> None:
    try:
        found = verify_path(leaf_hash, index, size, proof)
    except ValueError:
        return

    assert len(found) == 32
    assert 0 <= index < size


def test_a_path_that_is_too_long_or_too_short_is_refused() -> None:
    leaves = [leaf([bytes([n])]) for n in range(5)]
    proof = path(leaves, 2)

    for wrong in (proof[:-1], [*proof, leaves[0]], []):
        with pytest.raises(ValueError, match="proof"):
            verify_path(leaves[2], 2, 5, wrong)
    with pytest.raises(IndexError):
        path(leaves, 5)


@given(st.lists(hashes, max_size=40))
def test_the_frontier_has_the_root_of_all_leaves_added(leaves: list[bytes]) -> None:
    frontier = Frontier()

    for number, one in enumerate(leaves):
        frontier.add(one)
        assert frontier.root() == root(leaves[: number + 1])

    assert frontier.size == len(leaves)
    assert frontier.root() == root(leaves)
