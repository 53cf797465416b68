"""`Archive`: the writer with its two threads, one that writes and one that makes safe what was written."""

import logging
import threading
from collections.abc import Callable, Mapping
from functools import partial
from queue import SimpleQueue

from tawny.recorder.adapters.segment_files import SegmentFiles
from tawny.recorder.archive.model import (
    ArchiveStatus,
    Fragment,
    GapReason,
    GroupAnswer,
    Phase,
    StreamKey,
)
from tawny.recorder.archive.ports import Files, Index
from tawny.recorder.archive.rebuild import open_index, rebuild
from tawny.recorder.archive.recovery import Recovery
from tawny.recorder.archive.retention import Retention
from tawny.recorder.archive.unsynced import Batch
from tawny.recorder.archive.volume import Trouble, Volume, first_volume
from tawny.recorder.archive.volumes import read_volumes, write_volumes
from tawny.recorder.archive.writer import Writer
from tawny.runtime.clock import Clock
from tawny.runtime.data_directory import DataDirectory
from tawny.runtime.ids import new_id
from tawny.wire.media import VIDEO_TRACK, TrackFormat

_log = logging.getLogger(__name__)

QUEUE_BYTES = 64 * 1024 * 1024
CYCLE_S = 1.0
STOP_S = 3.0
_DRAIN = 256  # jobs between two looks at the index
_OVERLOADED = "The disk did not keep up: video was dropped to keep recording."
Job = Callable[[], None]
_Waiting = tuple[float, Job | None]  # since when; None ends the writer


class Archive:
    """Keeps what ingest hands over (`Recording`); used from the media thread, never blocks it, never raises to it.

    Invariants: every job runs on the writer thread, in the order of the calls; at most `QUEUE_BYTES` of media wait, what is above is
    dropped up to a key frame and stands in the timeline as an overload; what was written is synced in cycles of `CYCLE_S`.
    """

    def __init__(
        self,
        data: DataDirectory,
        *,
        clock: Clock,
        retention: Retention,
        on_change: Callable[[ArchiveStatus], None] | None = None,
        files: Files | None = None,
    ) -> None:
        self._data = data
        self._clock = clock
        self._retention = retention
        self._on_change = on_change
        self._files = files or SegmentFiles()
        self._jobs: SimpleQueue[list[_Waiting]] = SimpleQueue()
        self._gathered: list[_Waiting] = []  # the media thread's, until it flushes
        self._lock = threading.Lock()  # over the queued bytes
        self._queued_bytes = 0
        self._dropping: set[StreamKey] = set()
        self._working_since: float | None = None
        self._syncing_since: float | None = None
        self._told: Trouble | None = None
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._index: Index | None = None
        self._writer: Writer | None = None

    def recover(self) -> None:
        """Open the index, put in order what a crash left, go on from there. OSError where the data directory refuses."""
        self._data.archive.mkdir(parents=True, exist_ok=True)
        known = read_volumes(self._data) or (first_volume(self._data, self._files, new_id),)
        write_volumes(self._data, known, self._files)
        volume = Volume(known[0].path, volume_id=known[0].id, files=self._files)
        index = open_index(self._data)
        writer = Writer(
            self._data.archive,
            clock=self._clock,
            files=self._files,
            index=index,
            volume=volume,
            retention=self._retention,
            new_id=new_id,
        )
        recovery = Recovery(
            self._data.archive, volume_id=volume.id, clock=self._clock, files=self._files, index=index, new_id=new_id
        )

        def recover() -> None:
            if not index.streams():
                index.apply(rebuild(self._data.archive, volume.id))
            recovery.run()

        writer.start(recover)
        writer.flush()
        self._index, self._writer = index, writer

    def start(self) -> None:
        """Begin to write and to sync."""
        if self._writer is None:
            self.recover()
        for name, work in (("archive writer", self._write), ("archive syncer", self._sync)):
            thread = threading.Thread(target=work, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()
        self._tell()

    def stop(self) -> None:
        """Write what waits, close and sync everything; gives up after `STOP_S` where the disk does not answer."""
        if not self._threads:
            return
        self._gather(self._of_writer().finish)
        self.flush()
        self._stopping.set()
        self._jobs.put([(self._clock.monotonic(), None)])
        for thread in self._threads:
            thread.join(timeout=STOP_S / len(self._threads))
        if any(thread.is_alive() for thread in self._threads):
            _log.error("the disk does not answer: the recorder ends with unwritten video")
            return
        self._threads.clear()
        while not self._jobs.empty():
            self._drain(self._jobs.get())
        for _ in range(2):  # file, then ledger
            self._cycle(lambda job: job())
        assert self._index is not None
        self._index.close()

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

    def status(self) -> ArchiveStatus:
        """The state now; from any thread."""
        writer, now = self._of_writer(), self._clock.monotonic()
        working = self._working_since
        unsynced = [since for since in (writer.unsynced.since, self._syncing_since) if since is not None]
        trouble = writer.trouble or writer.complaint
        return ArchiveStatus(
            phase=trouble.phase if trouble else Phase.RECORDING,
            title=trouble.title if trouble else "",
            remedy=trouble.remedy if trouble else "",
            queue_s=0.0 if working is None else max(0.0, now - working),
            unsynced_s=max(0.0, now - min(unsynced)) if unsynced else 0.0,
            size_bytes=writer.size_bytes,
            limit_bytes=self._retention.policy.size_limit_bytes,
            oldest_us=writer.oldest_us,
        )

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

    def _write(self) -> None:
        going = True
        while going:
            going = self._drain(self._jobs.get())
            self._of_writer().flush()
            self._working_since = None
            self._tell()

    def _drain(self, waiting: list[_Waiting]) -> bool:
        """Run what waits, a bounded number; False once the recorder ends."""
        done = 0
        while True:
            for since, job in waiting:
                if job is None:
                    return False
                self._run(since, job)
            done += len(waiting)
            if done >= _DRAIN or self._jobs.empty():  # nobody else takes from it
                return True
            waiting = self._jobs.get()

    def _run(self, since: float, job: Job) -> None:
        self._working_since = since
        try:
            job()
        except Exception:  # noqa: BLE001 - the thread is a supervisor: one broken job must not end all recording
            _log.exception("a job of the archive failed")

    def _sync(self) -> None:
        while not self._stopping.wait(CYCLE_S):
            self._cycle(self._put)

    def _cycle(self, then: Callable[[Job], None]) -> None:
        """Make safe what was written, then let the writer take the next steps."""
        writer = self._of_writer()
        batch = writer.unsynced.take()
        self._syncing_since = batch.since
        try:
            self._make_safe(batch)
        except OSError as error:
            then(partial(writer.not_synced, batch, error))
        else:
            then(partial(writer.synced, batch))
        self._syncing_since = None

    def _make_safe(self, batch: Batch) -> None:
        if batch.empty():
            return
        for directory in sorted(batch.directories, key=lambda path: len(path.parts), reverse=True):
            self._files.sync_directory(directory)
        self._files.sync_volume(self._data.archive)
        if self._data.root.stat().st_dev != self._data.archive.stat().st_dev:
            self._files.sync_volume(self._data.root)

    def _tell(self) -> None:
        writer = self._of_writer()
        trouble = writer.trouble or writer.complaint
        if trouble != self._told:
            self._told = trouble
            if self._on_change is not None:
                self._on_change(self.status())
