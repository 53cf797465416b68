"""An archive without threads, that can be killed at any step and started again."""

import shutil
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path

from tawny.recorder.adapters.sqlite_index import SqliteIndex
from tawny.recorder.archive.heads import Heads
from tawny.recorder.archive.model import Role, StreamKey
from tawny.recorder.archive.ports import Change
from tawny.recorder.archive.reader import ArchiveReader
from tawny.recorder.archive.rebuild import open_index
from tawny.recorder.archive.retention import Policy, Retention
from tawny.recorder.archive.syncing import Syncing
from tawny.recorder.archive.volume import first_volume, name_volume
from tawny.recorder.archive.volumes import KnownVolume, read_volumes, write_volumes
from tawny.recorder.archive.writer import Writer
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.data_directory import DataDirectory
from tawny.runtime.ids import new_id
from tawny.wire.mp4.reading import FragmentInfo
from tests.fakes.faulty_files import FaultyFiles
from tests.recorder.archive.building import MAIN, OTHER, SUB


class KillableIndex(SqliteIndex):
    """A real index whose changes are steps at which the process can be killed, or refused."""

    def __init__(self, path: Path, files: FaultyFiles) -> None:
        super().__init__(path)
        self._files = files
        self.refusal: OSError | None = None

    def apply(self, changes: Iterable[Change]) -> None:
        self._files.step()
        if self.refusal is not None:
            raise self.refusal
        super().apply(changes)
        self._files.step()


class Rig:
    """Writer, files and index on one directory; `restart` goes on with a copy of what a killed process left."""

    def __init__(
        self,
        directory: Path,
        *,
        limit_bytes: int | None = None,
        floor_bytes: int = 0,
        volumes: int = 1,
        heads: Heads | None = None,
    ) -> None:
        self._directory = directory
        self._heads = heads
        self._lives = 0
        self.retention = Retention(Policy(size_limit_bytes=limit_bytes, floor_bytes=floor_bytes, known=None))
        self.clock = SimulatedClock()
        self.data = DataDirectory(root=directory / "0")
        self.data.create()
        self.files = FaultyFiles(self.data.root)
        write_volumes(self.data, [self._new_volume(number) for number in range(volumes)], self.files)
        self.start()

    def _new_volume(self, number: int) -> KnownVolume:
        if not number:
            return first_volume(self.data, self.files, new_id)
        path = self.data.root / f"disk{number}"
        volume = name_volume(path, self.files, new_id)
        return KnownVolume(id=volume, name=f"Disk {number}", path=path, role=Role.RECORD)

    @property
    def known(self) -> tuple[KnownVolume, ...]:
        return read_volumes(self.data)

    def hang(self, volume: KnownVolume) -> None:
        """What the watch does when a call into *volume* does not come back."""
        self.writer.hang(volume.id)
        self.writer.flush()

    def answer(self, volume: KnownVolume) -> None:
        self.writer.answered(volume.id)

    def start(self) -> None:
        """Recover and go on."""
        open_index(self.data).close()  # a damaged one is put away
        self.index = KillableIndex(self.data.index, self.files)
        self.writer = Writer(
            clock=self.clock,
            files=self.files,
            index=self.index,
            retention=self.retention,
            new_id=new_id,
            heads=self._heads,
        )
        self.syncing = {volume.id: self._syncing(volume) for volume in self.known}
        for syncing in self.syncing.values():
            syncing.first_look(lambda job: job())
        self.writer.begin()
        self.writer.flush()
        self.reader = ArchiveReader(self.data)

    def _syncing(self, volume: KnownVolume) -> Syncing:
        self.writer.add(volume)
        return Syncing(
            volume.id,
            self.writer,
            clock=self.clock,
            files=self.files,
            data_root=self.data.root,
            index=lambda: nullcontext(self.index),
            new_id=new_id,
        )

    def cycle(self, times: int = 1) -> None:
        """What the volumes' threads and the writer do once a second."""
        for _ in range(times):
            for syncing in self.syncing.values():
                syncing.run_once(lambda job: job())
            self.writer.flush()
            self.clock.wait(1)

    def kill(self) -> None:
        """The process is gone; what it left is copied, for the old connection would tidy up when it is closed."""
        self._lives += 1
        left = self.data
        self.data = DataDirectory(root=self._directory / str(self._lives))
        shutil.copytree(left.root, self.data.root)
        self.files = self.files.moved(self.data.root)
        self.reader.close()
        self.index.close()
        shutil.rmtree(left.root)

    def stop(self) -> None:
        self.writer.finish()
        self.writer.flush()
        self.cycle(3)
        self.index.close()

    def fragments(self) -> dict[tuple[StreamKey, int], list[FragmentInfo]]:
        """The fragments of every segment, as a reader finds them, by stream and start."""
        found = {}
        for key in (MAIN, SUB, OTHER):
            for segment in self.reader.segments(key.camera, key.stream, from_us=0, to_us=2**60):
                found[key, segment.start_us] = self.reader.fragments(segment)
        return found
