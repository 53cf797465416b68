"""The archive is killed, or loses its power, between any two steps; what was promised is there afterwards."""

import errno
import tempfile
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from shutil import rmtree

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tawny.recorder.archive import ledger
from tawny.recorder.archive.checking import check
from tawny.recorder.archive.model import GapReason, StreamKey
from tawny.recorder.archive.paths import cameras, days
from tawny.recorder.archive.volumes import KnownVolume
from tawny.wire.media import VIDEO_TRACK
from tests.fakes.faulty_files import Killed, Stuck
from tests.recorder.archive.building import MAIN, OTHER, SECOND, SUB, formats, small
from tests.recorder.archive.rig import Rig

KEYS = [MAIN, SUB, OTHER]
keys = st.sampled_from(KEYS)
volumes = st.integers(0, 2)


class Crashing(RuleBasedStateMachine):
    """Ingest as it behaves, three streams; the model is the set of seconds that the archive took, and those a sync covered."""

    @initialize(limit=st.sampled_from([None, 6_000]), volumes=st.integers(1, 3))
    def begin(self, limit: int | None, volumes: int) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="tawny-"))
        self.rig = Rig(self.directory, limit_bytes=limit, volumes=volumes)
        self.hidden: dict[str, Path] = {}  # volumes that are unplugged, and where their files are meanwhile
        self.opened: dict[StreamKey, int] = {}  # start of the segment that ingest has open
        self.seconds: dict[StreamKey, int] = {}
        self.written: set[tuple[StreamKey, int]] = set()
        self.synced: set[tuple[StreamKey, int]] = set()

    def teardown(self) -> None:
        if hasattr(self, "directory"):
            self.rig.index.close()
            rmtree(self.directory)

    def now(self) -> int:
        return self.rig.clock.utc_us()

    @rule(key=keys, number=st.integers(1, 4))
    def record(self, key: StreamKey, number: int) -> None:
        if key not in self.opened:
            self.open(key)
        for _ in range(number):
            self.append(key)
            self.rig.clock.wait(1)
        self.rig.writer.flush()

    def open(self, key: StreamKey) -> None:
        start = self.now()
        self.opened[key], self.seconds[key] = start, 0
        self.rig.writer.open_segment(key, start, formats())

    def append(self, key: StreamKey) -> None:
        fragment = small(self.seconds[key], start_us=self.opened[key])
        self.seconds[key] += 1
        before = self.on_file(key)
        self.rig.writer.append(key, fragment)
        if self.on_file(key) not in {before, None}:
            self.written.add((key, fragment.utc_us))

    def on_file(self, key: StreamKey) -> tuple[Path, int] | None:
        """The file of the stream that is open, and how far it is written."""
        segment = self.rig.writer._streams[key].segment
        return None if segment is None else (segment.path, segment.size_bytes)

    @rule(key=keys)
    def change_file(self, key: StreamKey) -> None:
        if key in self.opened:
            end = self.opened[key] + self.seconds[key] * SECOND
            self.rig.writer.close_segment(key, end)
            self.opened[key], self.seconds[key] = end, 0
            self.rig.writer.open_segment(key, end, formats())
            self.append(key)
            self.rig.writer.flush()

    @rule(key=keys, reason=st.sampled_from([GapReason.CAMERA_LOST, GapReason.DISABLED]))
    def lose(self, key: StreamKey, reason: GapReason) -> None:
        if key in self.opened:
            end = self.opened.pop(key) + self.seconds[key] * SECOND
            self.rig.writer.close_segment(key, end)
            self.rig.writer.gap(key, end, reason, "No video.")
            self.rig.writer.flush()
            self.rig.clock.wait(2)

    @rule(times=st.integers(1, 3))
    def cycle(self, times: int) -> None:
        for _ in range(times):
            before = set(self.written)
            well = all(upkeep.writable for upkeep in self.rig.writer.upkeeps())
            self.rig.cycle()
            self.synced |= before if well else set()

    @rule(which=volumes)
    def unplug(self, which: int) -> None:
        """A volume is gone; the empty place where it was is left."""
        known = self.known(which)
        if known.id not in self.hidden:
            self.hidden[known.id] = known.path.rename(known.path.with_name(f"hidden-{known.id}"))
            known.path.mkdir()

    @rule(which=volumes)
    def plug_in(self, which: int) -> None:
        known = self.known(which)
        if (hidden := self.hidden.pop(known.id, None)) is not None:
            known.path.rmdir()  # nothing was written there
            hidden.rename(known.path)
            self.rig.files.settle()

    @rule(
        which=volumes,
        patience=st.integers(0, 12),
        what=st.lists(st.tuples(st.integers(0, 6), keys), min_size=8, max_size=8),
    )
    def hang(self, which: int, patience: int, what: list[tuple[int, StreamKey]]) -> None:
        """In the middle of what is done next, a call into a volume does not come back; all goes on without it."""
        known = self.known(which)
        self.rig.files.stuck, self.rig.files.patience = known.path, patience
        for number, key in what:
            try:
                self.act(number, key)
            except Stuck:
                self.rig.hang(known)
                break
        self.rig.files.stuck = None

    @rule(which=volumes)
    def answer(self, which: int) -> None:
        self.rig.answer(self.known(which))

    @rule(which=volumes, code=st.sampled_from([errno.ENOSPC, errno.EIO, errno.EROFS]))
    def refuse(self, which: int, code: int) -> None:
        """A volume refuses what is written, for a while."""
        self.rig.files.sick, self.rig.files.refusal = self.known(which).path, OSError(code, "it said")
        for key in KEYS:
            self.record(key, 1)
        self.cycle(1)
        self.rig.files.sick = self.rig.files.refusal = None

    @rule()
    def heal(self) -> None:
        """Everything is in its place again, and after a while as if nothing had been."""
        for which in range(3):
            self.plug_in(which)
            self.answer(which)
        self.cycle(8)
        for key in KEYS:
            self.record(key, 1)
        self.cycle(8)
        assert [upkeep.trouble for upkeep in self.rig.writer.upkeeps()] == [None for _ in self.rig.known]
        assert check(self.rig.data, hashes=True).faults == ()

    def known(self, which: int) -> KnownVolume:
        return self.rig.known[which % len(self.rig.known)]

    @precondition(lambda self: self.written)
    @rule(
        steps=st.integers(0, 40),
        again=st.integers(0, 12),
        what=st.lists(st.tuples(st.integers(0, 6), keys), min_size=12),
    )
    def kill(self, steps: int, again: int, what: list[tuple[int, StreamKey]]) -> None:
        """The process dies after some steps of what it does next, the next one perhaps while it recovers."""
        self.run_until_killed(steps, what)
        self.restart(again)
        self.agrees()

    @precondition(lambda self: self.written)
    @rule(
        steps=st.integers(0, 40),
        again=st.integers(0, 12),
        what=st.lists(st.tuples(st.integers(0, 6), keys), min_size=12),
        torn=st.floats(0, 1),
    )
    def cut_power(self, steps: int, again: int, what: list[tuple[int, StreamKey]], torn: float) -> None:
        """The machine dies: what no sync covered is lost, but for *torn* of it."""
        self.run_until_killed(steps, what)
        self.rig.files.power_cut(lambda size: int(size * torn))
        self.written &= self.synced
        self.restart(again)
        self.agrees()

    def run_until_killed(self, steps: int, what: list[tuple[int, StreamKey]]) -> None:
        self.rig.files.steps = steps
        with suppress(Killed):
            for number, key in what:
                self.act(number, key)
        self.opened.clear()
        for which in range(3):
            self.plug_in(which)
        self.rig.kill()

    def act(self, what: int, key: StreamKey) -> None:
        if what == 0:
            self.record(key, 1)
        elif what == 1:
            self.change_file(key)
        elif what == 2:
            self.lose(key, GapReason.CAMERA_LOST)
        else:
            self.cycle(1)

    def restart(self, steps: int) -> None:
        self.rig.clock.wait(7)
        self.rig.files.steps = steps
        try:
            self.rig.start()
        except Killed:
            self.rig.kill()
            self.rig.start()
        self.rig.files.steps = None

    @invariant()
    def every_second_is_somewhere(self) -> None:
        if hasattr(self, "rig") and not self.hidden:
            assert self.written <= self.found() | self.deleted()

    def found(self) -> set[tuple[StreamKey, int]]:
        return {
            (key, fragment.utc_us)
            for (key, _), fragments in self.rig.fragments().items()
            for fragment in fragments
            if fragment.track == VIDEO_TRACK
        }

    def deleted(self) -> set[tuple[StreamKey, int]]:
        found = set()
        for root, camera in ((known.path, camera) for known in self.rig.known for camera in cameras(known.path)):
            for day in days(root, camera):
                for entry in ledger.day_entries(root, camera, day):
                    if entry["kind"] == "deleted":
                        segment = ledger.read_segment(camera, entry, volume="")
                        found |= {
                            w
                            for w in self.written
                            if w[0] == segment.key and segment.start_us <= w[1] < (segment.end_us or 0)
                        }
        return found

    def agrees(self) -> None:
        """After a restart: files, index and ledgers tell the same, and every hole has its reason."""
        report = check(self.rig.data, hashes=True)
        assert report.faults == ()
        assert self.rig.index.open_segments() == []
        marked = len(self.rig.index.marked_segments())
        files = [path for known in self.rig.known for path in known.path.rglob("*.mp4")]
        assert report.segments <= len(files) <= report.segments + marked
        for key in KEYS:
            if any(w[0] == key for w in self.written):
                self.explained(key)

    def explained(self, key: StreamKey) -> None:
        first = min(start for known, start in self.written if known == key)
        found = self.rig.reader.timeline(key.camera, from_us=first, to_us=self.now(), added_us=first, stream=key.stream)
        pieces = sorted([(s.from_us, s.to_us) for s in found.spans] + [(g.from_us, g.to_us) for g in found.gaps])
        assert pieces[0][0] == first
        assert pieces[-1][1] == self.now()
        assert all(one[1] == other[0] for one, other in pairwise(pieces))
        assert [g for g in found.gaps if g.reason is GapReason.UNKNOWN] == []


TestCrashing = Crashing.TestCase
TestCrashing.settings = settings(
    max_examples=15,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # making a whole archive's life shorter takes minutes
)
