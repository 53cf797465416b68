"""One ledger held against its heads: which of its lines were signed, and where the first that is not as it was signed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cryptography import x509

from tawny.wire.evidence.chains import Chain
from tawny.wire.evidence.ledgers import HEAD, HeadEntry, kind_of, line_hash, read_head
from tawny.wire.evidence.statements import is_key_id
from tawny.wire.evidence.tree import Frontier
from tawny.wire.moments import parse_rfc3339


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What the recorder's ledger says of another: its first *size* lines have this *root*."""

    size: int
    root: bytes


class Trust:
    """The roots that whoever verifies believes in, and the certificates that were found; only those issued by a root count."""

    def __init__(self, roots: Sequence[x509.Certificate], found: Iterable[x509.Certificate]) -> None:
        self._chains: dict[str, Chain] = {}
        for certificate in found:
            for root in roots:
                chain = Chain(certificates=(certificate, root))
                if certificate != root and chain.under(root):
                    self._chains[chain.key_id] = chain

    def fault(self, head: HeadEntry) -> str | None:
        """Why *head* is not to be believed; None where it is."""
        chain = self._chains.get(head.key) if is_key_id(head.key) else None
        if chain is None:
            return f"the key {head.key} was not issued by a trusted recorder"
        if not chain.signed(head.statement(chain.recorder), head.signature):
            return "the signature of a head is wrong"
        if not chain.valid_at(parse_rfc3339(head.utc)):
            return "a head was signed outside the time for which its certificate holds"
        return None


@dataclass(slots=True, kw_only=True)
class LedgerFindings:
    """*lines* of the ledger, how many of them are *covered* by believed heads, and what is wrong: from which line on, in words."""

    lines: list[bytes]
    covered: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)


def check_ledger(
    lines: list[bytes], *, volume: str, ledger: str, trust: Trust, named: Iterable[Named] = ()
) -> LedgerFindings:
    """Hold *lines* against the heads among them, and against what was *named* elsewhere."""
    found = LedgerFindings(lines=lines)
    heads = [(number, line) for number, line in enumerate(lines) if kind_of(line) == HEAD]
    named = sorted(named, key=lambda one: one.size)
    read = [(number, _read(line)) for number, line in heads]
    roots = _roots(lines, {head.size for _, head in read if head} | {one.size for one in named})
    for number, head in read:
        fault = _fault(number, head, volume, ledger, trust)
        if head is None or fault:
            _add(found, number, fault or "a head can't be read")
        elif roots[head.size] == head.root:
            found.covered = max(found.covered, head.size)
        else:
            found.faults.append((found.covered, _changed(found.covered, head.size)))
            break  # every later head is over the same change
    _compare(found, named, roots)
    return found


def _add(found: LedgerFindings, number: int, fault: str) -> None:
    """Each fault once: what is wrong with one head is often wrong with all."""
    if fault not in {told for _, told in found.faults}:
        found.faults.append((number, fault))


def _compare(found: LedgerFindings, named: Sequence[Named], roots: dict[int, bytes]) -> None:
    for one in named:
        if one.size > len(found.lines):
            fault = f"the ledger has {len(found.lines)} lines, {one.size} were signed: its end was taken away"
            found.faults.append((len(found.lines), fault))
            return
        if roots[one.size] != one.root:
            found.faults.append((0, f"its first {one.size} lines are not those that the recorder's ledger names"))
            return


def _fault(number: int, head: HeadEntry | None, volume: str, ledger: str, trust: Trust) -> str | None:
    if head is None:
        return "a head can't be read"
    if (head.volume, head.ledger) != (volume, ledger) or head.size > number:
        return "a head is of another ledger"
    return trust.fault(head)


def _changed(good: int, size: int) -> str:
    return f"a line from {good + 1} to {size} is not as it was signed"


def _read(line: bytes) -> HeadEntry | None:
    try:
        return read_head(line)
    except ValueError:
        return None


def _roots(lines: list[bytes], sizes: set[int]) -> dict[int, bytes]:
    frontier, found = Frontier(), {}
    for line in lines:
        frontier.add(line_hash(line))
        if frontier.size in sizes:
            found[frontier.size] = frontier.root()
    return found
