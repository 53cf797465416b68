"""Which volumes the archive has, changed while it records."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import groupby, islice
from pathlib import Path
from typing import Protocol

from tawny.recorder.archive.ledger import MAX_SPANS, Entry, gone_entry, moment
from tawny.recorder.archive.model import Gone, Role
from tawny.recorder.archive.paths import RECORDER
from tawny.recorder.archive.ports import Files, FootageGone, VolumeForgotten
from tawny.recorder.archive.syncing import Indexing, Job
from tawny.recorder.archive.upkeep import Upkeep
from tawny.recorder.archive.volume import RELEASED, name_volume
from tawny.recorder.archive.volumes import MAX_NAME, MAX_VOLUMES, KnownVolume, read_volumes, write_volumes
from tawny.runtime.clock import Clock
from tawny.runtime.data_directory import DataDirectory
from tawny.runtime.problem import Kind, Problem

_log = logging.getLogger(__name__)
_PATIENCE_S = 10.0  # for what is being written to become safe, and for a first look at a volume
_STEP_S = 0.05
_AT_ONCE = 1000  # rows forgotten in one transaction: the writer's own wait for them


class Holder(Protocol):
    """The archive, as far as its volumes are concerned."""

    def attach(self, known: KnownVolume) -> None:
        """Take the volume in; on the writing thread."""
        ...

    def detach(self, volume: str) -> None:
        """Leave the volume alone from now on; on the writing thread."""
        ...

    def leave(self, volume: str) -> None:
        """Begin nothing new on the volume; on the writing thread."""
        ...

    def upkeep(self, volume: str) -> Upkeep | None:
        """How the volume fares."""
        ...

    def call(self, job: Job, *, patience_s: float) -> bool:
        """Run *job* on the writing thread; whether it was done in time."""
        ...

    def tell(self, owner: str, entry: Entry) -> None:
        """Write *entry* into the ledger of *owner* on any volume."""
        ...


class Custody:
    """Takes volumes in and lets them go; from any thread but the writing one.

    Invariants: a volume is in `volumes.json` before anything is written to it, and until it is left alone; nothing is ever written to a volume that has
    somebody else's name, but through `adopt`.
    """

    def __init__(
        self,
        holder: Holder,
        data: DataDirectory,
        *,
        files: Files,
        clock: Clock,
        index: Indexing,
        new_id: Callable[[str], str],
    ) -> None:
        self._holder = holder
        self._data = data
        self._files = files
        self._clock = clock
        self._index = index
        self._new_id = new_id
        self._lock = threading.Lock()

    def add(self, path: Path, name: str) -> str:
        """Make the empty or absent directory *path* a volume; its id."""
        with self._lock:
            path = self._free(path)
            if self._files.identity(path) is not None:
                raise Problem(
                    Kind.CONFLICT,
                    "There is an archive in this place already.",
                    remedy="Adopt it, use it only to read, or format it.",
                    field="path",
                )
            try:
                if path.exists() and any(entry.name != "lost+found" for entry in path.iterdir()):
                    raise Problem(
                        Kind.CONFLICT,
                        "There is something in this place already.",
                        remedy="Choose an empty directory, or format the drive.",
                        field="path",
                    )
                volume = name_volume(path, self._files, self._new_id)
            except OSError as error:
                raise _refused(error) from error
            self._take_in(KnownVolume(id=volume, name=_name(name), path=path, role=Role.RECORD))
            return volume

    def adopt(self, path: Path, role: Role) -> str:
        """Use what an earlier or another recorder filled; its id. The recorder's ledger says so, which is signed: the seam of the chain."""
        with self._lock:
            path = self._free(path)
            volume = self._files.identity(path)
            if volume is None:
                raise Problem(Kind.NOT_FOUND, "There is no archive in this place.", field="path")
            if any(known.id == volume for known in read_volumes(self._data)):
                raise Problem(Kind.CONFLICT, "This drive is in use already, in another place.", field="path")
            self._take_in(KnownVolume(id=volume, name=self._next_name(), path=path, role=Role(role)))
            self._say("volume_adopted", volume, role=str(role))
            return volume

    def change(self, volume: str, *, name: str | None = None, role: Role | None = None) -> None:
        """Give it another name, or another role."""
        with self._lock:
            known = self._known(volume)
            later = replace(known, name=known.name if name is None else _name(name), role=Role(role or known.role))
            if later.role is known.role:
                self._write(later)
                upkeep = self._upkeep(volume)
                self._call(lambda: upkeep.rename(later))
                return
            self._settle(volume)
            self._write(later)
            self._call(lambda: self._holder.detach(volume))
            self._call(lambda: self._holder.attach(later))
            self._wait_for_look(volume)

    def forget(self, volume: str) -> None:
        """Use it no longer; nothing on it is changed."""
        with self._lock:
            self._known(volume)
            self._settle(volume)
            self._call(lambda: self._holder.detach(volume))
            self._tell_gone(volume, Gone.AWAY)
            self._write(None, without=volume)
        self.clear_up()

    def release(self, volume: str) -> None:
        """Leave it alone, for it is about to be formatted."""
        with self._lock:
            self._known(volume)
            self._settle(volume)
            upkeep = self._upkeep(volume)
            self._call(lambda: upkeep.fail(RELEASED))
            self._wait(lambda: upkeep.idle)

    def take(self, volume: str, *, emptied: bool = False) -> str:
        """Use it again, whatever is there now; its id, another one where it was *emptied*: what had the old one is gone.

        Where somebody has emptied it, files that are not the archive's may still be there.
        """
        with self._lock:
            known = self._known(volume)
            self._call(lambda: self._holder.detach(volume))
            try:
                if self._files.identity(known.path) is None and (emptied or _empty(known.path)):
                    known = replace(known, id=name_volume(known.path, self._files, self._new_id))
            except OSError as error:
                _log.error("%s can't be used after all: %s", known.path, error)  # its state says so from now on
            if known.id != volume:
                self._tell_gone(volume, Gone.ERASED)
            self._write(known, without=volume)
            self._call(lambda: self._holder.attach(known))
            self._wait_for_look(known.id)
        self.clear_up()
        return known.id

    def clear_up(self) -> None:
        """Take the segments of volumes that are known no more out of the index, in the background."""
        threading.Thread(target=self._clear_up, name="archive clear up", daemon=True).start()

    def _clear_up(self) -> None:
        try:
            with self._index() as index:
                while gone := set(index.volume_sizes()) - {known.id for known in read_volumes(self._data)}:
                    index.apply([VolumeForgotten(volume=volume, number=_AT_ONCE) for volume in gone])
                    self._clock.wait(_STEP_S)
        except (OSError, ValueError) as error:
            _log.error("volumes that are gone are still in the index: %s", error)  # the next start clears up

    # Parts

    def _free(self, path: Path) -> Path:
        """*path* without links; Problem where it can't be a volume."""
        if not path.is_absolute() or "\0" in str(path):
            raise Problem(Kind.INVALID, "The path has to be absolute.", field="path")
        try:
            path = path.resolve()
        except OSError as error:
            raise _refused(error) from error
        known = read_volumes(self._data)
        if len(known) >= MAX_VOLUMES:
            raise Problem(Kind.TOO_MANY, f"There can be {MAX_VOLUMES} drives.")
        taken = [volume.path.resolve() for volume in known]
        if self._data.drives.resolve() not in path.parents:  # there drives are mounted, each a place of its own
            taken.append(self._data.root.resolve())
        if any(path.is_relative_to(other) or other.is_relative_to(path) for other in taken):
            raise Problem(
                Kind.CONFLICT,
                "This place is in use by the recorder already.",
                remedy="Choose a directory on another drive.",
                field="path",
            )
        return path

    def _take_in(self, known: KnownVolume) -> None:
        self._write(known)
        self._call(lambda: self._holder.attach(known))
        self._wait_for_look(known.id)

    def _settle(self, volume: str) -> None:
        """Begin nothing new on the volume, and wait until all that was written to it is safe, where it still answers."""
        upkeep = self._upkeep(volume)
        self._call(lambda: self._holder.leave(volume))
        self._wait(lambda: upkeep.settled or upkeep.trouble is not None)

    def _wait_for_look(self, volume: str) -> None:
        upkeep = self._upkeep(volume)
        self._wait(lambda: upkeep.ready or upkeep.trouble is not None)

    def _wait(self, done: Callable[[], bool]) -> None:
        for _ in range(int(_PATIENCE_S / _STEP_S)):
            if done():
                return
            self._clock.wait(_STEP_S)

    def _call(self, job: Job) -> None:
        if not self._holder.call(job, patience_s=_PATIENCE_S):
            raise Problem(Kind.UNAVAILABLE, "The archive does not answer just now.", remedy="Try again in a moment.")

    def _known(self, volume: str) -> KnownVolume:
        for known in read_volumes(self._data):
            if known.id == volume:
                return known
        raise Problem(Kind.NOT_FOUND, "There is no such drive.")

    def _upkeep(self, volume: str) -> Upkeep:
        upkeep = self._holder.upkeep(volume)
        if upkeep is None:
            raise Problem(Kind.NOT_FOUND, "There is no such drive.")
        return upkeep

    def _write(self, later: KnownVolume | None, *, without: str = "") -> None:
        known = read_volumes(self._data)
        replaced = without or (later.id if later else "")
        volumes = [later if volume.id == replaced else volume for volume in known]
        if later is not None and later not in volumes:
            volumes.append(later)
        try:
            write_volumes(self._data, [volume for volume in volumes if volume is not None], self._files)
        except OSError as error:
            raise _refused(error) from error

    def _next_name(self) -> str:
        taken = {volume.name for volume in read_volumes(self._data)}
        return next(name for number in range(1, MAX_VOLUMES + 2) if (name := f"Drive {number}") not in taken)

    def _say(self, kind: str, volume: str, **more: str) -> None:
        now = moment(self._clock.utc_us())
        entry = {"id": self._new_id("led"), "utc": now, "kind": kind, "volume": volume, **more}
        self._holder.tell(RECORDER, entry)

    def _tell_gone(self, volume: str, why: Gone) -> None:
        """Say of what was on *volume*, and of what its ledgers told, why it is gone."""
        try:
            with self._index() as index:
                gone = index.leaving(volume, why)
                index.apply(gone)
        except (OSError, ValueError) as error:
            _log.error("what was on %s will have no reason in the timeline: %s", volume, error)
            return
        for (key, reason), same in groupby(gone, key=lambda one: (one.key, one.why)):
            for some in _portions(same):
                now_us, entry_id = self._clock.utc_us(), self._new_id("led")
                entry = gone_entry(key, reason, some, entry_id=entry_id, now_us=now_us)
                self._holder.tell(key.camera, entry)


def _portions(gone: Iterable[FootageGone]) -> Iterator[list[FootageGone]]:
    """*gone* in as many pieces as there are lines for it in a ledger."""
    rest = iter(gone)
    while some := list(islice(rest, MAX_SPANS)):
        yield some


def _name(name: str) -> str:
    name = name.strip()
    if not name.isprintable() or not 1 <= len(name) <= MAX_NAME:
        raise Problem(Kind.INVALID, f"A drive's name has 1 to {MAX_NAME} characters.", field="name")
    return name


def _empty(path: Path) -> bool:
    return all(entry.name == "lost+found" for entry in path.iterdir())


def _refused(error: OSError) -> Problem:
    return Problem(
        Kind.REFUSED,
        f"The place can't be used: {error.strerror or error}.",
        remedy="Check the path, and that the recorder's user may write there.",
        field="path",
    )
