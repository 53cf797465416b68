"""`Archive`: the writer with its threads, one that writes, and one for each volume that makes safe what was written to it.

There is one writing thread, not one a volume: what a stream's footage, its gaps and its sequence say has to agree, and one thread in order is the plainest
way to that; writes end in the system's memory, so that one thread keeps up with many disks. A disk that hangs in a write all the same
costs the others `HUNG_S`: then the thread is given up, and another goes on without that volume (`watching`).
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, closing
from functools import partial
from pathlib import Path
from queue import SimpleQueue

from tawny.recorder.adapters.segment_files import SegmentFiles
from tawny.recorder.adapters.sqlite_index import SqliteIndex
from tawny.recorder.archive import ledger
from tawny.recorder.archive.custody import Custody
from tawny.recorder.archive.heads import Heads
from tawny.recorder.archive.ledger import Entry
from tawny.recorder.archive.model import (
    ArchiveStatus,
    Fragment,
    GapReason,
    GroupAnswer,
    Phase,
    Role,
    StreamKey,
    VolumeState,
    VolumeStatus,
)
from tawny.recorder.archive.paths import RECORDER
from tawny.recorder.archive.ports import Files, Index
from tawny.recorder.archive.rebuild import open_index, remake
from tawny.recorder.archive.retention import Retention
from tawny.recorder.archive.syncing import Job, Syncing
from tawny.recorder.archive.upkeep import Upkeep
from tawny.recorder.archive.volume import Trouble, first_volume
from tawny.recorder.archive.volumes import KnownVolume, read_volumes, set_aside_damaged, write_volumes
from tawny.recorder.archive.watching import GivenUp, Watch, WatchedFiles
from tawny.recorder.archive.writer import Writer
from tawny.runtime.clock import Clock
from tawny.runtime.data_directory import DataDirectory
from tawny.runtime.ids import new_id
from tawny.wire.media import VIDEO_TRACK, TrackFormat

_log = logging.getLogger(__name__)

QUEUE_BYTES = 64 * 1024 * 1024
CYCLE_S = 1.0
STOP_S = 3.0
START_S = 10.0  # a volume that is not in order by then comes in later
HUNG_S = 4.0  # in one call, where there is another volume to go to
ALONE_S = 15.0  # where there is none: a disk that has to start turning takes ten
_WATCH_S = 0.5
_DRAIN = 256  # jobs between two looks at the index
_OVERLOADED = "The disk did not keep up: video was dropped to keep recording."
_Waiting = tuple[float, Job | None]  # since when; None ends the writer


class Archive:
    """Keeps what ingest hands over (`Recording`); used from the media thread, never blocks it, never raises to it.

    Invariants: every job runs on the writing thread, in the order of the calls; at most `QUEUE_BYTES` of media wait, what is above is
    dropped up to a key frame and stands in the timeline as an overload; what was written is synced in cycles of `CYCLE_S`, each volume
    for itself.
    """

    def __init__(
        self,
        data: DataDirectory,
        *,
        clock: Clock,
        retention: Retention,
        evidence: Heads | None = None,
        on_change: Callable[[ArchiveStatus], None] | None = None,
        files: Files | None = None,
    ) -> None:
        self._data = data
        self._clock = clock
        self._retention = retention
        self._evidence = evidence
        self._on_change = on_change
        self._files = files or SegmentFiles()
        self._watch = Watch(clock)
        self._jobs: SimpleQueue[list[_Waiting]] = SimpleQueue()
        self._pending: deque[_Waiting] = deque()  # taken from the queue, not begun
        self._gathered: list[_Waiting] = []  # the media thread's, until it flushes
        self._lock = threading.Lock()  # over the queued bytes
        self._queued_bytes = 0
        self._dropping: set[StreamKey] = set()
        self._working_since: float | None = None
        self._told: object = None
        self._stopping = threading.Event()
        self._writing: threading.Thread | None = None
        self._watching: threading.Thread | None = None
        self._syncing: dict[str, tuple[Syncing, threading.Thread]] = {}
        self._custody = Custody(self, data, files=self._files, clock=clock, index=self._indexing, new_id=new_id)
        self._index: Index | None = None
        self._writer: Writer | None = None

    def recover(self) -> None:
        """Open the index, put in order what a crash left, go on from there. OSError where the data directory refuses."""
        self._data.archive.mkdir(parents=True, exist_ok=True)
        set_aside_damaged(self._data)
        known = read_volumes(self._data) or (first_volume(self._data, self._files, new_id),)
        write_volumes(self._data, known, self._files)
        index = self._index = open_index(self._data)
        if not index.volume_sizes():  # a new one
            remake(index, {v.id: v.path for v in known if self._files.identity(v.path) == v.id})
        self._writer = Writer(
            clock=self._clock,
            files=self._files,
            index=index,
            retention=self._retention,
            new_id=new_id,
            heads=self._evidence,
        )
        for volume in known:
            self.attach(volume)
        self._first_looks([syncing for syncing, _ in self._syncing.values()])
        self._writer.begin()
        self._writer.flush()
        if set(index.volume_sizes()) - {volume.id for volume in known}:
            self._custody.clear_up()

    def _first_looks(self, syncings: list[Syncing]) -> None:
        """Every volume is looked at, all at once; what takes too long goes on by itself."""
        looks = [
            threading.Thread(target=syncing.first_look, args=(self._put,), name="archive start", daemon=True)
            for syncing in syncings
        ]
        for look in looks:
            look.start()
        until = self._clock.monotonic() + START_S
        for look in looks:
            look.join(timeout=max(0.0, until - self._clock.monotonic()))
        while not self._jobs.empty():
            self._pending.extend(self._jobs.get())
            self._drain()

    def attach(self, known: KnownVolume) -> None:
        """Take the volume in; on the writing thread, or before there is one."""
        writer = self._of_writer()
        writer.add(known, WatchedFiles(self._files, self._watch, known.id))
        syncing = Syncing(
            known.id,
            writer,
            clock=self._clock,
            files=self._files,
            data_root=self._data.root,
            index=self._indexing,
            new_id=new_id,
        )
        thread = threading.Thread(target=self._sync, args=(syncing,), name=f"archive {known.id}", daemon=True)
        self._syncing[known.id] = syncing, thread
        if self._writing is not None:
            thread.start()

    def _indexing(self) -> AbstractContextManager[Index]:
        """A connection of its own to the index, for what takes long."""
        return closing(SqliteIndex(self._data.index))

    def detach(self, volume: str) -> None:
        """Leave the volume alone from now on; on the writing thread."""
        self._of_writer().remove(volume)
        self._syncing.pop(volume)  # its thread ends by itself

    def leave(self, volume: str) -> None:
        """Begin nothing new on the volume; on the writing thread."""
        self._of_writer().leave(volume)

    def start(self) -> None:
        """Begin to write and to sync."""
        if self._writer is None:
            self.recover()
        self._write_on(None)
        self._watching = threading.Thread(target=self._keep_watch, name="archive watch", daemon=True)
        self._watching.start()
        for _, thread in self._syncing.values():
            thread.start()
        self._tell()

    def _write_on(self, first: Job | None) -> None:
        self._writing = threading.Thread(target=self._write, args=(first,), name="archive writer", daemon=True)
        self._writing.start()

    def stop(self) -> None:
        """Write what waits, close and sync everything; gives up after `STOP_S` where a disk does not answer."""
        if self._writing is None or self._watching is None:
            return
        self._gather(self._of_writer().finish)
        self.flush()
        self._stopping.set()
        self._jobs.put([(self._clock.monotonic(), None)])
        self._watching.join()
        until = self._clock.monotonic() + STOP_S
        self._writing.join(timeout=STOP_S / 2)
        if self._writing.is_alive():
            _log.error("the disk does not answer: the recorder ends with unwritten video")
            return
        self._writing = None
        quiet = [syncing for syncing, thread in self._syncing.values() if self._ended(thread, until)]
        for _ in range(3):  # file, then ledger, then its head
            for syncing in quiet:
                syncing.run_once(lambda job: job())
            while not self._jobs.empty():
                self._pending.extend(self._jobs.get())
                self._drain()
        assert self._index is not None
        self._index.close()

    def _ended(self, thread: threading.Thread, until: float) -> bool:
        thread.join(timeout=max(0.0, until - self._clock.monotonic()))
        if thread.is_alive():
            _log.error("a drive does not answer: the recorder ends with unsynced video")
        return not thread.is_alive()

    # Recording

    def open_segment(self, key: StreamKey, *, start_us: int, formats: Mapping[int, TrackFormat]) -> None:
        self._gather(partial(self._of_writer().open_segment, key, start_us, formats))

    def append(self, key: StreamKey, fragment: Fragment) -> None:
        size = sum(map(len, fragment.frames))
        if self._dropped(key, fragment, size):
            return
        with self._lock:
            self._queued_bytes += size
        self._gather(partial(self._append, key, fragment, size))

    def close_segment(self, key: StreamKey, *, end_us: int) -> None:
        self._gather(partial(self._of_writer().close_segment, key, end_us))

    def gap(self, key: StreamKey, *, start_us: int, reason: GapReason, title: str) -> None:
        self._gather(partial(self._of_writer().gap, key, start_us, reason, title))

    def request_group(self, key: StreamKey, answer: GroupAnswer) -> None:
        self._gather(partial(self._of_writer().request_group, key, answer))

    def note(self, entry: Entry) -> None:
        """Write *entry* (with its ``id``, ``utc`` and ``kind``) into the recorder's ledger on the first volume that takes it; from any thread."""
        self.tell(RECORDER, entry)

    def tell(self, owner: str, entry: Entry) -> None:
        """As `note`, into the ledger of the camera *owner*."""
        self._put(partial(self._of_writer().note, owner, ledger.read_moment(entry["utc"]), entry))

    def status(self) -> ArchiveStatus:
        """The state now; from any thread."""
        writer, working = self._of_writer(), self._working_since
        trouble = writer.trouble or writer.complaint
        return ArchiveStatus(
            phase=trouble.phase if trouble else Phase.RECORDING,
            title=trouble.title if trouble else "",
            remedy=trouble.remedy if trouble else "",
            queue_s=0.0 if working is None else max(0.0, self._clock.monotonic() - working),
            unsynced_s=writer.unsynced_s(),
            size_bytes=writer.size_bytes,
            limit_bytes=self._retention.policy.size_limit_bytes,
            oldest_us=writer.oldest_us,
        )

    def volumes(self) -> list[VolumeStatus]:
        """Every volume's state now; from any thread."""
        return [upkeep.status() for upkeep in self._of_writer().upkeeps()]

    def add_volume(self, path: Path, name: str) -> str:
        """Record to the empty or absent directory *path* too; the volume's id. Problem where it can't be."""
        return self._custody.add(path, name)

    def adopt_volume(self, path: Path, role: Role) -> str:
        """Use a volume that another recorder, or an earlier one, filled; its id."""
        return self._custody.adopt(path, role)

    def change_volume(self, volume: str, *, name: str | None = None, role: Role | None = None) -> None:
        """Give a volume another name or role."""
        self._custody.change(volume, name=name, role=role)

    def forget_volume(self, volume: str) -> None:
        """Use a volume no longer; nothing on it is changed."""
        self._custody.forget(volume)

    def release_volume(self, volume: str) -> None:
        """Leave a volume alone while it is formatted."""
        self._custody.release(volume)

    def take_volume(self, volume: str, *, emptied: bool = False) -> str:
        """Use a volume again that was released; its id, another one where it was *emptied*."""
        return self._custody.take(volume, emptied=emptied)

    def upkeep(self, volume: str) -> Upkeep | None:
        return self._of_writer().upkeep(volume)

    def _of_writer(self) -> Writer:
        assert self._writer is not None, "recover() comes first"
        return self._writer

    def flush(self) -> None:
        if self._gathered:
            gathered, self._gathered = self._gathered, []
            self._jobs.put(gathered)

    def _gather(self, job: Job) -> None:
        self._gathered.append((self._clock.monotonic(), job))

    def _put(self, job: Job) -> None:
        self._jobs.put([(self._clock.monotonic(), job)])

    def call(self, job: Job, *, patience_s: float = 10.0) -> bool:
        """Run *job* on the writing thread; whether it was done in time."""
        done = threading.Event()

        def run() -> None:
            try:
                job()
            finally:
                done.set()

        if self._writing is None:
            run()
        else:
            self._put(run)
        return done.wait(patience_s)

    def _dropped(self, key: StreamKey, fragment: Fragment, size: int) -> bool:
        """Whether there is no room for *fragment*; a stream that lost one goes on at a key frame once half the queue is free."""
        if key in self._dropping:
            resumes = fragment.key and fragment.track == VIDEO_TRACK and self._queued_bytes + size <= QUEUE_BYTES // 2
            if resumes:
                self._dropping.discard(key)
            return not resumes
        if self._queued_bytes + size <= QUEUE_BYTES:
            return False
        self._dropping.add(key)
        self._gather(partial(self._of_writer().interrupt, key, fragment.utc_us, GapReason.OVERLOAD, _OVERLOADED))
        return True

    def _append(self, key: StreamKey, fragment: Fragment, size: int) -> None:
        with self._lock:
            self._queued_bytes -= size
        self._of_writer().append(key, fragment)

    # Threads

    def _write(self, first: Job | None) -> None:
        self._watch.begin()
        try:
            if first is not None:
                first()
            going = True
            while going:
                if not self._pending:
                    self._pending.extend(self._jobs.get())
                going = self._drain()
                self._of_writer().flush()
                self._working_since = None
                self._tell()
        except GivenUp:
            volume = self._watch.ended()
            _log.error("volume %s answers again", volume)
            self._put(partial(self._of_writer().answered, volume))

    def _drain(self) -> bool:
        """Run what waits, a bounded number; False once the recorder ends."""
        done = 0
        while True:
            while self._pending:
                since, job = self._pending.popleft()
                if job is None:
                    return False
                self._run(since, job)
                done += 1
            if done >= _DRAIN or self._jobs.empty():  # nobody else takes from it
                return True
            self._pending.extend(self._jobs.get())

    def _run(self, since: float, job: Job) -> None:
        self._working_since = since
        try:
            job()
        except Exception:  # noqa: BLE001 - the thread is a supervisor: one broken job must not end all recording
            _log.exception("a job of the archive failed")

    def _sync(self, syncing: Syncing) -> None:
        while not self._stopping.wait(CYCLE_S) and syncing.attached:
            try:
                syncing.run_once(self._put)
            except Exception:  # noqa: BLE001 - the thread is a supervisor: one broken turn must not end all syncing
                _log.exception("a turn of a volume failed")

    def _keep_watch(self) -> None:
        while not self._stopping.wait(_WATCH_S):
            writer, now = self._of_writer(), self._clock.monotonic()
            for volume, (syncing, _) in list(self._syncing.items()):
                upkeep, since = writer.upkeep(volume), syncing.since
                if upkeep is not None:
                    upkeep.slowness.syncing(0.0 if since is None else now - since, now=now)
                    upkeep.slowness.writing(self._watch.spent_s[volume], now=now)
            spare = sum(upkeep.writable for upkeep in writer.upkeeps()) > 1
            if (volume_id := self._watch.give_up(HUNG_S if spare else ALONE_S)) is not None:
                self._write_on(partial(writer.hang, volume_id))
            self._tell()

    def _tell(self) -> None:
        if (state := self._state()) != self._told:
            self._told = state
            if self._on_change is not None:
                self._on_change(self.status())

    def _state(self) -> tuple[Trouble | None, list[VolumeState]] | None:
        """What somebody is told of when it changes; None where all is well."""
        writer = self._of_writer()
        trouble = writer.trouble or writer.complaint
        states = [volume.state for volume in self.volumes()]
        return (trouble, states) if trouble or any(state is not VolumeState.OK for state in states) else None
