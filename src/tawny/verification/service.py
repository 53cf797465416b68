"""The six checks in their order, and the verdict."""

import struct
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.x509.oid import NameOID

from tawny.verification.footage import Footage, check_gaps, check_heads, check_segment
from tawny.verification.order import check_order, holes
from tawny.verification.reading import EvidenceFile
from tawny.verification.trust import STRANGE, chain_of_der, chain_of_pem, leads_to
from tawny.verification.verdict import Flaw, Reason, Signer, Stretch, Verdict, Word
from tawny.wire.c2pa.store import RECORDING, Store, read_store
from tawny.wire.evidence.chains import Chain, fingerprint
from tawny.wire.evidence.ledgers import GapEntry
from tawny.wire.evidence.members import parse
from tawny.wire.evidence.recording import MAX_SIZE, VERSION, Recording, read_recording
from tawny.wire.mp4.export import (
    SIGNATURE_HEAD,
    Layout,
    LayoutError,
    hashed,
    looks_like_export,
    plan_export,
    read_layout,
)
from tawny.wire.mp4.movie import Movie

_HEAD_SIZE: Final = 64 << 10
_FTYP_AT: Final = slice(4, 8)
_UNTRUSTED: Final = Reason(code="untrusted", title="It was signed by somebody whom you do not trust.")
_NO_TRUST: Final = Reason(code="no_trust", title="You named no root certificate to trust.")
_RECOVERED: Final = Reason(
    code="recovered",
    title="A crash cut a part off before it was signed; until the recorder signed it at its next start, it could have been changed.",
)


def verify(
    path: Path, *, trust: Sequence[x509.Certificate] = (), told: Callable[[int], None] = lambda size: None
) -> Verdict:
    """Examine the file *path*; only what leads to one of the roots *trust* is authentic. *told* hears of the bytes, each twice.

    More than one root is needed for footage of a drive that another recorder filled: its keys signed then, this recorder's sign the export.
    """
    try:
        with closing(EvidenceFile(path, told=told)) as file:
            return _Examination(file, trust).verdict()
    except OSError as error:
        reason = Reason(code="unreadable", title=f"The file can't be read: {error.strerror or error}.")
        return Verdict(word=Word.UNREADABLE, reasons=(reason,))


@dataclass(slots=True)
class _Found:
    """What the checks have found so far."""

    recording: Recording | None = None
    signer: Signer | None = None
    trusted: bool = True
    movie: Movie | None = None
    footage: Sequence[Footage] = ()
    gaps: Sequence[GapEntry] = ()


class _Examination:
    """One file under examination.

    Invariant: what is found stays, so that a verdict can tell what a file says about itself although a later check failed.
    """

    def __init__(self, file: EvidenceFile, trust: Sequence[x509.Certificate]) -> None:
        self._file = file
        self._trust = trust
        self._found = _Found()

    def verdict(self) -> Verdict:
        head = self._file.read(0, _HEAD_SIZE)
        if not looks_like_export(head):
            return _foreign(head)
        flaws: list[Reason] = []
        try:
            self._check(flaws)
        except Flaw as flaw:
            flaws.append(flaw.reason)
        if flaws:
            word = Word.UNREADABLE if flaws[0].code == "version" else Word.CHANGED
            return self._verdict(word, flaws)
        reasons = self._reservations()
        return self._verdict(Word.NOT_SIGNED if reasons else Word.AUTHENTIC, reasons)

    def _check(self, flaws: list[Reason]) -> None:
        """Every check; Flaw at the first that fails. Of a file with another hash the later checks may tell where it was changed."""
        try:
            layout = read_layout(self._file.read, self._file.size)
        except LayoutError as error:
            raise Flaw("layout", f"The file is not as it was exported: {error}.", offset=error.offset) from None
        store, chain = self._read_claim(layout)
        if self._content(layout) != store.binding:
            flaws.append(Reason(code="content", title="The file's bytes are not those that were signed."))
        recording = self._found.recording = _read_recording(store)
        self._found.signer = Signer(name=_name(chain.leaf), key=chain.key_id, root=_root_of(recording))
        self._found.trusted = leads_to(chain, self._trust)
        self._check_footage(layout, recording)
        self._check_index(layout, recording)
        check_order(self._found.footage, self._found.gaps, recording)

    def _read_claim(self, layout: Layout) -> tuple[Store, Chain]:
        box = layout.signature
        at = box.body + len(SIGNATURE_HEAD)
        try:
            store = read_store(self._file.read(at, box.end - at))
            chain = chain_of_der(store.chain)
        except (ValueError, struct.error) as error:
            raise Flaw("manifest", f"The signature's box was changed: {error}.", offset=box.offset) from None
        if not chain.signed(store.signed, store.signature):
            raise Flaw("signature", "The signature is not over this claim.", offset=box.offset)
        return store, chain

    def _content(self, layout: Layout) -> bytes:
        """The hash of the file as C2PA makes it."""
        digest = sha256()
        for extent in hashed(layout):
            digest.update(struct.pack(">Q", extent.offset))
            for chunk in self._file.chunks(extent.offset, extent.size):
                digest.update(chunk)
        return digest.digest()

    def _check_footage(self, layout: Layout, recording: Recording) -> None:
        heads, trusted = check_heads(recording, self._trust)
        self._found.trusted &= trusted
        self._found.gaps = check_gaps(recording, heads)
        if len(recording.segments) != len(layout.media):
            raise Flaw("footage", "Segments were taken away or added.", offset=layout.media[0].offset)
        self._found.footage = [
            check_segment(self._file, extent, segment, recording, heads)
            for extent, segment in zip(layout.media, recording.segments, strict=True)
        ]

    def _check_index(self, layout: Layout, recording: Recording) -> None:
        """Make ``moov`` and ``meta`` again from what is proven."""
        reserved = self._file.read(layout.signature.offset, layout.signature.size)
        try:
            movie = plan_export([one.part for one in self._found.footage], recording, reserved=reserved)
        except (ValueError, struct.error, OverflowError) as error:
            raise Flaw("moov", f"No index can be made of the footage: {error}.", offset=layout.moov.offset) from None
        self._found.movie = movie
        for code, extent, made in (("moov", layout.moov, movie.moov), ("meta", layout.meta, movie.meta)):
            if self._file.read(extent.offset, extent.size) != made:
                raise Flaw(code, f"{code!r} is not what the footage and its signature give.", offset=extent.offset)

    def _reservations(self) -> list[Reason]:
        """Why an unchanged file is not plainly authentic."""
        reasons = [] if self._found.trusted else [_UNTRUSTED if self._trust else _NO_TRUST]
        return [*reasons, _RECOVERED] if any(one.entry.recovered for one in self._found.footage) else reasons

    def _verdict(self, word: Word, reasons: Sequence[Reason]) -> Verdict:
        found = self._found
        whole = found.recording is not None and bool(found.footage)
        return Verdict(
            word=word,
            reasons=tuple(reasons),
            recording=found.recording,
            signer=found.signer,
            from_us=None if found.movie is None else found.movie.start_us,
            to_us=None if found.movie is None else found.movie.start_us + found.movie.duration_us,
            recovered=tuple(_recovered(one) for one in found.footage if one.entry.recovered),
            holes=tuple(holes(found.footage, found.gaps, found.recording)) if whole and found.recording else (),
        )


def _foreign(head: bytes) -> Verdict:
    if head[_FTYP_AT] == b"ftyp":
        reason = Reason(code="foreign", title="This video was not exported by Tawny, or was converted since.")
        return Verdict(word=Word.NOT_SIGNED, reasons=(reason,))
    reason = Reason(code="unreadable", title="The file is no MP4.")
    return Verdict(word=Word.UNREADABLE, reasons=(reason,))


def _read_recording(store: Store) -> Recording:
    try:
        value = parse(store.assertions[RECORDING], limit=MAX_SIZE)
        if isinstance(value, dict) and isinstance(value.get("version"), int) and value["version"] > VERSION:
            raise Flaw("version", "The file was exported by a newer Tawny.")
        return read_recording(value)
    except ValueError as error:
        raise Flaw("recording", f"What the signature says of the footage can't be read: {error}.") from None


def _root_of(recording: Recording) -> str:
    """The fingerprint of the root that the file names; empty where it names none."""
    for pem in recording.certificates.values():
        try:
            return fingerprint(chain_of_pem(pem).certificates[-1])
        except ValueError:
            continue
    return ""


def _name(certificate: x509.Certificate) -> str:
    try:
        found = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    except STRANGE:
        return ""
    return str(found[0].value) if found else ""


def _recovered(footage: Footage) -> Stretch:
    entry = footage.entry
    return Stretch(from_us=entry.from_us, to_us=entry.to_us, until_us=entry.unsigned_until_us)
