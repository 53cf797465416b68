"""Where the camera hangs and what it sees: metres in the world (x right, y away, z up) to pixels and back."""

from dataclasses import dataclass
from functools import cached_property
from math import cos, radians, sin, tan

import numpy as np

from tawny.camera.scenes.picture import Floats

Point = tuple[float, float, float]
NEAR = 0.25  # metres: what is nearer is not drawn; exact in 32 bits, so that it compares equal


@dataclass(frozen=True, kw_only=True)
class Lens:
    """A pinhole at *position*, turned right by *yaw* and down by *pitch* degrees; *field* degrees wide."""

    position: Point
    yaw: float
    pitch: float
    field: float
    width: int = 1920
    height: int = 1080

    @cached_property
    def focal(self) -> float:
        """Pixels that a metre takes one metre away."""
        return self.width / 2 / tan(radians(self.field) / 2)

    @cached_property
    def axes(self) -> Floats:
        """Rows: right, up and forward of the camera in the world."""
        yaw, pitch = radians(self.yaw), radians(self.pitch)
        forward = (sin(yaw) * cos(pitch), cos(yaw) * cos(pitch), -sin(pitch))
        right = (cos(yaw), -sin(yaw), 0.0)
        up = (sin(yaw) * sin(pitch), cos(yaw) * sin(pitch), cos(pitch))
        return np.array([right, up, forward], np.float32)

    def project(self, points: Floats) -> Floats:
        """x, y in pixels and the depth along the view of each row of *points*; depth is never below `NEAR`."""
        seen = (points - np.array(self.position, np.float32)) @ self.axes.T
        depth = np.maximum(seen[..., 2], np.float32(NEAR))
        x = self.width / 2 + self.focal * seen[..., 0] / depth
        y = self.height / 2 - self.focal * seen[..., 1] / depth
        return np.stack([x, y, depth], axis=-1).astype(np.float32)

    def rays(self, x: Floats, y: Floats) -> Floats:
        """Directions (as three rows) through those pixels, so long that a ray's parameter is its depth."""
        right, up, forward = self.axes
        across = (x - np.float32(self.width / 2)) / np.float32(self.focal)
        along = (np.float32(self.height / 2) - y) / np.float32(self.focal)
        directions: Floats = forward[:, None] + right[:, None] * across[None, :] + up[:, None] * along[None, :]
        return directions
