"""How segments go: ledger entry, mark, sync, file, sync, row (`docs/design/archive.md`)."""

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from heapq import merge
from itertools import islice
from pathlib import Path

from tawny.recorder.archive import ledger
from tawny.recorder.archive.journal import Journal
from tawny.recorder.archive.model import Segment, StreamKey
from tawny.recorder.archive.paths import day_of, segment_path
from tawny.recorder.archive.ports import Change, DeletionMarked, Files, Index, SegmentForgotten, Space
from tawny.recorder.archive.retention import Policy, Retention, worth
from tawny.recorder.archive.unsynced import Unsynced
from tawny.recorder.archive.volume import RESERVE_SIZE, Volume, default_floor
from tawny.runtime.clock import Clock

_log = logging.getLogger(__name__)
_AT_ONCE = 200  # in one cycle: deleting never holds recording up
_PAGE = 16  # of one camera
_AGE_EVERY_S = 10.0  # a look at every camera's oldest; depths are days


class Deletion:
    """Makes room on one volume.

    Invariants: a file goes only after a sync covered its ledger entry and its mark, its row only after a sync covered its going; nothing goes
    from a volume that is not ours, nor from one whose holds are unknown; what is held or leased is never doomed.
    """

    def __init__(
        self,
        root: Path,
        *,
        volume_id: str,
        clock: Clock,
        files: Files,
        index: Index,
        volume: Volume,
        journal: Journal,
        unsynced: Unsynced,
        retention: Retention,
        new_id: Callable[[str], str],
    ) -> None:
        self._root = root
        self._volume_id = volume_id
        self._clock = clock
        self._files = files
        self._index = index
        self._volume = volume
        self._journal = journal
        self._unsynced = unsynced
        self._retention = retention
        self._new_id = new_id
        self._marking: list[Segment] = []  # in the ledger, with a mark that the index has not yet
        # marked by an earlier run: a power cut may have kept the mark and taken the entry
        self._doubted: set[tuple[StreamKey, int]] = set()
        self._going_bytes = 0  # doomed, still on the disk
        self._age_at = 0.0
        self.kept_bytes = 0  # of closed segments that stay

    def load(self) -> None:
        """Go on with what was marked before the recorder ended."""
        marked = [segment for segment in self._index.marked_segments() if segment.volume == self._volume_id]
        with self._unsynced.adding() as batch:
            batch.marked = marked
        self._doubted = {(segment.key, segment.start_us) for segment in marked}
        self._going_bytes = sum(segment.size_bytes for segment in marked)
        self.kept_bytes = self._index.volume_sizes().get(self._volume_id, 0) - self._going_bytes
        self._retention.able(self._volume_id, now=True)

    def close(self) -> None:
        """The volume is no longer ours to delete from."""
        self._retention.able(self._volume_id, now=False)

    def floor_bytes(self, space: Space) -> int:
        """What has to stay free."""
        floor_bytes = self._retention.policy.floor_bytes
        return default_floor(space) if floor_bytes is None else floor_bytes

    def choose(self, *, used_bytes: int, well: bool) -> list[Change]:
        """Doom what has to go; the marks to put into the index, after which `marked` is called.

        *used_bytes* is what all volumes that are recorded to hold; *well*: the disk takes what we write.
        """
        there = self._volume.trouble() is None
        self._retention.able(self._volume_id, now=there and self._retention.policy.may_delete_from(self._volume_id))
        if self._marking or not there:
            return []
        try:
            space = self._volume.space()
            self._make_room(used_bytes, space)
            if well and space.free_bytes >= self.floor_bytes(space) + RESERVE_SIZE:
                self._volume.keep_reserve()
        except (OSError, ValueError) as error:
            _log.warning("could not make room: %s", error)
        return [DeletionMarked(segment=segment) for segment in self._marking]

    def _make_room(self, used_bytes: int, space: Space) -> None:
        policy = self._retention.policy
        if not policy.may_delete_from(self._volume_id):
            return
        if policy.size_limit_bytes is not None and used_bytes > policy.size_limit_bytes:
            everywhere = self._unkept(policy, None)
            excess_bytes = used_bytes - policy.size_limit_bytes
            self._doom_all(
                self._retention.share(everywhere, excess_bytes=excess_bytes, volume=self._volume_id), "size_limit"
            )
        short_bytes = self.floor_bytes(space) - space.free_bytes - self._going_bytes
        if short_bytes > 0:
            self._doom_all(worth(self._unkept(policy, self._volume_id), short_bytes), "free_space")
        if self._clock.monotonic() >= self._age_at:
            self._doom_all(self._too_old(policy), "depth")
            busy = len(self._marking) >= _AT_ONCE
            self._age_at = self._clock.monotonic() + (0.0 if busy else _AGE_EVERY_S)

    # What may go

    def _unkept(self, policy: Policy, volume: str | None) -> Iterator[Segment]:
        """Closed segments, oldest first, without what is held or leased."""
        page = self._index.oldest(_AT_ONCE, volume=volume)
        yield from (segment for segment in page if policy.kept_until(segment) is None)
        if len(page) == _AT_ONCE:  # past much that is held, each camera's own way leaps over its holds
            since_us, seen = _last(page)
            yield from merge(
                *(self._of_camera(policy, camera, volume, since_us, seen) for camera in self._cameras()),
                key=lambda segment: segment.start_us,
            )

    def _of_camera(
        self, policy: Policy, camera: str, volume: str | None, since_us: int = 0, seen: Collection[StreamKey] = ()
    ) -> Iterator[Segment]:
        """As `_unkept`, of one camera, from *since_us* on and without those of *seen* that start at that very moment."""
        page_full = True
        while page_full:
            page = self._index.oldest(_PAGE, volume=volume, camera=camera, since_us=since_us)
            page_full = len(page) == _PAGE
            for segment in page:
                if segment.start_us == since_us and segment.key in seen:
                    continue
                kept_until_us = policy.kept_until(segment)
                if kept_until_us is not None:
                    since_us, seen, page_full = kept_until_us, (), True
                    break
                yield segment
            else:
                since_us, seen = _last(page) if page else (since_us, seen)

    def _too_old(self, policy: Policy) -> Iterator[Segment]:
        """What is older than its camera's depth, camera by camera."""
        now_us = self._clock.utc_us()
        for camera in self._cameras() if policy.by_age else ():
            cutoff_us = policy.cutoff_us(camera, now_us)
            if cutoff_us is None:
                continue
            for segment in self._of_camera(policy, camera, self._volume_id):
                if segment.end_us is None or segment.end_us > cutoff_us:
                    break
                yield segment

    def _cameras(self) -> list[str]:
        return sorted({stream.key.camera for stream in self._index.streams() if stream.segments})

    # How it goes

    def _doom_all(self, segments: Iterator[Segment], cause: str) -> None:
        """Doom *segments*, as many as are allowed in one cycle."""
        doomed = {(segment.key, segment.start_us) for segment in self._marking}
        for segment in islice(segments, _AT_ONCE - len(doomed)):
            if (segment.key, segment.start_us) in doomed:
                continue
            if self._retention.policy.kept_until(segment) is None:  # a hold may have come this very moment
                self._doom(segment, cause)

    def _doom(self, segment: Segment, cause: str) -> None:
        self._tell(segment, cause)
        self._marking.append(segment)
        self.kept_bytes -= segment.size_bytes
        self._going_bytes += segment.size_bytes

    def _tell(self, segment: Segment, cause: str) -> None:
        camera, now_us = segment.key.camera, self._clock.utc_us()
        entry = ledger.deletion_entry(self._root, segment, entry_id=self._new_id("led"), now_us=now_us, cause=cause)
        try:
            self._journal.write(camera, segment.start_us, entry)
        except OSError:
            self._volume.spend_reserve()
            self._journal.write(camera, segment.start_us, entry)

    def _told(self, segment: Segment) -> bool:
        """Whether the end of its ledger tells of the deletion."""
        day, start = day_of(segment.start_us), ledger.moment(segment.start_us)
        known = ledger.day_entries(self._root, segment.key.camera, day, tail=ledger.TAIL_SIZE)
        told = ("deleted", segment.key.stream, start)
        return any((entry["kind"], entry.get("stream"), entry.get("from")) == told for entry in known)

    def marked(self) -> None:
        """The index has the marks."""
        if self._marking:
            with self._unsynced.adding() as batch:
                batch.marked += self._marking
            self._marking.clear()

    def unlink(self, segment: Segment) -> None:
        """Take away the file of a segment whose mark is safe; OSError where the disk refuses."""
        if self._volume.trouble() is not None:
            raise FileNotFoundError("the archive's volume is not there")
        path = segment_path(self._root, segment.key, segment.start_us)
        if (segment.key, segment.start_us) in self._doubted:
            if path.exists() and not self._told(segment):
                self._tell(segment, "unknown")
                with self._unsynced.adding() as batch:
                    batch.marked.append(segment)
                return
            self._doubted.discard((segment.key, segment.start_us))
        self._files.unlink(path)
        self._going_bytes -= segment.size_bytes
        with self._unsynced.adding() as batch:
            batch.unlinked.append(segment)
            batch.directories.add(path.parent)

    def forget(self, segment: Segment) -> Change:
        """The file's going is safe: its row may go too."""
        hour = segment_path(self._root, segment.key, segment.start_us).parent
        with suppress(OSError):  # an empty directory more harms nobody
            self._files.remove_directory(hour)
        return SegmentForgotten(segment=segment, deleted=True)


def _last(page: Sequence[Segment]) -> tuple[int, set[StreamKey]]:
    """Where the next page begins, and which streams have a segment there that this one had already."""
    start_us = page[-1].start_us
    return start_us, {segment.key for segment in page if segment.start_us == start_us}
