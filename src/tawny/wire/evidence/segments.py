"""A segment's root, where some of its fragments were left out and only their hashes are there."""

from collections.abc import Iterator, Sequence

from tawny.wire.evidence import tree

Runs = Sequence[tuple[int, int]]  # first leaf and number of leaves, in order, none touching leaf twice


def indices(runs: Runs, *, leaves: int) -> list[int]:
    """The leaves that *runs* name; ValueError unless they are in order, inside the segment, and begin with leaf 0."""
    found: list[int] = []
    for first, count in runs:
        if count < 1 or first < (found[-1] + 1 if found else 0) or first + count > leaves:
            raise ValueError("the leaves that are present do not fit the segment")
        found.extend(range(first, first + count))
    if not found or found[0] != 0:
        raise ValueError("leaf 0 has to be present")
    return found


def runs_of(present: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """The runs of the leaf numbers *present*, which are in order."""
    runs: list[tuple[int, int]] = []
    for index in present:
        if runs and index == sum(runs[-1]):
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((index, 1))
    return tuple(runs)


def segment_root(*, fragments: int, present: Runs, hashes: Sequence[bytes], absent: bytes) -> bytes:
    """The root of a segment of so many *fragments*.

    *hashes* are those of the leaves that *present* names, in order; *absent* those of all others, in order and end to end. ValueError where numbers
    do not agree.
    """
    leaves = fragments + 1
    wanted = set(indices(present, leaves=leaves))
    if len(hashes) != len(wanted) or len(absent) != (leaves - len(wanted)) * tree.HASH_SIZE:
        raise ValueError("the number of hashes is not the number of the segment's leaves")
    there, others = iter(hashes), _split(absent)
    return tree.root([next(there) if index in wanted else next(others) for index in range(leaves)])


def _split(hashes: bytes) -> Iterator[bytes]:
    return (hashes[at : at + tree.HASH_SIZE] for at in range(0, len(hashes), tree.HASH_SIZE))
