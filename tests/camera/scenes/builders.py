"""A small stage and a brush on it, for tests."""

import numpy as np

from tawny.camera.scenes.brush import Brush
from tawny.camera.scenes.lens import Lens
from tawny.camera.scenes.materials import plain
from tawny.camera.scenes.picture import Bytes
from tawny.camera.scenes.shading import Light
from tawny.camera.scenes.solids import Box, Solid
from tawny.camera.scenes.stage import Stage

LENS = Lens(position=(0, 0, 2.5), yaw=0, pitch=12, field=70, width=320, height=180)
SUN = Light(sun=(1.2, 1.2, 1.2), sun_direction=(-0.5, 0.2, 0.84), sky=(0.3, 0.3, 0.3))
GROUND = Box(low=(-40, -5, -1), high=(40, 60, 0), material=plain((0.3, 0.3, 0.3), grain=0.0))


def stage(*solids: Solid, light: Light = SUN) -> Stage:
    return Stage(lens=LENS, solids=[GROUND, *solids], light=light, vignette=0.0)


def brush(*solids: Solid, light: Light = SUN) -> Brush:
    backdrop = stage(*solids, light=light).photograph()
    return Brush(picture=backdrop.picture.copy(), backdrop=backdrop, lens=LENS, light=light)


def changed(painted: Brush) -> Bytes:
    """1 where the brush has changed the luma."""
    return (np.abs(painted.picture.luma.astype(int) - painted.backdrop.picture.luma) > 6).astype(np.uint8)
