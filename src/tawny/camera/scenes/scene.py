"""What a scene is: a stage that stands still, what moves on it, how the sensor and the place sound."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tawny.camera.scenes.brush import Brush
from tawny.camera.scenes.lens import Lens
from tawny.camera.scenes.picture import Bytes, Floats, Picture
from tawny.camera.scenes.stage import Backdrop, Stage

FPS = 25  # frames a second of main; sub shows the even ones
LOOP_S = 16
LOOP_FRAMES = LOOP_S * FPS
_NOISES = 7  # fields of noise, shifted anew in each frame


@dataclass(frozen=True, kw_only=True)
class Ambience:
    """How a place sounds: *hum* of machines in Hz, *air* as loudness of its noise, when feet touch the ground."""

    hum: float
    air: float
    steps: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A place. *draw* paints who is there at a number of seconds into the loop; *noise* is in luma steps."""

    name: str
    title: str
    stage: Stage
    draw: Callable[[Brush, float], None]
    ambience: Ambience
    noise: float = 1.6
    key: tuple[float, float, float] = (-0.4, 0.6, 0.7)


class Film:
    """The frames of a scene.

    Invariant: what a frame shows depends on its number alone, so that any process can draw any of them.
    """

    def __init__(self, scene: Scene, *, rough: bool = False) -> None:
        self._scene = scene
        self._lens = scene.stage.lens
        self._backdrop = _rough(scene.stage) if rough else scene.stage.photograph()
        self._fields = _noise_fields(self._lens, scene.noise)

    def frame(self, number: int) -> Picture:
        """Frame *number* of main without name and counter."""
        picture = self._backdrop.picture.copy()
        scene = self._scene
        brush = Brush(picture=picture, backdrop=self._backdrop, lens=self._lens, light=scene.stage.light, key=scene.key)
        scene.draw(brush, number / FPS)
        self._add_noise(picture.luma, number)
        return picture

    def still(self, number: int) -> Picture:
        """Frame *number* with nobody there."""
        picture = self._backdrop.picture.copy()
        self._add_noise(picture.luma, number)
        return picture

    def _add_noise(self, luma: Bytes, number: int) -> None:
        rng = np.random.default_rng(number)
        field = self._fields[number % _NOISES]
        dy, dx = (int(v) for v in rng.integers(0, 64, 2))
        height, width = luma.shape
        np.clip(luma, 24, 226, out=luma)  # so that the sum of bytes below never wraps
        luma += field[dy : dy + height, dx : dx + width]


def path(points: Sequence[tuple[float, ...]], at: float) -> tuple[float, ...] | None:
    """Where something on its way is: *points* start with their time; None before the first and after the last."""
    if not points[0][0] <= at < points[-1][0]:
        return None
    later = next(i for i, point in enumerate(points) if point[0] > at)
    (t0, *before), (t1, *after) = points[later - 1], points[later]
    share = (at - t0) / (t1 - t0)
    return tuple(a + (b - a) * share for a, b in zip(before, after, strict=True))


def _noise_fields(lens: Lens, sigma: float) -> list[Bytes]:
    """Noise as bytes that add modulo 256, a little larger than the picture."""
    rng = np.random.default_rng(3)
    shape = lens.height + 64, lens.width + 64
    return [_field(rng, shape, sigma) for _ in range(_NOISES)]


def _field(rng: np.random.Generator, shape: tuple[int, int], sigma: float) -> Bytes:
    fine = rng.standard_normal(shape, dtype=np.float32)
    soft: Floats = (fine + np.roll(fine, 1, 0) + np.roll(fine, 1, 1) + np.roll(fine, (1, 1), (0, 1))) / 2
    drawn: Bytes = np.clip(np.rint(soft * sigma), -8, 8).astype(np.int8).view(np.uint8)
    return drawn


def _rough(stage: Stage) -> Backdrop:
    """The backdrop at a third of the size, enlarged: for the first pictures, until the fine one is done."""
    lens = stage.lens
    small = replace(stage, lens=replace(lens, width=lens.width // 3, height=lens.height // 3)).photograph(rough=True)
    planes = (_tripled(plane) for plane in (small.picture.luma, small.picture.blue, small.picture.red))
    return Backdrop(
        picture=Picture(*planes), depth=small.depth.repeat(3, 0).repeat(3, 1), lit=small.lit.repeat(3, 0).repeat(3, 1)
    )


def _tripled(plane: Bytes) -> Bytes:
    return plane.repeat(3, 0).repeat(3, 1)
