"""The drawn scenes as files: rendered once, used by every camera, bench and test on the machine.

For each scene `<scene>-main.mp4`, `<scene>-sub.mp4`, then `<scene>.stamp`, which names the drawing code that made
them. Each is written beside and renamed, the stamp last: a stamp that fits vouches for two whole files. Rough versions
(a still picture with a running counter, drawn in a moment) have `rough` in their names.
"""

import fcntl
import hashlib
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from tawny.camera.files import read_clip
from tawny.camera.scenes.encoding import MAIN, SUB, ClipWriter
from tawny.camera.scenes.overlay import write_counter, write_name
from tawny.camera.scenes.picture import Floats, Picture
from tawny.camera.scenes.scene import FPS, LOOP_FRAMES, LOOP_S, Film, Scene
from tawny.camera.scenes.sound import synthesize
from tawny.camera.sources import Clip
from tawny.runtime.problem import Kind, Problem

NAMES = ("gate", "corridor", "yard", "shop")
_ROUGH_S = 2
_WORKERS = 2

Progress = Callable[[str], None]  # told the name of each scene that is done


def default_directory() -> Path:
    """Where the scenes of this user are kept."""
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "tawny" / "scenes"


def scene(name: str) -> Scene:
    """The scene of that *name*."""
    if name not in NAMES:
        raise Problem(Kind.NOT_FOUND, f"There is no scene called {name}.", remedy=f"Choose one of {', '.join(NAMES)}.")
    made: Scene = import_module(f"tawny.camera.scenes.{name}").scene()
    return made


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
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(min(_WORKERS, len(missing)), mp_context=context) as pool:
            jobs = {pool.submit(_render, name, directory, rough=rough): name for name in missing}
            for job in as_completed(jobs):
                job.result()
                if progress is not None:
                    progress(jobs[job])


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


def _render(name: str, directory: Path, *, rough: bool) -> None:
    place = scene(name)
    suffix = _suffix(rough=rough)
    targets = [directory / f"{name}-{stream}{suffix}.mp4" for stream in ("main", "sub")]
    parts = [target.with_suffix(".part") for target in targets]
    _write(place, parts, rough=rough)
    for part, target in zip(parts, targets, strict=True):
        part.replace(target)
    (directory / f"{name}{suffix}.stamp").write_text(version())


def _write(place: Scene, paths: Sequence[Path], *, rough: bool) -> None:
    film = Film(place, rough=rough)
    frames, seconds = (_ROUGH_S * FPS, _ROUGH_S) if rough else (LOOP_FRAMES, LOOP_S)
    with ClipWriter(paths[0], MAIN) as main, ClipWriter(paths[1], SUB) as sub:
        main.expect_sound()
        for number in range(frames):
            picture = film.still(number) if rough else film.frame(number)
            if number % 2 == 0:
                sub.add(_finished(picture.reduced(3), place, number, main=False))
            main.add(_finished(picture, place, number, main=True))
        sub.finish()
        main.finish(_whole_runs(place, seconds))


def _whole_runs(place: Scene, seconds: int) -> Floats:
    sound = synthesize(place.ambience, seconds)
    return sound[: len(sound) // 1024 * 1024]


def _finished(picture: Picture, place: Scene, number: int, *, main: bool) -> Picture:
    write_name(picture, place.title)
    write_counter(picture, number, main=main)
    return picture


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
