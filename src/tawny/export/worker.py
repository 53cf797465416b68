"""A job from beginning to end.

What is whole is noted in ``files.json``, with a fingerprint of the plan: a worker that is started again goes on behind the last whole file, and begins
anew where the archive no longer gives the same plan.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tawny.export import papers
from tawny.export.compatible import copy_for_plain_players, unusual
from tawny.export.model import ExportFile, Hole, Item, Job, dumped, read_file, read_hole
from tawny.export.naming import file_name
from tawny.export.part import Evidence, PartPlan, make_part
from tawny.export.progress import Progress
from tawny.export.proofs import Ledger, Ledgers
from tawny.export.selection import Chosen, choose, split
from tawny.export.signing import EvidenceKey
from tawny.recorder.archive.paths import day_of
from tawny.recorder.archive.reader import ArchiveReader
from tawny.recorder.archive.volumes import volume_paths
from tawny.runtime.clock import Clock
from tawny.runtime.data_directory import DataDirectory
from tawny.runtime.problem import Kind, Problem
from tawny.wire.evidence.recording import Witness

_LOOK_BACK_US: Final = 30 * 86_400_000_000  # for the beginning of a gap that lasts into the range
_WAIT_S: Final = 20.0  # for the head over a segment that has just been closed
_NOTES: Final = "files.json"
_PASSES: Final = 3  # over each byte: compared, hashed for the claim, copied; the zip is one more


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What a worker is given: the key that signs, certificates by key id, and who finds witnesses of ledgers' heads."""

    key: EvidenceKey
    certificates: Mapping[str, str]
    witnesses: Callable[[Sequence[Ledger]], tuple[Witness, ...]]
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPlan:
    """What an item comes to: its parts, and its holes with the moment at which the first of them began."""

    item: Item
    parts: tuple[tuple[Chosen, ...], ...]
    holes: tuple[Hole, ...]
    gaps_from_us: int


class Worker:
    """Makes the files of one job in *directory*.

    Invariants: a file without ``.part`` in its name is whole and safe on disk; ``files.json`` names whole files only.
    """

    def __init__(self, directory: Path, job: Job, data: DataDirectory, tools: Tools, progress: Progress) -> None:
        self._directory = directory
        self._files_directory = directory / "files"
        self._job = job
        self._volumes = volume_paths(data)
        self._tools = tools
        self._progress = progress
        self._reader = ArchiveReader(data)
        self._files: list[ExportFile] = []
        self._damaged: list[tuple[int, Hole]] = []  # by the number of their item
        self._parts_done = 0

    def run(self) -> dict[str, Any]:
        """Do the job; what came of it. Problem where it can't be done; Stopped where the gateway stopped it."""
        self._progress.step("Looking for the footage")
        plans = [self._plan(item) for item in self._job.items]
        if not any(plan.parts for plan in plans):
            raise Problem(Kind.NOT_FOUND, "There is no footage in this range.", remedy="Choose another range.")
        fingerprint = _fingerprint(plans)
        self._resume(fingerprint)
        self._expect(plans)
        parts_before = 0
        for number, plan in enumerate(plans):
            self._make_item(number, plan, parts_before, fingerprint)
            parts_before += len(plan.parts)
        if not self._files:
            raise Problem(Kind.UNAVAILABLE, "All footage in this range is damaged.", remedy="Check the disk.")
        return self._finish(plans)

    def _plan(self, item: Item) -> ItemPlan:
        chosen = choose(self._reader, item)
        found = self._reader.timeline(
            item.key.camera, from_us=item.from_us - _LOOK_BACK_US, to_us=item.to_us, stream=item.key.stream
        )
        gaps = [gap for gap in found.gaps if gap.to_us > item.from_us]
        holes = [
            Hole(from_us=max(g.from_us, item.from_us), to_us=g.to_us, reason=str(g.reason), title=g.title) for g in gaps
        ]
        return ItemPlan(
            item=item,
            parts=tuple(split(chosen)),
            holes=tuple(holes),
            gaps_from_us=min([item.from_us, *(gap.from_us for gap in gaps)]),
        )

    def _resume(self, fingerprint: str) -> None:
        """Go on behind what an earlier run of this job made."""
        self._files_directory.mkdir(mode=0o700, exist_ok=True)
        with suppress(OSError, ValueError, KeyError, TypeError):  # nothing, or nothing of use: from the beginning
            notes = json.loads((self._directory / _NOTES).read_bytes())
            files = [read_file(one) for one in notes["files"]]
            whole = all(_size(self._files_directory / one.name) == one.size_bytes for one in files)
            if whole and notes["plan"] == fingerprint:
                damaged = [(int(number), read_hole(hole)) for number, hole in notes["damaged"]]
                self._files, self._damaged, self._parts_done = files, damaged, int(notes["parts"])
        kept = {one.name for one in self._files}
        for path in self._files_directory.iterdir():
            if path.name not in kept:
                path.unlink()

    def _note(self, fingerprint: str) -> None:
        notes = {
            "plan": fingerprint,
            "parts": self._parts_done,
            "files": [one.document() for one in self._files],
            "damaged": [[number, hole.document()] for number, hole in self._damaged],
        }
        papers.write(self._directory / _NOTES, dumped(notes))

    def _expect(self, plans: Sequence[ItemPlan]) -> None:
        total = sum(chosen.size_bytes for plan in plans for part in plan.parts for chosen in part)
        done = sum(one.size_bytes for one in self._files if not one.derived)
        self._progress.expect((_PASSES + 1) * total, done=_PASSES * done, written=done)

    def _make_item(self, number: int, plan: ItemPlan, parts_before: int, fingerprint: str) -> None:
        if parts_before + len(plan.parts) <= self._parts_done:
            return
        evidence = Evidence(
            ledgers=self._signed_ledgers(plan),
            certificates=self._tools.certificates,
            witnesses=self._tools.witnesses,
            key=self._tools.key,
        )
        for at in range(max(0, self._parts_done - parts_before), len(plan.parts)):
            self._make_part(number, plan, at, evidence)
            self._parts_done += 1
            self._note(fingerprint)

    def _make_part(self, number: int, plan: ItemPlan, at: int, evidence: Evidence) -> None:
        chosen = plan.parts[at]
        camera = self._job.camera_name(plan.item.key.camera)
        stream = plan.item.key.stream
        name = file_name(len(self._files) + 1, camera, stream, max(chosen[0].from_us, plan.item.from_us))
        self._progress.step(f"{camera}: part {at + 1} of {len(plan.parts)}")
        part = PartPlan(
            item=plan.item,
            chosen=chosen,
            number=at + 1,
            of=len(plan.parts),
            file=len(self._files) + 1,
            name=name,
            exported_us=self._tools.clock.utc_us(),
            gaps_from_us=plan.gaps_from_us,
        )
        worked, wrote = self._progress.worked, self._progress.wrote
        made, damaged = make_part(
            part, self._job, evidence, self._files_directory, read=worked, hashed=worked, written=wrote
        )
        self._damaged += [(number, hole) for hole in damaged]
        if made is not None:
            self._files.append(made)
            if self._job.compatible and unusual(chosen[0].formats):
                self._make_copy(made, camera)

    def _make_copy(self, original: ExportFile, camera: str) -> None:
        self._progress.step(f"{camera}: a copy that every player knows")
        number = len(self._files) + 1
        name = file_name(number, camera, original.stream, original.from_us, derived=True)
        copied = copy_for_plain_players(
            original, number, name, self._files_directory, alive=lambda: self._progress.worked(0)
        )
        self._files.append(copied)

    def _signed_ledgers(self, plan: ItemPlan) -> Ledgers:
        """The camera's ledgers, once a head covers what the plan needs of them, or the time for that is over."""
        clock = self._tools.clock
        until = clock.monotonic() + _WAIT_S
        while True:
            ledgers = Ledgers(self._volumes, plan.item.key.camera)
            if clock.monotonic() >= until or all(_covered(one, ledgers) for part in plan.parts for one in part):
                return ledgers
            self._progress.worked(0)
            clock.wait(0.5)

    def _finish(self, plans: Sequence[ItemPlan]) -> dict[str, Any]:
        self._progress.step("Writing the report and the zip")
        items = [
            papers.ItemReport(
                item=plan.item,
                holes=(*plan.holes, *(hole for at, hole in self._damaged if at == number)),
            )
            for number, plan in enumerate(plans)
        ]
        papers.write_papers(
            self._directory, self._job, items, self._files, key=self._tools.key, now_us=self._tools.clock.utc_us()
        )
        size, digest = papers.write_zip(self._directory, self._files, told=self._progress.worked)
        return {"files": [one.public() for one in self._files], "zip_bytes": size, "zip_sha256": digest}


def _covered(chosen: Chosen, ledgers: Ledgers) -> bool:
    segment = chosen.segment
    ledger = ledgers.of(segment.volume, day_of(segment.start_us))
    found = None if ledger is None else ledger.segment(segment.key.stream, segment.start_us)
    return ledger is not None and found is not None and found[0] < ledger.covered


def _fingerprint(plans: Sequence[ItemPlan]) -> str:
    told = [
        [(str(c.segment.path), c.first, c.last, c.size_bytes) for c in part] for plan in plans for part in plan.parts
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1
