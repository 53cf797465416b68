"""Hash trees in the shape of RFC 9162 (sections 2.1.1 to 2.1.3).

Of a segment, leaf 0 binds the init segment to camera, stream and sequence; every further leaf is one stored fragment, byte for byte. Of a
ledger, each line is a leaf (design D6).
"""

import struct
from collections.abc import Iterable, Sequence
from hashlib import sha256

HASH_SIZE = 32
MAX_PATH = 64  # hashes: a tree of 2^64 leaves
_LEAF, _NODE = b"\0", b"\1"


def leaf(parts: Iterable[bytes]) -> bytes:
    """The leaf hash of *parts*, end to end."""
    digest = sha256(_LEAF)
    for part in parts:
        digest.update(part)
    return digest.digest()


def first_leaf(camera: str, stream: str, sequence: int, init: bytes) -> bytes:
    """Leaf 0: whose segment this is, which one, and its formats.

    Camera and stream each stand behind their length in one byte, the sequence in eight, all before the init segment.
    """
    names = b"".join(struct.pack(">B", len(name)) + name for name in (camera.encode(), stream.encode()))
    return leaf((names, struct.pack(">Q", sequence), init))


def root(leaves: Sequence[bytes]) -> bytes:
    """The tree's root: the left side holds the largest power of two that is smaller than the number of leaves."""
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    split = _split(len(leaves))
    return _node(root(leaves[:split]), root(leaves[split:]))


def path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The inclusion proof of leaf *index*, from the leaf upwards (RFC 9162, 2.1.3.1); IndexError where there is no such leaf."""
    if not 0 <= index < len(leaves):
        raise IndexError(f"no leaf {index} in a tree of {len(leaves)}")
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*path(leaves[:split], index), root(leaves[split:])]
    return [*path(leaves[split:], index - split), root(leaves[:split])]


def verify_path(leaf_hash: bytes, index: int, size: int, hashes: Sequence[bytes]) -> bytes:
    """The root to which *hashes* lead from leaf *index* of a tree of *size* leaves (RFC 9162, 2.1.3.2); ValueError where they can't."""
    if not 0 <= index < size or len(hashes) > MAX_PATH:
        raise ValueError("the proof is of no leaf of this tree")
    node, last, found = index, size - 1, leaf_hash
    for one in hashes:
        if last == 0 or len(one) != HASH_SIZE:
            raise ValueError("the proof does not fit the tree")
        if node & 1 or node == last:
            found = _node(one, found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = _node(found, one)
        node, last = node >> 1, last >> 1
    if last:
        raise ValueError("the proof is too short")
    return found


class Frontier:
    """The root of a tree that grows, from a handful of hashes.

    Invariant: the hashes are the roots of the whole subtrees on the left edge, one for each bit of the size, largest first.
    """

    def __init__(self) -> None:
        self.size = 0
        self._hashes: list[bytes] = []

    def add(self, leaf_hash: bytes) -> None:
        """Add one leaf behind the others."""
        found, bits = leaf_hash, self.size
        while bits & 1:
            found = _node(self._hashes.pop(), found)
            bits >>= 1
        self._hashes.append(found)
        self.size += 1

    def root(self) -> bytes:
        """As `root` of all leaves added."""
        if not self._hashes:
            return sha256().digest()
        found = self._hashes[-1]
        for one in reversed(self._hashes[:-1]):
            found = _node(one, found)
        return found


def _split(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(_NODE + left + right).digest()
