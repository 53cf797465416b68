"""The drawn scenes as files: rendered once, used by every camera, bench and test on the machine.

For each scene `<scene>-main.mp4`, `<scene>-sub.mp4`, then `<scene>.stamp`, which names the drawing code that made
them. Each is written in a directory beside and moved here, the stamp last: a stamp that fits vouches for two whole
files. Rough versions
(a still picture with a running counter, drawn in a moment) have `rough` in their names.
"""

import fcntl
import hashlib
import multiprocessing
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path

from tawny.camera.files import read_clip
from tawny.camera.scenes.rendering import NAMES, render_files
from tawny.camera.sources import Clip
from tawny.runtime.problem import Kind, Problem

_WORKERS = 2

Progress = Callable[[str], None]  # told the name of each scene that is done


def default_directory() -> Path:
    """Where the scenes of this user are kept."""
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "tawny" / "scenes"


def rendered(name: str, directory: Path) -> bool:
    """Whether that scene's files are there and made by this version of the drawing code."""
    return _stamped(directory / f"{name}.stamp")


def render(
    directory: Path, *, scenes: Sequence[str] = NAMES, progress: Progress | None = None, rough: bool = False
) -> None:
    """Render the *scenes* that are missing or old; one that renders already is waited for.

    *rough* makes only what `load` falls back to: two still seconds with a running counter, ready in about three.
    """
    directory.mkdir(parents=True, exist_ok=True)
    with _alone(directory / ("rough.lock" if rough else "render.lock")):
        missing = [name for name in scenes if not _stamped(directory / f"{name}{_suffix(rough=rough)}.stamp")]
        if not missing:
            return
        workshop = directory / f"parts{_suffix(rough=rough)}"
        shutil.rmtree(workshop, ignore_errors=True)  # of a render that was killed
        workshop.mkdir()
        stamp = version()
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(min(_WORKERS, len(missing)), mp_context=context) as pool:
            jobs = {pool.submit(render_files, name, workshop, os.getpid(), rough=rough): name for name in missing}
            for job in as_completed(jobs):
                _keep(jobs[job], directory, job.result(), stamp, rough=rough)
                if progress is not None:
                    progress(jobs[job])
        shutil.rmtree(workshop, ignore_errors=True)


def load(name: str, directory: Path) -> tuple[Clip, Clip]:
    """Main and sub of the scene *name*: as rendered, else the rough version.

    Raises Problem(NOT_FOUND) where neither has been rendered.
    """
    for rough in (False, True):
        stem = f"{name}{_suffix(rough=rough)}"
        if _stamped(directory / f"{stem}.stamp"):
            files = [directory / f"{name}-{stream}{_suffix(rough=rough)}.mp4" for stream in ("main", "sub")]
            return read_clip(files[0]), read_clip(files[1])
    raise Problem(
        Kind.NOT_FOUND,
        f"The scene {name} has not been drawn yet.",
        remedy="Run: python -m tawny.camera.scenes",
    )


def _keep(name: str, directory: Path, made: tuple[Path, Path], stamp: str, *, rough: bool) -> None:
    suffix = _suffix(rough=rough)
    for stream, file in zip(("main", "sub"), made, strict=True):
        file.replace(directory / f"{name}-{stream}{suffix}.mp4")
    (directory / f"{name}{suffix}.stamp").write_text(stamp)


def version() -> str:
    """A digest of the drawing code: another one draws anew."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _stamped(stamp: Path) -> bool:
    try:
        return stamp.read_text() == version()
    except OSError:
        return False


def _suffix(*, rough: bool) -> str:
    return "-rough" if rough else ""


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the lock file *path*; waits for another process that renders."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
