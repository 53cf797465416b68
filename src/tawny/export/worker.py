"""A job from beginning to end.

What is whole is noted in ``files.json``, with a fingerprint of the plan: a worker that is started again goes on behind the last whole file, and begins
anew where the archive no longer gives the same plan.
"""

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from tawny.export import papers
from tawny.export.model import ExportFile, Hole, Item, Job, dumped, read_file
from tawny.export.naming import file_name
from tawny.export.part import DamagedSegment, PartPlan, Tools, make_part
from tawny.export.progress import Progress
from tawny.export.proofs import GapLine, Ledger, Ledgers, gaps_between
from tawny.export.selection import Chosen, Recorded, choose, recorded, split, unusual
from tawny.recorder.archive.reader import ArchiveReader
from tawny.recorder.archive.volumes import volume_paths
from tawny.runtime.data_directory import DataDirectory
from tawny.runtime.problem import Kind, Problem
from tawny.verification.service import verify
from tawny.verification.verdict import Word
from tawny.wire.evidence.chains import read_chain
from tawny.wire.moments import rfc3339

_LOOK_BACK_US: Final = 30 * 86_400_000_000  # for the beginning of a gap that lasts into the range
_WAIT_S: Final = 20.0  # for the head over a segment that has just been closed
_NOTES: Final = "files.json"
_PASSES: Final = 5  # over each byte: compared, hashed for the claim, copied, verified (twice); the zip is one more


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPlan:
    """What an item comes to: its parts, its holes, and the lines that tell of missing footage."""

    item: Item
    parts: tuple[tuple[Recorded, ...], ...]
    holes: tuple[Hole, ...]
    gaps: tuple[tuple[Ledger, GapLine], ...]


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
        self._root = read_chain(tools.key.chain).certificates[-1]
        self._progress = progress
        self._reader = ArchiveReader(data)
        self._files: list[ExportFile] = []
        self._damaged: dict[
            str, tuple[int, Hole]
        ] = {}  # segments left out, by path: the number of the item, and the hole
        self._parts_done = 0

    def run(self) -> dict[str, Any]:
        """Do the job; what came of it. Problem where it can't be done; Stopped where the gateway stopped it."""
        while True:
            self._progress.step("Looking for the footage")
            plans = [self._plan(number, item) for number, item in enumerate(self._job.items)]
            if not any(plan.parts for plan in plans):
                raise self._nothing()
            try:
                self._make(plans)
            except DamagedSegment as damaged:
                self._leave_out(damaged, plans)  # and plan again: other parts come of it
            else:
                return self._finish(plans)

    def _plan(self, number: int, item: Item) -> ItemPlan:
        readable, unreadable = choose(self._reader, item)
        chosen = [one for one in readable if str(one.segment.path) not in self._damaged]
        found = self._reader.timeline(
            item.key.camera, from_us=item.from_us - _LOOK_BACK_US, to_us=item.to_us, stream=item.key.stream
        )
        gaps = [gap for gap in found.gaps if gap.to_us > item.from_us]
        holes = [
            Hole(from_us=max(g.from_us, item.from_us), to_us=g.to_us, reason=str(g.reason), title=g.title) for g in gaps
        ]
        holes += [hole for at, hole in self._damaged.values() if at == number]
        holes += [_damaged(one.start_us, one.end_us or one.start_us, "it can't be read") for one in unreadable]
        ledgers, segments = self._signed(item, chosen)
        days = ledgers.between(min([item.from_us, *(gap.from_us for gap in gaps)]), item.to_us)
        return ItemPlan(
            item=item,
            parts=tuple(split(segments)),
            holes=tuple(holes),
            gaps=tuple(gaps_between(days, item.key.stream, item.from_us, item.to_us)),
        )

    def _signed(self, item: Item, chosen: Sequence[Chosen]) -> tuple[Ledgers, list[Recorded]]:
        """The lines that tell of *chosen*, as soon as a head covers them all. Problem where none does in time."""
        clock = self._tools.clock
        until = clock.monotonic() + _WAIT_S
        while True:
            ledgers = Ledgers(self._volumes, item.key.camera)
            found = [(one, recorded(one, ledgers)) for one in chosen]
            missing = next((one for one, line in found if line is None), None)
            if missing is None:
                return ledgers, [line for _, line in found if line is not None]
            if clock.monotonic() >= until:
                raise Problem(
                    Kind.UNAVAILABLE,
                    f"The recorder has not signed what it recorded at {rfc3339(missing.segment.start_us)} yet.",
                    remedy="Try again in a minute. If it stays so, look at System, Evidence.",
                )
            self._progress.worked(0)
            clock.wait(0.5)

    def _nothing(self) -> Problem:
        if self._damaged:
            return Problem(Kind.UNAVAILABLE, "All footage in this range is damaged.", remedy="Check the disk.")
        return Problem(Kind.NOT_FOUND, "There is no footage in this range.", remedy="Choose another range.")

    def _make(self, plans: Sequence[ItemPlan]) -> None:
        fingerprint = _fingerprint(plans)
        self._resume(fingerprint)
        self._expect(plans)
        parts = [(plan, at) for plan in plans for at in range(len(plan.parts))]
        for plan, at in parts[self._parts_done :]:
            self._make_part(plan, at)
            self._parts_done += 1
            self._note(fingerprint)

    def _leave_out(self, damaged: DamagedSegment, plans: Sequence[ItemPlan]) -> None:
        chosen = damaged.segment.chosen
        number = next(at for at, plan in enumerate(plans) if any(damaged.segment in part for part in plan.parts))
        self._damaged[str(chosen.segment.path)] = number, _damaged(chosen.from_us, chosen.to_us, str(damaged))

    def _resume(self, fingerprint: str) -> None:
        """Go on behind what an earlier run of this job made by the same plan."""
        self._files_directory.mkdir(mode=0o700, exist_ok=True)
        self._files, self._parts_done = [], 0
        with suppress(OSError, ValueError, KeyError, TypeError):  # nothing, or nothing of use: from the beginning
            notes = json.loads((self._directory / _NOTES).read_bytes())
            files = [read_file(one) for one in notes["files"]]
            whole = all(_size(self._files_directory / one.name) == one.size_bytes for one in files)
            if whole and notes["plan"] == fingerprint:
                self._files, self._parts_done = files, int(notes["parts"])
        kept = {one.name for one in self._files}
        for path in self._files_directory.iterdir():
            if path.name not in kept:
                path.unlink()

    def _note(self, fingerprint: str) -> None:
        files = [one.document() for one in self._files]
        notes = {"plan": fingerprint, "parts": self._parts_done, "files": files}
        papers.write(self._directory / _NOTES, dumped(notes))

    def _expect(self, plans: Sequence[ItemPlan]) -> None:
        total = sum(one.chosen.size_bytes for plan in plans for part in plan.parts for one in part)
        done = sum(one.size_bytes for one in self._files if not one.derived)
        self._progress.expect((_PASSES + 1) * total, done=_PASSES * done, written=done)

    def _make_part(self, plan: ItemPlan, at: int) -> None:
        segments = plan.parts[at]
        first = segments[0].chosen
        camera = self._job.camera_name(plan.item.key.camera)
        number = len(self._files) + 1
        self._progress.step(f"{camera}: part {at + 1} of {len(plan.parts)}")
        part = PartPlan(
            item=plan.item,
            segments=segments,
            gaps=plan.gaps,
            number=at + 1,
            of=len(plan.parts),
            file=number,
            name=file_name(number, camera, plan.item.key.stream, max(first.from_us, plan.item.from_us)),
            exported_us=self._tools.clock.utc_us(),
        )
        worked, wrote = self._progress.worked, self._progress.wrote
        made = make_part(part, self._job, self._tools, self._files_directory, read=worked, hashed=worked, written=wrote)
        self._check(self._files_directory / made.name)
        self._files.append(made)
        if self._job.compatible and unusual(first.formats):
            self._make_copy(made, camera)

    def _check(self, path: Path) -> None:
        """Nobody is handed a file that does not prove itself: what came out is examined as whoever receives it will do."""
        verdict = verify(path, trust=[self._root], told=self._progress.worked)
        if verdict.word not in {Word.AUTHENTIC, Word.NOT_SIGNED}:
            path.unlink()
            raise Problem(
                Kind.UNAVAILABLE,
                f"The file that was made does not prove itself: {verdict.reasons[0].title}",
                remedy="Check the disk that exports are written to, then try again.",
            )

    def _make_copy(self, original: ExportFile, camera: str) -> None:
        self._progress.step(f"{camera}: a copy that every player knows")
        number = len(self._files) + 1
        name = file_name(number, camera, original.stream, original.from_us, derived=True)
        compatible = import_module("tawny.export.compatible")
        copied = compatible.copy_for_plain_players(
            original, number, name, self._files_directory, alive=lambda: self._progress.worked(0)
        )
        self._files.append(copied)

    def _finish(self, plans: Sequence[ItemPlan]) -> dict[str, Any]:
        self._progress.step("Writing the report and the zip")
        items = [papers.ItemReport(item=plan.item, holes=plan.holes) for plan in plans]
        papers.write_papers(
            self._directory, self._job, items, self._files, key=self._tools.key, now_us=self._tools.clock.utc_us()
        )
        size, digest = papers.write_zip(self._directory, self._files, told=self._progress.worked)
        return {"files": [one.public() for one in self._files], "zip_bytes": size, "zip_sha256": digest}


def _damaged(from_us: int, to_us: int, what: str) -> Hole:
    title = f"A recorded file is damaged or gone, and was left out ({what})."
    return Hole(from_us=from_us, to_us=to_us, reason="damaged", title=title)


def _fingerprint(plans: Sequence[ItemPlan]) -> str:
    told = [
        [(str(one.chosen.segment.path), one.chosen.first, one.chosen.last, one.entry.root.hex()) for one in part]
        for plan in plans
        for part in plan.parts
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1
