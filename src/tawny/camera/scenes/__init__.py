"""Four places that a security camera might look at, drawn by us: gate, corridor, yard, shop.

The parts: `picture` (planes and paint), `lens` (metres to pixels), `solids`, `materials`, `shading`, `stage` (the still
backdrop, ray cast once), `brush`, `people`, `vehicles` (what moves), one module a place, `overlay` (name and frame
counter), `sound`, `encoding`, `rendering`, `cache` (rendered once, kept as files), `variants` (clips for tests).

A camera that finds nothing in the cache calls ``render(directory, rough=True)`` (2 to 3 s), serves what `load` gives,
starts ``python -m tawny.camera.scenes --directory DIR`` as a process of its own, and when that has ended loads again
and changes over at the end of a loop.
"""

from tawny.camera.scenes.cache import default_directory, load, render, rendered
from tawny.camera.scenes.rendering import NAMES

__all__ = ["NAMES", "default_directory", "load", "render", "rendered"]
