"""From a scene to its two files."""

import os
from importlib import import_module
from pathlib import Path

from tawny.camera.scenes.encoding import MAIN, SUB, ClipWriter
from tawny.camera.scenes.overlay import write_counter, write_name
from tawny.camera.scenes.picture import Floats, Picture
from tawny.camera.scenes.scene import FPS, LOOP_FRAMES, LOOP_S, Film, Scene
from tawny.camera.scenes.sound import synthesize
from tawny.runtime.problem import Kind, Problem

NAMES = ("gate", "corridor", "yard", "shop")
_ROUGH_S = 2


def scene(name: str) -> Scene:
    """The scene of that *name*."""
    if name not in NAMES:
        raise Problem(Kind.NOT_FOUND, f"There is no scene called {name}.", remedy=f"Choose one of {', '.join(NAMES)}.")
    made: Scene = import_module(f"tawny.camera.scenes.{name}").scene()
    return made


def render_files(name: str, workshop: Path, parent: int, *, rough: bool) -> tuple[Path, Path]:
    """Draw and encode main and sub of a scene into files in *workshop*, which are returned.

    Stops when the process *parent*, which waits for them, is gone.
    """
    place = scene(name)
    film = Film(place, rough=rough)
    frames, seconds = (_ROUGH_S * FPS, _ROUGH_S) if rough else (LOOP_FRAMES, LOOP_S)
    paths = workshop / f"{name}-main-{os.getpid()}.mp4", workshop / f"{name}-sub-{os.getpid()}.mp4"
    with ClipWriter(paths[0], MAIN) as main, ClipWriter(paths[1], SUB) as sub:
        main.expect_sound()
        for number in range(frames):
            if os.getppid() != parent:
                raise ProcessLookupError(f"nobody waits for the scene {name} any more")
            picture = film.still(number) if rough else film.frame(number)
            if number % 2 == 0:
                sub.add(_finished(picture.reduced(3), place, number, main=False))
            main.add(_finished(picture, place, number, main=True))
        sub.finish()
        main.finish(_whole_runs(place, seconds))
    return paths


def _finished(picture: Picture, place: Scene, number: int, *, main: bool) -> Picture:
    write_name(picture, place.title)
    write_counter(picture, number, main=main)
    return picture


def _whole_runs(place: Scene, seconds: int) -> Floats:
    """The scene's sound, as far as it fills AAC frames of 1024 samples."""
    sound = synthesize(place.ambience, seconds)
    return sound[: len(sound) // 1024 * 1024]
