"""A segment's hash tree, in the shape of RFC 9162 (section 2.1.1).

Leaf 0 binds the init segment to camera, stream and sequence; every further leaf is one stored fragment, byte for byte. The root goes
into ledger and index (design D6).
"""

import struct
from collections.abc import Iterable, Sequence
from hashlib import sha256

HASH_SIZE = 32
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
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(_NODE + root(leaves[:split]) + root(leaves[split:])).digest()
